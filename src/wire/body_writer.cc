#include "wire/body_writer.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

#include "base/unicode.h"
#include "wire/plain_text.h"

namespace riacho::internal {
namespace {

bool IsUtf8(std::string_view text) {
  while (!text.empty()) {
    if (!TakeCharacter(text).has_value()) return false;
  }
  return true;
}

}  // namespace

void BodyWriter::Name(std::string_view name) {
  Text(name);
  if (json_) body_ += ':';
}

// The library looks long at each byte of a text: those that need no escapes are taken as they are.
void BodyWriter::Text(std::string_view text) {
  const bool plain = IsPlainText(text);
  if (!plain) faithful_ = faithful_ && IsUtf8(text);
  if (!json_) {
    Head(kTextString, text.size());
    body_ += text;
  } else if (plain) {
    Quote(text);
  } else {
    Separate();
    body_ += PrintBody(Document(text), WireFormat::kJson);
  }
}

void BodyWriter::Bytes(std::string_view bytes) {
  if (json_) return Quote(absl::Base64Escape({bytes.data(), bytes.size()}));
  Head(kByteString, bytes.size());
  body_ += bytes;
}

void BodyWriter::Integer(std::int64_t number) {
  if (json_) {
    Separate();
    absl::StrAppend(&body_, number);
  } else if (number < 0) {
    Head(kNegative, static_cast<std::uint64_t>(-1 - number));
  } else {
    Head(kPositive, static_cast<std::uint64_t>(number));
  }
}

void BodyWriter::Bool(bool truth) {
  if (json_) {
    Separate();
    body_ += truth ? "true" : "false";
  } else {
    body_ += truth ? '\xf5' : '\xf4';
  }
}

void BodyWriter::Time(absl::Time time) {
  const std::int64_t millis = absl::ToUnixMillis(time);
  if (!json_) return Integer(millis);
  Separate();
  body_ += PrintBody(static_cast<double>(millis) / 1000, WireFormat::kJson);
}

void BodyWriter::Begin(char bracket, unsigned major, std::size_t count) {
  if (!json_) return Head(major, count);
  Separate();
  body_ += bracket;
}

void BodyWriter::End(char bracket) {
  if (json_) body_ += bracket;
}

// Whatever is not the first, nor the value of a name.
void BodyWriter::Separate() {
  if (body_.empty()) return;
  const char last = body_.back();
  if (last != '{' && last != '[' && last != ':') body_ += ',';
}

void BodyWriter::Quote(std::string_view text) {
  Separate();
  body_ += '"';
  body_ += text;
  body_ += '"';
}

void BodyWriter::Head(unsigned major, std::uint64_t argument) {
  constexpr std::uint64_t kInHead = 24;
  const auto type = static_cast<unsigned char>(major << 5);
  if (argument < kInHead) {
    body_ += static_cast<char>(type | argument);
    return;
  }
  // As many bytes as it needs: 1, 2, 4 or 8.
  int width = 0;
  while (width < 3 && argument >> (8 << width) != 0) ++width;
  body_ += static_cast<char>(type | (kInHead + static_cast<unsigned>(width)));
  for (int shift = (8 << width) - 8; shift >= 0; shift -= 8)
    body_ += static_cast<char>(argument >> shift);
}

}  // namespace riacho::internal
