#include "riacho/telemetry/trace_id.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace riacho {
namespace {

constexpr std::size_t kWordDigits = 16;

// Sixteen digits or fewer.
std::optional<std::uint64_t> ParseHex(std::string_view text) {
  std::uint64_t value = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (!absl::ascii_isxdigit(byte)) return std::nullopt;
    const auto digit =
        absl::ascii_isdigit(byte) ? byte - '0' : absl::ascii_tolower(byte) - 'a' + 10;
    value = value << 4 | static_cast<std::uint64_t>(digit);
  }
  return value;
}

std::string ToHex(std::uint64_t value) { return absl::StrCat(absl::Hex(value, absl::kZeroPad16)); }

std::optional<TraceId> FromDigits(std::string_view digits) {
  const std::optional<std::uint64_t> high = ParseHex(digits.substr(0, kWordDigits));
  const std::optional<std::uint64_t> low = ParseHex(digits.substr(kWordDigits));
  if (!high.has_value() || !low.has_value()) return std::nullopt;
  const TraceId id = {.high = *high, .low = *low};
  return id.is_zero() ? std::nullopt : std::optional<TraceId>(id);
}

}  // namespace

std::optional<TraceId> TraceId::Parse(std::string_view text) {
  constexpr std::size_t kSecondDash = 10;
  if (text.size() != 35 || !text.starts_with("1-") || text[kSecondDash] != '-') return std::nullopt;
  return FromDigits(std::string(text.substr(2, 8)).append(text.substr(kSecondDash + 1)));
}

std::optional<TraceId> TraceId::ParseW3c(std::string_view text) {
  const auto is_upper = [](char c) { return absl::ascii_isupper(static_cast<unsigned char>(c)); };
  if (text.size() != 2 * kWordDigits || std::ranges::any_of(text, is_upper)) return std::nullopt;
  return FromDigits(text);
}

std::string TraceId::ToString() const {
  const std::string digits = ToW3c();
  return "1-" + digits.substr(0, 8) + "-" + digits.substr(8);
}

std::string TraceId::ToW3c() const { return ToHex(high) + ToHex(low); }

std::ostream& operator<<(std::ostream& out, const TraceId& id) { return out << id.ToString(); }

std::optional<SpanId> SpanId::Parse(std::string_view text) {
  if (text.size() != kWordDigits) return std::nullopt;
  const std::optional<std::uint64_t> value = ParseHex(text);
  if (!value.has_value() || *value == 0) return std::nullopt;
  return SpanId{*value};
}

std::string SpanId::ToString() const { return ToHex(value); }

std::ostream& operator<<(std::ostream& out, SpanId id) { return out << id.ToString(); }

}  // namespace riacho
