#include "model_based/reference_service.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

#include "model_based/request_shapes.h"

namespace riacho::model_based {
namespace {

constexpr std::int64_t kMilli = 1'000'000;
constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::string_view kArnPrefix = "arn:aws:kinesis:us-east-1:123456789012:stream/";

EncryptionType TypeOf(const ReferenceStream& stream) {
  return stream.key_id.has_value() ? EncryptionType::kKms : EncryptionType::kNone;
}

}  // namespace

ReferenceService::ReferenceService(const Limits& limits, const Lifecycle& lifecycle,
                                   Mistake mistake)
    : limits_(limits), lifecycle_(lifecycle), mistake_(mistake), keys_(limits, mistake) {}

std::string ReferenceService::ArnOf(std::string_view name) const {
  return absl::StrCat(std::string(kArnPrefix), std::string(name));
}

void ReferenceService::Settle(std::int64_t now_nanos) {
  for (auto at = streams_.begin(); at != streams_.end();) {
    at->second->Settle(now_nanos);
    at = at->second->gone_at_nanos.value_or(INT64_MAX) <= now_nanos ? streams_.erase(at)
                                                                    : std::next(at);
  }
}

bool ReferenceService::IsUnclearAt(std::int64_t now_nanos) const {
  return std::ranges::any_of(
      streams_, [&](const auto& entry) { return entry.second->IsUnclearAt(now_nanos); });
}

bool ReferenceService::Admit(Operation operation, const std::string& stream,
                             std::int64_t per_second, std::int64_t now_nanos) {
  if (!limits_.enforce_call_rates || per_second == Limits::kUnlimited) return true;
  const auto rate =
      call_rates_.try_emplace({operation, stream}, per_second, per_second, now_nanos).first;
  return rate->second.Take(1, now_nanos);
}

Answer<std::string> ReferenceService::NameOf(const std::optional<std::string>& name,
                                             const std::optional<std::string>& arn) const {
  if (!arn.has_value()) {
    if (!name.has_value()) return ErrorCode::kInvalidArgument;
    return *name;
  }
  if (!arn->starts_with("arn:aws:kinesis:us-east-1:")) return ErrorCode::kInvalidArgument;
  if (!arn->starts_with(kArnPrefix)) return ErrorCode::kUnrecognizedClient;
  std::string meant = arn->substr(kArnPrefix.size());
  if (name.has_value() && *name != meant) return ErrorCode::kInvalidArgument;
  return meant;
}

ReferenceService::StreamAnswer ReferenceService::Find(const std::optional<std::string>& name,
                                                      const std::optional<std::string>& arn) const {
  const Answer<std::string> meant = NameOf(name, arn);
  if (!meant.ok()) return *meant.error;
  const auto found = streams_.find(meant.value);
  if (found == streams_.end()) return ErrorCode::kResourceNotFound;
  return found->second;
}

ReferenceUsage ReferenceService::UsageElsewhere(const ReferenceStream* stream) const {
  ReferenceUsage usage;
  for (const auto& [name, other] : streams_) {
    if (other.get() == stream) continue;
    if (other->CountsAs(StreamMode::kProvisioned)) usage.shards += other->claimed_shard_count;
    if (other->CountsAs(StreamMode::kOnDemand)) ++usage.on_demand_streams;
  }
  return usage;
}

// --- streams -------------------------------------------------------------------------------------

Answer<Done> ReferenceService::CreateStream(const CreateStreamRequest& request,
                                            std::int64_t now_nanos) {
  if (const Refusal refusal = Refuse(request, now_nanos)) return *refusal;
  if (!Admit(request.kOperation, "", limits_.create_stream_calls_per_second, now_nanos)) {
    return ErrorCode::kLimitExceeded;
  }
  const StreamMode mode = request.stream_mode_details.value_or(StreamModeDetails{}).stream_mode;
  if (request.warm_throughput_mibps.has_value()) {
    const Answer<Done> warm = CheckWarmThroughput(*request.warm_throughput_mibps, now_nanos);
    if (!warm.ok()) return warm;
  }
  if (request.shard_count.has_value() != (mode == StreamMode::kProvisioned)) {
    return ErrorCode::kValidation;
  }
  if (mode == StreamMode::kProvisioned && (request.record_distribution_strategy.has_value() ||
                                           request.warm_throughput_mibps.has_value())) {
    return ErrorCode::kInvalidArgument;
  }
  ReferenceTags tags;
  const Answer<Done> tagged =
      AddReferenceTags(tags, request.tags, limits_.tags_per_resource, mistake_);
  if (!tagged.ok()) return tagged;
  if (streams_.contains(*request.stream_name)) return ErrorCode::kResourceInUse;
  const auto creating = std::ranges::count_if(
      streams_, [](const auto& entry) { return entry.second->status == StreamStatus::kCreating; });
  if (creating >= limits_.streams_in_creating) return ErrorCode::kLimitExceeded;
  const std::int64_t warm = request.warm_throughput_mibps.value_or(0);
  const std::int64_t count = request.shard_count.value_or(
      std::max<std::int64_t>(4, ShardsForWarmThroughput(limits_, warm)));
  const ReferenceUsage usage = UsageElsewhere(nullptr);
  if (mode == StreamMode::kProvisioned
          ? usage.shards + count > limits_.shards_per_account
          : usage.on_demand_streams >= limits_.on_demand_streams_per_account) {
    return ErrorCode::kLimitExceeded;
  }
  const ReferenceStreamOptions options = {
      .name = *request.stream_name,
      .arn = ArnOf(*request.stream_name),
      .incarnation = ++last_incarnation_,
      .mode = mode,
      .shard_count = count,
      .max_record_size_in_kib = request.max_record_size_in_kib.value_or(1024),
      .strategy = request.record_distribution_strategy.value_or(
          RecordDistributionStrategy::kUserPartitionKey),
      .warm_throughput_mibps = warm,
      .tags = tags};
  streams_[options.name] =
      std::make_shared<ReferenceStream>(limits_, lifecycle_, mistake_, options, now_nanos);
  return Done{};
}

Answer<Done> ReferenceService::DeleteStream(const DeleteStreamRequest& request,
                                            std::int64_t now_nanos) {
  if (const Refusal refusal = Refuse(request, now_nanos)) return *refusal;
  if (!Admit(request.kOperation, "", limits_.delete_stream_calls_per_second, now_nanos)) {
    return ErrorCode::kLimitExceeded;
  }
  const StreamAnswer stream = Find(request.stream_name, request.stream_arn);
  if (!stream.ok()) return *stream.error;
  Answer<Done> answer =
      stream.value->Delete(request.enforce_consumer_deletion.value_or(false), now_nanos);
  Settle(now_nanos);
  return answer;
}

Answer<StreamDescriptionSummary> ReferenceService::DescribeStreamSummary(
    const DescribeStreamSummaryRequest& request, std::int64_t now_nanos) {
  if (const Refusal refusal = Refuse(request, now_nanos)) return *refusal;
  if (!Admit(request.kOperation, "", limits_.describe_stream_summary_calls_per_second, now_nanos)) {
    return ErrorCode::kLimitExceeded;
  }
  const StreamAnswer found = Find(request.stream_name, request.stream_arn);
  if (!found.ok()) return *found.error;
  const ReferenceStream& stream = *found.value;
  StreamDescriptionSummary summary = {
      .stream_name = stream.name,
      .stream_arn = stream.arn,
      .stream_status = stream.status,
      .stream_mode_details = {stream.mode},
      .retention_period_hours = static_cast<int>(stream.retention_hours),
      .stream_creation_timestamp = absl::FromUnixSeconds(stream.creation_seconds),
      .enhanced_monitoring = {{.shard_level_metrics = InTheServicesOrder(stream.metrics)}},
      .encryption_type = TypeOf(stream),
      .key_id = stream.key_id,
      .consumer_count = static_cast<std::int64_t>(stream.consumers.size()),
      .max_record_size_in_kib = static_cast<int>(stream.most_record_bytes / 1024)};
  if (stream.mode == StreamMode::kOnDemand) {
    summary.record_distribution_strategy = stream.strategy;
    if (Committed(now_nanos)) summary.warm_throughput = stream.warm;
  }
  if (stream.status == StreamStatus::kActive || stream.status == StreamStatus::kUpdating) {
    summary.open_shard_count = stream.OpenShardCount();
  }
  return summary;
}

Answer<StreamDescription> ReferenceService::DescribeStream(const DescribeStreamRequest& request,
                                                           std::int64_t now_nanos) {
  if (const Refusal refusal = Refuse(request, now_nanos)) return *refusal;
  if (!Admit(request.kOperation, "", limits_.describe_stream_calls_per_second, now_nanos)) {
    return ErrorCode::kLimitExceeded;
  }
  const StreamAnswer found = Find(request.stream_name, request.stream_arn);
  if (!found.ok()) return *found.error;
  const ReferenceStream& stream = *found.value;
  std::optional<std::uint32_t> after;
  if (request.exclusive_start_shard_id.has_value()) {
    after = ShardNumberIn(*request.exclusive_start_shard_id);
    if (!after.has_value()) return ErrorCode::kResourceNotFound;
  }
  std::vector<Shard> shards;
  for (const auto& [number, shard] : stream.shards) {
    if (shard->listed && stream.status != StreamStatus::kCreating) {
      shards.push_back(shard->Describe());
    }
  }
  StreamDescription description = {
      .stream_name = stream.name,
      .stream_arn = stream.arn,
      .stream_status = stream.status,
      .stream_mode_details = {stream.mode},
      .retention_period_hours = static_cast<int>(stream.retention_hours),
      .stream_creation_timestamp = absl::FromUnixSeconds(stream.creation_seconds),
      .enhanced_monitoring = {{.shard_level_metrics = InTheServicesOrder(stream.metrics)}},
      .encryption_type = TypeOf(stream),
      .key_id = stream.key_id};
  description.shards = Page(shards, PageSize(request.limit, limits_.describe_stream_page_shards),
                            description.has_more_shards, [&after](const Shard& shard) {
                              return after.has_value() && shard.shard_id.number <= *after;
                            });
  return description;
}

Answer<ReferenceList<StreamSummary>> ReferenceService::ListStreams(
    const ListStreamsRequest& request, const ReferenceToken* token, std::int64_t now_nanos) {
  if (const Refusal refusal = Refuse(request, now_nanos)) return *refusal;
  if (!Admit(request.kOperation, "", limits_.list_streams_calls_per_second, now_nanos)) {
    return ErrorCode::kLimitExceeded;
  }
  std::string after = request.exclusive_start_stream_name.value_or("");
  if (request.next_token.has_value()) {
    if (!after.empty() || token == nullptr) return ErrorCode::kInvalidArgument;
    if (now_nanos - token->made_nanos > absl::ToInt64Nanoseconds(limits_.next_token_life)) {
      return ErrorCode::kExpiredNextToken;
    }
    after = token->after_name;
  }
  std::vector<StreamSummary> all;
  for (const auto& [name, stream] : streams_) {
    all.push_back({.stream_name = name,
                   .stream_arn = stream->arn,
                   .stream_status = stream->status,
                   .stream_mode_details = {stream->mode},
                   .stream_creation_timestamp = absl::FromUnixSeconds(stream->creation_seconds)});
  }
  ReferenceList<StreamSummary> list;
  bool more = false;
  list.items = Page(all, PageSize(request.limit, limits_.list_streams_page_streams), more,
                    [&after](const StreamSummary& stream) { return stream.stream_name <= after; });
  if (more) list.next = {.made_nanos = now_nanos, .after_name = list.items.back().stream_name};
  return list;
}

template <typename Request>
Answer<Done> ReferenceService::ChangeRetention(const Request& request, bool increase,
                                               std::int64_t per_second, std::int64_t now_nanos) {
  if (const Refusal refusal = Refuse(request, now_nanos)) return *refusal;
  const StreamAnswer stream = FindForControl(request, per_second, now_nanos);
  if (!stream.ok()) return *stream.error;
  return stream.value->ChangeRetention(*request.retention_period_hours, increase, now_nanos);
}

Answer<Done> ReferenceService::IncreaseStreamRetentionPeriod(
    const IncreaseStreamRetentionPeriodRequest& request, std::int64_t now_nanos) {
  return ChangeRetention(request, true, limits_.increase_stream_retention_period_calls_per_second,
                         now_nanos);
}

Answer<Done> ReferenceService::DecreaseStreamRetentionPeriod(
    const DecreaseStreamRetentionPeriodRequest& request, std::int64_t now_nanos) {
  return ChangeRetention(request, false, limits_.decrease_stream_retention_period_calls_per_second,
                         now_nanos);
}

// --- shards --------------------------------------------------------------------------------------

Answer<Done> ReferenceService::CheckFilter(const ShardFilter& filter, const ReferenceStream& stream,
                                           std::int64_t now_nanos) const {
  if (*filter.type == ShardFilterType::kAfterShardId && !filter.shard_id.has_value()) {
    return ErrorCode::kInvalidArgument;
  }
  if (*filter.type != ShardFilterType::kAtTimestamp &&
      *filter.type != ShardFilterType::kFromTimestamp) {
    return Done{};
  }
  if (!filter.timestamp.has_value()) return ErrorCode::kInvalidArgument;
  const std::int64_t millis = absl::ToUnixMillis(*filter.timestamp);
  if (millis > now_nanos / kMilli || millis < stream.HorizonMillis(now_nanos)) {
    return ErrorCode::kInvalidArgument;
  }
  return Done{};
}

Answer<ReferenceList<Shard>> ReferenceService::ListShards(const ListShardsRequest& request,
                                                          const ReferenceToken* token,
                                                          std::int64_t now_nanos) {
  const ReferenceStream* const of = token == nullptr ? nullptr : token->stream.get();
  const Refusal refusal = request.next_token.has_value() ? RefuseToGoOn(request, of, now_nanos)
                                                         : Refuse(request, now_nanos);
  if (refusal.has_value()) return *refusal;
  ReferenceToken query;
  std::string name;
  if (request.next_token.has_value()) {
    if (request.exclusive_start_shard_id.has_value() || request.shard_filter.has_value() ||
        request.stream_creation_timestamp.has_value() || token == nullptr) {
      return ErrorCode::kInvalidArgument;
    }
    if (now_nanos - token->made_nanos > absl::ToInt64Nanoseconds(limits_.next_token_life)) {
      return ErrorCode::kExpiredNextToken;
    }
    query = *token;
    name = query.stream->name;
  }
  if (!request.next_token.has_value() || request.stream_name.has_value() ||
      request.stream_arn.has_value()) {
    const Answer<std::string> meant = NameOf(request.stream_name, request.stream_arn);
    if (!meant.ok()) return *meant.error;
    if (!name.empty() && meant.value != name) return ErrorCode::kInvalidArgument;
    name = meant.value;
  }
  const StreamAnswer found = Find(name, std::nullopt);
  if (!found.ok()) return *found.error;
  if (!Admit(request.kOperation, name, limits_.list_shards_calls_per_second, now_nanos)) {
    return ErrorCode::kLimitExceeded;
  }
  const ReferenceStream& stream = *found.value;
  if (query.stream != nullptr && query.stream != found.value) return ErrorCode::kResourceNotFound;
  if (request.stream_creation_timestamp.has_value() &&
      absl::ToUnixSeconds(*request.stream_creation_timestamp) != stream.creation_seconds) {
    return ErrorCode::kResourceNotFound;
  }
  if (stream.status == StreamStatus::kCreating) return ErrorCode::kResourceInUse;
  if (!request.next_token.has_value()) {
    query.stream = found.value;
    query.filter =
        request.shard_filter.value_or(ShardFilter{.type = ShardFilterType::kFromTrimHorizon});
    const Answer<Done> filter = CheckFilter(query.filter, stream, now_nanos);
    if (!filter.ok()) return *filter.error;
    const std::optional<std::string> after = query.filter.shard_id.has_value()
                                                 ? query.filter.shard_id
                                                 : request.exclusive_start_shard_id;
    if (after.has_value()) {
      query.after_shard = ShardNumberIn(*after);
      if (!query.after_shard.has_value()) return ErrorCode::kResourceNotFound;
    }
  }

  const std::int64_t now = now_nanos / kSecond;
  const std::int64_t horizon =
      std::max(stream.HorizonMillis(now_nanos) / 1000, stream.creation_seconds - 3);
  const std::int64_t time =
      absl::ToUnixMillis(query.filter.timestamp.value_or(absl::UnixEpoch())) / 1000;
  std::vector<Shard> shards;
  for (const auto& [number, shard] : stream.shards) {
    if (!shard->listed) continue;
    const std::int64_t start = shard->create_seconds;
    const std::int64_t end = shard->end_seconds.value_or(INT64_MAX);
    bool fits = true;
    switch (*query.filter.type) {
      case ShardFilterType::kAfterShardId:
      case ShardFilterType::kFromTrimHorizon:
        break;
      case ShardFilterType::kAtTrimHorizon:
        fits = start <= horizon && end >= horizon;
        break;
      case ShardFilterType::kAtLatest:  // parents until they hand over, and already the children
        fits = end > now && !shard->finished;
        break;
      case ShardFilterType::kAtTimestamp:
        fits = start <= time && end >= time;
        break;
      case ShardFilterType::kFromTimestamp:
        fits = end >= time;
        break;
    }
    if (fits) shards.push_back(shard->Describe());
  }
  ReferenceList<Shard> list;
  bool more = false;
  list.items =
      Page(shards, PageSize(request.max_results, limits_.list_shards_page_shards), more,
           [&query](const Shard& shard) {
             return query.after_shard.has_value() && shard.shard_id.number <= *query.after_shard;
           });
  if (more) {
    query.made_nanos = now_nanos;
    query.after_shard = list.items.back().shard_id.number;
    list.next = query;
  }
  return list;
}

Answer<Done> ReferenceService::SplitShard(const SplitShardRequest& request,
                                          std::int64_t now_nanos) {
  if (const Refusal refusal = Refuse(request, now_nanos)) return *refusal;
  const Answer<std::string> name = NameOf(request.stream_name, request.stream_arn);
  if (!name.ok()) return *name.error;
  const std::optional<std::uint32_t> shard = ShardNumberIn(*request.shard_to_split);
  if (!shard.has_value()) return ErrorCode::kResourceNotFound;
  const StreamAnswer stream =
      FindForControl(request, limits_.split_shard_calls_per_second, now_nanos);
  if (!stream.ok()) return *stream.error;
  if (stream.value->mode == StreamMode::kOnDemand) return ErrorCode::kValidation;
  return stream.value->Split(*shard, *request.new_starting_hash_key,
                             UsageElsewhere(stream.value.get()).shards, now_nanos);
}

Answer<Done> ReferenceService::MergeShards(const MergeShardsRequest& request,
                                           std::int64_t now_nanos) {
  if (const Refusal refusal = Refuse(request, now_nanos)) return *refusal;
  const Answer<std::string> name = NameOf(request.stream_name, request.stream_arn);
  if (!name.ok()) return *name.error;
  const std::optional<std::uint32_t> lower = ShardNumberIn(*request.shard_to_merge);
  const std::optional<std::uint32_t> upper = ShardNumberIn(*request.adjacent_shard_to_merge);
  if (!lower.has_value() || !upper.has_value()) return ErrorCode::kResourceNotFound;
  const StreamAnswer stream =
      FindForControl(request, limits_.merge_shards_calls_per_second, now_nanos);
  if (!stream.ok()) return *stream.error;
  if (stream.value->mode == StreamMode::kOnDemand) return ErrorCode::kValidation;
  return stream.value->Merge(*lower, *upper, now_nanos);
}

Answer<std::int64_t> ReferenceService::UpdateShardCount(const UpdateShardCountRequest& request,
                                                        std::int64_t now_nanos) {
  if (const Refusal refusal = Refuse(request, now_nanos)) return *refusal;
  const StreamAnswer stream =
      FindForControl(request, limits_.update_shard_count_calls_per_second, now_nanos);
  if (!stream.ok()) return *stream.error;
  if (stream.value->mode == StreamMode::kOnDemand) return ErrorCode::kValidation;
  return stream.value->UpdateShardCount(*request.target_shard_count,
                                        UsageElsewhere(stream.value.get()).shards, now_nanos);
}

}  // namespace riacho::model_based
