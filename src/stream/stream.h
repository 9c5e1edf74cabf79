// One stream over time: its shards, settings and consumers, and what is still to happen to it.
//
// Time is told by the caller. What should have happened by `now` is settled when someone looks:
// Settle compares one word, and takes the mutex only when something is due; then transitions are
// applied in the order of their due times, each at its own.
//
// Thread-safe. Put, map and the accessors are lock-free; Settle is while nothing is due. All else
// takes the stream's mutex.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"

#include "base/epoch.h"
#include "flow/rolling_quota.h"
#include "riacho/model/consumer.h"
#include "riacho/model/hash_key.h"
#include "riacho/model/lifecycle.h"
#include "riacho/model/limits.h"
#include "riacho/model/stream_description.h"
#include "riacho/security/policy.h"
#include "shard/log_cut.h"
#include "stream/consumer_registry.h"
#include "stream/on_demand_scaling.h"
#include "stream/resharding.h"
#include "stream/routed_entry.h"
#include "stream/shard_map.h"
#include "stream/stream_settings.h"
#include "stream/stream_state.h"
#include "stream/tag_set.h"

namespace riacho::internal {

class StreamMeter;

// What a stream is made with, and keeps but for the settings at the end.
struct StreamOptions {
  std::string name;
  std::string arn;
  std::string account_id;
  std::string region;
  Limits limits;
  Lifecycle lifecycle;
  std::shared_ptr<SegmentSource> memory;
  std::shared_ptr<StreamMeter> meter = nullptr;  // kept for those who count; they may not
  std::uint64_t incarnation = 0;                 // tells it from a deleted namesake
  std::uint64_t first_place = 0;                 // where an AUTO stream begins to spread records
  std::int64_t shard_count = 1;
  StreamMode mode = StreamMode::kProvisioned;
  int max_record_size_in_kib = 1024;
  RecordDistributionStrategy record_distribution_strategy =
      RecordDistributionStrategy::kUserPartitionKey;
  std::int64_t warm_throughput_mibps = 0;
  Tags tags = {};
};

// What the account's other streams take of its quotas.
struct AccountUsage {
  std::int64_t shards = 0;  // open ones of provisioned streams
  std::int64_t on_demand_streams = 0;
};

enum class PutOutcome : unsigned char { kStored, kThrottled, kNoMemory };

struct PutResult {
  PutOutcome outcome = PutOutcome::kStored;
  ShardId shard_id = {};                // the shard that stored or refused it
  SequenceNumber sequence_number = {};  // when stored
  LiveShard* shard = nullptr;           // when throttled; valid under the caller's EpochGuard
};

// Whether the account may have `additional` more open shards than its `present` ones; with the
// service's text if not.
absl::Status CheckShardQuota(const Limits& limits, const std::string& account_id,
                             const std::string& region, std::int64_t present,
                             std::int64_t additional);

// The same for one more on-demand stream.
absl::Status CheckOnDemandQuota(const Limits& limits, const std::string& account_id,
                                const std::string& region, std::int64_t present);

// `nanos` and so much more; a lifecycle may ask for forever.
inline std::int64_t LaterBy(std::int64_t nanos, absl::Duration by) {
  return absl::ToUnixNanos(absl::FromUnixNanos(nanos) + by);
}

class Stream {
 public:
  // A new stream, CREATING from `now_nanos` on (Unix).
  Stream(StreamOptions options, std::int64_t now_nanos);
  // One that was saved at `saved_at_nanos`, from there on. `shards` are those of the state, in its
  // order, with their records. What the options say of limits, life-cycle and names counts; the
  // rest of them says the state, in which nothing is wrong (WhatIsWrong).
  Stream(StreamOptions options, const StreamState& state,
         const std::vector<std::shared_ptr<LiveShard>>& shards, std::int64_t saved_at_nanos);
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  ~Stream();

  const std::string& name() const { return options_.name; }
  const std::string& arn() const { return options_.arn; }
  std::uint64_t incarnation() const { return options_.incarnation; }
  const Limits& limits() const { return options_.limits; }
  // What its calls are counted with; null when they are not.
  StreamMeter* meter() const { return options_.meter.get(); }
  StreamMode mode() const { return settings_.mode(); }
  const StreamSettings& settings() const { return settings_; }
  std::int64_t creation_seconds() const { return creation_seconds_; }
  // The Unix second in the sequence numbers of the shards it began with: a little before its own
  // creation, as observed.
  std::int64_t first_shards_seconds() const;
  std::int64_t max_record_bytes() const {
    return std::int64_t{settings_.max_record_size_in_kib()} * 1024;
  }
  StreamStatus status() const { return status_.load(std::memory_order_acquire); }
  // Deleted, and the deletion is complete: the name is free.
  bool gone(std::int64_t now_nanos) const {
    return status() == StreamStatus::kDeleting &&
           now_nanos >= gone_at_nanos_.load(std::memory_order_acquire);
  }
  // Shards without an announced end, as OpenShardCount counts them.
  std::int64_t open_shard_count() const {
    return open_shard_count_.load(std::memory_order_relaxed);
  }
  // The same as the account's quota counts them: with the most that a reshard under way will come
  // to.
  std::int64_t claimed_shard_count() const {
    return claimed_shard_count_.load(std::memory_order_relaxed);
  }

  void Settle(std::int64_t now_nanos) {
    if (now_nanos >= due_at_nanos_.load(std::memory_order_relaxed)) SettleDue(now_nanos);
  }
  // When Settle will next have something to do; Unix.
  std::int64_t due_at_nanos() const { return due_at_nanos_.load(std::memory_order_relaxed); }
  // Frees what has left the retention period, due or not.
  void TrimNow(std::int64_t now_nanos);

  // The Put methods are called under an EpochGuard.
  //
  // Stores a record in the shard that its key, or `explicit_hash_key`, belongs to. `seal_bytes`:
  // how much of the data is an encrypted record's seal, which throughput limits do not count; 0 for
  // clear data.
  PutResult Put(std::string_view partition_key, const std::optional<HashKey>& explicit_hash_key,
                std::string_view data, std::int64_t now_nanos, std::size_t seal_bytes = 0);
  // Stores a record, perhaps without a key, in whichever open shard has room: one after the other.
  PutResult PutAnywhere(std::string_view partition_key, std::string_view data,
                        std::int64_t now_nanos, std::size_t seal_bytes = 0);

  // Stores many records: each as Put would, those of one shard in their order and with one claim
  // on its log. Calls done(i, result) once for each. At most kMostInGroup. An Entry has `data`
  // (there), `partition_key` and `explicit_hash_key` (valid, if any) as PutRecordsRequestEntry has.
  // Defined in stream/put_group.h.
  static constexpr std::size_t kMostInGroup = 500;
  template <typename Entry, typename Done>
  void PutGroup(std::span<const Entry> entries, std::int64_t now_nanos, const Done& done);

  // Whether records are sealed as they are put; a writer that races with the end of a change may
  // still see the state before it.
  bool encrypted() const { return encryption_key_.load(std::memory_order_relaxed) != nullptr; }
  // The key for it, as StartStreamEncryption named it; null when they are not. Under the caller's
  // EpochGuard.
  const std::string* encryption_key() const {
    return encryption_key_.load(std::memory_order_acquire);  // pairs with Apply
  }

  // The present shards. The caller holds an EpochGuard for as long as it uses the map.
  const ShardMap& map() const { return *map_.load(std::memory_order_acquire); }
  // The shard that takes puts for the key. Under the caller's EpochGuard.
  LiveShard& Route(std::string_view partition_key,
                   const std::optional<HashKey>& explicit_hash_key) const {
    return Route(map(), partition_key, explicit_hash_key);
  }
  // Null when there is none (any more).
  std::shared_ptr<LiveShard> FindShard(ShardId id) const;

  // Its last record has been taken: its children have taken over, or it has expired.
  bool TakesNoMore(ShardId id) const;

  // Records that arrived before this Unix millisecond have left the stream.
  std::int64_t HorizonMillis(std::int64_t now_nanos) const;

  StreamDescriptionSummary Summarize() const;
  // All listed shards, ascending id; empty while CREATING.
  std::vector<Shard> DescribeShards() const;
  int retention_period_hours() const { return retention_hours_.load(std::memory_order_relaxed); }

  // Each checks state and rules, then starts the change. `shards_elsewhere` counts the open shards
  // of the account's other provisioned streams. Errors: see the operation of the same name in
  // client/client.h.
  absl::Status Split(ShardId shard, std::string_view new_starting_hash_key,
                     std::int64_t shards_elsewhere, std::int64_t now_nanos);
  absl::Status Merge(ShardId lower, ShardId upper, std::int64_t now_nanos);
  absl::StatusOr<std::int64_t> UpdateShardCount(
      std::int64_t target, std::int64_t shards_elsewhere,
      std::int64_t now_nanos);  // answers the count before
  absl::Status IncreaseRetention(std::int64_t hours, std::int64_t now_nanos) {
    return ChangeRetention(hours, true, now_nanos);
  }
  absl::Status DecreaseRetention(std::int64_t hours, std::int64_t now_nanos) {
    return ChangeRetention(hours, false, now_nanos);
  }
  // `take_switch` is asked last and only for a real switch: whether the day has one left.
  absl::Status UpdateMode(StreamMode mode, std::optional<std::int64_t> warm_throughput_mibps,
                          const AccountUsage& elsewhere, absl::FunctionRef<bool()> take_switch,
                          std::int64_t now_nanos);
  absl::Status UpdateMaxRecordSize(int kib, std::int64_t now_nanos);
  absl::StatusOr<WarmThroughput> UpdateWarmThroughput(std::int64_t mibps, std::int64_t now_nanos);
  absl::Status UpdateRecordDistributionStrategy(RecordDistributionStrategy strategy,
                                                std::int64_t now_nanos);
  // Turns metrics on or off; answers those before and those after.
  absl::StatusOr<std::pair<ShardMetrics, ShardMetrics>> ChangeShardMetrics(
      const ShardMetrics& metrics, bool enable, std::int64_t now_nanos);
  absl::Status StartEncryption(const std::string& key_id, std::int64_t now_nanos);
  absl::Status StopEncryption(std::int64_t now_nanos);
  absl::Status Delete(bool enforce_consumer_deletion, std::int64_t now_nanos);

  // Of the stream, or of one of its consumers, in every state. Errors: kResourceNotFound for a
  // consumer, and see stream/tag_set.h.
  absl::Status AddTags(const std::optional<ConsumerId>& consumer, const Tags& tags);
  absl::Status RemoveTags(const std::optional<ConsumerId>& consumer,
                          const std::vector<std::string>& keys);
  absl::StatusOr<Tags> ListTags(const std::optional<ConsumerId>& consumer);

  // `committed`: the account has a minimum throughput billing commitment.
  absl::StatusOr<Consumer> RegisterConsumer(const std::string& name, const Tags& tags,
                                            bool committed, std::int64_t now_nanos);
  // `creation_seconds`: the consumer must be of that second, when given (an ARN says it).
  absl::Status DeregisterConsumer(const std::string& name,
                                  std::optional<std::int64_t> creation_seconds,
                                  std::int64_t now_nanos);
  absl::StatusOr<Consumer> DescribeConsumer(const std::string& name,
                                            std::optional<std::int64_t> creation_seconds) const;
  std::vector<Consumer> ListConsumers() const;

  // Whether Subscribe would be granted now; changes nothing.
  absl::Status CheckSubscribe(const std::string& consumer, std::int64_t creation_seconds,
                              ShardId shard, std::int64_t now_nanos);
  // Gives the lease of consumer and shard to a new subscription; answers the lease and its ticket.
  absl::StatusOr<std::pair<std::shared_ptr<SubscriptionLease>, std::uint64_t>> Subscribe(
      const std::string& consumer, std::int64_t creation_seconds,
      const std::shared_ptr<LiveShard>& shard, std::int64_t now_nanos);

  // The stream's resource policy, null when there is none. The caller holds an EpochGuard for as
  // long as it uses it. Lock-free.
  const Policy* policy() const { return policy_.load(std::memory_order_acquire); }
  absl::StatusOr<std::optional<Policy>> ConsumerPolicy(const ConsumerId& id) const;
  // Attaches a policy to the stream, or to one of its consumers; none takes the present one away.
  // Stream, or consumer, must be ACTIVE.
  absl::Status SetPolicy(const std::optional<ConsumerId>& consumer, std::optional<Policy> policy,
                         std::int64_t now_nanos);

  // The stream as it is now, not settled, and what its shards hold, at one moment between two
  // changes of it; in the order of the state's shards.
  struct Saved {
    StreamState state = {};
    std::vector<std::shared_ptr<LiveShard>> shards = {};
    std::vector<LogCut> logs = {};
  };
  Saved Save();

  // "Stream S under account A not found." and its like.
  absl::Status NotFound() const;
  absl::Status NotActive() const;
  absl::Status ConsumerNotFound(const std::string& name,
                                std::optional<std::int64_t> creation_seconds) const;
  absl::Status ConsumerNotActive(const ConsumerEntry& consumer) const;

 private:
  // Parents that end together, and the children that take over: one parent and two children, or two
  // and one.
  struct ReshardStep {
    struct Family {
      ShardMap::Shards parents;
      ShardMap::Shards children;
    };
    std::vector<Family> families;
    std::int64_t end_seconds = 0;
  };
  struct Transition {
    using Kind = TransitionKind;

    std::int64_t at_nanos = 0;
    Kind kind = Kind::kActive;
    std::int64_t retention_hours = 0;
    SettingsChange settings = {};
    std::string key_id = {};                            // empty: no encryption
    std::shared_ptr<const ReshardStep> step = nullptr;  // shared by the two transitions of a step
  };
  // Where writers find the next map when they meet a sealed log.
  struct HandOver {
    const ShardMap* from = nullptr;
    const ShardMap* to = nullptr;
    ShardMap::Shards parents = {};
  };

  void SettleDue(std::int64_t now_nanos) ABSL_LOCKS_EXCLUDED(mutex_);
  void SettleLocked(std::int64_t now_nanos) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Apply(const Transition& transition) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void ShowReshard(const ReshardStep& step) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void CarryOut(const ReshardStep& step) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void TrimLocked(std::int64_t now_nanos) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void UpdateDue() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void AddTransition(Transition transition) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void ReplaceMap(ShardMap::Shards routed, ShardMap::Shards listed)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void HelpHandOver(const ShardMap& seen);
  static LiveShard& Route(const ShardMap& shards, std::string_view partition_key,
                          const std::optional<HashKey>& explicit_hash_key) {
    if (shards.single()) return *shards.routed().front();
    return shards.Route(explicit_hash_key.has_value() ? *explicit_hash_key
                                                      : HashKeyOf(partition_key));
  }
  // What of a run of entries for one shard has met a sealed log, moved to its front.
  template <typename Entry, typename Done>
  std::size_t PutRun(LiveShard& shard, std::span<const Entry> entries, std::span<RoutedEntry> run,
                     std::int64_t now_nanos, const Done& done);
  // Nothing when the shard's log is sealed.
  std::optional<PutResult> PutTo(LiveShard& shard, std::string_view partition_key,
                                 std::string_view data, std::int64_t now_nanos,
                                 std::size_t seal_bytes);

  // ON_DEMAND: what was written is measured, and scales the stream. Status stays ACTIVE.
  static constexpr std::int64_t kNotMeasured = INT64_MAX;
  static constexpr std::int64_t kNoWindow = INT64_MIN;
  bool ToBeMeasured() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return mode() == StreamMode::kOnDemand && scaling_.enabled();
  }
  // To be called when ToBeMeasured() has changed.
  void FollowMode(std::int64_t now_nanos) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // From now on the stream keeps capacity for so much evenly spread traffic, until the next call.
  // Answers when the shards that this needs are there.
  std::int64_t WarmUp(std::int64_t warm_throughput_mibps, std::int64_t now_nanos)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool measured() const {
    return window_end_nanos_.load(std::memory_order_relaxed) != kNotMeasured;
  }
  void CountInWindow(LiveShard& shard, const WriteTraffic& stored, std::int64_t now_nanos);
  void OpenWindow(std::int64_t now_nanos) ABSL_LOCKS_EXCLUDED(mutex_);
  void ForgetTraffic() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void BeginWindow(std::int64_t now_nanos) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void EndWindow(std::int64_t at_nanos) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Scale(const Transition& transition) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void LookForMerges(std::int64_t now_nanos) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  OnDemandScaling::OpenShards OpenShardRanges() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  absl::Status RateExceeded() const;  // so many calls in a day
  absl::Status CheckActive() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<std::shared_ptr<LiveShard>> FindForReshard(ShardId id) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status CheckOpen(const LiveShard& shard) const;
  ShardMap::Shards OpenShards() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);  // ascending range
  void StartReshard(const std::vector<ReshardRound>& rounds, absl::Duration first_shown,
                    std::int64_t now_nanos) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::int64_t LayDown(const std::vector<ReshardRound>& rounds, absl::Duration first_shown,
                       std::int64_t now_nanos) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status ChangeRetention(std::int64_t hours, bool increase, std::int64_t now_nanos);
  // UPDATING from now on; what `transition` changes is visible with ACTIVE.
  void StartUpdate(Transition transition, std::int64_t now_nanos)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void ApplySettings(const SettingsChange& change, std::int64_t now_nanos)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::int64_t WarmTarget(std::int64_t requested_mibps, std::int64_t now_nanos) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status CheckNothingNeedsOnDemand() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Where the tags lie, and what refusals call their owner.
  absl::StatusOr<std::pair<Tags*, TaggedResource>> FindTags(
      const std::optional<ConsumerId>& consumer) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  TaggedResource Tagged(const ConsumerEntry& entry) const;
  std::string ConsumerArn(const ConsumerEntry& entry) const;
  void ApplyEncryption(const std::string& key_id) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status SetConsumerPolicy(const ConsumerId& id, std::optional<Policy> policy)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  Consumer Describe(const ConsumerEntry& entry) const;
  absl::StatusOr<ConsumerEntry*> CheckSubscribeLocked(const std::string& consumer,
                                                      std::int64_t creation_seconds, ShardId shard,
                                                      std::int64_t now_nanos)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  ConsumerState SaveConsumer(const ConsumerEntry& entry) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void RestoreConsumers(const StreamState& state,
                        const std::map<std::uint32_t, std::shared_ptr<LiveShard>>& by_number)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const StreamOptions options_;
  const std::int64_t window_nanos_;
  const std::int64_t creation_seconds_;

  // Read by every put.
  alignas(128) std::atomic<const ShardMap*> map_ = nullptr;
  std::atomic<std::int64_t> due_at_nanos_ = INT64_MIN;
  std::atomic<const std::string*> encryption_key_ = nullptr;
  std::atomic<StreamStatus> status_ = StreamStatus::kCreating;
  std::atomic<std::int64_t> gone_at_nanos_ = INT64_MAX;
  // When the present window of traffic ends; kNoWindow until the next put, kNotMeasured for good.
  std::atomic<std::int64_t> window_end_nanos_ = kNotMeasured;
  std::atomic<const HandOver*> hand_over_ = nullptr;
  std::atomic<std::int64_t> horizon_floor_millis_ =
      INT64_MIN;  // an increase of retention brings nothing back
  std::atomic<int> retention_hours_ = 24;
  std::atomic<std::int64_t> open_shard_count_ = 0;
  std::atomic<std::int64_t> claimed_shard_count_ = 0;
  StreamSettings settings_;

  std::atomic<const Policy*> policy_ = nullptr;

  alignas(128) std::atomic<std::uint64_t> next_place_;  // written by every put to an AUTO stream

  mutable absl::Mutex mutex_;
  std::deque<Transition> transitions_ ABSL_GUARDED_BY(mutex_);  // ascending due time
  std::int64_t trim_at_nanos_ ABSL_GUARDED_BY(mutex_) = 0;
  std::uint32_t next_shard_number_ ABSL_GUARDED_BY(mutex_) = 0;
  std::uint64_t last_ticket_ ABSL_GUARDED_BY(mutex_) = SubscriptionLease::kRevoked;
  RollingQuota update_shard_count_calls_ ABSL_GUARDED_BY(mutex_);
  RollingQuota start_encryption_calls_ ABSL_GUARDED_BY(mutex_);
  RollingQuota stop_encryption_calls_ ABSL_GUARDED_BY(mutex_);
  Tags tags_ ABSL_GUARDED_BY(mutex_);
  ConsumerRegistry consumers_ ABSL_GUARDED_BY(mutex_);
  OnDemandScaling scaling_ ABSL_GUARDED_BY(mutex_);
  bool looks_for_merges_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace riacho::internal
