#include "engine/starting_position.h"

#include <algorithm>

#include "base/return_if_error.h"
#include "riacho/model/error.h"
#include "stream/shard_cursor.h"

namespace riacho::internal {
namespace {

absl::Status Invalid(const std::string& message) {
  return MakeError(ErrorCode::kInvalidArgument, message);
}

absl::Status WrongCombination(ShardIteratorType type, const std::string& what) {
  return Invalid(
      "Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and "
      "StartingSequenceNumber or (2) TRIM_HORIZON "
      "or LATEST and no StartingSequenceNumber. Request specified " +
      std::string(ShardIteratorTypeName(type)) + " and " + what + " StartingSequenceNumber.");
}

absl::StatusOr<std::uint64_t> ResolveSequenceNumber(const Account& account, const Stream& stream,
                                                    LiveShard& shard, bool after,
                                                    const std::string& text) {
  const auto refuse = [&](const std::string& shown, const std::string& why) {
    return Invalid("StartingSequenceNumber " + shown + " used in GetShardIterator on shard " +
                   shard.shard_id().ToString() + " in stream " + stream.name() + " under account " +
                   account.options.account_id + " is invalid" + why + ".");
  };
  const std::optional<SequenceNumber> number = SequenceNumber::Parse(text);
  if (!number.has_value()) return refuse(text, "");
  const std::optional<SequenceNumber::Fields> fields = number->Decode();
  if (!fields.has_value()) return refuse(text, "");
  if (fields->version != 2 || fields->shard_create_seconds < stream.first_shards_seconds()) {
    return refuse(number->Normalized().ToString(), " because it did not come from this stream");
  }
  if (fields->shard_number != shard.shard_id().number) {
    return Invalid("Invalid StartingSequenceNumber. It encodes " +
                   ShardId{fields->shard_number}.ToString() +
                   ", while it was used in a call to a shard with " + shard.shard_id().ToString());
  }
  if (fields->shard_create_seconds != shard.create_seconds()) {
    return refuse(number->Normalized().ToString(), " because it did not come from this stream");
  }
  return FindSequenceNumber(shard, *number, fields->index, after);
}

}  // namespace

absl::StatusOr<std::uint64_t> ResolvePosition(const Account& account, const Stream& stream,
                                              LiveShard& shard, ShardIteratorType type,
                                              const std::optional<std::string>& sequence_number,
                                              const std::optional<absl::Time>& timestamp,
                                              std::int64_t now_nanos) {
  switch (type) {
    case ShardIteratorType::kAtSequenceNumber:
    case ShardIteratorType::kAfterSequenceNumber:
      if (!sequence_number.has_value()) return WrongCombination(type, "no");
      return ResolveSequenceNumber(account, stream, shard,
                                   type == ShardIteratorType::kAfterSequenceNumber,
                                   *sequence_number);
    case ShardIteratorType::kTrimHorizon:
      if (sequence_number.has_value()) return WrongCombination(type, "also a");
      return 0;  // before every record: reading starts at the oldest there is
    case ShardIteratorType::kLatest:
      if (sequence_number.has_value()) return WrongCombination(type, "also a");
      return shard.log.EndIndex();
    case ShardIteratorType::kAtTimestamp: {
      if (!timestamp.has_value()) {
        return Invalid(
            "Must specify timestampInMillis parameter for iterator of type AT_TIMESTAMP. Current "
            "request has no timestamp "
            "parameter.");
      }
      const std::int64_t millis = absl::ToUnixMillis(*timestamp);
      const std::int64_t now_millis = now_nanos / 1'000'000;
      if (millis > now_millis) {
        return Invalid(
            "The timestampInMillis parameter cannot be greater than the currentTimestampInMillis. "
            "timestampInMillis: " +
            std::to_string(millis) + ", currentTimestampInMillis: " + std::to_string(now_millis));
      }
      return shard.log.FindTime(millis);
    }
  }
  return MakeError(
      ErrorCode::kValidation,
      "1 validation error detected: Value '" + std::to_string(static_cast<int>(type)) +
          "' at 'shardIteratorType' failed to satisfy constraint: Member must satisfy enum value "
          "set: "
          "[AFTER_SEQUENCE_NUMBER, LATEST, AT_TIMESTAMP, AT_SEQUENCE_NUMBER, TRIM_HORIZON]");
}

absl::StatusOr<std::shared_ptr<LiveShard>> FindNamedShard(const Account& account,
                                                          const Stream* stream,
                                                          std::string_view stream_name,
                                                          std::string_view text) {
  const absl::StatusOr<ShardId> id = account.ParseShardId(text, stream_name);
  RIACHO_RETURN_IF_ERROR(id.status());
  // The shards of a stream in CREATING do not exist yet.
  std::shared_ptr<LiveShard> shard =
      stream == nullptr || stream->status() == StreamStatus::kCreating ? nullptr
                                                                       : stream->FindShard(*id);
  if (shard == nullptr) return account.ShardNotFound(*id, stream_name);
  return shard;
}

}  // namespace riacho::internal
