// CreateStream, DeleteStream, DescribeStream, DescribeStreamSummary, ListStreams and the retention
// operations.
#include <algorithm>
#include <string>
#include <utility>

#include "base/return_if_error.h"
#include "engine/call_metrics.h"
#include "engine/engine_client.h"
#include "engine/sealed_token.h"
#include "engine/violations.h"
#include "riacho/base/random.h"

namespace riacho::internal {
namespace {

absl::Status Invalid(const std::string& message) {
  return MakeError(ErrorCode::kInvalidArgument, message);
}

// Which members each mode takes.
absl::Status CheckModeMembers(const CreateStreamRequest& request, StreamMode mode) {
  if (mode == StreamMode::kOnDemand) {
    if (!request.shard_count.has_value()) return absl::OkStatus();
    return MakeError(ErrorCode::kValidation,
                     "ShardCount must not be provided for a stream in ON_DEMAND mode.");
  }
  if (!request.shard_count.has_value()) {
    Violations violations;
    violations.Missing("shardCount");
    return violations.ToStatus();
  }
  if (request.record_distribution_strategy.has_value()) {
    return Invalid(
        "RecordDistributionStrategy must not be provided for a stream in PROVISIONED mode.");
  }
  if (request.warm_throughput_mibps.has_value()) {
    return Invalid("WarmThroughputMiBps must not be provided for a stream in PROVISIONED mode.");
  }
  return absl::OkStatus();
}

// What a request asks for, whatever else there is in the account.
absl::StatusOr<StreamOptions> OptionsOf(const CreateStreamRequest& request, Account& account,
                                        std::int64_t now_nanos) {
  const EngineOptions& engine = account.options;
  const StreamMode mode = request.stream_mode_details.value_or(StreamModeDetails()).stream_mode;
  if (request.warm_throughput_mibps.has_value()) {
    RIACHO_RETURN_IF_ERROR(account.CheckWarmThroughput(*request.warm_throughput_mibps, now_nanos));
  }
  RIACHO_RETURN_IF_ERROR(CheckModeMembers(request, mode));
  const std::string arn = account.StreamArn(*request.stream_name);
  Tags tags;
  RIACHO_RETURN_IF_ERROR(AddTags(
      tags, request.tags,
      {.arn = arn, .name = "stream " + *request.stream_name, .account_id = engine.account_id},
      engine.limits.tags_per_resource));
  return StreamOptions{
      .name = *request.stream_name,
      .arn = arn,
      .account_id = engine.account_id,
      .region = engine.region,
      .limits = engine.limits,
      .lifecycle = engine.lifecycle,
      .memory = account.memory,
      .meter = NewStreamMeter(account, *request.stream_name),
      .shard_count = request.shard_count.value_or(
          OnDemandScaling::FirstShards(engine.limits, request.warm_throughput_mibps.value_or(0))),
      .mode = mode,
      .max_record_size_in_kib = static_cast<int>(request.max_record_size_in_kib.value_or(1024)),
      .record_distribution_strategy = request.record_distribution_strategy.value_or(
          RecordDistributionStrategy::kUserPartitionKey),
      .warm_throughput_mibps = request.warm_throughput_mibps.value_or(0),
      .tags = std::move(tags)};
}

}  // namespace

absl::StatusOr<CreateStreamResponse> EngineClient::CreateStream(
    const CreateStreamRequest& request) {
  return Run(request, [&](std::int64_t now_nanos) -> absl::StatusOr<CreateStreamResponse> {
    const EngineOptions& engine = account_.options;
    const absl::Status added = account_.streams.Add(
        now_nanos,
        [&](const StreamRegistry::Streams& streams) -> absl::StatusOr<std::shared_ptr<Stream>> {
          absl::StatusOr<StreamOptions> options = OptionsOf(request, account_, now_nanos);
          RIACHO_RETURN_IF_ERROR(options.status());
          if (streams.contains(options->name)) {
            return MakeError(ErrorCode::kResourceInUse, "Stream " + options->name +
                                                            " under account " + engine.account_id +
                                                            " already exists.");
          }
          const std::int64_t creating = std::ranges::count_if(streams, [](const auto& entry) {
            return entry.second->status() == StreamStatus::kCreating;
          });
          if (creating >= engine.limits.streams_in_creating) {
            return MakeError(ErrorCode::kLimitExceeded,
                             "Account " + engine.account_id + " has reached its limit of " +
                                 std::to_string(engine.limits.streams_in_creating) +
                                 " streams in CREATING status.");
          }
          const AccountUsage usage = UsageOf(streams, nullptr);
          if (options->mode == StreamMode::kProvisioned) {
            RIACHO_RETURN_IF_ERROR(CheckShardQuota(engine.limits, engine.account_id, engine.region,
                                                   usage.shards, options->shard_count));
          } else {
            RIACHO_RETURN_IF_ERROR(CheckOnDemandQuota(engine.limits, engine.account_id,
                                                      engine.region, usage.on_demand_streams));
          }
          options->incarnation =
              account_.last_incarnation.fetch_add(1, std::memory_order_relaxed) + 1;
          options->first_place = Random(account_.token_key + options->incarnation).Next();
          return std::make_shared<Stream>(*std::move(options), now_nanos);
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
    const std::int64_t count =
        std::min(PageSize(request.limit, account_.options.limits.describe_stream_page_shards),
                 std::int64_t{shards.end() - first});
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
    DescribeStreamSummaryResponse response = {.stream_description_summary = (*stream)->Summarize()};
    if (!account_.Committed(now_nanos)) response.stream_description_summary.warm_throughput.reset();
    return response;
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
    const std::int64_t count = std::min(PageSize(request.limit, limits.list_streams_page_streams),
                                        std::int64_t{streams.end() - first});
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
