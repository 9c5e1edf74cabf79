// Any text through SequenceNumber: what parses prints as it came, decoding never fails, and a
// number of version 2 whose unused byte is zero and whose shard number agrees with its own low
// digit is made again from its fields.
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string_view>

#include "riacho/model/sequence_number.h"

namespace {

using riacho::SequenceNumber;

void Require(bool condition) {
  if (!condition) std::abort();
}

// The bytes of a decimal number below 2^192, the least significant first.
std::array<std::uint8_t, 24> BytesOf(std::string_view decimal) {
  std::array<std::uint8_t, 24> bytes = {};
  for (const char c : decimal) {
    unsigned carry = static_cast<unsigned>(c - '0');
    for (std::uint8_t& byte : bytes) {
      carry += byte * 10U;
      byte = static_cast<std::uint8_t>(carry & 0xff);
      carry >>= 8;
    }
    Require(carry == 0);
  }
  return bytes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::optional<SequenceNumber> number = SequenceNumber::Parse(text);
  if (!number.has_value()) return 0;
  Require(number->ToString() == text);
  Require(number->Normalized() >= *number);
  Require(number->Normalized().Normalized() == number->Normalized());

  const std::optional<SequenceNumber::Fields> fields = number->Decode();
  Require(fields == number->Normalized().Decode());
  if (!fields.has_value() || fields->version != 2) return 0;
  const SequenceNumber again = SequenceNumber::Of(*fields);
  Require(again.Decode() == fields);

  const std::array<std::uint8_t, 24> bytes = BytesOf(text);
  const bool unused_byte_is_zero = bytes[9] == 0;                                   // bits 72-79
  const bool low_digit_agrees = (bytes[18] & 0xf) == (fields->shard_number & 0xf);  // bits 144-147
  Require((again == *number) == (unused_byte_is_zero && low_digit_agrees));
  return 0;
}
