// Tokens that go out to callers and come back: shard iterators and paging tokens.
//
// Base64 text of eight bytes 00 … 01, then a multiple of sixteen bytes: a checksum keyed by the
// engine's seed, and the token's fields. Text that this engine did not make is told from text that
// it did; tokens are not secret. Format: docs/internals/tokens.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/container/inlined_vector.h"
#include "absl/status/statusor.h"

#include "riacho/model/limits.h"

namespace riacho::internal {

// What a token is for; one kind is not accepted in another's place.
enum class TokenKind : std::uint8_t {
  kShardIterator = 1,
  kListStreams,
  kListShards,
  kListStreamConsumers
};

// Room for any shard iterator, so that reading a page makes only the text that goes out.
using TokenBytes = absl::InlinedVector<char, 192>;

// Puts fields into a token in order.
class TokenWriter {
 public:
  explicit TokenWriter(TokenKind kind);
  TokenWriter& Number(std::uint64_t value);
  TokenWriter& Text(std::string_view text);  // up to 65535 bytes
  std::string Seal(std::uint64_t key);       // once, as the last call

 private:
  TokenBytes bytes_;
};

// Takes fields out of a token in the same order. After the last one ok() tells whether everything
// was there.
class TokenReader {
 public:
  // Empty when `text` is no token of that kind sealed with `key`.
  static std::optional<TokenReader> Open(TokenKind kind, std::string_view text, std::uint64_t key);

  std::uint64_t Number();
  std::string Text();
  bool ok() const { return ok_; }

 private:
  explicit TokenReader(std::string_view bytes, std::size_t at)
      : bytes_(bytes.begin(), bytes.end()), at_(at) {}

  std::string_view Rest() const { return {bytes_.data() + at_, bytes_.size() - at_}; }

  TokenBytes bytes_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

// A paging token begins with the time it was made.
TokenWriter NewNextToken(TokenKind kind, std::int64_t now_nanos);

// Opens a paging token and takes its time out.
// Errors: kInvalidArgument (not such a token of this engine), kExpiredNextToken (older than
// limits.next_token_life).
absl::StatusOr<TokenReader> OpenNextToken(TokenKind kind, std::string_view text, std::uint64_t key,
                                          const Limits& limits, std::int64_t now_nanos);

}  // namespace riacho::internal
