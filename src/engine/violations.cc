#include "engine/violations.h"

#include "riacho/model/error.h"

namespace riacho::internal {

std::string LengthAtLeast(std::size_t least) {
  return "Member must have length greater than or equal to " + std::to_string(least);
}
std::string LengthAtMost(std::size_t most) {
  return "Member must have length less than or equal to " + std::to_string(most);
}
std::string ValueAtLeast(std::int64_t least) {
  return "Member must have value greater than or equal to " + std::to_string(least);
}
std::string ValueAtMost(std::int64_t most) {
  return "Member must have value less than or equal to " + std::to_string(most);
}
std::string MatchesPattern(std::string_view pattern) {
  return "Member must satisfy regular expression pattern: " + std::string(pattern);
}
std::string IsOneOf(std::string_view values) {
  return "Member must satisfy enum value set: [" + std::string(values) + "]";
}
std::string EachElement(std::string_view rules) {
  return "Member must satisfy constraint: [" + std::string(rules) + "]";
}
std::string EachKey(std::string_view rules) {
  return "Map keys must satisfy constraint: [" + std::string(rules) + "]";
}
std::string EachValue(std::string_view rules) {
  return "Map value must satisfy constraint: [" + std::string(rules) + "]";
}
std::string Quoted(std::string_view text) { return "'" + std::string(text) + "'"; }

void Violations::Add(std::string_view path, std::string_view value, std::string_view rule) {
  constexpr std::size_t kMostSpelledOut = 10;
  if (++count_ > kMostSpelledOut) return;
  if (count_ > 1) spelled_out_ += "; ";
  spelled_out_.append("Value ").append(value).append(" at '").append(path);
  spelled_out_.append("' failed to satisfy constraint: ").append(rule);
}

void Violations::Missing(std::string_view path) { Add(path, "null", "Member must not be null"); }

void Violations::Data(std::string_view path, std::string_view data, std::size_t most) {
  if (data.size() <= most) return;
  const std::string size = std::to_string(data.size());
  Add(path, Quoted("java.nio.HeapByteBuffer[pos=0 lim=" + size + " cap=" + size + "]"),
      LengthAtMost(most));
}

absl::Status Violations::ToStatus() const {
  if (count_ == 0) return absl::OkStatus();
  return MakeError(ErrorCode::kValidation, std::to_string(count_) + " validation error" +
                                               (count_ == 1 ? "" : "s") +
                                               " detected: " + spelled_out_);
}

}  // namespace riacho::internal
