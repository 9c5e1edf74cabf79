#include "stream/stream.h"

#include <algorithm>
#include <utility>

#include "absl/time/time.h"

#include "base/return_if_error.h"
#include "riacho/model/error.h"

namespace riacho::internal {
namespace {

constexpr std::int64_t kNanosPerMilli = 1'000'000;
constexpr std::int64_t kNanosPerSecond = 1'000'000'000;
constexpr std::int64_t kNanosPerHour = 3600 * kNanosPerSecond;

// The shards a stream begins with were created this long before the stream's own creation second,
// as observed.
constexpr std::int64_t kFirstShardsLeadSeconds = 3;

std::int64_t FloorDivide(std::int64_t value, std::int64_t divisor) {
  return value / divisor - (value % divisor < 0 ? 1 : 0);
}

// Sequence numbers hold no time before 1970.
std::int64_t UnixSeconds(std::int64_t nanos) {
  return std::max<std::int64_t>(FloorDivide(nanos, kNanosPerSecond), 0);
}

void DeleteMap(void* map) { delete static_cast<const ShardMap*>(map); }

}  // namespace

Stream::Stream(StreamOptions options, std::int64_t now_nanos)
    : options_(std::move(options)),
      window_nanos_(OnDemandScaling::WindowNanos(options_.limits)),
      creation_seconds_(UnixSeconds(now_nanos)),
      settings_(options_.mode, options_.max_record_size_in_kib,
                options_.record_distribution_strategy, options_.warm_throughput_mibps),
      next_place_(options_.first_place),
      update_shard_count_calls_(options_.limits.update_shard_count_calls_per_day, absl::Hours(24)),
      start_encryption_calls_(options_.limits.start_stream_encryption_calls_per_day,
                              absl::Hours(24)),
      stop_encryption_calls_(options_.limits.stop_stream_encryption_calls_per_day, absl::Hours(24)),
      tags_(options_.tags),
      scaling_(options_.limits, options_.lifecycle) {
  ShardMap::Shards shards;
  for (const HashKeyRange& range : UniformPartition(options_.shard_count)) {
    shards.push_back(std::make_shared<LiveShard>(
        LiveShard::Identity{.shard_id = {static_cast<std::uint32_t>(shards.size())},
                            .hash_key_range = range,
                            .create_seconds = first_shards_seconds()},
        options_.limits, max_record_bytes(), now_nanos, options_.memory));
  }
  open_shard_count_.store(options_.shard_count, std::memory_order_relaxed);
  claimed_shard_count_.store(options_.shard_count, std::memory_order_relaxed);
  map_.store(new ShardMap(shards, shards), std::memory_order_release);

  const absl::MutexLock lock(&mutex_);
  next_shard_number_ = static_cast<std::uint32_t>(shards.size());
  trim_at_nanos_ = now_nanos;
  scaling_.HoldCapacityFor(
      OnDemandScaling::ShardsFor(options_.limits, options_.warm_throughput_mibps));
  FollowMode(now_nanos);
  AddTransition({.at_nanos = LaterBy(now_nanos, options_.lifecycle.create_stream),
                 .kind = Transition::Kind::kActive});
  SettleLocked(now_nanos);
}

Stream::~Stream() {
  delete encryption_key_.load(std::memory_order_acquire);
  delete map_.load(std::memory_order_acquire);
  delete policy_.load(std::memory_order_acquire);
}

std::int64_t Stream::first_shards_seconds() const {
  return std::max<std::int64_t>(creation_seconds_ - kFirstShardsLeadSeconds, 0);
}

absl::Status Stream::NotFound() const {
  return MakeError(ErrorCode::kResourceNotFound, "Stream " + options_.name + " under account " +
                                                     options_.account_id + " not found.");
}

absl::Status Stream::NotActive() const {
  return MakeError(ErrorCode::kResourceInUse,
                   "Stream " + options_.name + " under account " + options_.account_id +
                       " not ACTIVE, instead in state " + std::string(StreamStatusName(status())));
}

absl::Status Stream::RateExceeded() const {
  return MakeError(ErrorCode::kLimitExceeded, "Rate exceeded for stream " + options_.name +
                                                  " under account " + options_.account_id + ".");
}

absl::Status Stream::CheckActive() const {
  return status() == StreamStatus::kActive ? absl::OkStatus() : NotActive();
}

void Stream::SettleDue(std::int64_t now_nanos) {
  const absl::MutexLock lock(&mutex_);
  SettleLocked(now_nanos);
}

void Stream::SettleLocked(std::int64_t now_nanos) {
  while (!transitions_.empty() && transitions_.front().at_nanos <= now_nanos) {
    const Transition transition = std::move(transitions_.front());
    transitions_.pop_front();
    Apply(transition);
  }
  consumers_.Settle(now_nanos);
  if (trim_at_nanos_ <= now_nanos) TrimLocked(now_nanos);
  UpdateDue();
}

void Stream::Apply(const Transition& transition) {
  switch (transition.kind) {
    case Transition::Kind::kActive:
      claimed_shard_count_.store(open_shard_count(), std::memory_order_relaxed);
      if (status() != StreamStatus::kDeleting)
        status_.store(StreamStatus::kActive, std::memory_order_release);
      return;
    case Transition::Kind::kRetention: {
      const std::int64_t horizon = HorizonMillis(transition.at_nanos);
      horizon_floor_millis_.store(horizon, std::memory_order_relaxed);
      retention_hours_.store(
          static_cast<int>(transition.retention_hours),
          std::memory_order_release);  // pairs with HorizonMillis: the floor first
      trim_at_nanos_ = std::min(trim_at_nanos_, transition.at_nanos);
      return;
    }
    case Transition::Kind::kSettings:
      ApplySettings(transition.settings, transition.at_nanos);
      return;
    case Transition::Kind::kEncryption:
      ApplyEncryption(transition.key_id);
      return;
    case Transition::Kind::kShowReshard:
      ShowReshard(*transition.step);
      LookForMerges(transition.at_nanos);
      return;
    case Transition::Kind::kHandOver:
      CarryOut(*transition.step);
      return;
    case Transition::Kind::kEndWindow:
      EndWindow(transition.at_nanos);
      return;
    case Transition::Kind::kScaleOut:
    case Transition::Kind::kScaleIn:
      Scale(transition);
      return;
  }
}

void Stream::AddTransition(Transition transition) {
  const auto after =
      std::ranges::upper_bound(transitions_, transition.at_nanos, {}, &Transition::at_nanos);
  transitions_.insert(after, std::move(transition));
}

void Stream::UpdateDue() {
  std::int64_t due = std::min(trim_at_nanos_, consumers_.due_at_nanos());
  if (!transitions_.empty()) due = std::min(due, transitions_.front().at_nanos);
  due_at_nanos_.store(due, std::memory_order_relaxed);
}

std::int64_t Stream::HorizonMillis(std::int64_t now_nanos) const {
  const std::int64_t retention = retention_hours_.load(std::memory_order_acquire) * kNanosPerHour;
  return std::max(FloorDivide(now_nanos - retention, kNanosPerMilli),
                  horizon_floor_millis_.load(std::memory_order_relaxed));
}

void Stream::TrimNow(std::int64_t now_nanos) {
  const absl::MutexLock lock(&mutex_);
  TrimLocked(now_nanos);
  UpdateDue();
}

// Frees segments behind the horizon and drops shards that have nothing left to say. Between two
// trims readers skip what is too old, so how often this runs only bounds the memory: a forty-eighth
// of the retention period more than needed.
void Stream::TrimLocked(std::int64_t now_nanos) {
  const EpochGuard guard;
  const std::int64_t horizon = HorizonMillis(now_nanos);
  const absl::Duration retention = absl::Hours(retention_hours_.load(std::memory_order_relaxed));
  std::int64_t next = LaterBy(now_nanos, retention / 48);
  bool expired = false;
  ShardMap::Shards listed;
  for (const std::shared_ptr<LiveShard>& shard : map().listed()) {
    shard->log.Trim(horizon);
    if (!shard->open() && shard->log.sealed()) {
      const std::int64_t last_arrival_millis = (shard->end_seconds() + 1) * 1000;
      if (last_arrival_millis <= horizon) {
        expired = true;
        consumers_.ForgetShard(shard->shard_id());
        continue;
      }
      next =
          std::min(next, absl::ToUnixNanos(absl::FromUnixMillis(last_arrival_millis) + retention));
    }
    listed.push_back(shard);
  }
  trim_at_nanos_ = next;
  if (expired) ReplaceMap(map().routed(), std::move(listed));
}

void Stream::ReplaceMap(ShardMap::Shards routed, ShardMap::Shards listed) {
  const ShardMap* const old = map_.load(std::memory_order_relaxed);
  map_.store(new ShardMap(std::move(routed), std::move(listed)), std::memory_order_release);
  Epoch::Retire(const_cast<ShardMap*>(old), &DeleteMap);
}

PutResult Stream::Put(std::string_view partition_key,
                      const std::optional<HashKey>& explicit_hash_key, std::string_view data,
                      std::int64_t now_nanos, std::size_t seal_bytes) {
  for (;;) {
    const ShardMap& seen = map();
    const std::optional<PutResult> put = PutTo(Route(seen, partition_key, explicit_hash_key),
                                               partition_key, data, now_nanos, seal_bytes);
    if (put.has_value()) return *put;
    HelpHandOver(seen);
  }
}

PutResult Stream::PutAnywhere(std::string_view partition_key, std::string_view data,
                              std::int64_t now_nanos, std::size_t seal_bytes) {
  const std::uint64_t place = next_place_.fetch_add(1, std::memory_order_relaxed);
  for (;;) {
    const ShardMap& seen = map();
    const ShardMap::Shards& shards = seen.routed();
    std::optional<PutResult> put;
    for (std::size_t i = 0; i < shards.size(); ++i) {
      put = PutTo(*shards[(place + i) % shards.size()], partition_key, data, now_nanos, seal_bytes);
      if (!put.has_value() || put->outcome != PutOutcome::kThrottled) break;
    }
    if (put.has_value()) return *put;
    HelpHandOver(seen);
  }
}

std::optional<PutResult> Stream::PutTo(LiveShard& shard, std::string_view partition_key,
                                       std::string_view data, std::int64_t now_nanos,
                                       std::size_t seal_bytes) {
  const std::int64_t arrival_millis = std::max<std::int64_t>(now_nanos / kNanosPerMilli, 0);
  const auto bytes = static_cast<std::int64_t>(partition_key.size() + data.size() - seal_bytes);
  if (!shard.throttle.TakeWrite(bytes, now_nanos)) {
    return PutResult{
        .outcome = PutOutcome::kThrottled, .shard_id = shard.shard_id(), .shard = &shard};
  }
  const AppendResult appended =
      shard.log.Append(partition_key, data, arrival_millis, seal_bytes != 0);
  if (appended.outcome == AppendOutcome::kAppended) {
    if (measured()) CountInWindow(shard, {.bytes = bytes, .records = 1}, now_nanos);
    return PutResult{.outcome = PutOutcome::kStored,
                     .shard_id = shard.shard_id(),
                     .sequence_number = shard.NumberOf(appended.index, arrival_millis)};
  }
  shard.throttle.GiveBackWrite(bytes);
  if (appended.outcome == AppendOutcome::kNoMemory) {
    return PutResult{.outcome = PutOutcome::kNoMemory, .shard_id = shard.shard_id()};
  }
  return std::nullopt;
}

// A writer met a sealed log in the map `seen`. The map that has the children is made already:
// install it rather than wait. All parents are sealed first, so no child takes a record before its
// parents have taken their last.
void Stream::HelpHandOver(const ShardMap& seen) {
  const HandOver* const hand_over = hand_over_.load(std::memory_order_acquire);
  if (hand_over == nullptr || hand_over->from != &seen) return;
  for (const std::shared_ptr<LiveShard>& parent : hand_over->parents) parent->log.Seal();
  const ShardMap* expected = &seen;
  map_.compare_exchange_strong(expected, hand_over->to, std::memory_order_acq_rel,
                               std::memory_order_relaxed);
}

std::shared_ptr<LiveShard> Stream::FindShard(ShardId id) const {
  const EpochGuard guard;
  const std::shared_ptr<LiveShard>* const shard = map().Find(id);
  return shard == nullptr ? nullptr : *shard;
}

bool Stream::TakesNoMore(ShardId id) const {
  const std::shared_ptr<LiveShard> shard = FindShard(id);
  return shard == nullptr || shard->log.sealed();
}

StreamDescriptionSummary Stream::Summarize() const {
  const absl::MutexLock lock(&mutex_);
  StreamDescriptionSummary summary = {
      .stream_name = options_.name,
      .stream_arn = options_.arn,
      .stream_status = status(),
      .stream_mode_details = {.stream_mode = mode()},
      .retention_period_hours = retention_period_hours(),
      .stream_creation_timestamp = absl::FromUnixSeconds(creation_seconds_),
      .enhanced_monitoring = {{.shard_level_metrics = NamesOf(settings_.shard_metrics())}},
      .consumer_count = static_cast<std::int64_t>(consumers_.size()),
      .max_record_size_in_kib = settings_.max_record_size_in_kib(),
  };
  if (summary.stream_status == StreamStatus::kActive ||
      summary.stream_status == StreamStatus::kUpdating) {
    summary.open_shard_count = open_shard_count();
  }
  if (const std::string* const key = encryption_key(); key != nullptr) {  // changes under the mutex
    summary.encryption_type = EncryptionType::kKms;
    summary.key_id = *key;
  }
  if (mode() == StreamMode::kOnDemand) {
    summary.warm_throughput = settings_.warm_throughput();
    summary.record_distribution_strategy = settings_.record_distribution_strategy();
  }
  return summary;
}

std::vector<Shard> Stream::DescribeShards() const {
  const absl::MutexLock lock(&mutex_);  // parents end and children appear in one moment
  std::vector<Shard> shards;
  if (status() == StreamStatus::kCreating) return shards;
  const EpochGuard guard;
  for (const std::shared_ptr<LiveShard>& shard : map().listed())
    shards.push_back(shard->Describe());
  return shards;
}

absl::Status Stream::ChangeRetention(std::int64_t hours, bool increase, std::int64_t now_nanos) {
  const absl::MutexLock lock(&mutex_);
  SettleLocked(now_nanos);
  RIACHO_RETURN_IF_ERROR(CheckActive());
  const auto refuse = [](const std::string& message) {
    return MakeError(ErrorCode::kInvalidArgument, message);
  };
  const std::string requested = "equested retention period (" + std::to_string(hours) + " hours)";
  const std::int64_t minimum = options_.limits.minimum_retention_period_hours;
  const std::int64_t maximum =
      std::min(options_.limits.maximum_retention_period_hours, kMostRetentionHours);
  if (hours < minimum) {
    return refuse("Minimum allowed retention period is " + std::to_string(minimum) + " hours. R" +
                  requested + " is too short.");
  }
  if (hours > maximum) {
    return refuse("Maximum allowed retention period is " + std::to_string(maximum) + " hours. R" +
                  requested + " is too long.");
  }
  const std::int64_t present = retention_period_hours();
  if (increase ? hours < present : hours > present) {
    return refuse("R" + requested + " for stream " + options_.name + " can not be " +
                  (increase ? "shorter" : "longer") + " than existing retention period (" +
                  std::to_string(present) + " hours). Use " + (increase ? "Decrease" : "Increase") +
                  "RetentionPeriod API.");
  }
  if (hours == present) return absl::OkStatus();
  StartUpdate({.kind = Transition::Kind::kRetention, .retention_hours = hours}, now_nanos);
  return absl::OkStatus();
}

void Stream::StartUpdate(Transition transition, std::int64_t now_nanos) {
  status_.store(StreamStatus::kUpdating, std::memory_order_release);
  settings_.Begin(transition.settings);
  transition.at_nanos = LaterBy(now_nanos, options_.lifecycle.update_stream);
  if (const auto& warm = transition.settings.warm_throughput_mibps; warm.has_value())
    transition.at_nanos = std::max(transition.at_nanos, WarmUp(*warm, now_nanos));
  const std::int64_t active_at = transition.at_nanos;
  AddTransition(std::move(transition));
  AddTransition({.at_nanos = active_at, .kind = Transition::Kind::kActive});
  SettleLocked(now_nanos);
}

absl::Status Stream::Delete(bool enforce_consumer_deletion, std::int64_t now_nanos) {
  const absl::MutexLock lock(&mutex_);
  SettleLocked(now_nanos);
  if (status() == StreamStatus::kUpdating || status() == StreamStatus::kDeleting)
    return NotActive();
  if (consumers_.size() != 0 && !enforce_consumer_deletion) {
    return MakeError(ErrorCode::kResourceInUse, "Stream " + options_.name + " under account " +
                                                    options_.account_id + " has " +
                                                    std::to_string(consumers_.size()) +
                                                    " registered consumers. Deregister them first, "
                                                    "or set EnforceConsumerDeletion to true.");
  }
  status_.store(StreamStatus::kDeleting, std::memory_order_release);
  gone_at_nanos_.store(LaterBy(now_nanos, options_.lifecycle.delete_stream),
                       std::memory_order_release);
  consumers_.RevokeAll();
  return absl::OkStatus();
}

}  // namespace riacho::internal
