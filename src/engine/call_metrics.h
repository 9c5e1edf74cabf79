// What the metrics of AWS/Kinesis count of a call. One call of these for one call of the service,
// once its outcome is known: its samples are of the minute in which it began.
//
// A call is counted when its stream has been found and it has passed what is demanded of requests;
// not when it is a dry run. Thread-safe. Wait-free but for what the classes Meter and StreamMeter
// say, and for PutRecords with shard-level metrics, which allocates.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"

#include "engine/account.h"
#include "riacho/client/record_requests.h"
#include "riacho/client/subscription.h"
#include "riacho/model/consumer.h"
#include "stream/shard_cursor.h"
#include "stream/stream.h"
#include "telemetry/stream_meter.h"

namespace riacho::internal {

// Of the operations whose latencies are not those of a stream. Null when none are to be counted.
std::unique_ptr<Meter> NewOperationMeter(const MetricsOptions& options, const Metrics& metrics);
constexpr bool HasLatencyOfStream(Operation operation) {
  return operation == Operation::kPutRecord || operation == Operation::kPutRecords ||
         operation == Operation::kGetRecords || operation == Operation::kSubscribeToShard;
}
void CountLatency(const Account& account, Operation operation, std::int64_t now_nanos);

// Null when nothing is to be counted.
std::shared_ptr<StreamMeter> NewStreamMeter(const Account& account, const std::string& stream);
Meter* ConsumerMeterOf(const Stream& stream, const std::string& consumer);

// `bytes`: data and partition key. The caller of those that count puts and gets holds an
// EpochGuard.
void CountStoredPutRecordInDetail(const Account& account, const Stream& stream, ShardId shard_id,
                                  std::int64_t bytes, std::int64_t now_nanos);
inline void CountStoredPutRecord(const Account& account, const Stream& stream, ShardId shard_id,
                                 std::int64_t bytes, std::int64_t now_nanos) {
  StreamMeter* const meter = stream.meter();
  if (meter == nullptr) return;
  if (meter->latency() || stream.settings().shard_metrics().any()) [[unlikely]] {
    CountStoredPutRecordInDetail(account, stream, shard_id, bytes, now_nanos);
  } else {
    meter->calls().TalliesAt(now_nanos)[StreamTally::kStoredPut].Add(bytes);
  }
}
void CountThrottledPutRecord(const Account& account, const Stream& stream, ShardId shard_id,
                             std::int64_t bytes, std::int64_t now_nanos);
// For want of memory, or by the key of an encrypted stream.
void CountFailedPutRecord(const Account& account, const Stream& stream, std::int64_t bytes,
                          std::int64_t now_nanos);
void CountPutRecords(const Account& account, const Stream& stream, const PutRecordsRequest& request,
                     const PutRecordsResponse& response, std::int64_t now_nanos);
void CountGetRecords(const Account& account, const Stream& stream, LiveShard& shard,
                     const ShardPage& page, std::int64_t now_nanos);
void CountThrottledGetRecords(const Account& account, const Stream& stream, LiveShard& shard,
                              std::int64_t now_nanos);

// Refused as a whole, by the key of an encrypted stream.
void CountFailedPutRecords(const Account& account, const Stream& stream,
                           const PutRecordsRequest& request, std::int64_t now_nanos);
void CountFailedGetRecords(const Account& account, const Stream& stream, std::int64_t now_nanos);

// `meter`: of the consumer; nothing is counted when it is null.
void CountSubscribeToShard(const Account& account, Meter* meter, const Consumer& consumer,
                           const absl::Status& outcome, std::int64_t now_nanos);
void CountSubscribeToShardEvent(const Account& account, Meter* meter, const Stream& stream,
                                LiveShard& shard, const SubscribeToShardEvent& event,
                                std::int64_t bytes, std::int64_t now_nanos);
// Other than at the end of the shard.
void CountEndOfSubscription(Meter* meter, std::int64_t now_nanos);

}  // namespace riacho::internal
