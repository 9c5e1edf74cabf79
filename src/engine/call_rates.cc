#include "engine/call_rates.h"

#include <algorithm>

#include "riacho/model/error.h"

namespace riacho::internal {
namespace {

std::int64_t AccountRate(const Limits& limits, Operation operation) {
  switch (operation) {
    case Operation::kCreateStream:
      return limits.create_stream_calls_per_second;
    case Operation::kDeleteStream:
      return limits.delete_stream_calls_per_second;
    case Operation::kDescribeStream:
      return limits.describe_stream_calls_per_second;
    case Operation::kDescribeStreamSummary:
      return limits.describe_stream_summary_calls_per_second;
    case Operation::kListStreams:
      return limits.list_streams_calls_per_second;
    case Operation::kUpdateStreamWarmThroughput:
      return limits.update_stream_warm_throughput_calls_per_second;
    case Operation::kAddTagsToStream:
      return limits.add_tags_to_stream_calls_per_second;
    case Operation::kPutResourcePolicy:
      return limits.put_resource_policy_calls_per_second;
    case Operation::kGetResourcePolicy:
      return limits.get_resource_policy_calls_per_second;
    case Operation::kDeleteResourcePolicy:
      return limits.delete_resource_policy_calls_per_second;
    case Operation::kDescribeLimits:
      return limits.describe_limits_calls_per_second;
    case Operation::kDescribeAccountSettings:
      return limits.describe_account_settings_calls_per_second;
    case Operation::kUpdateAccountSettings:
      return limits.update_account_settings_calls_per_second;
    case Operation::kCreateChannel:
      return limits.create_channel_calls_per_second;
    case Operation::kDescribeChannel:
      return limits.describe_channel_calls_per_second;
    case Operation::kListChannels:
      return limits.list_channels_calls_per_second;
    case Operation::kUpdateChannel:
      return limits.update_channel_calls_per_second;
    case Operation::kDeleteChannel:
      return limits.delete_channel_calls_per_second;
    default:
      return Limits::kUnlimited;
  }
}

std::int64_t StreamRate(const Limits& limits, Operation operation) {
  switch (operation) {
    case Operation::kListShards:
      return limits.list_shards_calls_per_second;
    case Operation::kSplitShard:
      return limits.split_shard_calls_per_second;
    case Operation::kMergeShards:
      return limits.merge_shards_calls_per_second;
    case Operation::kUpdateShardCount:
      return limits.update_shard_count_calls_per_second;
    case Operation::kIncreaseStreamRetentionPeriod:
      return limits.increase_stream_retention_period_calls_per_second;
    case Operation::kDecreaseStreamRetentionPeriod:
      return limits.decrease_stream_retention_period_calls_per_second;
    case Operation::kRegisterStreamConsumer:
      return limits.register_stream_consumer_calls_per_second;
    case Operation::kDeregisterStreamConsumer:
      return limits.deregister_stream_consumer_calls_per_second;
    case Operation::kDescribeStreamConsumer:
      return limits.describe_stream_consumer_calls_per_second;
    case Operation::kListStreamConsumers:
      return limits.list_stream_consumers_calls_per_second;
    case Operation::kRemoveTagsFromStream:
      return limits.remove_tags_from_stream_calls_per_second;
    case Operation::kListTagsForStream:
      return limits.list_tags_for_stream_calls_per_second;
    case Operation::kEnableEnhancedMonitoring:
      return limits.enable_enhanced_monitoring_calls_per_second;
    case Operation::kDisableEnhancedMonitoring:
      return limits.disable_enhanced_monitoring_calls_per_second;
    default:
      return Limits::kUnlimited;
  }
}

}  // namespace

bool CallRates::Take(Operation operation, std::string_view stream, std::int64_t per_second,
                     std::int64_t now_nanos) {
  if (!limits_.enforce_call_rates || per_second == Limits::kUnlimited) return true;
  const absl::MutexLock lock(&mutex_);
  std::unique_ptr<TokenBucket>& bucket = buckets_[{operation, std::string(stream)}];
  if (bucket == nullptr) {
    const std::int64_t rate = std::max<std::int64_t>(per_second, 1);
    bucket = std::make_unique<TokenBucket>(rate, rate, now_nanos);
  }
  return bucket->Take(1, now_nanos);
}

std::vector<CallRates::Bucket> CallRates::Save() {
  const absl::MutexLock lock(&mutex_);
  std::vector<Bucket> buckets;
  for (const auto& [name, bucket] : buckets_)
    buckets.push_back({.operation = name.first, .stream = name.second, .full_at = bucket->Save()});
  return buckets;
}

std::int64_t CallRates::RateOf(const Bucket& bucket) const {
  return std::max<std::int64_t>(bucket.stream.empty() ? AccountRate(limits_, bucket.operation)
                                                      : StreamRate(limits_, bucket.operation),
                                1);
}

void CallRates::Restore(const std::vector<Bucket>& buckets) {
  const absl::MutexLock lock(&mutex_);
  buckets_.clear();
  for (const Bucket& saved : buckets) {
    const std::int64_t rate = RateOf(saved);
    auto bucket = std::make_unique<TokenBucket>(rate, rate, std::int64_t{0});
    bucket->Restore(saved.full_at);
    buckets_.insert_or_assign({saved.operation, saved.stream}, std::move(bucket));
  }
}

absl::Status CallRates::AdmitToAccount(Operation operation, std::int64_t now_nanos) {
  if (Take(operation, "", AccountRate(limits_, operation), now_nanos)) return absl::OkStatus();
  return MakeError(ErrorCode::kLimitExceeded, "Rate exceeded for account " + account_id_ + ".");
}

absl::Status CallRates::AdmitToStream(Operation operation, std::string_view stream,
                                      std::int64_t now_nanos) {
  if (Take(operation, stream, StreamRate(limits_, operation), now_nanos)) return absl::OkStatus();
  return MakeError(ErrorCode::kLimitExceeded, "Rate exceeded for stream " + std::string(stream) +
                                                  " under account " + account_id_ + ".");
}

}  // namespace riacho::internal
