#include "engine/call_metrics.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <optional>

#include "riacho/model/error.h"

namespace riacho::internal {
namespace {

constexpr std::int64_t kNanosPerMilli = 1'000'000;

// What a call put.
struct Written {
  std::int64_t bytes = 0;
  std::int64_t records = 0;
  std::int64_t throttled_records = 0;
};

// Counts those metrics of a shard that are turned on.
class ShardCount {
 public:
  ShardCount(const Stream& stream, LiveShard& shard, std::int64_t now_nanos)
      : metrics_(stream.settings().shard_metrics()) {
    if (metrics_.none() || stream.meter() == nullptr) return;
    Meter* meter = shard.meter.load(std::memory_order_acquire);
    if (meter == nullptr) {
      meter = &stream.meter()->OfShard(shard.shard_id());
      shard.meter.store(meter, std::memory_order_release);
    }
    tallies_ = meter->TalliesAt(now_nanos);
  }

  void Add(std::size_t tally, std::int64_t value) {
    if (tallies_ != nullptr && metrics_.test(tally)) tallies_[tally].Add(value);
  }
  void Add(const Written& written) {
    Add(ShardTally::kIncomingBytes, written.bytes);
    Add(ShardTally::kIncomingRecords, written.records);
    Add(ShardTally::kWriteThrottledRecords, written.throttled_records);
  }

 private:
  const ShardMetrics metrics_;
  Tally* tallies_ = nullptr;
};

void AddWritten(Tally* calls, const Written& written) {
  calls[StreamTally::kIncomingBytes].Add(written.bytes);
  calls[StreamTally::kIncomingRecords].Add(written.records);
  calls[StreamTally::kWriteThrottledRecords].Add(written.throttled_records);
}

// How long the call has taken so far, by the engine's clock.
void AddLatency(const Account& account, Meter& meter, std::size_t place, std::int64_t now_nanos) {
  meter.LatencyAt(now_nanos, place).Add(std::max<std::int64_t>(account.NowNanos() - now_nanos, 0));
}

void CountRefusedPutRecord(const Account& account, StreamMeter& meter, const Written& written,
                           std::int64_t bytes, std::int64_t now_nanos) {
  Tally* const calls = meter.calls().TalliesAt(now_nanos);
  AddWritten(calls, written);
  calls[StreamTally::kPutRecordBytes].Add(bytes);
  calls[StreamTally::kPutRecordSuccess].Add(0);
  if (meter.latency()) AddLatency(account, meter.calls(), StreamLatency::kPutRecord, now_nanos);
}

// A record that the stream would have placed itself has been throttled by all shards: none of them
// counts it.
void CountShardOfPut(const Stream& stream, ShardId shard_id, const Written& written,
                     std::int64_t now_nanos) {
  if (written.records == 0 &&
      stream.settings().record_distribution_strategy() == RecordDistributionStrategy::kAuto) {
    return;
  }
  const std::shared_ptr<LiveShard>* const shard = stream.map().Find(shard_id);
  if (shard != nullptr) ShardCount(stream, **shard, now_nanos).Add(written);
}

void CountShardsOfPuts(const Stream& stream, const PutRecordsRequest& request,
                       const PutRecordsResponse& response, std::int64_t now_nanos) {
  const bool places_records_itself =
      stream.settings().record_distribution_strategy() == RecordDistributionStrategy::kAuto;
  std::map<ShardId, Written> shards;
  for (std::size_t i = 0; i < response.records.size(); ++i) {
    const PutRecordsRequestEntry& entry = request.records[i];
    const PutRecordsResultEntry& result = response.records[i];
    const std::string_view key = entry.partition_key.value_or("");
    if (!result.error_code.has_value()) {
      Written& written = shards[result.shard_id];
      written.bytes += static_cast<std::int64_t>(entry.data->size() + key.size());
      ++written.records;
    } else if (result.error_code == ErrorCode::kProvisionedThroughputExceeded) {
      // What an AUTO stream throttles, all its shards have: none of them counts it.
      if (places_records_itself) continue;
      const std::optional<HashKey> hash_key = entry.explicit_hash_key.has_value()
                                                  ? HashKey::Parse(*entry.explicit_hash_key)
                                                  : std::nullopt;
      ++shards[stream.Route(key, hash_key).shard_id()].throttled_records;
    }
  }
  for (const auto& [shard, written] : shards) CountShardOfPut(stream, shard, written, now_nanos);
}

}  // namespace

std::unique_ptr<Meter> NewOperationMeter(const MetricsOptions& options, const Metrics& metrics) {
  if (!options.enabled || !options.latency) return nullptr;
  static const auto* const kTexts = [] {
    auto* const texts = new std::array<std::string, kOperationCount>();
    for (std::size_t i = 0; i < kOperationCount; ++i)
      (*texts)[i] = std::string(OperationName(static_cast<Operation>(i))) + ".Latency";
    return texts;
  }();
  static const auto* const kNames =
      new std::vector<std::string_view>(kTexts->begin(), kTexts->end());
  return std::make_unique<Meter>(metrics.table(), std::span<const MeterRow>(), kRiachoMetrics,
                                 std::vector<Dimension>(), *kNames);
}

void CountLatency(const Account& account, Operation operation, std::int64_t now_nanos) {
  if (account.operation_meter == nullptr) return;
  AddLatency(account, *account.operation_meter, static_cast<std::size_t>(operation), now_nanos);
}

std::shared_ptr<StreamMeter> NewStreamMeter(const Account& account, const std::string& stream) {
  const MetricsOptions& options = account.options.metrics;
  if (!options.enabled) return nullptr;
  return std::make_shared<StreamMeter>(account.metrics.table(), stream, options.latency);
}

Meter* ConsumerMeterOf(const Stream& stream, const std::string& consumer) {
  return stream.meter() == nullptr ? nullptr : &stream.meter()->OfConsumer(consumer);
}

void CountStoredPutRecordInDetail(const Account& account, const Stream& stream, ShardId shard_id,
                                  std::int64_t bytes, std::int64_t now_nanos) {
  Tally* const calls = stream.meter()->calls().TalliesAt(now_nanos);
  calls[StreamTally::kStoredPut].Add(bytes);
  if (stream.meter()->latency())
    AddLatency(account, stream.meter()->calls(), StreamLatency::kPutRecord, now_nanos);
  CountShardOfPut(stream, shard_id, {.bytes = bytes, .records = 1}, now_nanos);
}

void CountThrottledPutRecord(const Account& account, const Stream& stream, ShardId shard_id,
                             std::int64_t bytes, std::int64_t now_nanos) {
  if (stream.meter() == nullptr) return;
  const Written written = {.throttled_records = 1};
  CountRefusedPutRecord(account, *stream.meter(), written, bytes, now_nanos);
  CountShardOfPut(stream, shard_id, written, now_nanos);
}

void CountFailedPutRecord(const Account& account, const Stream& stream, std::int64_t bytes,
                          std::int64_t now_nanos) {
  if (stream.meter() == nullptr) return;
  CountRefusedPutRecord(account, *stream.meter(), {}, bytes, now_nanos);
}

void CountPutRecords(const Account& account, const Stream& stream, const PutRecordsRequest& request,
                     const PutRecordsResponse& response, std::int64_t now_nanos) {
  StreamMeter* const meter = stream.meter();
  if (meter == nullptr) return;
  Written written;
  std::int64_t bytes = 0;
  std::int64_t failed = 0;
  for (std::size_t i = 0; i < request.records.size(); ++i) {
    const PutRecordsRequestEntry& entry = request.records[i];
    const auto record_bytes =
        static_cast<std::int64_t>(entry.data->size() + entry.partition_key.value_or("").size());
    bytes += record_bytes;
    if (i >= response.records.size()) continue;  // refused as a whole
    const std::optional<ErrorCode>& error = response.records[i].error_code;
    if (!error.has_value()) {
      written.bytes += record_bytes;
      ++written.records;
    } else if (error == ErrorCode::kProvisionedThroughputExceeded) {
      ++written.throttled_records;
    } else {
      ++failed;
    }
  }
  Tally* const calls = meter->calls().TalliesAt(now_nanos);
  AddWritten(calls, written);
  calls[StreamTally::kPutRecordsBytes].Add(bytes);
  calls[StreamTally::kPutRecordsSuccess].Add(written.records == 0 ? 0 : 1);
  calls[StreamTally::kPutRecordsTotal].Add(static_cast<std::int64_t>(request.records.size()));
  calls[StreamTally::kPutRecordsSuccessful].Add(written.records);
  calls[StreamTally::kPutRecordsFailed].Add(failed);
  calls[StreamTally::kPutRecordsThrottled].Add(written.throttled_records);
  if (meter->latency()) AddLatency(account, meter->calls(), StreamLatency::kPutRecords, now_nanos);
  if (stream.settings().shard_metrics().any())
    CountShardsOfPuts(stream, request, response, now_nanos);
}

void CountFailedPutRecords(const Account& account, const Stream& stream,
                           const PutRecordsRequest& request, std::int64_t now_nanos) {
  CountPutRecords(account, stream, request, PutRecordsResponse(), now_nanos);
}

void CountGetRecords(const Account& account, const Stream& stream, LiveShard& shard,
                     const ShardPage& page, std::int64_t now_nanos) {
  StreamMeter* const meter = stream.meter();
  if (meter == nullptr) return;
  const auto records = static_cast<std::int64_t>(page.records.size());
  std::int64_t age_millis = 0;
  if (records != 0) {
    const absl::Time arrival = page.records.back().approximate_arrival_timestamp;
    age_millis =
        std::max<std::int64_t>(now_nanos / kNanosPerMilli - absl::ToUnixMillis(arrival), 0);
  }
  Tally* const calls = meter->calls().TalliesAt(now_nanos);
  calls[StreamTally::kGetRecordsBytes].Add(page.bytes);
  calls[StreamTally::kGetRecordsRecords].Add(records);
  calls[StreamTally::kGetRecordsAgeMillis].Add(age_millis);
  calls[StreamTally::kGetRecordsSuccess].Add(1);
  calls[StreamTally::kReadThrottled].Add(0);
  if (meter->latency()) AddLatency(account, meter->calls(), StreamLatency::kGetRecords, now_nanos);
  ShardCount of_shard(stream, shard, now_nanos);
  of_shard.Add(ShardTally::kOutgoingBytes, page.bytes);
  of_shard.Add(ShardTally::kOutgoingRecords, records);
  of_shard.Add(ShardTally::kAgeMillis, age_millis);
  of_shard.Add(ShardTally::kReadThrottled, 0);
}

void CountThrottledGetRecords(const Account& account, const Stream& stream, LiveShard& shard,
                              std::int64_t now_nanos) {
  if (stream.meter() == nullptr) return;
  Tally* const calls = stream.meter()->calls().TalliesAt(now_nanos);
  calls[StreamTally::kReadThrottled].Add(1);
  calls[StreamTally::kGetRecordsSuccess].Add(0);
  if (stream.meter()->latency())
    AddLatency(account, stream.meter()->calls(), StreamLatency::kGetRecords, now_nanos);
  ShardCount(stream, shard, now_nanos).Add(ShardTally::kReadThrottled, 1);
}

void CountFailedGetRecords(const Account& account, const Stream& stream, std::int64_t now_nanos) {
  if (stream.meter() == nullptr) return;
  Tally* const calls = stream.meter()->calls().TalliesAt(now_nanos);
  calls[StreamTally::kReadThrottled].Add(0);
  calls[StreamTally::kGetRecordsSuccess].Add(0);
  if (stream.meter()->latency())
    AddLatency(account, stream.meter()->calls(), StreamLatency::kGetRecords, now_nanos);
}

void CountSubscribeToShard(const Account& account, Meter* meter, const Consumer& consumer,
                           const absl::Status& outcome, std::int64_t now_nanos) {
  if (meter == nullptr) return;
  // An ACTIVE consumer is refused because its last subscription is too young.
  const std::optional<ErrorCode> error = GetErrorCode(outcome);
  const bool rate_exceeded =
      consumer.consumer_status == ConsumerStatus::kActive &&
      (error == ErrorCode::kResourceInUse || error == ErrorCode::kLimitExceeded);
  Tally* const calls = meter->TalliesAt(now_nanos);
  calls[ConsumerTally::kSubscribeSuccess].Add(outcome.ok() ? 1 : 0);
  calls[ConsumerTally::kSubscribeRateExceeded].Add(rate_exceeded ? 1 : 0);
  if (account.options.metrics.latency)
    AddLatency(account, *meter, ConsumerLatency::kSubscribe, now_nanos);
}

void CountSubscribeToShardEvent(const Account& account, Meter* meter, const Stream& stream,
                                LiveShard& shard, const SubscribeToShardEvent& event,
                                std::int64_t bytes, std::int64_t now_nanos) {
  if (meter == nullptr) return;
  const auto records = static_cast<std::int64_t>(event.records.size());
  Tally* const events = meter->TalliesAt(now_nanos);
  events[ConsumerTally::kEventBytes].Add(bytes);
  events[ConsumerTally::kEventRecords].Add(records);
  events[ConsumerTally::kEventMillisBehindLatest].Add(event.millis_behind_latest);
  events[ConsumerTally::kEventSuccess].Add(1);
  if (account.options.metrics.latency)
    AddLatency(account, *meter, ConsumerLatency::kEvent, now_nanos);
  ShardCount of_shard(stream, shard, now_nanos);
  of_shard.Add(ShardTally::kOutgoingBytes, bytes);
  of_shard.Add(ShardTally::kOutgoingRecords, records);
}

void CountEndOfSubscription(Meter* meter, std::int64_t now_nanos) {
  if (meter != nullptr) meter->TalliesAt(now_nanos)[ConsumerTally::kEventSuccess].Add(0);
}

}  // namespace riacho::internal
