// The 128-bit key space in which shards own ranges.
//
//   HashKey key = HashKeyOf("user-42");                       // MD5 of the partition key
//   bool mine = shard.hash_key_range.Contains(key);
#pragma once

#include <compare>
#include <optional>
#include <ostream>
#include <span>
#include <string>
#include <string_view>

#include "absl/numeric/int128.h"

namespace riacho {

// A point of the key space: an unsigned integer from 0 to 2^128 - 1, decimal in text.
struct HashKey {
  absl::uint128 value = 0;

  static constexpr HashKey Max() { return HashKey{absl::Uint128Max()}; }

  // Reads a decimal number without leading zeros; empty for other text and for numbers of 2^128 and
  // more.
  static std::optional<HashKey> Parse(std::string_view decimal);

  // Decimal, without leading zeros.
  std::string ToString() const;

  friend constexpr bool operator==(HashKey a, HashKey b) { return a.value == b.value; }
  friend constexpr std::strong_ordering operator<=>(HashKey a, HashKey b) {
    return a.value < b.value
               ? std::strong_ordering::less
               : (b.value < a.value ? std::strong_ordering::greater : std::strong_ordering::equal);
  }
  friend std::ostream& operator<<(std::ostream& out, HashKey key);
};

// MD5 of the key's bytes (UTF-8 by convention), read as a big-endian integer.
// Source: Kinesis Data Streams Developer Guide, "Partition Key".
HashKey HashKeyOf(std::string_view partition_key);

// The same for many keys at once, several times as quick: writes HashKeyOf(partition_keys[i]) to
// hash_keys[i], which has room for them. Never allocates. Thread-safe.
void HashKeysOf(std::span<const std::string_view> partition_keys, std::span<HashKey> hash_keys);

// What a shard owns: all keys from starting_hash_key to ending_hash_key, both included.
struct HashKeyRange {
  HashKey starting_hash_key = {};
  HashKey ending_hash_key = {};

  constexpr bool Contains(HashKey key) const {
    return starting_hash_key <= key && key <= ending_hash_key;
  }

  friend constexpr bool operator==(const HashKeyRange&, const HashKeyRange&) = default;
  friend std::ostream& operator<<(std::ostream& out, const HashKeyRange& range);
};

}  // namespace riacho
