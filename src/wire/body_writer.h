// Writes a body as it goes along, without a tree of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "absl/time/time.h"

#include "wire/document.h"

namespace riacho::internal {

// Confined. Texts that are not UTF-8 get replacement characters in JSON, and stay as they are in
// CBOR.
class BodyWriter {
 public:
  explicit BodyWriter(WireFormat format) : json_(format == WireFormat::kJson) {}

  // An object's members follow: of each its name, then its value.
  void BeginObject(std::size_t members) { Begin('{', kMap, members); }
  void EndObject() { End('}'); }
  void Name(std::string_view name);

  void BeginList(std::size_t elements) { Begin('[', kArray, elements); }
  void EndList() { End(']'); }

  void Text(std::string_view text);
  void Bytes(std::string_view bytes);
  void Integer(std::int64_t number);
  void Bool(bool truth);
  void Time(absl::Time time);  // in whole milliseconds

  // Whether all texts and names so far were UTF-8.
  bool faithful() const { return faithful_; }
  std::string TakeBody() { return std::move(body_); }

 private:
  // Major types of CBOR.
  static constexpr unsigned kPositive = 0;
  static constexpr unsigned kNegative = 1;
  static constexpr unsigned kByteString = 2;
  static constexpr unsigned kTextString = 3;
  static constexpr unsigned kArray = 4;
  static constexpr unsigned kMap = 5;

  void Begin(char bracket, unsigned major, std::size_t count);
  void End(char bracket);
  void Separate();
  void Quote(std::string_view text);
  void Head(unsigned major, std::uint64_t argument);

  const bool json_;
  bool faithful_ = true;
  std::string body_;
};

}  // namespace riacho::internal
