#include "riacho/model/sequence_number.h"

#include <array>
#include <cstdint>
#include <optional>
#include <random>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "absl/hash/hash_testing.h"
#include "gtest/gtest.h"

namespace riacho {
namespace {

constexpr std::string_view kTwoTo192 = "6277101735386680763835789423207666416102355444464034512896";
constexpr std::string_view kTwoTo192Minus1 =
    "6277101735386680763835789423207666416102355444464034512895";

struct Vector {
  std::string_view decimal;
  SequenceNumber::Fields fields;
};

// Numbers that the service gave out on 2026-09-19.
constexpr std::array<Vector, 6> kVectors = {{
    {"49678472207233921701979664995683376158621496084774518786",
     {.shard_create_seconds = 1789780156,
      .index = 0,
      .time_seconds = 1789780156,
      .shard_number = 0}},
    {"49678472207233921701988072540114978957420669737206022146",
     {.shard_create_seconds = 1789780156,
      .index = 6954557753,
      .time_seconds = 1789780168,
      .shard_number = 0}},
    {"49678472222955947066952161877135850791448870741543485458",
     {.shard_create_seconds = 1789780200,
      .index = 6954576148,
      .time_seconds = 1789780204,
      .shard_number = 1}},
    {"49678472222978247812150692501147813099844052177557389346",
     {.shard_create_seconds = 1789780200,
      .index = 6954576868,
      .time_seconds = 1789780205,
      .shard_number = 2}},
    {"49678472239057085100282864218654846133690714069842001970",
     {.shard_create_seconds = 1789780245,
      .index = 0,
      .time_seconds = 1789780245,
      .shard_number = 3}},
    {"49678472222967097439543019622035616474155306545382948882",
     {.shard_create_seconds = 1789780200,
      .index = SequenceNumber::kLastIndex,
      .time_seconds = 1789780244,
      .shard_number = 1}},
}};

SequenceNumber Parsed(std::string_view decimal) {
  const std::optional<SequenceNumber> number = SequenceNumber::Parse(decimal);
  EXPECT_TRUE(number.has_value()) << decimal;
  return number.value_or(SequenceNumber());
}

// The decimal text of a hexadecimal number, made digit by digit: independent of what is tested.
std::string DecimalOfHex(std::string_view hex) {
  std::string reversed = "0";
  for (const char c : hex) {
    int carry = c <= '9' ? c - '0' : c - 'a' + 10;
    for (char& digit : reversed) {
      const int value = (digit - '0') * 16 + carry;
      digit = static_cast<char>('0' + value % 10);
      carry = value / 10;
    }
    for (; carry != 0; carry /= 10) reversed.push_back(static_cast<char>('0' + carry % 10));
  }
  return {reversed.rbegin(), reversed.rend()};
}

SequenceNumber::Fields RandomFields(std::mt19937_64& random) {
  return {.shard_create_seconds = static_cast<std::int64_t>(random() % 16025175000),
          .index = random() & SequenceNumber::kLastIndex,
          .time_seconds = static_cast<std::int64_t>(random() & 0xfffffffff),
          .shard_number = static_cast<std::uint32_t>(random() & 0x7fffffff)};
}

TEST(SequenceNumber, DecodesWhatTheServiceGaveOut) {
  for (const Vector& vector : kVectors) {
    EXPECT_EQ(Parsed(vector.decimal).Decode(), vector.fields) << vector.decimal;
  }
}

TEST(SequenceNumber, EncodesWhatTheServiceGaveOut) {
  for (const Vector& vector : kVectors) {
    EXPECT_EQ(SequenceNumber::Of(vector.fields).ToString(), vector.decimal);
    EXPECT_EQ(SequenceNumber::Of(vector.fields), Parsed(vector.decimal));
  }
}

TEST(SequenceNumber, OfFieldsDecodesToTheSameFields) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 10000; ++i) {
    const SequenceNumber::Fields fields = RandomFields(random);
    const SequenceNumber number = SequenceNumber::Of(fields);
    ASSERT_EQ(number.Decode(), fields) << number;
    ASSERT_EQ(number.ToString().size(), 56U) << number;
  }
}

TEST(SequenceNumber, StartingNumbersOfNeighboursDifferByTwoToThe144And16) {
  // One more in the low digit of the shard number above, one more in the shard number below. At
  // shard 16 the digit begins anew.
  SequenceNumber::Fields fields = kVectors[0].fields;
  fields.shard_number = 1;
  EXPECT_EQ(SequenceNumber::Of(fields).ToString(),
            "49678472207256222447178195618824911876894144446280499218");
  fields.shard_number = 15;
  EXPECT_EQ(SequenceNumber::Of(fields).ToString(),
            "49678472207568432879957624342806411932711221507364225266");
  fields.shard_number = 16;
  EXPECT_EQ(SequenceNumber::Of(fields).ToString(),
            "49678472207233921701979664995683376158621496084774519042");
}

TEST(SequenceNumber, ParsesTheSmallestAndTheLargest) {
  EXPECT_EQ(Parsed("0"), SequenceNumber());
  EXPECT_EQ(Parsed("0").ToString(), "0");
  EXPECT_EQ(Parsed(kTwoTo192Minus1).ToString(), kTwoTo192Minus1);
}

TEST(SequenceNumber, PrintsWordBoundariesExactly) {
  // Around powers of 2^64 and of 10^19, where the chunks of the conversion meet.
  for (const std::string_view decimal :
       {"9", "10", "9999999999999999999", "10000000000000000000", "10000000000000000001",
        "18446744073709551615", "18446744073709551616", "99999999999999999999999999999999999999",
        "100000000000000000000000000000000000000", "340282366920938463463374607431768211455",
        "340282366920938463463374607431768211456",
        "1000000000000000000000000000000000000000000000000000000000"}) {
    EXPECT_EQ(Parsed(decimal).ToString(), decimal);
  }
}

TEST(SequenceNumber, ParseUndoesToString) {
  std::mt19937_64 random(2);
  for (int i = 0; i < 4000; ++i) {
    std::string hex;
    for (std::uint64_t digits = 1 + random() % 48; digits > 0; --digits)
      hex += "0123456789abcdef"[random() % 16];
    const std::string decimal = DecimalOfHex(hex);
    const std::optional<SequenceNumber> number = SequenceNumber::Parse(decimal);
    ASSERT_TRUE(number.has_value()) << decimal;
    ASSERT_EQ(number->ToString(), decimal);
    ASSERT_EQ(SequenceNumber::Parse(number->ToString()), number);
  }
}

TEST(SequenceNumber, RefusesTextThatIsNoDecimalNumber) {
  for (const std::string_view text :
       {"", "00", "01", "049678472207233921701979664995683376158621496084774518786", "+1", "-1",
        " 1", "1 ", "1 2", "1.0", "1e3", "0x1", "a", "1\n", "٣"}) {
    EXPECT_EQ(SequenceNumber::Parse(text), std::nullopt) << "'" << text << "'";
  }
  EXPECT_EQ(SequenceNumber::Parse(std::string_view("1\0", 2)), std::nullopt);
}

TEST(SequenceNumber, RefusesNumbersOfMoreThan192Bits) {
  EXPECT_EQ(SequenceNumber::Parse(kTwoTo192), std::nullopt);
  EXPECT_EQ(SequenceNumber::Parse(std::string(58, '9')), std::nullopt);
  EXPECT_EQ(SequenceNumber::Parse("1" + std::string(58, '0')), std::nullopt);
  EXPECT_EQ(SequenceNumber::Parse(std::string(129, '1')), std::nullopt);
  EXPECT_EQ(SequenceNumber::Parse(std::string(100000, '1')), std::nullopt);
}

TEST(SequenceNumber, OrdersAsIntegersDo) {
  std::mt19937_64 random(3);
  std::vector<std::string> decimals;
  for (int i = 0; i < 80; ++i) {
    std::string decimal(1, static_cast<char>('1' + random() % 9));
    for (std::uint64_t rest = random() % 57; rest > 0; --rest)
      decimal += static_cast<char>('0' + random() % 10);
    decimals.push_back(decimal);
  }
  for (const std::string& a : decimals) {
    for (const std::string& b : decimals) {
      const bool less = a.size() != b.size() ? a.size() < b.size() : a < b;
      ASSERT_EQ(Parsed(a) < Parsed(b), less) << a << " and " << b;
    }
  }
}

TEST(SequenceNumber, CreationSecondOutranksIndexWhichOutranksTime) {
  const SequenceNumber::Fields base = {
      .shard_create_seconds = 100, .index = 7, .time_seconds = 200, .shard_number = 0};
  SequenceNumber::Fields later_shard = {
      .shard_create_seconds = 101, .index = 0, .time_seconds = 101, .shard_number = 0};
  SequenceNumber::Fields later_index = base;
  later_index.index = 8;
  later_index.time_seconds = 0;
  SequenceNumber::Fields later_time = base;
  later_time.time_seconds = 201;
  EXPECT_GT(SequenceNumber::Of(later_shard), SequenceNumber::Of(later_index));
  EXPECT_GT(SequenceNumber::Of(later_index), SequenceNumber::Of(later_time));
  EXPECT_GT(SequenceNumber::Of(later_time), SequenceNumber::Of(base));
}

TEST(SequenceNumber, ZeroIsRepeatedWithTwoToThe124Added) {
  EXPECT_EQ(Parsed("0").Normalized().ToString(), "21267647932558653966460912964485513216");
  EXPECT_EQ(Parsed("1").Normalized().ToString(), "21267647932558653966460912964485513217");
  EXPECT_EQ(Parsed("21267647932558653966460912964485513215").Normalized().ToString(),
            "42535295865117307932921825928971026431");
}

TEST(SequenceNumber, NumbersFromTwoToThe124OnAreRepeatedAsTheyAre) {
  EXPECT_EQ(Parsed("21267647932558653966460912964485513216").Normalized(),
            Parsed("21267647932558653966460912964485513216"));
  EXPECT_EQ(Parsed(kVectors[1].decimal).Normalized(), Parsed(kVectors[1].decimal));
}

TEST(SequenceNumber, ZeroDecodesAsVersion0OfTheBeginningOfTime) {
  EXPECT_EQ(Parsed("0").Decode(), (SequenceNumber::Fields{.version = 0}));
}

TEST(SequenceNumber, DecodesTheFieldsThatVersion0Has) {
  // 1, creation second, a byte, 16 random digits, shard number.
  const std::string decimal = DecimalOfHex(
      "1"
      "06aadc1bc"
      "ab"
      "0123456789abcdef"
      "0011");
  EXPECT_EQ(Parsed(decimal).Decode(),
            (SequenceNumber::Fields{
                .shard_create_seconds = 0x6aadc1bc, .shard_number = 17, .version = 0}));
}

TEST(SequenceNumber, DecodesTheFieldsThatVersion1Has) {
  // 2, creation second, low digit of the shard number, a byte, time, 14 random digits, index, shard
  // number, 1.
  const std::string decimal = DecimalOfHex(
      "2"
      "06aadc1bc"
      "1"
      "cd"
      "06aadc1c8"
      "0123456789abcd"
      "2a"
      "00000011"
      "1");
  EXPECT_EQ(Parsed(decimal).Decode(), (SequenceNumber::Fields{.shard_create_seconds = 0x6aadc1bc,
                                                              .index = 42,
                                                              .time_seconds = 0x6aadc1c8,
                                                              .shard_number = 17,
                                                              .version = 1}));
}

TEST(SequenceNumber, DecodesNothingThatTheServiceCallsInvalid) {
  const auto number = [](std::string_view lead, std::string_view create, std::string_view index,
                         std::string_view shard, std::string_view version) {
    std::string hex(lead);
    hex.append(create)
        .append("1")
        .append(index)
        .append("00")
        .append("06aadc1bc")
        .append(shard)
        .append(version);
    EXPECT_EQ(hex.size(), 47U);
    return Parsed(DecimalOfHex(hex)).Decode();
  };
  EXPECT_TRUE(number("2", "06aadc1bc", "0000000000000001", "00000011", "2").has_value());
  EXPECT_EQ(number("1", "06aadc1bc", "0000000000000001", "00000011", "2"), std::nullopt)
      << "leading digit";
  EXPECT_EQ(number("3", "06aadc1bc", "0000000000000001", "00000011", "2"), std::nullopt)
      << "leading digit";
  EXPECT_EQ(number("2", "06aadc1bc", "0000000000000001", "00000011", "0"), std::nullopt)
      << "version";
  EXPECT_EQ(number("2", "06aadc1bc", "0000000000000001", "00000011", "3"), std::nullopt)
      << "version";
  EXPECT_EQ(number("2", "06aadc1bc", "8000000000000000", "00000011", "2"), std::nullopt)
      << "index above kLastIndex";
  EXPECT_EQ(number("2", "06aadc1bc", "0000000000000001", "80000000", "2"), std::nullopt)
      << "shard number";
  // 16025175000 is 3bb2cc3d8 in hex.
  EXPECT_TRUE(number("2", "3bb2cc3d7", "0000000000000001", "00000011", "2").has_value());
  EXPECT_EQ(number("2", "3bb2cc3d8", "0000000000000001", "00000011", "2"), std::nullopt)
      << "creation second";
  EXPECT_EQ(Parsed(kTwoTo192Minus1).Decode(), std::nullopt);
}

TEST(SequenceNumber, DecodeNeverFailsOnAnyNumber) {
  std::mt19937_64 random(4);
  for (int i = 0; i < 4000; ++i) {
    std::string hex;
    for (std::uint64_t digits = 1 + random() % 48; digits > 0; --digits)
      hex += "0123456789abcdef"[random() % 16];
    const std::optional<SequenceNumber::Fields> fields = Parsed(DecimalOfHex(hex)).Decode();
    if (!fields.has_value()) continue;
    ASSERT_LE(fields->index, SequenceNumber::kLastIndex) << hex;
    ASSERT_LE(fields->version, 2) << hex;
  }
}

TEST(SequenceNumber, PrintsAsDecimal) {
  std::ostringstream out;
  out << SequenceNumber::Of(kVectors[2].fields);
  EXPECT_EQ(out.str(), kVectors[2].decimal);
}

TEST(SequenceNumber, HashesAsItCompares) {
  std::vector<SequenceNumber> numbers = {SequenceNumber()};
  for (const Vector& vector : kVectors) {
    numbers.push_back(SequenceNumber::Of(vector.fields));
    numbers.push_back(Parsed(vector.decimal));
  }
  EXPECT_TRUE(absl::VerifyTypeImplementsAbslHashCorrectly(numbers));
}

}  // namespace
}  // namespace riacho
