// The reference: one stream as the service's documents describe it, in vectors and maps. Nothing
// here is fast, shared or clever; everything that is due is applied at the next operation.
//
// Sequence numbers are the engine's: the reference is told the number of each record it has stored
// (LearnNumber), checks it, and from then on compares numbers as numbers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model_based/exact_bucket.h"
#include "riacho/client/record_requests.h"
#include "riacho/model/consumer.h"
#include "riacho/model/error.h"
#include "riacho/model/hash_key.h"
#include "riacho/model/lifecycle.h"
#include "riacho/model/limits.h"
#include "riacho/model/shard.h"
#include "riacho/model/stream_description.h"
#include "security/naive_evaluator.h"

namespace riacho::model_based {

// Deliberate mistakes, to show that the comparison finds them.
enum class Mistake : unsigned char {
  kNone,
  kLatestResolvedAtRead,
  kSplitBoundaryOffByOne,
  kRetentionIncreaseRevives,
  kIteratorLivesTooLong,
  kClosedShardNeverEnds,
  kTakeoverOneSecondEarly,
  kPartitionKeyIsFree,
  kOverwrittenTagCounts,
  kDataKeyLivesTooLong,
  kAccountIsNeverDenied,
};

// What the reference answers: a value, or the error.
template <typename T>
struct Answer {
  Answer() = default;
  Answer(T answer) : value(std::move(answer)) {}  // NOLINT(google-explicit-constructor)
  Answer(ErrorCode code) : error(code) {}         // NOLINT(google-explicit-constructor)
  bool ok() const { return !error.has_value(); }

  T value = {};
  std::optional<ErrorCode> error = {};
};
struct Done {};

struct ReferenceRecord {
  std::string_view partition_key;
  std::string_view data;
  std::int64_t arrival_millis = 0;
  SequenceNumber number = {};
  std::uint64_t data_key = 0;  // that it is encrypted with; 0: none
};

struct ReferenceShard {
  ReferenceShard(const Limits& limits, std::int64_t most_record_bytes, std::int64_t now_nanos);

  SequenceNumber StartingNumber() const;
  SequenceNumber EndingNumber() const;  // with end_seconds
  Shard Describe() const;

  std::uint32_t number = 0;
  std::optional<std::uint32_t> parent = {};
  std::optional<std::uint32_t> adjacent_parent = {};
  HashKeyRange range = {};
  std::int64_t create_seconds = 0;
  std::optional<std::int64_t> end_seconds = {};  // the end has been announced
  std::vector<ChildShard> children = {};
  bool listed = false;  // shown, and not expired
  bool takes_puts = false;
  bool finished = false;                      // takes no put any more
  std::vector<ReferenceRecord> records = {};  // all there ever were
  ExactBucket write_records;
  ExactBucket write_bytes;
  ExactBucket read_calls;
  ExactBucket read_bytes;
  ExactBucket iterator_calls;
};

// A position in a shard: behind the first `at` records, and not below `least`.
struct ReferencePosition {
  std::size_t at = 0;
  std::optional<SequenceNumber> least = {};
  bool beyond_least = false;      // greater than `least`, rather than equal to it or greater
  bool latest_when_read = false;  // Mistake::kLatestResolvedAtRead
};

struct ReferencePage {
  std::vector<ReferenceRecord> records = {};
  std::int64_t bytes = 0;
  std::int64_t millis_behind_latest = 0;
  bool end_of_shard = false;  // nothing on the page, and nothing will come
};

struct ReferenceLease {
  std::uint64_t holder = 0;  // ticket of the subscription that may deliver; 0: revoked
  std::int64_t taken_at_nanos = 0;
  ExactBucket calls;
  ExactBucket budget;
};

using ReferenceTags = std::map<std::string, std::string>;

// Adds all of `more`, or none.
Answer<Done> AddReferenceTags(ReferenceTags& tags, const ReferenceTags& more, std::int64_t most,
                              Mistake mistake);
Answer<Done> RemoveReferenceTags(ReferenceTags& tags, const std::vector<std::string>& keys);

struct ReferenceConsumer {
  std::string name;
  std::int64_t creation_seconds = 0;
  ConsumerStatus status = ConsumerStatus::kCreating;
  std::optional<std::int64_t> changes_at_nanos = {};
  std::map<std::uint32_t, std::shared_ptr<ReferenceLease>> leases = {};
  ReferenceTags tags = {};
  std::optional<NaivePolicy> policy = {};
};

// What a stream is created with.
struct ReferenceStreamOptions {
  std::string name = {};
  std::string arn = {};
  std::uint64_t incarnation = 0;  // tells it from a namesake
  StreamMode mode = StreamMode::kProvisioned;
  std::int64_t shard_count = 1;
  std::int64_t max_record_size_in_kib = 1024;
  RecordDistributionStrategy strategy = RecordDistributionStrategy::kUserPartitionKey;
  std::int64_t warm_throughput_mibps = 0;
  ReferenceTags tags = {};
};

// What the account's other streams take of its quotas.
struct ReferenceUsage {
  std::int64_t shards = 0;
  std::int64_t on_demand_streams = 0;
};

class ReferenceStream {
 public:
  ReferenceStream(const Limits& limits, const Lifecycle& lifecycle, Mistake mistake,
                  const ReferenceStreamOptions& options, std::int64_t now_nanos);
  ReferenceStream(const ReferenceStream&) = delete;
  ReferenceStream& operator=(const ReferenceStream&) = delete;

  // Applies what is due.
  void Settle(std::int64_t now_nanos);
  std::int64_t HorizonMillis(std::int64_t now_nanos) const;
  std::optional<std::int64_t> NextDue() const;
  // When the calls of a day that were taken leave it.
  std::vector<std::int64_t> QuotaMoments() const;
  // Whether turning the clock back to `now_nanos` leaves it open which records are gone.
  bool IsUnclearAt(std::int64_t now_nanos) const;

  std::int64_t OpenShardCount() const;
  // Whether it takes a place among the streams of this mode: it is in it, or on its way.
  bool CountsAs(StreamMode in) const { return mode == in || next_mode == in; }
  ReferenceShard* FindShard(std::uint32_t number) const;  // listed ones; null when there is none

  struct PutAnswer {
    std::optional<ErrorCode> error = {};
    std::uint32_t shard = 0;
    std::size_t at = 0;  // for LearnNumber
  };
  PutAnswer Put(std::string_view partition_key, const std::optional<HashKey>& explicit_hash_key,
                std::string_view data, std::uint64_t data_key, std::int64_t now_nanos);
  // The same for a stream that places records itself: in the shard that the service says it took,
  // or in none if it says so. An error unless that is possible.
  PutAnswer PutAnywhere(std::string_view partition_key, std::string_view data,
                        std::optional<std::uint32_t> placed_in, std::uint64_t data_key,
                        std::int64_t now_nanos);
  // Tells a record its number. Answers what is wrong with the number; empty: nothing.
  std::string LearnNumber(const PutAnswer& put, const SequenceNumber& number);

  Answer<ReferencePosition> Locate(const ReferenceShard& shard, ShardIteratorType type,
                                   const std::optional<std::string>& number,
                                   const std::optional<absl::Time>& timestamp,
                                   std::int64_t now_nanos) const;
  // Moves `position` behind the page.
  ReferencePage Read(const ReferenceShard& shard, ReferencePosition& position,
                     std::int64_t most_records, std::int64_t most_bytes,
                     std::int64_t now_nanos) const;

  Answer<Done> Split(std::uint32_t shard, std::string_view new_starting_hash_key,
                     std::int64_t shards_elsewhere, std::int64_t now_nanos);
  Answer<Done> Merge(std::uint32_t lower, std::uint32_t upper, std::int64_t now_nanos);
  Answer<std::int64_t> UpdateShardCount(std::int64_t target, std::int64_t shards_elsewhere,
                                        std::int64_t now_nanos);
  Answer<Done> ChangeRetention(std::int64_t hours, bool increase, std::int64_t now_nanos);
  // `take_switch` is asked last: whether the day has a switch left.
  Answer<Done> UpdateMode(StreamMode to, std::optional<std::int64_t> warm_mibps,
                          const ReferenceUsage& elsewhere, const std::function<bool()>& take_switch,
                          std::int64_t now_nanos);
  Answer<Done> UpdateMaxRecordSize(std::int64_t kib, std::int64_t now_nanos);
  Answer<WarmThroughput> UpdateWarmThroughput(std::int64_t mibps, std::int64_t now_nanos);
  Answer<Done> UpdateStrategy(RecordDistributionStrategy to);
  Answer<Done> StartEncryption(const std::string& key, std::int64_t now_nanos);
  Answer<Done> StopEncryption(std::int64_t now_nanos);
  // The metrics before and after.
  using Metrics = std::set<MetricsName>;
  Answer<std::pair<Metrics, Metrics>> ChangeMetrics(const std::vector<MetricsName>& names,
                                                    bool enable, std::int64_t now_nanos);
  Answer<Done> Delete(bool enforce_consumer_deletion, std::int64_t now_nanos);

  Answer<Consumer> RegisterConsumer(const std::string& name, const ReferenceTags& tags,
                                    bool committed, std::int64_t now_nanos);
  Answer<Done> DeregisterConsumer(ReferenceConsumer& consumer, std::int64_t now_nanos);
  Consumer Describe(const ReferenceConsumer& consumer) const;

  const Limits limits;
  const Lifecycle lifecycle;
  const Mistake mistake;
  const std::string name;
  const std::string arn;
  const std::uint64_t incarnation;
  const std::int64_t creation_seconds;
  StreamMode mode;
  std::optional<StreamMode> next_mode = {};  // until it is ACTIVE again
  std::int64_t most_record_bytes;
  RecordDistributionStrategy strategy;
  WarmThroughput warm;
  Metrics metrics = {};
  std::optional<std::string> key_id = {};  // records are encrypted with it as they are put
  ReferenceTags tags;
  std::optional<NaivePolicy> policy = {};
  StreamStatus status = StreamStatus::kCreating;
  std::int64_t retention_hours = 24;
  // Against the account's quota: open shards, and during a reshard the most that there will be.
  std::int64_t claimed_shard_count = 0;
  std::optional<std::int64_t> gone_at_nanos = {};
  std::map<std::uint32_t, std::shared_ptr<ReferenceShard>> shards = {};  // expired ones too
  std::map<std::string, ReferenceConsumer> consumers = {};
  // What was ever stored, whatever became of the shards: number and arrival.
  std::vector<std::pair<SequenceNumber, std::int64_t>> stored = {};

 private:
  using Shards = std::vector<std::shared_ptr<ReferenceShard>>;

  struct Due {
    std::int64_t at_nanos = 0;
    std::function<void()> apply;
  };
  // A parent's or two parents' end and the children's beginning.
  struct Family {
    Shards parents;
    std::vector<HashKeyRange> ranges;  // of the children
  };

  void At(std::int64_t at_nanos, std::function<void()> apply);
  std::shared_ptr<ReferenceShard> AddShard(const HashKeyRange& range, std::int64_t create_seconds,
                                           std::int64_t now_nanos);
  Shards OpenShards() const;  // ascending range
  Shards Scale(const Shards& open, const std::vector<Family>& families, std::int64_t shown_at_nanos,
               std::int64_t& hand_over_at_nanos, std::int64_t now_nanos);
  // One step that is shown after lifecycle.reshard.
  void Reshard(const Family& family, std::int64_t now_nanos);
  std::int64_t FirstHandOver(std::int64_t now_nanos) const;
  void BecomeActiveAt(std::int64_t at_nanos);
  // UPDATING from now on; when that ends the change is applied.
  void Update(std::int64_t until_nanos, std::function<void()> apply, std::int64_t now_nanos);
  // Splits what is too wide for the target; answers when the last of the children are shown.
  std::int64_t WarmUp(std::int64_t target_mibps, std::int64_t now_nanos);
  std::int64_t UpdatedAt(std::int64_t now_nanos) const;
  bool CanTake(ReferenceShard& shard, std::int64_t bytes, std::int64_t now_nanos) const;
  // Answers where.
  PutAnswer Store(ReferenceShard& shard, const ReferenceRecord& record, std::int64_t bytes,
                  std::int64_t now_nanos);

  std::vector<Due> due_ = {};
  std::uint32_t next_shard_number_ = 0;
  std::int64_t left_before_millis_ = INT64_MIN;  // an increase of retention does not revive
  std::int64_t highest_horizon_millis_ = INT64_MIN;
  std::vector<std::int64_t> scalings_nanos_ = {};
  std::vector<std::int64_t> encryption_starts_nanos_ = {};
  std::vector<std::int64_t> encryption_stops_nanos_ = {};
  std::int64_t unclear_before_nanos_ = INT64_MIN;  // which full shards a put was tried on
};

// As describe operations list them.
std::vector<MetricsName> InTheServicesOrder(const ReferenceStream::Metrics& metrics);

// How many shards of its own rate a warm throughput needs.
std::int64_t ShardsForWarmThroughput(const Limits& limits, std::int64_t mibps);

inline constexpr std::int64_t kDayNanos = std::int64_t{86'400} * 1'000'000'000;

// Whether a call at `now_nanos` fits into `most` in any 24 hours; if so it is one of `calls_nanos`.
bool TakeOfDay(std::vector<std::int64_t>& calls_nanos, std::int64_t most, std::int64_t now_nanos);

// floor(i * 2^128 / count) for each i.
std::vector<absl::uint128> UniformBoundaries(std::int64_t count);

}  // namespace riacho::model_based
