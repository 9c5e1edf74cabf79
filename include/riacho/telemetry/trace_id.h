// What traces and their spans are called, as in AWS X-Ray.
//
//   std::optional<riacho::TraceId> id =
//   riacho::TraceId::Parse("1-5759e988-bd862e3fe1be46a994272793"); std::cout << id->ToW3c();   //
//   5759e988bd862e3fe1be46a994272793
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>

namespace riacho {

// 128 bits, zero for none. The first 32 are the second in which the trace began, since the Unix
// epoch; ids that came by W3C's headers may have anything there.
//
// Source: AWS X-Ray Developer Guide, "Sending trace data to X-Ray"; W3C Trace Context, "trace-id".
struct TraceId {
  std::uint64_t high = 0;
  std::uint64_t low = 0;

  // Reads "1-", 8 hexadecimal digits, "-" and 24 more. Empty for all other text, and for zero.
  static std::optional<TraceId> Parse(std::string_view text);
  // Reads 32 hexadecimal digits in lower case. Empty for all other text, and for zero.
  static std::optional<TraceId> ParseW3c(std::string_view text);

  std::string ToString() const;  // as Parse reads it, in lower case
  std::string ToW3c() const;

  std::int64_t epoch_seconds() const { return static_cast<std::int64_t>(high >> 32); }
  bool is_zero() const { return high == 0 && low == 0; }

  friend constexpr bool operator==(const TraceId&, const TraceId&) = default;
  friend constexpr std::strong_ordering operator<=>(const TraceId&, const TraceId&) = default;
  friend std::ostream& operator<<(std::ostream& out, const TraceId& id);

  template <typename H>
  friend H AbslHashValue(H state, const TraceId& id) {
    return H::combine(std::move(state), id.high, id.low);
  }
};

// 64 bits, zero for none.
struct SpanId {
  std::uint64_t value = 0;

  // Reads 16 hexadecimal digits. Empty for all other text, and for zero.
  static std::optional<SpanId> Parse(std::string_view text);

  std::string ToString() const;  // in lower case

  bool is_zero() const { return value == 0; }

  friend constexpr bool operator==(const SpanId&, const SpanId&) = default;
  friend constexpr std::strong_ordering operator<=>(const SpanId&, const SpanId&) = default;
  friend std::ostream& operator<<(std::ostream& out, SpanId id);

  template <typename H>
  friend H AbslHashValue(H state, SpanId id) {
    return H::combine(std::move(state), id.value);
  }
};

}  // namespace riacho
