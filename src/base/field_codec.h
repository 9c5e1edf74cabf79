// Values as bytes, and back: one description of a struct serves both directions.
//
//   template <typename Io>
//   void Describe(Io& io, Point& point) {
//     Field(io, point.x);
//     Field(io, point.y);
//   }
//   FieldWriter writer(bytes);        FieldReader reader(bytes);
//   Field(writer, point);             Field(reader, point);
//                                     if (!reader.done()) …   // too short, too long, impossible
//
// Integers are little-endian in the size of their type; text, lists and maps have a count of 32
// bits before them, optional values a byte that is 0 or 1. Nothing is allocated by a count that was
// read: what is made grows with the bytes that are there.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace riacho::internal {

// Appends to the end of a text. Thread-compatible.
class FieldWriter {
 public:
  static constexpr bool kReads = false;

  explicit FieldWriter(std::string& bytes) : bytes_(bytes) {}

  template <std::unsigned_integral T>
  void Integer(T& value) {
    std::array<char, sizeof(T)> bytes;
    for (std::size_t i = 0; i < sizeof(T); ++i)
      bytes[i] = static_cast<char>(static_cast<std::uint64_t>(value) >> (8 * i) & 0xff);
    bytes_.append(bytes.data(), bytes.size());
  }
  void Text(std::string& text, std::uint32_t) { bytes_.append(text); }

 private:
  std::string& bytes_;
};

// Takes from the front of a text that outlives it. After the first thing that is not there, or
// cannot be, everything is read as zero. Thread-compatible.
class FieldReader {
 public:
  static constexpr bool kReads = true;

  explicit FieldReader(std::string_view bytes) : rest_(bytes) {}

  template <std::unsigned_integral T>
  void Integer(T& value) {
    std::uint64_t read = 0;
    const std::string_view bytes = Take(sizeof(T));
    for (std::size_t i = bytes.size(); i > 0; --i)
      read = read << 8 | static_cast<unsigned char>(bytes[i - 1]);
    value = static_cast<T>(read);
  }
  void Text(std::string& text, std::uint32_t size) { text = Take(size); }

  // The next bytes; none when there are not so many.
  std::string_view Take(std::uint64_t size) {
    if (size > rest_.size()) Fail();
    if (!ok_) return {};
    const std::string_view taken = rest_.substr(0, static_cast<std::size_t>(size));
    rest_.remove_prefix(taken.size());
    return taken;
  }
  void Fail() {
    ok_ = false;
    rest_ = {};
  }
  bool ok() const { return ok_; }
  // All has been read, and nothing is left.
  bool done() const { return ok_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

template <typename Io, typename T>
void Field(Io& io, T& value);

// A value of an enumeration whose last one is `last`.
template <typename Io, typename Enum>
requires std::is_enum_v<Enum>
void Field(Io& io, Enum& value, Enum last) {
  static_assert(sizeof(Enum) == 1);
  auto byte = static_cast<std::uint8_t>(value);
  io.Integer(byte);
  if constexpr (Io::kReads) {
    if (byte > static_cast<std::uint8_t>(last)) io.Fail();
    value = io.ok() ? static_cast<Enum>(byte) : Enum();
  }
}

template <typename Io>
void Field(Io& io, std::string& text) {
  auto size = static_cast<std::uint32_t>(text.size());
  io.Integer(size);
  io.Text(text, size);
}

template <typename Io>
void Field(Io& io, bool& value) {
  auto byte = static_cast<std::uint8_t>(value);
  io.Integer(byte);
  if constexpr (Io::kReads) {
    if (byte > 1) io.Fail();
    value = byte == 1;
  }
}

template <typename Io, typename T>
void Field(Io& io, std::optional<T>& value) {
  bool present = value.has_value();
  Field(io, present);
  if constexpr (Io::kReads) {
    value.reset();
    if (present) value.emplace();
  }
  if (present) Field(io, *value);
}

template <typename Io, typename T>
void Field(Io& io, std::vector<T>& values) {
  auto count = static_cast<std::uint32_t>(values.size());
  io.Integer(count);
  if constexpr (Io::kReads) {
    values.clear();
    for (std::uint32_t i = 0; i < count && io.ok(); ++i) Field(io, values.emplace_back());
  } else {
    for (T& value : values) Field(io, value);
  }
}

// In ascending order, each key once.
template <typename Io, typename Key, typename Value, typename Less>
void Field(Io& io, std::map<Key, Value, Less>& values) {
  auto count = static_cast<std::uint32_t>(values.size());
  io.Integer(count);
  if constexpr (Io::kReads) {
    values.clear();
    for (std::uint32_t i = 0; i < count && io.ok(); ++i) {
      Key key = {};
      Field(io, key);
      if (!values.empty() && !Less()(values.rbegin()->first, key)) io.Fail();
      Field(io, values[std::move(key)]);
    }
  } else {
    for (auto& [key, value] : values) {
      Key copy = key;
      Field(io, copy);
      Field(io, value);
    }
  }
}

template <typename Io, typename T>
void Field(Io& io, T& value) {
  if constexpr (std::integral<T>) {
    auto bits = static_cast<std::make_unsigned_t<T>>(value);
    io.Integer(bits);
    value = static_cast<T>(bits);
  } else {
    Describe(io, value);
  }
}

}  // namespace riacho::internal
