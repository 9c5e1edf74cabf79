// What the clients of one engine share: the account's streams, its quotas, its memory and its
// clock.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "engine/account_state.h"
#include "engine/call_rates.h"
#include "engine/commitment.h"
#include "engine/mode_switches.h"
#include "engine/record_encryption.h"
#include "engine/stream_registry.h"
#include "riacho/engine/engine.h"
#include "riacho/model/operation.h"
#include "riacho/security/key_store.h"
#include "riacho/telemetry/metrics.h"
#include "shard/segment_pool.h"
#include "telemetry/meter.h"

namespace riacho::internal {

// What the streams but for `except` take of the account's quotas.
AccountUsage UsageOf(const StreamRegistry::Streams& streams, const Stream* except);

// How many entries a page has: as many as the request asks for, up to the limit, and one at least.
inline std::int64_t PageSize(const std::optional<std::int64_t>& asked, std::int64_t most) {
  return std::max<std::int64_t>(std::min(asked.value_or(most), most), 1);
}

// Thread-safe. Public members are constant or thread-safe themselves.
class Account {
 public:
  Account(Clock& clock, EngineOptions options);

  // Unix. A clock beyond the years 1970 to 2250 counts as standing at the edge, so that sums of
  // times and durations do not overflow.
  std::int64_t NowNanos() const;

  // The stream that a request addresses by name, ARN or both. The caller holds an EpochGuard.
  // Errors: kInvalidArgument (neither; they disagree; another region; not a stream's ARN),
  //         kUnrecognizedClient (another account), kResourceNotFound.
  absl::StatusOr<Stream*> Locate(const std::optional<std::string_view>& name,
                                 const std::optional<std::string_view>& arn,
                                 std::int64_t now_nanos) const {
    if (name.has_value() && !arn.has_value()) {
      if (Stream* const stream = streams.Find(*name, now_nanos); stream != nullptr) return stream;
      return StreamNotFound(*name);
    }
    if (arn.has_value() && !name.has_value()) {
      if (Stream* const stream = streams.FindArn(*arn, now_nanos); stream != nullptr) return stream;
    }
    return LocateByArn(name, arn, now_nanos);
  }
  // The same for control operations, which keep the stream; its call rate of `operation` must admit
  // the call.
  absl::StatusOr<std::shared_ptr<Stream>> Share(Operation operation,
                                                const std::optional<std::string>& name,
                                                const std::optional<std::string>& arn,
                                                std::int64_t now_nanos);

  // What a ResourceARN means: a stream, or with `consumer` one of its consumers, which may not
  // exist. Errors as Share.
  struct Resource {
    std::shared_ptr<Stream> stream;
    std::optional<ConsumerId> consumer = {};
  };
  absl::StatusOr<Resource> ShareResource(Operation operation, const std::string& arn,
                                         std::int64_t now_nanos);

  // The name that the request means, found to be in this account and region.
  absl::StatusOr<std::string> NameOf(const std::optional<std::string_view>& name,
                                     const std::optional<std::string_view>& arn) const;
  // The shard that `text` names: kResourceNotFound when it cannot be read as a shard id.
  absl::StatusOr<ShardId> ParseShardId(std::string_view text, std::string_view stream) const;
  // Share, for the operations that an on-demand stream refuses: kValidation.
  absl::StatusOr<std::shared_ptr<Stream>> ShareForReshard(Operation operation,
                                                          const std::string& name,
                                                          std::int64_t now_nanos);
  absl::Status StreamNotFound(std::string_view name) const;
  absl::Status ShardNotFound(ShardId shard, std::string_view stream) const;
  std::string StreamArn(std::string_view name) const;

  // The account is committed to a minimum throughput, be it only until a scheduled end.
  bool Committed(std::int64_t now_nanos) const {
    return commitment.Active(absl::FromUnixNanos(now_nanos));
  }
  // Whether a stream may be given this warm throughput: kValidation unless the account is committed
  // without a scheduled end, kInvalidArgument above the limit.
  absl::Status CheckWarmThroughput(std::int64_t mibps, std::int64_t now_nanos) const;

  // Frees what has expired, in all streams. Not inside an EpochGuard: memory in sight of a guard
  // stays.
  void ReclaimMemory(std::int64_t now_nanos);

  Clock& clock;
  const EngineOptions options;
  const std::uint64_t seed;
  // Seals this engine's tokens. Changes when a snapshot is loaded: to that of the saved engine.
  std::atomic<std::uint64_t> token_key;
  const std::shared_ptr<SegmentPool> memory;
  const std::shared_ptr<KeyStore> key_store;
  RecordEncryption encryption;
  CallRates call_rates;
  Commitment commitment;
  ModeSwitches mode_switches;
  StreamRegistry streams;
  Metrics metrics;  // after the streams: what they count while they are destroyed is of no use
  const std::unique_ptr<Meter> operation_meter;     // null unless latencies are counted
  std::atomic<std::uint64_t> last_incarnation = 0;  // tells a stream from a deleted namesake
  // Whether a stream or a consumer has ever had a policy: until then root is not asked about.
  std::atomic<bool> has_resource_policies = false;

  // What there is besides the streams.
  AccountState Save();
  // The opposite. `state` passed WhatIsWrong.
  void Restore(const AccountState& state);

 private:
  absl::StatusOr<Stream*> LocateByArn(const std::optional<std::string_view>& name,
                                      const std::optional<std::string_view>& arn,
                                      std::int64_t now_nanos) const;
};

}  // namespace riacho::internal
