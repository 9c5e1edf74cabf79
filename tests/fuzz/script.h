// The input of a fuzzer as a script: numbers and texts are taken off its beginning.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace riacho::fuzz {

inline void Require(bool condition) {
  if (!condition) std::abort();
}

// Takes bytes off the input; zeros when it is used up.
class Script {
 public:
  Script(const std::uint8_t* bytes, std::size_t size) : bytes_(bytes), size_(size) {}

  // A number of so many bytes, at most eight, the most significant first.
  std::uint64_t Take(std::size_t bytes) {
    std::uint64_t value = 0;
    for (; bytes != 0; --bytes) {
      value <<= 8;
      if (size_ == 0) continue;
      value |= *bytes_++;
      --size_;
    }
    return value;
  }
  // Below `count`, which is at most 256 and not 0.
  std::size_t Choose(std::size_t count) { return Take(1) % count; }
  // So many bytes, or what is left.
  std::string TakeText(std::size_t bytes) {
    const std::string text(Rest().substr(0, bytes));
    bytes_ += text.size();
    size_ -= text.size();
    return text;
  }
  std::string_view Rest() const { return {reinterpret_cast<const char*>(bytes_), size_}; }
  bool done() const { return size_ == 0; }

 private:
  const std::uint8_t* bytes_;
  std::size_t size_;
};

// The same text but for one character: changed, added or lost. An empty one gets a character.
inline std::string Damage(std::string text, Script& script) {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const std::size_t at = script.Take(2) % std::max<std::size_t>(text.size(), 1);
  const char other = kAlphabet[script.Choose(kAlphabet.size())];
  switch (text.empty() ? 1 : script.Choose(3)) {
    case 0:
      text[at] = text[at] == other ? (other == 'A' ? 'B' : 'A') : other;
      break;
    case 1:
      text.insert(at, 1, other);
      break;
    default:
      text.erase(at, 1);
  }
  return text;
}

}  // namespace riacho::fuzz
