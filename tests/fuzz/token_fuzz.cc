// Any text through the tokens that callers hand back: shard iterators and paging tokens. Nothing
// crashes; only text that was sealed with the engine's key is accepted; one made here comes back as
// it was, and is refused when a single character is changed, added or lost, under another key and
// as another kind.
//
// The input serves as the text to open, and as a script: its first bytes are the fields of a token
// and say what is done to it, its last are the name of the stream.
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <string>
#include <string_view>

#include "engine/sealed_token.h"
#include "engine/shard_iterator.h"
#include "riacho/model/error.h"

namespace {

using riacho::ErrorCode;
using riacho::GetErrorCode;
using riacho::Limits;
using riacho::internal::NewNextToken;
using riacho::internal::OpenNextToken;
using riacho::internal::ShardIterator;
using riacho::internal::TokenKind;
using riacho::internal::TokenReader;

constexpr std::uint64_t kKey = 0x123456789abcdef0;
constexpr std::array kKinds = {TokenKind::kShardIterator, TokenKind::kListStreams,
                               TokenKind::kListShards, TokenKind::kListStreamConsumers};

void Require(bool condition) {
  if (!condition) std::abort();
}

// Takes bytes off the input; zeros when it is used up.
class Script {
 public:
  Script(const std::uint8_t* bytes, std::size_t size) : bytes_(bytes), size_(size) {}

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
  std::string_view Rest() const { return {reinterpret_cast<const char*>(bytes_), size_}; }

 private:
  const std::uint8_t* bytes_;
  std::size_t size_;
};

bool Opens(std::string_view text, std::uint64_t key) {
  bool opened = false;
  for (const TokenKind kind : kKinds) opened = TokenReader::Open(kind, text, key) || opened;
  return opened;
}

// Whatever a reader is asked for, it answers; past the end, that it could not.
void ReadAnything(TokenReader reader, Script script) {
  int left = 40000;  // fields of two bytes and more: no token of this test holds as many
  for (; reader.ok() && left != 0; --left) {
    if (script.Take(1) % 2 == 0) {
      reader.Number();
    } else {
      Require(reader.Text().size() <= std::numeric_limits<std::uint16_t>::max());
    }
  }
  Require(left != 0);
  Require(reader.Number() == 0 && reader.Text().empty() && !reader.ok());
}

void TryForeignText(std::string_view text, const Limits& limits, std::int64_t now) {
  // Text with a seal of this key is the secret of the key's owner: no input file has it.
  Require(!Opens(text, kKey));
  const auto iterator = ShardIterator::FromToken(text, kKey, limits, now);
  Require(GetErrorCode(iterator.status()) == ErrorCode::kInvalidArgument);
  Require(riacho::ErrorMessage(iterator.status()) == "Invalid ShardIterator.");
  for (const TokenKind kind : kKinds) {
    const auto token = OpenNextToken(kind, text, kKey, limits, now);
    Require(GetErrorCode(token.status()) == ErrorCode::kInvalidArgument);
    Require(riacho::ErrorMessage(token.status()) == "Invalid NextToken.");
  }
}

// The same text but for one character: changed, added or lost.
std::string Damage(std::string text, Script& script) {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const std::size_t at = script.Take(2) % text.size();
  const char other = kAlphabet[script.Take(1) % kAlphabet.size()];
  switch (script.Take(1) % 3) {
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

void TryIterator(Script script) {
  const Limits limits;
  const ShardIterator made = {.stream_name = std::string(script.Rest().substr(0, 128)),
                              .incarnation = script.Take(8),
                              .shard_id = {static_cast<std::uint32_t>(script.Take(4))},
                              .index = script.Take(8),
                              .issued_at_millis = static_cast<std::int64_t>(script.Take(5))};
  const std::string token = made.ToToken(kKey);
  Require(token.size() <= 512);
  const auto again = ShardIterator::FromToken(token, kKey, limits, made.issued_at_millis + 300'000);
  Require(again.ok());
  Require(again->stream_name == made.stream_name && again->incarnation == made.incarnation &&
          again->shard_id == made.shard_id && again->index == made.index &&
          again->issued_at_millis == made.issued_at_millis);
  Require(
      GetErrorCode(ShardIterator::FromToken(token, kKey, limits, made.issued_at_millis + 300'001)
                       .status()) == ErrorCode::kExpiredIterator);
  Require(!Opens(token, kKey + 1 + script.Take(4)));
  for (const TokenKind kind : kKinds)
    Require(TokenReader::Open(kind, token, kKey).has_value() == (kind == kKinds[0]));
  ReadAnything(*TokenReader::Open(kKinds[0], token, kKey), script);
  Require(!Opens(Damage(token, script), kKey));
}

void TryNextToken(Script script) {
  const Limits limits;
  const TokenKind kind = kKinds[1 + script.Take(1) % 3];
  const auto now = static_cast<std::int64_t>(script.Take(7));
  const std::uint64_t number = script.Take(8);
  const std::string text(script.Rest().substr(0, 65535));
  const std::string token = NewNextToken(kind, now).Number(number).Text(text).Seal(kKey);
  auto reader = OpenNextToken(kind, token, kKey, limits, now + 300'000'000'000);
  Require(reader.ok());
  Require(reader->Number() == number && reader->Text() == text && reader->ok());
  Require(GetErrorCode(OpenNextToken(kind, token, kKey, limits, now + 300'000'000'001).status()) ==
          ErrorCode::kExpiredNextToken);
  ReadAnything(*TokenReader::Open(kind, token, kKey), script);
  Require(!Opens(Damage(token, script), kKey));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Script script(data, size);
  TryForeignText(script.Rest(), Limits(), 1'789'780'156'000);
  TryIterator(script);
  TryNextToken(script);
  return 0;
}
