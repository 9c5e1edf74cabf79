// What is counted of a Kinesis stream: of its calls, of its shards, of its consumers.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

#include "riacho/model/shard_id.h"
#include "telemetry/meter.h"

namespace riacho::internal {

// What a stream's meter counts, each once for a call. Metrics that follow from one count have none
// of their own: see the rows in the source.
struct StreamTally {
  enum : std::size_t {
    kStoredPut,  // a PutRecord that was stored: its bytes, and all that follows from it
    kIncomingBytes,
    kIncomingRecords,
    kWriteThrottledRecords,
    kPutRecordBytes,
    kPutRecordSuccess,
    kPutRecordsBytes,
    kPutRecordsSuccess,
    kPutRecordsTotal,
    kPutRecordsSuccessful,
    kPutRecordsFailed,
    kPutRecordsThrottled,
    kGetRecordsBytes,
    kGetRecordsRecords,
    kGetRecordsAgeMillis,
    kGetRecordsSuccess,
    kReadThrottled,
  };
};
// How long calls took, when that is counted.
struct StreamLatency {
  enum : std::size_t { kPutRecord, kPutRecords, kGetRecords };
};
// The metrics of a shard, in the order of MetricsName.
struct ShardTally {
  enum : std::size_t {
    kIncomingBytes,
    kIncomingRecords,
    kOutgoingBytes,
    kOutgoingRecords,
    kWriteThrottledRecords,
    kReadThrottled,
    kAgeMillis,
  };
};
struct ConsumerTally {
  enum : std::size_t {
    kSubscribeSuccess,
    kSubscribeRateExceeded,
    kEventBytes,
    kEventRecords,
    kEventMillisBehindLatest,
    kEventSuccess,
  };
};

struct ConsumerLatency {
  enum : std::size_t { kSubscribe, kEvent };
};

// Thread-safe. The meters it hands out live as long as it does.
class StreamMeter {
 public:
  StreamMeter(std::shared_ptr<MetricTable> table, std::string stream_name, bool latency);

  Meter& calls() { return calls_; }
  // Whether *.Latency is counted.
  bool latency() const { return latency_; }

  // Takes a mutex; made when first asked for.
  Meter& OfShard(ShardId shard);
  Meter& OfConsumer(const std::string& name);

 private:
  const std::shared_ptr<MetricTable> table_;
  const std::string stream_name_;
  const bool latency_;
  Meter calls_;
  absl::Mutex mutex_;
  std::map<ShardId, Meter> shards_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, Meter> consumers_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace riacho::internal
