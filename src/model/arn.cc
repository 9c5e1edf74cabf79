#include "riacho/model/arn.h"

#include <charconv>
#include <cstddef>
#include <utility>

namespace riacho {
namespace {

// Cuts the text before `separator` off `rest`; empty when there is none.
std::optional<std::string_view> CutBefore(std::string_view& rest, char separator) {
  const std::size_t at = rest.find(separator);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view part = rest.substr(0, at);
  rest.remove_prefix(at + 1);
  return part;
}

}  // namespace

std::optional<Arn> Arn::Parse(std::string_view text) {
  constexpr std::string_view kConsumer = "/consumer/";
  if (CutBefore(text, ':') != "arn") return std::nullopt;
  const std::optional<std::string_view> partition = CutBefore(text, ':');
  if (!partition.has_value() || CutBefore(text, ':') != "kinesis") return std::nullopt;
  const std::optional<std::string_view> region = CutBefore(text, ':');
  const std::optional<std::string_view> account = CutBefore(text, ':');
  if (!region.has_value() || !account.has_value() || CutBefore(text, '/') != "stream")
    return std::nullopt;

  Arn arn = {.partition = std::string(*partition),
             .region = std::string(*region),
             .account_id = std::string(*account)};
  if (const std::size_t at = text.find(kConsumer); at != std::string_view::npos) {
    std::string_view consumer = text.substr(at + kConsumer.size());
    text = text.substr(0, at);
    const std::optional<std::string_view> name = CutBefore(consumer, ':');
    if (!name.has_value() || name->empty() || name->find('/') != std::string_view::npos)
      return std::nullopt;
    arn.consumer_name = std::string(*name);
    if (consumer.starts_with('-') || (consumer.size() > 1 && consumer.starts_with('0')))
      return std::nullopt;
    const char* const end = consumer.data() + consumer.size();
    const auto [stop, error] = std::from_chars(consumer.data(), end, arn.consumer_creation_seconds);
    if (error != std::errc() || stop != end) return std::nullopt;
  }
  if (text.empty() || text.find_first_of("/:") != std::string_view::npos) return std::nullopt;
  arn.stream_name = std::string(text);
  return arn;
}

std::string Arn::ToString() const {
  std::string text =
      "arn:" + partition + ":kinesis:" + region + ":" + account_id + ":stream/" + stream_name;
  if (!consumer_name.empty())
    text += "/consumer/" + consumer_name + ":" + std::to_string(consumer_creation_seconds);
  return text;
}

std::string_view AccountOf(std::string_view arn) {
  for (int field = 0; field < 4; ++field) {
    if (!CutBefore(arn, ':').has_value()) return "";
  }
  return arn.substr(0, arn.find(':'));
}

std::string_view PartitionOf(std::string_view region) {
  if (region.starts_with("cn-")) return "aws-cn";
  if (region.starts_with("us-gov-")) return "aws-us-gov";
  return "aws";
}

}  // namespace riacho
