#include "riacho/model/sequence_number.h"

#include "absl/numeric/int128.h"

namespace riacho {
namespace {

using Words = std::array<std::uint64_t, 3>;

constexpr std::uint64_t kTenTo19 = 10000000000000000000ULL;
constexpr std::int64_t kFirstInvalidCreateSecond = 16025175000;
constexpr Words kTwoTo124 = {0, std::uint64_t{1} << 60, 0};
constexpr Words kTwoTo125 = {0, std::uint64_t{1} << 61, 0};

// words = words * factor + addend; false when the result needs more than 192 bits.
bool MultiplyAdd(Words& words, std::uint64_t factor, std::uint64_t addend) {
  absl::uint128 carry = addend;
  for (std::size_t i = words.size(); i-- > 0;) {
    carry += absl::uint128(words[i]) * factor;
    words[i] = absl::Uint128Low64(carry);
    carry >>= 64;
  }
  return carry == 0;
}

// words = words / divisor; returns the remainder.
std::uint64_t DivideBy(Words& words, std::uint64_t divisor) {
  std::uint64_t remainder = 0;
  for (std::uint64_t& word : words) {
    const absl::uint128 part = absl::MakeUint128(remainder, word);
    word = absl::Uint128Low64(part / divisor);
    remainder = absl::Uint128Low64(part % divisor);
  }
  return remainder;
}

}  // namespace

std::optional<SequenceNumber> SequenceNumber::Parse(std::string_view decimal) {
  if (decimal.empty() || decimal.size() > 58 || (decimal.size() > 1 && decimal[0] == '0'))
    return std::nullopt;
  SequenceNumber number;
  for (const char c : decimal) {
    if (c < '0' || c > '9') return std::nullopt;
    if (!MultiplyAdd(number.words_, 10, static_cast<std::uint64_t>(c - '0'))) return std::nullopt;
  }
  return number;
}

std::string SequenceNumber::ToString() const {
  Words rest = words_;
  std::array<char, 64> buffer;
  std::size_t at = buffer.size();
  do {
    std::uint64_t chunk = DivideBy(rest, kTenTo19);
    const bool more = rest != Words{};
    for (int digit = 0; more ? digit < 19 : (chunk != 0 || digit == 0); ++digit) {
      buffer[--at] = static_cast<char>('0' + chunk % 10);
      chunk /= 10;
    }
  } while (rest != Words{});
  return std::string(buffer.data() + at, buffer.size() - at);
}

SequenceNumber SequenceNumber::Normalized() const {
  SequenceNumber number = *this;
  if (number.words_ < kTwoTo124) number.words_[1] += kTwoTo124[1];
  return number;
}

std::optional<SequenceNumber::Fields> SequenceNumber::Decode() const {
  const Words words = Normalized().words_;
  Fields fields;
  if (words < kTwoTo125) {  // 32 hex digits: 1, create (9), a byte, random (16), shard (4)
    fields.version = 0;
    fields.shard_create_seconds = static_cast<std::int64_t>(words[1] >> 24 & 0xfffffffff);
    fields.shard_number = static_cast<std::uint32_t>(words[2] & 0xffff);
  } else {
    if (words[0] >> 56 != 2) return std::nullopt;
    fields.version = static_cast<int>(words[2] & 0xf);
    fields.shard_create_seconds = static_cast<std::int64_t>(words[0] >> 20 & 0xfffffffff);
    fields.shard_number = static_cast<std::uint32_t>(words[2] >> 4);
    if (fields.version == 2) {
      fields.index = words[0] << 48 | words[1] >> 16;
      fields.time_seconds = static_cast<std::int64_t>((words[1] & 0xff) << 28 | words[2] >> 36);
    } else if (fields.version == 1) {  // 2, create (9), nibble, a byte, time (9), random (14),
                                       // index (2), shard (8), 1
      fields.index = words[2] >> 36 & 0xff;
      fields.time_seconds = static_cast<std::int64_t>((words[0] & 0xff) << 28 | words[1] >> 36);
    } else {
      return std::nullopt;
    }
  }
  if (fields.shard_create_seconds >= kFirstInvalidCreateSecond) return std::nullopt;
  if (fields.index > kLastIndex || fields.shard_number > kLastIndex >> 32) return std::nullopt;
  return fields;
}

std::ostream& operator<<(std::ostream& out, const SequenceNumber& number) {
  return out << number.ToString();
}

}  // namespace riacho
