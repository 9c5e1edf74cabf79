#include "riacho/model/hash_key.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "base/md5_batch.h"
#include "base/md5_memo.h"

namespace riacho {
namespace {

std::uint64_t LoadBigEndian(const std::uint8_t* bytes) {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof(word));
  if constexpr (std::endian::native == std::endian::little) word = __builtin_bswap64(word);
  return word;
}

HashKey ReadDigest(const internal::Md5Digest& digest) {
  return HashKey{absl::MakeUint128(LoadBigEndian(digest.data()), LoadBigEndian(digest.data() + 8))};
}

}  // namespace

std::optional<HashKey> HashKey::Parse(std::string_view decimal) {
  if (decimal.empty() || decimal.size() > 39 || (decimal.size() > 1 && decimal[0] == '0'))
    return std::nullopt;
  absl::uint128 value = 0;
  for (const char c : decimal) {
    if (c < '0' || c > '9') return std::nullopt;
    const absl::uint128 digit = static_cast<unsigned>(c - '0');
    if (value > (absl::Uint128Max() - digit) / 10) return std::nullopt;
    value = value * 10 + digit;
  }
  return HashKey{value};
}

std::string HashKey::ToString() const {
  std::string digits;
  absl::uint128 rest = value;
  do {
    digits.push_back(static_cast<char>('0' + static_cast<int>(rest % 10)));
    rest /= 10;
  } while (rest != 0);
  std::reverse(digits.begin(), digits.end());
  return digits;
}

std::ostream& operator<<(std::ostream& out, HashKey key) { return out << key.ToString(); }

HashKey HashKeyOf(std::string_view partition_key) {
  return ReadDigest(internal::RememberedMd5(partition_key));
}

void HashKeysOf(std::span<const std::string_view> partition_keys, std::span<HashKey> hash_keys) {
  std::array<internal::Md5Digest, 64> digests;
  while (!partition_keys.empty()) {
    const std::size_t count = std::min(partition_keys.size(), digests.size());
    internal::Md5Batch(partition_keys.first(count), std::span(digests).first(count));
    for (std::size_t i = 0; i < count; ++i) hash_keys[i] = ReadDigest(digests[i]);
    partition_keys = partition_keys.subspan(count);
    hash_keys = hash_keys.subspan(count);
  }
}

std::ostream& operator<<(std::ostream& out, const HashKeyRange& range) {
  return out << '[' << range.starting_hash_key << ", " << range.ending_hash_key << ']';
}

}  // namespace riacho
