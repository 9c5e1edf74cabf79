// The position of a record in its shard.
//
//   SequenceNumber number = put->sequence_number;
//   std::string text = number.ToString();                      // 56 decimal digits, as on the wire
//
// Opaque by contract: compare as numbers; greater is later within one shard. The layout below is
// what the service has been observed to use, so numbers made here look and behave like its own.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>

namespace riacho {

// An unsigned integer of up to 192 bits.
class SequenceNumber {
 public:
  // What a number says, from the most significant field to the least:
  //   bits 184-187  2, constant
  //        148-183  shard_create_seconds: Unix second of the shard's creation
  //        144-147  low four bits of shard_number
  //         80-143  index: position in the shard's log; 0 in a shard's starting number, kLastIndex
  //         in its ending number
  //          72-79  0
  //          36-71  time_seconds: Unix second of arrival
  //           4-35  shard_number
  //            0-3  version: 2
  // Numbers of the older versions 1 and 0 decode to the fields they have; the others are 0.
  struct Fields {
    std::int64_t shard_create_seconds = 0;
    std::uint64_t index = 0;
    std::int64_t time_seconds = 0;
    std::uint32_t shard_number = 0;
    int version = 2;

    friend constexpr bool operator==(const Fields&, const Fields&) = default;
  };

  static constexpr std::uint64_t kLastIndex = 0x7fffffffffffffffULL;

  constexpr SequenceNumber() = default;

  // The number of version 2 with these fields. Each must fit its bits.
  static constexpr SequenceNumber Of(const Fields& fields) {
    const auto create = static_cast<std::uint64_t>(fields.shard_create_seconds);
    const auto time = static_cast<std::uint64_t>(fields.time_seconds);
    SequenceNumber number;
    number.words_[0] = std::uint64_t{2} << 56 | create << 20 |
                       (std::uint64_t{fields.shard_number} & 0xf) << 16 | fields.index >> 48;
    number.words_[1] = fields.index << 16 | time >> 28;
    number.words_[2] = time << 36 | std::uint64_t{fields.shard_number} << 4 | 2;
    return number;
  }

  // Reads a decimal number without leading zeros; empty for other text and for numbers of 2^192 and
  // more.
  static std::optional<SequenceNumber> Parse(std::string_view decimal);

  // Decimal, without leading zeros.
  std::string ToString() const;

  // The fields of a well-formed number; empty for numbers that the service calls invalid: a leading
  // digit other than 2, an unknown version, a creation second of 16025175000 and more, an index
  // above kLastIndex. Numbers below 2^124 are read as if 2^124 were added, as the service does with
  // "0".
  std::optional<Fields> Decode() const;

  // This number as the service repeats it in messages: with 2^124 added when it is smaller than
  // that.
  SequenceNumber Normalized() const;

  friend constexpr bool operator==(const SequenceNumber&, const SequenceNumber&) = default;
  friend constexpr std::strong_ordering operator<=>(const SequenceNumber&,
                                                    const SequenceNumber&) = default;
  friend std::ostream& operator<<(std::ostream& out, const SequenceNumber& number);

  template <typename H>
  friend H AbslHashValue(H state, const SequenceNumber& number) {
    return H::combine(std::move(state), number.words_[0], number.words_[1], number.words_[2]);
  }

 private:
  std::array<std::uint64_t, 3> words_ = {};  // most significant first
};

// From where to where a shard's numbers go. Open shards have no end.
struct SequenceNumberRange {
  SequenceNumber starting_sequence_number = {};
  std::optional<SequenceNumber> ending_sequence_number = {};

  friend bool operator==(const SequenceNumberRange&, const SequenceNumberRange&) = default;
};

}  // namespace riacho
