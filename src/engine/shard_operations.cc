// ListShards, SplitShard, MergeShards and UpdateShardCount.
#include <algorithm>
#include <string>
#include <utility>

#include "base/return_if_error.h"
#include "engine/engine_client.h"
#include "engine/sealed_token.h"

namespace riacho::internal {
namespace {

absl::Status Invalid(const std::string& message) {
  return MakeError(ErrorCode::kInvalidArgument, message);
}

// What a page of ListShards asks for; a token carries all of it on to the next page.
struct ShardQuery {
  std::string stream_name;
  std::uint64_t incarnation = 0;
  std::optional<std::uint32_t> after = {};  // shard number
  ShardFilterType filter = ShardFilterType::kFromTrimHorizon;
  std::int64_t timestamp_seconds = 0;

  std::string Token(std::uint64_t key, std::int64_t now_nanos) const {
    return NewNextToken(TokenKind::kListShards, now_nanos)
        .Text(stream_name)
        .Number(incarnation)
        .Number(*after)
        .Number(static_cast<std::uint64_t>(filter))
        .Number(static_cast<std::uint64_t>(timestamp_seconds))
        .Seal(key);
  }
  static ShardQuery FromToken(TokenReader token) {
    ShardQuery query;
    query.stream_name = token.Text();
    query.incarnation = token.Number();
    query.after = static_cast<std::uint32_t>(token.Number());
    query.filter = static_cast<ShardFilterType>(token.Number());
    query.timestamp_seconds = static_cast<std::int64_t>(token.Number());
    return query;
  }
};

absl::Status CheckAlone(const ListShardsRequest& request) {
  const auto together = [](const std::string& other) {
    return Invalid("NextToken and " + other + " cannot be provided together.");
  };
  if (request.exclusive_start_shard_id.has_value()) return together("ExclusiveStartShardId");
  if (request.stream_creation_timestamp.has_value()) return together("StreamCreationTimestamp");
  if (request.shard_filter.has_value()) return together("ShardFilter");
  return absl::OkStatus();
}

absl::Status ReadFilter(const ShardFilter& filter, const Stream& stream, std::int64_t now_nanos,
                        ShardQuery& query) {
  query.filter = *filter.type;
  if (query.filter == ShardFilterType::kAfterShardId && !filter.shard_id.has_value()) {
    return Invalid("ShardId must be provided when the ShardFilter Type is AFTER_SHARD_ID.");
  }
  if (query.filter != ShardFilterType::kAtTimestamp &&
      query.filter != ShardFilterType::kFromTimestamp) {
    return absl::OkStatus();
  }
  if (!filter.timestamp.has_value()) {
    return Invalid("Timestamp must be provided when the ShardFilter Type is " +
                   std::string(ShardFilterTypeName(query.filter)) + ".");
  }
  const std::int64_t millis = absl::ToUnixMillis(*filter.timestamp);
  if (millis > now_nanos / 1'000'000)
    return Invalid("ShardFilter Timestamp must not be greater than current time.");
  if (millis < stream.HorizonMillis(now_nanos)) {
    return Invalid("ShardFilter Timestamp cannot be older than TRIM_HORIZON of the stream.");
  }
  query.timestamp_seconds = millis / 1000;
  return absl::OkStatus();
}

bool Matches(const ShardQuery& query, const Shard& shard, std::int64_t horizon_seconds) {
  const std::int64_t start =
      shard.sequence_number_range.starting_sequence_number.Decode()->time_seconds;
  const std::optional<SequenceNumber>& ending = shard.sequence_number_range.ending_sequence_number;
  const std::int64_t end = ending.has_value() ? ending->Decode()->time_seconds : INT64_MAX;
  switch (query.filter) {
    case ShardFilterType::kAfterShardId:
    case ShardFilterType::kFromTrimHorizon:
      return true;
    case ShardFilterType::kAtTrimHorizon:
      return start <= horizon_seconds && end >= horizon_seconds;
    case ShardFilterType::kAtLatest:
      return true;
    case ShardFilterType::kAtTimestamp:
      return start <= query.timestamp_seconds && end >= query.timestamp_seconds;
    case ShardFilterType::kFromTimestamp:
      return end >= query.timestamp_seconds;
  }
  return true;
}

}  // namespace

absl::StatusOr<ListShardsResponse> EngineClient::ListShards(const ListShardsRequest& request) {
  return Run(request, [&](std::int64_t now_nanos) -> absl::StatusOr<ListShardsResponse> {
    const Limits& limits = account_.options.limits;
    ShardQuery query;
    if (request.next_token.has_value()) {
      RIACHO_RETURN_IF_ERROR(CheckAlone(request));
      absl::StatusOr<TokenReader> token = OpenNextToken(TokenKind::kListShards, *request.next_token,
                                                        account_.token_key, limits, now_nanos);
      RIACHO_RETURN_IF_ERROR(token.status());
      query = ShardQuery::FromToken(*std::move(token));
      // Stream name or ARN may be repeated beside the token, if they mean the same stream.
      if (request.stream_name.has_value() || request.stream_arn.has_value()) {
        const absl::StatusOr<std::string> name =
            account_.NameOf(request.stream_name, request.stream_arn);
        RIACHO_RETURN_IF_ERROR(name.status());
        if (*name != query.stream_name) return Invalid("Invalid NextToken.");
      }
    } else if (request.stream_name.has_value() || request.stream_arn.has_value()) {
      absl::StatusOr<std::string> name = account_.NameOf(request.stream_name, request.stream_arn);
      RIACHO_RETURN_IF_ERROR(name.status());
      query.stream_name = *std::move(name);
    } else {
      return Invalid("Either NextToken or StreamName should be provided.");
    }

    const absl::StatusOr<std::shared_ptr<Stream>> found =
        account_.Share(request.kOperation, query.stream_name, std::nullopt, now_nanos);
    RIACHO_RETURN_IF_ERROR(found.status());
    const Stream& stream = **found;
    if (request.next_token.has_value()
            ? query.incarnation != stream.incarnation()
            : request.stream_creation_timestamp.has_value() &&
                  absl::ToUnixSeconds(*request.stream_creation_timestamp) !=
                      stream.creation_seconds()) {
      return account_.StreamNotFound(query.stream_name);
    }
    if (stream.status() == StreamStatus::kCreating) return stream.NotActive();
    if (!request.next_token.has_value()) {
      query.incarnation = stream.incarnation();
      std::optional<std::string> start = request.exclusive_start_shard_id;
      if (request.shard_filter.has_value()) {
        RIACHO_RETURN_IF_ERROR(ReadFilter(*request.shard_filter, stream, now_nanos, query));
        // A superfluous ShardId works as an exclusive start, whatever the type.
        if (request.shard_filter->shard_id.has_value()) start = request.shard_filter->shard_id;
      }
      if (start.has_value()) {
        const absl::StatusOr<ShardId> id = account_.ParseShardId(*start, stream.name());
        RIACHO_RETURN_IF_ERROR(id.status());
        query.after = id->number;
      }
    }

    // "Open at the horizon" and "open now" compare seconds of sequence numbers, so right after a
    // reshard parents, whose end lies ahead, count as open beside their children, as on the
    // service.
    const std::int64_t now_seconds = now_nanos / 1'000'000'000;
    const std::int64_t horizon_seconds =
        std::max(stream.HorizonMillis(now_nanos) / 1000, stream.first_shards_seconds());
    const auto count =
        static_cast<std::size_t>(PageSize(request.max_results, limits.list_shards_page_shards));
    ListShardsResponse response;
    for (const Shard& shard : stream.DescribeShards()) {
      if (query.after.has_value() && shard.shard_id.number <= *query.after) continue;
      const std::optional<SequenceNumber>& ending =
          shard.sequence_number_range.ending_sequence_number;
      if (query.filter == ShardFilterType::kAtLatest && ending.has_value() &&
          (ending->Decode()->time_seconds <= now_seconds || stream.TakesNoMore(shard.shard_id))) {
        continue;
      }
      if (!Matches(query, shard, horizon_seconds)) continue;
      if (response.shards.size() == count) {
        query.after = response.shards.back().shard_id.number;
        response.next_token = query.Token(account_.token_key, now_nanos);
        break;
      }
      response.shards.push_back(shard);
    }
    return response;
  });
}

absl::StatusOr<SplitShardResponse> EngineClient::SplitShard(const SplitShardRequest& request) {
  return Run(request, [&](std::int64_t now_nanos) -> absl::StatusOr<SplitShardResponse> {
    const absl::StatusOr<std::string> name =
        account_.NameOf(request.stream_name, request.stream_arn);
    RIACHO_RETURN_IF_ERROR(name.status());
    const absl::StatusOr<ShardId> shard = account_.ParseShardId(*request.shard_to_split, *name);
    RIACHO_RETURN_IF_ERROR(shard.status());
    const absl::StatusOr<std::shared_ptr<Stream>> stream =
        account_.ShareForReshard(request.kOperation, *name, now_nanos);
    RIACHO_RETURN_IF_ERROR(stream.status());
    const absl::Status split = account_.streams.Visit(now_nanos, [&](const auto& streams) {
      return (*stream)->Split(*shard, *request.new_starting_hash_key,
                              UsageOf(streams, stream->get()).shards, now_nanos);
    });
    RIACHO_RETURN_IF_ERROR(split);
    return SplitShardResponse{};
  });
}

absl::StatusOr<MergeShardsResponse> EngineClient::MergeShards(const MergeShardsRequest& request) {
  return Run(request, [&](std::int64_t now_nanos) -> absl::StatusOr<MergeShardsResponse> {
    const absl::StatusOr<std::string> name =
        account_.NameOf(request.stream_name, request.stream_arn);
    RIACHO_RETURN_IF_ERROR(name.status());
    const absl::StatusOr<ShardId> lower = account_.ParseShardId(*request.shard_to_merge, *name);
    RIACHO_RETURN_IF_ERROR(lower.status());
    const absl::StatusOr<ShardId> upper =
        account_.ParseShardId(*request.adjacent_shard_to_merge, *name);
    RIACHO_RETURN_IF_ERROR(upper.status());
    const absl::StatusOr<std::shared_ptr<Stream>> stream =
        account_.ShareForReshard(request.kOperation, *name, now_nanos);
    RIACHO_RETURN_IF_ERROR(stream.status());
    RIACHO_RETURN_IF_ERROR((*stream)->Merge(*lower, *upper, now_nanos));
    return MergeShardsResponse{};
  });
}

absl::StatusOr<UpdateShardCountResponse> EngineClient::UpdateShardCount(
    const UpdateShardCountRequest& request) {
  return Run(request, [&](std::int64_t now_nanos) -> absl::StatusOr<UpdateShardCountResponse> {
    const absl::StatusOr<std::string> name =
        account_.NameOf(request.stream_name, request.stream_arn);
    RIACHO_RETURN_IF_ERROR(name.status());
    const absl::StatusOr<std::shared_ptr<Stream>> stream =
        account_.ShareForReshard(request.kOperation, *name, now_nanos);
    RIACHO_RETURN_IF_ERROR(stream.status());
    const absl::StatusOr<std::int64_t> before =
        account_.streams.Visit(now_nanos, [&](const auto& streams) {
          return (*stream)->UpdateShardCount(*request.target_shard_count,
                                             UsageOf(streams, stream->get()).shards, now_nanos);
        });
    RIACHO_RETURN_IF_ERROR(before.status());
    return UpdateShardCountResponse{.stream_name = (*stream)->name(),
                                    .current_shard_count = *before,
                                    .target_shard_count = *request.target_shard_count,
                                    .stream_arn = (*stream)->arn()};
  });
}

}  // namespace riacho::internal
