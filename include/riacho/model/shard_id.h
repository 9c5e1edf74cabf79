// The name of a shard: its number within the stream.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>

namespace riacho {

// Numbers count from 0 in order of creation and are never reused within a stream. Printed as
// "shardId-" and twelve digits.
struct ShardId {
  std::uint32_t number = 0;

  // The largest number that the service accepts in a shard id.
  static constexpr std::uint32_t kMaxNumber = 2147483647;

  // Reads a shard id as leniently as the service: the text after the first '-', or the whole text,
  // must be a decimal number from 0 to kMaxNumber. "5", "x-5" and "shardId-000000000005" are one
  // shard. Empty for all other text.
  static std::optional<ShardId> Parse(std::string_view text);

  std::string ToString() const;

  friend constexpr bool operator==(const ShardId&, const ShardId&) = default;
  friend constexpr std::strong_ordering operator<=>(const ShardId&, const ShardId&) = default;
  friend std::ostream& operator<<(std::ostream& out, ShardId id);

  template <typename H>
  friend H AbslHashValue(H state, ShardId id) {
    return H::combine(std::move(state), id.number);
  }
};

}  // namespace riacho
