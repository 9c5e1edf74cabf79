#include "base/field_codec.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace riacho::internal {
namespace {

enum class Colour : unsigned char { kRed, kGreen };

struct Thing {
  std::int64_t number = 0;
  std::string text = {};
  std::optional<std::uint16_t> maybe = {};
  std::vector<std::string> list = {};
  std::map<std::string, std::int32_t> table = {};
  Colour colour = Colour::kRed;
  bool flag = false;
};

template <typename Io>
void Describe(Io& io, Thing& thing) {
  Field(io, thing.number);
  Field(io, thing.text);
  Field(io, thing.maybe);
  Field(io, thing.list);
  Field(io, thing.table);
  Field(io, thing.colour, Colour::kGreen);
  Field(io, thing.flag);
}

Thing Example() {
  return {.number = -2,
          .text = std::string("a\0b", 3),
          .maybe = 0x1234,
          .list = {"", "x"},
          .table = {{"k", -1}, {"l", 1}},
          .colour = Colour::kGreen,
          .flag = true};
}

std::string BytesOf(Thing thing) {
  std::string bytes;
  FieldWriter writer(bytes);
  Field(writer, thing);
  return bytes;
}

TEST(FieldCodec, GivesBackWhatItWasGiven) {
  const std::string bytes = BytesOf(Example());
  FieldReader reader(bytes);
  Thing thing;
  Field(reader, thing);
  EXPECT_TRUE(reader.done());
  const Thing expected = Example();
  EXPECT_EQ(thing.number, expected.number);
  EXPECT_EQ(thing.text, expected.text);
  EXPECT_EQ(thing.maybe, expected.maybe);
  EXPECT_EQ(thing.list, expected.list);
  EXPECT_EQ(thing.table, expected.table);
  EXPECT_EQ(thing.colour, expected.colour);
  EXPECT_EQ(thing.flag, expected.flag);
}

TEST(FieldCodec, IsLittleEndian) {
  std::string bytes;
  FieldWriter writer(bytes);
  std::uint32_t number = 0x01020304;
  Field(writer, number);
  EXPECT_EQ(bytes, "\x04\x03\x02\x01");
}

TEST(FieldCodec, NoticesEveryTruncation) {
  const std::string bytes = BytesOf(Example());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    FieldReader reader(std::string_view(bytes).substr(0, size));
    Thing thing;
    Field(reader, thing);
    EXPECT_FALSE(reader.done()) << size;
  }
}

TEST(FieldCodec, NoticesWhatIsLeft) {
  const std::string bytes = BytesOf(Example()) + "x";
  FieldReader reader(bytes);
  Thing thing;
  Field(reader, thing);
  EXPECT_TRUE(reader.ok());
  EXPECT_FALSE(reader.done());
}

TEST(FieldCodec, RefusesValuesThatAreNone) {
  const auto refuses = [](std::string_view bytes, auto value, auto... last) {
    FieldReader reader(bytes);
    Field(reader, value, last...);
    return !reader.ok();
  };
  EXPECT_TRUE(refuses("\x02", false));
  EXPECT_TRUE(refuses("\x02", std::optional<bool>()));
  EXPECT_TRUE(refuses("\x02", Colour::kRed, Colour::kGreen));
  using Table = std::map<std::uint8_t, bool>;
  EXPECT_FALSE(refuses(std::string_view("\2\0\0\0\1\0\2\0", 8), Table()));
  EXPECT_TRUE(refuses(std::string_view("\2\0\0\0\2\0\1\0", 8), Table()));  // not ascending
  EXPECT_TRUE(refuses(std::string_view("\2\0\0\0\1\0\1\0", 8), Table()));  // twice
}

TEST(FieldCodec, AllocatesNothingByACountThatItHasRead) {
  const std::string bytes = "\xff\xff\xff\xff";
  FieldReader list_reader(bytes);
  std::vector<std::string> list;
  Field(list_reader, list);
  EXPECT_FALSE(list_reader.ok());
  EXPECT_LE(list.size(), 1U);
  FieldReader text_reader(bytes);
  std::string text;
  Field(text_reader, text);
  EXPECT_FALSE(text_reader.ok());
  EXPECT_EQ(text, "");
}

}  // namespace
}  // namespace riacho::internal
