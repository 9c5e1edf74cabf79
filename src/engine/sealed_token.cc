#include "engine/sealed_token.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include <xxhash.h>

#include "base/base64.h"
#include "riacho/model/error.h"

namespace riacho::internal {
namespace {

constexpr std::size_t kPrefixBytes = 8;
constexpr std::size_t kSealBytes = 8;
constexpr std::size_t kMostCharacters = 4096;  // no token of ours is longer
constexpr std::size_t kKindAt = kPrefixBytes + kSealBytes;

void StoreNumber(TokenBytes& bytes, std::size_t at, std::uint64_t value) {
  for (std::size_t i = 0; i < 8; ++i) bytes[at + i] = static_cast<char>(value >> (8 * i) & 0xff);
}

std::uint64_t LoadNumber(std::string_view bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < 8; ++i)
    value |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
  return value;
}

std::uint64_t SealOf(std::string_view bytes, std::uint64_t key) {
  return XXH3_64bits_withSeed(bytes.data() + kKindAt, bytes.size() - kKindAt, key);
}

}  // namespace

TokenWriter::TokenWriter(TokenKind kind) : bytes_(kKindAt, '\0') {
  bytes_[kPrefixBytes - 1] = 1;
  bytes_.push_back(static_cast<char>(kind));
}

TokenWriter& TokenWriter::Number(std::uint64_t value) {
  const std::size_t at = bytes_.size();
  bytes_.resize(at + 8);
  StoreNumber(bytes_, at, value);
  return *this;
}

TokenWriter& TokenWriter::Text(std::string_view text) {
  bytes_.push_back(static_cast<char>(text.size() & 0xff));
  bytes_.push_back(static_cast<char>(text.size() >> 8));
  bytes_.insert(bytes_.end(), text.begin(), text.end());
  return *this;
}

std::string TokenWriter::Seal(std::uint64_t key) {
  bytes_.resize(kPrefixBytes + (bytes_.size() - kPrefixBytes + 15) / 16 * 16);
  const std::string_view bytes(bytes_.data(), bytes_.size());
  StoreNumber(bytes_, kPrefixBytes, SealOf(bytes, key));
  std::string text;
  absl::Base64Escape(absl::string_view(bytes.data(), bytes.size()), &text);
  return text;
}

std::optional<TokenReader> TokenReader::Open(TokenKind kind, std::string_view text,
                                             std::uint64_t key) {
  if (text.size() > kMostCharacters) return std::nullopt;
  std::array<char, MostDecodedBytes(kMostCharacters)> bytes;
  const std::optional<std::size_t> size = DecodeBase64(text, bytes.data());
  if (!size.has_value() || *size <= kKindAt || (*size - kPrefixBytes) % 16 != 0)
    return std::nullopt;
  const std::string_view view(bytes.data(), *size);
  if (!std::ranges::all_of(view.substr(0, kPrefixBytes - 1), [](char c) { return c == 0; }) ||
      view[kPrefixBytes - 1] != 1 || LoadNumber(view.substr(kPrefixBytes)) != SealOf(view, key) ||
      view[kKindAt] != static_cast<char>(kind)) {
    return std::nullopt;
  }
  return TokenReader(view, kKindAt + 1);
}

std::uint64_t TokenReader::Number() {
  if (!ok_ || bytes_.size() - at_ < 8) {
    ok_ = false;
    return 0;
  }
  const std::uint64_t value = LoadNumber(Rest());
  at_ += 8;
  return value;
}

std::string TokenReader::Text() {
  ok_ = ok_ && bytes_.size() - at_ >= 2;
  if (!ok_) return {};
  const std::size_t size = static_cast<unsigned char>(bytes_[at_]) +
                           std::size_t{static_cast<unsigned char>(bytes_[at_ + 1])} * 256;
  ok_ = bytes_.size() - at_ - 2 >= size;
  if (!ok_) return {};
  std::string text(Rest().substr(2, size));
  at_ += 2 + size;
  return text;
}

TokenWriter NewNextToken(TokenKind kind, std::int64_t now_nanos) {
  TokenWriter token(kind);
  token.Number(static_cast<std::uint64_t>(now_nanos));
  return token;
}

absl::StatusOr<TokenReader> OpenNextToken(TokenKind kind, std::string_view text, std::uint64_t key,
                                          const Limits& limits, std::int64_t now_nanos) {
  std::optional<TokenReader> token = TokenReader::Open(kind, text, key);
  if (!token.has_value()) return MakeError(ErrorCode::kInvalidArgument, "Invalid NextToken.");
  const auto made_nanos = static_cast<std::int64_t>(token->Number());
  if (now_nanos - made_nanos > absl::ToInt64Nanoseconds(limits.next_token_life)) {
    return MakeError(ErrorCode::kExpiredNextToken,
                     "NextToken has expired: it is older than " +
                         std::to_string(absl::ToInt64Seconds(limits.next_token_life)) +
                         " seconds. Start again without a token.");
  }
  return *std::move(token);
}

}  // namespace riacho::internal
