// CreateStream, DeleteStream, DescribeStream, DescribeStreamSummary, ListStreams and the retention
// operations.
#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "base/return_if_error.h"
#include "engine/engine_client.h"
#include "engine/sealed_token.h"

namespace riacho::internal {
namespace {

absl::Status CheckModeMembers(const CreateStreamRequest& request, StreamMode mode,
                              const Account& account) {
  const auto invalid = [](const std::string& message) {
    return MakeError(ErrorCode::kValidation, message);
  };
  if (mode == StreamMode::kProvisioned) {
    if (!request.shard_count.has_value()) {
      return invalid(
          "1 validation error detected: Value null at 'shardCount' failed to satisfy constraint: "
          "Member must "
          "not be null");
    }
    if (request.record_distribution_strategy.has_value()) {
      return MakeError(
          ErrorCode::kInvalidArgument,
          "RecordDistributionStrategy must not be provided for a stream in PROVISIONED mode.");
    }
  } else if (request.shard_count.has_value()) {
    return invalid("ShardCount must not be provided for a stream in ON_DEMAND mode.");
  } else if (request.record_distribution_strategy == RecordDistributionStrategy::kAuto) {
    return MakeError(ErrorCode::kInvalidArgument,
                     "RecordDistributionStrategy AUTO is not supported.");
  }
  if (request.warm_throughput_mibps.has_value()) {
    return invalid("Account " + account.options.account_id +
                   " is not enabled for minimum throughput billing commitment");
  }
  const std::int64_t most_tags = account.options.limits.tags_per_resource;
  if (static_cast<std::int64_t>(request.tags.size()) > most_tags) {
    return MakeError(ErrorCode::kInvalidArgument,
                     "Failed to add tags to resource " + account.StreamArn(*request.stream_name) +
                         " under account " + account.options.account_id +
                         " because a given resource cannot have more than " +
                         std::to_string(most_tags) + " tags associated with it.");
  }
  if (std::ranges::any_of(request.tags,
                          [](const auto& tag) { return tag.first.starts_with("aws:"); })) {
    return MakeError(
        ErrorCode::kInvalidArgument,
        "Some tag keys in the request started with 'aws:'. System tags cannot be modified.");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<CreateStreamResponse> EngineClient::CreateStream(
    const CreateStreamRequest& request) {
  return Run(request, [&](std::int64_t now_nanos) -> absl::StatusOr<CreateStreamResponse> {
    const StreamMode mode = request.stream_mode_details.has_value()
                                ? request.stream_mode_details->stream_mode
                                : StreamMode::kProvisioned;
    RIACHO_RETURN_IF_ERROR(CheckModeMembers(request, mode, account_));
    const std::string& name = *request.stream_name;
    const EngineOptions& options = account_.options;
    using Streams = std::map<std::string, std::shared_ptr<Stream>, std::less<>>;
    const absl::Status added = account_.streams.Add(
        now_nanos, [&](const Streams& streams) -> absl::StatusOr<std::shared_ptr<Stream>> {
          if (streams.contains(name)) {
            return MakeError(
                ErrorCode::kResourceInUse,
                "Stream " + name + " under account " + options.account_id + " already exists.");
          }
          std::int64_t creating = 0;
          std::int64_t open = 0;
          for (const auto& [other_name, other] : streams) {
            if (other->status() == StreamStatus::kCreating) ++creating;
            if (other->mode() == StreamMode::kProvisioned) open += other->claimed_shard_count();
          }
          if (creating >= options.limits.streams_in_creating) {
            return MakeError(ErrorCode::kLimitExceeded,
                             "Account " + options.account_id + " has reached its limit of " +
                                 std::to_string(options.limits.streams_in_creating) +
                                 " streams in CREATING status.");
          }
          const std::int64_t shards =
              mode == StreamMode::kOnDemand
                  ? std::max<std::int64_t>(options.limits.on_demand_initial_shards, 1)
                  : *request.shard_count;
          if (mode == StreamMode::kProvisioned) {
            RIACHO_RETURN_IF_ERROR(
                CheckShardQuota(options.limits, options.account_id, options.region, open, shards));
          }
          return std::make_shared<Stream>(
              StreamOptions{
                  .name = name,
                  .arn = account_.StreamArn(name),
                  .account_id = options.account_id,
                  .region = options.region,
                  .limits = options.limits,
                  .lifecycle = options.lifecycle,
                  .memory = account_.memory,
                  .incarnation =
                      account_.last_incarnation.fetch_add(1, std::memory_order_relaxed) + 1,
                  .mode = mode,
                  .shard_count = shards,
                  .max_record_size_in_kib =
                      static_cast<int>(request.max_record_size_in_kib.value_or(1024)),
                  .tags = request.tags},
              now_nanos);
        });
    RIACHO_RETURN_IF_ERROR(added);
    return CreateStreamResponse{};
  });
}

absl::StatusOr<DeleteStreamResponse> EngineClient::DeleteStream(
    const DeleteStreamRequest& request) {
  return Run(request, [&](std::int64_t now_nanos) -> absl::StatusOr<DeleteStreamResponse> {
    const absl::StatusOr<std::shared_ptr<Stream>> stream =
        account_.Share(request.kOperation, request.stream_name, request.stream_arn, now_nanos);
    RIACHO_RETURN_IF_ERROR(stream.status());
    RIACHO_RETURN_IF_ERROR(
        (*stream)->Delete(request.enforce_consumer_deletion.value_or(false), now_nanos));
    account_.streams.List(now_nanos);  // forgets the stream at once if deletion takes no time
    return DeleteStreamResponse{};
  });
}

absl::StatusOr<DescribeStreamResponse> EngineClient::DescribeStream(
    const DescribeStreamRequest& request) {
  return Run(request, [&](std::int64_t now_nanos) -> absl::StatusOr<DescribeStreamResponse> {
    const absl::StatusOr<std::shared_ptr<Stream>> stream =
        account_.Share(request.kOperation, request.stream_name, request.stream_arn, now_nanos);
    RIACHO_RETURN_IF_ERROR(stream.status());
    StreamDescriptionSummary summary = (*stream)->Summarize();
    DescribeStreamResponse response;
    StreamDescription& description = response.stream_description;
    description.stream_name = std::move(summary.stream_name);
    description.stream_arn = std::move(summary.stream_arn);
    description.stream_status = summary.stream_status;
    description.stream_mode_details = summary.stream_mode_details;
    description.retention_period_hours = summary.retention_period_hours;
    description.stream_creation_timestamp = summary.stream_creation_timestamp;
    description.enhanced_monitoring = std::move(summary.enhanced_monitoring);
    description.encryption_type = summary.encryption_type;
    description.key_id = std::move(summary.key_id);

    std::vector<Shard> shards = (*stream)->DescribeShards();
    auto first = shards.begin();
    if (request.exclusive_start_shard_id.has_value()) {
      const absl::StatusOr<ShardId> start =
          account_.ParseShardId(*request.exclusive_start_shard_id, (*stream)->name());
      RIACHO_RETURN_IF_ERROR(start.status());
      first = std::ranges::upper_bound(shards, *start, {}, &Shard::shard_id);
    }
    const std::int64_t page = account_.options.limits.describe_stream_page_shards;
    const std::int64_t count =
        std::min({request.limit.value_or(page), page, std::int64_t{shards.end() - first}});
    description.shards.assign(std::make_move_iterator(first),
                              std::make_move_iterator(first + count));
    description.has_more_shards = first + count != shards.end();
    return response;
  });
}

absl::StatusOr<DescribeStreamSummaryResponse> EngineClient::DescribeStreamSummary(
    const DescribeStreamSummaryRequest& request) {
  return Run(request, [&](std::int64_t now_nanos) -> absl::StatusOr<DescribeStreamSummaryResponse> {
    const absl::StatusOr<std::shared_ptr<Stream>> stream =
        account_.Share(request.kOperation, request.stream_name, request.stream_arn, now_nanos);
    RIACHO_RETURN_IF_ERROR(stream.status());
    return DescribeStreamSummaryResponse{.stream_description_summary = (*stream)->Summarize()};
  });
}

absl::StatusOr<ListStreamsResponse> EngineClient::ListStreams(const ListStreamsRequest& request) {
  return Run(request, [&](std::int64_t now_nanos) -> absl::StatusOr<ListStreamsResponse> {
    const Limits& limits = account_.options.limits;
    std::optional<std::string> after = request.exclusive_start_stream_name;
    if (request.next_token.has_value()) {
      if (after.has_value()) {
        return MakeError(ErrorCode::kInvalidArgument,
                         "ExclusiveStartStreamName and NextToken cannot be provided together.");
      }
      absl::StatusOr<TokenReader> token = OpenNextToken(
          TokenKind::kListStreams, *request.next_token, account_.token_key, limits, now_nanos);
      RIACHO_RETURN_IF_ERROR(token.status());
      after = token->Text();
    }
    const std::vector<std::shared_ptr<Stream>> streams = account_.streams.List(now_nanos);
    auto first = streams.begin();
    if (after.has_value()) {
      first = std::ranges::upper_bound(streams, *after, {},
                                       [](const auto& stream) { return stream->name(); });
    }
    const std::int64_t page = limits.list_streams_page_streams;
    const std::int64_t count =
        std::min({request.limit.value_or(page), page, std::int64_t{streams.end() - first}});
    ListStreamsResponse response;
    for (auto at = first; at != first + count; ++at) {
      const StreamDescriptionSummary summary = (*at)->Summarize();
      response.stream_names.push_back(summary.stream_name);
      response.stream_summaries.push_back(
          {.stream_name = summary.stream_name,
           .stream_arn = summary.stream_arn,
           .stream_status = summary.stream_status,
           .stream_mode_details = summary.stream_mode_details,
           .stream_creation_timestamp = summary.stream_creation_timestamp});
    }
    response.has_more_streams = first + count != streams.end();
    if (response.has_more_streams) {
      response.next_token = NewNextToken(TokenKind::kListStreams, now_nanos)
                                .Text(response.stream_names.back())
                                .Seal(account_.token_key);
    }
    return response;
  });
}

absl::StatusOr<IncreaseStreamRetentionPeriodResponse> EngineClient::IncreaseStreamRetentionPeriod(
    const IncreaseStreamRetentionPeriodRequest& request) {
  return Run(request,
             [&](std::int64_t now_nanos) -> absl::StatusOr<IncreaseStreamRetentionPeriodResponse> {
               const absl::StatusOr<std::shared_ptr<Stream>> stream = account_.Share(
                   request.kOperation, request.stream_name, request.stream_arn, now_nanos);
               RIACHO_RETURN_IF_ERROR(stream.status());
               RIACHO_RETURN_IF_ERROR(
                   (*stream)->IncreaseRetention(*request.retention_period_hours, now_nanos));
               return IncreaseStreamRetentionPeriodResponse{};
             });
}

absl::StatusOr<DecreaseStreamRetentionPeriodResponse> EngineClient::DecreaseStreamRetentionPeriod(
    const DecreaseStreamRetentionPeriodRequest& request) {
  return Run(request,
             [&](std::int64_t now_nanos) -> absl::StatusOr<DecreaseStreamRetentionPeriodResponse> {
               const absl::StatusOr<std::shared_ptr<Stream>> stream = account_.Share(
                   request.kOperation, request.stream_name, request.stream_arn, now_nanos);
               RIACHO_RETURN_IF_ERROR(stream.status());
               RIACHO_RETURN_IF_ERROR(
                   (*stream)->DecreaseRetention(*request.retention_period_hours, now_nanos));
               return DecreaseStreamRetentionPeriodResponse{};
             });
}

}  // namespace riacho::internal
