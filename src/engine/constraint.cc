#include "engine/constraint.h"

#include <algorithm>

#include "riacho/model/error.h"

namespace riacho::internal {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
bool IsNameCharacter(char c) {
  return IsLower(c) || (c >= 'A' && c <= 'Z') || IsDigit(c) || c == '_' || c == '.' || c == '-';
}
bool IsSpace(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

bool IsName(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, IsNameCharacter);
}

// 0, or up to `most` digits without a leading zero.
bool IsDecimal(std::string_view text, std::size_t most) {
  if (text.empty() || text.size() > most || !std::ranges::all_of(text, IsDigit)) return false;
  return text == "0" || text[0] != '0';
}

// arn:aws.*:kinesis:.*:\d{12}: up to `at`, the position of what follows the account's colon.
bool IsArnHead(std::string_view text, std::size_t at) {
  constexpr std::string_view kService = ":kinesis:";
  if (at < 14 || !text.starts_with("arn:aws") || text[at - 1] != ':' || text[at - 14] != ':')
    return false;
  if (!std::ranges::all_of(text.substr(at - 13, 12), IsDigit)) return false;
  const std::size_t service = text.find(kService, 7);
  // The colon that ends ":kinesis:" is not the one before the account: a region, be it empty,
  // stands between.
  if (service == std::string_view::npos || service + kService.size() > at - 14) return false;
  return text.find('\n') == std::string_view::npos;
}

bool IsStreamArn(std::string_view text) {
  constexpr std::string_view kResource = "stream/";
  for (std::size_t at = text.find(kResource); at != std::string_view::npos;
       at = text.find(kResource, at + 1)) {
    const std::string_view name = text.substr(at + kResource.size());
    if (IsArnHead(text, at) && !name.empty() && std::ranges::none_of(name, IsSpace)) return true;
  }
  return false;
}

// …:.*stream/NAME/consumer/NAME:DIGITS
bool IsConsumerArn(std::string_view text) {
  constexpr std::string_view kConsumer = "/consumer/";
  const std::size_t consumer = text.rfind(kConsumer);
  if (consumer == std::string_view::npos) return false;
  const std::string_view tail = text.substr(consumer + kConsumer.size());
  const std::size_t colon = tail.rfind(':');
  if (colon == std::string_view::npos || !IsName(tail.substr(0, colon))) return false;
  const std::string_view seconds = tail.substr(colon + 1);
  if (seconds.empty() || !std::ranges::all_of(seconds, IsDigit)) return false;
  const std::string_view head = text.substr(0, consumer);
  const std::size_t stream = head.rfind("stream/");
  if (stream == std::string_view::npos || !IsName(head.substr(stream + 7))) return false;
  for (std::size_t at = 14; at <= stream; ++at) {
    if (head[at - 1] == ':' && IsArnHead(head, at)) return true;
  }
  return false;
}

bool IsStreamId(std::string_view text) {
  const auto in_alphabet = [](char c) { return IsLower(c) || IsDigit(c); };
  return text.size() == 24 && text[20] == '-' &&
         std::ranges::all_of(text.substr(0, 20), in_alphabet) &&
         std::ranges::all_of(text.substr(21), in_alphabet);
}

bool IsHashKey(std::string_view text) { return IsDecimal(text, 39); }
bool IsSequenceNumber(std::string_view text) { return IsDecimal(text, 129); }

}  // namespace

const TextShape kStreamNameShape = {
    .least = 1, .most = 128, .pattern = "[a-zA-Z0-9_.-]+", .matches = &IsName};
const TextShape kStreamArnShape = {.least = 1,
                                   .most = 2048,
                                   .pattern = R"(arn:aws.*:kinesis:.*:\d{12}:stream/\S+)",
                                   .matches = &IsStreamArn};
const TextShape kConsumerArnShape = {
    .least = 1,
    .most = 2048,
    .pattern =
        R"(^(arn):aws.*:kinesis:.*:\d{12}:.*stream\/[a-zA-Z0-9_.-]+\/consumer\/[a-zA-Z0-9_.-]+:[0-9]+)",
    .matches = &IsConsumerArn};
const TextShape kStreamIdShape = {
    .least = 1, .most = 24, .pattern = "[a-z0-9]{20}-[a-z0-9]{3}", .matches = &IsStreamId};
const TextShape kHashKeyShape = {.pattern = R"(^(0|([1-9]\d{0,38}))$)", .matches = &IsHashKey};
const TextShape kKeyIdShape = {.least = 1, .most = 2048};
const TextShape kSequenceNumberShape = {.pattern = R"(^(0|([1-9]\d{0,128}))$)",
                                        .matches = &IsSequenceNumber};
const TextShape kPartitionKeyShape = {.least = 1, .most = 256};
const TextShape kShardIteratorShape = {.least = 1, .most = 512};
const TextShape kNextTokenShape = {.least = 1, .most = 1048576};

// A lead byte takes at most the continuation bytes it announces, so that no character has more than
// four bytes: what is stored of a text is bounded by its characters.
std::size_t CountCharacters(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < text.size(); ++count) {
    const auto lead = static_cast<unsigned char>(text[i++]);
    const int announced = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : lead >= 0xc0 ? 1 : 0;
    for (int n = 0; n < announced && i < text.size(); ++n, ++i) {
      if ((static_cast<unsigned char>(text[i]) & 0xc0) != 0x80) break;
    }
  }
  return count;
}

void Violations::Add(std::string_view path, std::string_view value, std::string_view rule) {
  std::string text = "Value ";
  text.append(value)
      .append(" at '")
      .append(path)
      .append("' failed to satisfy constraint: ")
      .append(rule);
  found_.push_back(std::move(text));
}

void Violations::Missing(std::string_view path) { Add(path, "null", "Member must not be null"); }

void Violations::Check(std::string_view path, std::string_view text, const TextShape& shape) {
  const bool matches = shape.matches == nullptr || shape.matches(text);
  // A text has at most as many characters as bytes, so most lengths need no counting.
  const std::size_t characters = text.size() > shape.most ? CountCharacters(text) : text.size();
  if (matches && characters >= shape.least && characters <= shape.most) return;
  const std::string quoted = "'" + std::string(text) + "'";
  if (!matches)
    Add(path, quoted,
        "Member must satisfy regular expression pattern: " + std::string(shape.pattern));
  if (characters < shape.least) {
    Add(path, quoted,
        "Member must have length greater than or equal to " + std::to_string(shape.least));
  }
  if (characters > shape.most) {
    Add(path, quoted,
        "Member must have length less than or equal to " + std::to_string(shape.most));
  }
}

void Violations::Check(std::string_view path, std::int64_t number, const NumberShape& shape) {
  const std::string quoted = "'" + std::to_string(number) + "'";
  if (number < shape.least) {
    Add(path, quoted,
        "Member must have value greater than or equal to " + std::to_string(shape.least));
  }
  if (number > shape.most) {
    Add(path, quoted, "Member must have value less than or equal to " + std::to_string(shape.most));
  }
}

void Violations::TooMuchData(std::string_view path, std::size_t bytes, std::size_t most) {
  const std::string size = std::to_string(bytes);
  Add(path, "'java.nio.HeapByteBuffer[pos=0 lim=" + size + " cap=" + size + "]'",
      "Member must have length less than or equal to " + std::to_string(most));
}

absl::Status Violations::ToStatus() const {
  if (found_.empty()) return absl::OkStatus();
  constexpr std::size_t kMostSpelledOut = 10;
  std::string message = std::to_string(found_.size()) + " validation error" +
                        (found_.size() == 1 ? "" : "s") + " detected: ";
  for (std::size_t i = 0; i < std::min(found_.size(), kMostSpelledOut); ++i) {
    if (i != 0) message += "; ";
    message += found_[i];
  }
  return MakeError(ErrorCode::kValidation, message);
}

}  // namespace riacho::internal
