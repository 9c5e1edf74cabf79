#include "stream/tag_set.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "base/return_if_error.h"
#include "base/unicode.h"
#include "riacho/model/error.h"

namespace riacho::internal {
namespace {

absl::Status Invalid(const std::string& message) {
  return MakeError(ErrorCode::kInvalidArgument, message);
}

absl::Status CheckNotOfTheSystem(std::string_view key) {
  if (!key.starts_with("aws:")) return absl::OkStatus();
  return Invalid(
      "Some tag keys in the request started with 'aws:'. System tags cannot be modified.");
}

// '%' is among the characters: it has a refusal of its own.
bool HasOnlyTagCharacters(std::string_view text) {
  constexpr std::string_view kMarks = "_.:/=+-@%";
  while (!text.empty()) {
    if (kMarks.find(text[0]) != std::string_view::npos) {
      text.remove_prefix(1);
      continue;
    }
    const std::optional<char32_t> character = TakeCharacter(text);
    if (!character.has_value() || !IsLetterDigitOrSpace(*character)) return false;
  }
  return true;
}

absl::Status CheckCharacters(const Tags& tags, const TaggedResource& resource) {
  const auto all = [&tags](bool (*holds)(std::string_view)) {
    return std::ranges::all_of(
        tags, [holds](const auto& tag) { return holds(tag.first) && holds(tag.second); });
  };
  if (!all(&HasOnlyTagCharacters)) {
    return Invalid(
        "Some tags contain invalid characters. Valid characters: Unicode letters, digits, white "
        "space, _ . / = + - % @.");
  }
  if (!all([](std::string_view text) { return text.find('%') == std::string_view::npos; })) {
    return Invalid("Failed to add tags to " + resource.name + " under account " +
                   resource.account_id +
                   " because some tags contained illegal characters. The allowed characters are "
                   "Unicode letters, white-spaces, '_',',','/','=','+','-','@'.");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status AddTags(Tags& tags, const Tags& more, const TaggedResource& resource,
                     std::int64_t most) {
  for (const auto& [key, value] : more) RIACHO_RETURN_IF_ERROR(CheckNotOfTheSystem(key));
  RIACHO_RETURN_IF_ERROR(CheckCharacters(more, resource));
  const auto added =
      std::ranges::count_if(more, [&tags](const auto& tag) { return !tags.contains(tag.first); });
  if (static_cast<std::int64_t>(tags.size()) + added > most) {
    return Invalid("Failed to add tags to resource " + resource.arn + " under account " +
                   resource.account_id + " because a given resource cannot have more than " +
                   std::to_string(most) + " tags associated with it.");
  }
  for (const auto& [key, value] : more) tags.insert_or_assign(key, value);
  return absl::OkStatus();
}

absl::Status RemoveTags(Tags& tags, const std::vector<std::string>& keys) {
  for (const std::string& key : keys) RIACHO_RETURN_IF_ERROR(CheckNotOfTheSystem(key));
  for (const std::string& key : keys) tags.erase(key);
  return absl::OkStatus();
}

}  // namespace riacho::internal
