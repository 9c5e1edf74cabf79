#include "engine/shard_iterator.h"

#include <optional>

#include "absl/time/time.h"

#include "engine/sealed_token.h"
#include "riacho/model/error.h"

namespace riacho::internal {
namespace {

std::string Date(std::int64_t millis) {
  return absl::FormatTime("%a %b %d %H:%M:%S UTC %Y", absl::FromUnixMillis(millis),
                          absl::UTCTimeZone());
}

}  // namespace

std::string ShardIterator::ToToken(std::uint64_t key) const {
  return TokenWriter(TokenKind::kShardIterator)
      .Number(static_cast<std::uint64_t>(issued_at_millis))
      .Number(incarnation)
      .Number(shard_id.number)
      .Number(index)
      .Text(stream_name)
      .Seal(key);
}

absl::StatusOr<ShardIterator> ShardIterator::FromToken(std::string_view token, std::uint64_t key,
                                                       const Limits& limits,
                                                       std::int64_t now_millis) {
  std::optional<TokenReader> reader = TokenReader::Open(TokenKind::kShardIterator, token, key);
  ShardIterator iterator;
  if (reader.has_value()) {
    iterator.issued_at_millis = static_cast<std::int64_t>(reader->Number());
    iterator.incarnation = reader->Number();
    iterator.shard_id = {static_cast<std::uint32_t>(reader->Number())};
    iterator.index = reader->Number();
    iterator.stream_name = reader->Text();
  }
  if (!reader.has_value() || !reader->ok())
    return MakeError(ErrorCode::kInvalidArgument, "Invalid ShardIterator.");
  const std::int64_t life = absl::ToInt64Milliseconds(limits.shard_iterator_life);
  if (now_millis - iterator.issued_at_millis > life) {
    return MakeError(ErrorCode::kExpiredIterator,
                     "Iterator expired. The iterator was created at time " +
                         Date(iterator.issued_at_millis) + " while right now it is " +
                         Date(now_millis) +
                         " which is further in the future than the tolerated delay of " +
                         std::to_string(life) + " milliseconds.");
  }
  return iterator;
}

}  // namespace riacho::internal
