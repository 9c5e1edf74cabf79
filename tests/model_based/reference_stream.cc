#include "model_based/reference_stream.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

namespace riacho::model_based {
namespace {

constexpr std::int64_t kMilli = 1'000'000;
constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kHour = 3600 * kSecond;

// Shards that a stream begins with are this much older than the stream, by their numbers.
constexpr std::int64_t kFirstShardsLeadSeconds = 3;

}  // namespace

std::vector<absl::uint128> UniformBoundaries(std::int64_t count) {
  const absl::uint128 n = static_cast<std::uint64_t>(count);
  // 2^128 = n * quotient + remainder; the remainder may be n itself, which changes nothing below.
  const absl::uint128 quotient = absl::Uint128Max() / n;
  const absl::uint128 remainder = absl::Uint128Max() % n + 1;
  std::vector<absl::uint128> boundaries;
  for (absl::uint128 i = 0; i < n; ++i) boundaries.push_back(i * quotient + i * remainder / n);
  return boundaries;
}

ReferenceShard::ReferenceShard(const Limits& limits, std::int64_t most_record_bytes,
                               std::int64_t now_nanos)
    : write_records(limits.shard_write_records_per_second, limits.shard_write_records_per_second,
                    now_nanos),
      write_bytes(limits.shard_write_bytes_per_second,
                  std::max(limits.shard_write_bytes_per_second, most_record_bytes), now_nanos),
      read_calls(limits.shard_get_records_calls_per_second,
                 limits.shard_get_records_calls_per_second, now_nanos),
      read_bytes(limits.shard_read_bytes_per_second, limits.shard_read_bytes_per_second, now_nanos),
      iterator_calls(limits.shard_get_shard_iterator_calls_per_second,
                     limits.shard_get_shard_iterator_calls_per_second, now_nanos) {}

SequenceNumber ReferenceShard::StartingNumber() const {
  return SequenceNumber::Of({.shard_create_seconds = create_seconds,
                             .index = 0,
                             .time_seconds = create_seconds,
                             .shard_number = number});
}

SequenceNumber ReferenceShard::EndingNumber() const {
  return SequenceNumber::Of({.shard_create_seconds = create_seconds,
                             .index = SequenceNumber::kLastIndex,
                             .time_seconds = *end_seconds,
                             .shard_number = number});
}

Shard ReferenceShard::Describe() const {
  Shard shard = {.shard_id = {number},
                 .hash_key_range = range,
                 .sequence_number_range = {.starting_sequence_number = StartingNumber()}};
  if (parent.has_value()) shard.parent_shard_id = ShardId{*parent};
  if (adjacent_parent.has_value()) shard.adjacent_parent_shard_id = ShardId{*adjacent_parent};
  if (end_seconds.has_value()) {
    shard.sequence_number_range.ending_sequence_number = EndingNumber();
  }
  return shard;
}

ReferenceStream::ReferenceStream(const Limits& stream_limits, const Lifecycle& stream_lifecycle,
                                 Mistake stream_mistake, const ReferenceStreamOptions& options,
                                 std::int64_t now_nanos)
    : limits(stream_limits),
      lifecycle(stream_lifecycle),
      mistake(stream_mistake),
      name(options.name),
      arn(options.arn),
      incarnation(options.incarnation),
      creation_seconds(now_nanos / kSecond),
      mode(options.mode),
      most_record_bytes(options.max_record_size_in_kib * 1024),
      strategy(options.strategy),
      warm{.target_mibps = options.warm_throughput_mibps,
           .current_mibps = options.warm_throughput_mibps},
      tags(options.tags) {
  const std::vector<absl::uint128> starts = UniformBoundaries(options.shard_count);
  for (std::size_t i = 0; i < starts.size(); ++i) {
    const HashKey end = i + 1 < starts.size() ? HashKey{starts[i + 1] - 1} : HashKey::Max();
    const std::shared_ptr<ReferenceShard> shard =
        AddShard({HashKey{starts[i]}, end}, creation_seconds - kFirstShardsLeadSeconds, now_nanos);
    shard->listed = true;
    shard->takes_puts = true;
  }
  claimed_shard_count = options.shard_count;
  BecomeActiveAt(now_nanos + absl::ToInt64Nanoseconds(lifecycle.create_stream));
  Settle(now_nanos);
}

void ReferenceStream::At(std::int64_t at_nanos, std::function<void()> apply) {
  due_.push_back({at_nanos, std::move(apply)});
  std::ranges::stable_sort(due_, {}, &Due::at_nanos);
}

void ReferenceStream::BecomeActiveAt(std::int64_t at_nanos) {
  At(at_nanos, [this] {
    claimed_shard_count = OpenShardCount();
    if (status != StreamStatus::kDeleting) status = StreamStatus::kActive;
  });
}

void ReferenceStream::Settle(std::int64_t now_nanos) {
  while (!due_.empty() && due_.front().at_nanos <= now_nanos) {
    const Due due = std::move(due_.front());
    due_.erase(due_.begin());
    due.apply();
  }
  for (auto at = consumers.begin(); at != consumers.end();) {
    ReferenceConsumer& consumer = at->second;
    if (consumer.changes_at_nanos.value_or(INT64_MAX) > now_nanos) {
      ++at;
    } else if (consumer.status == ConsumerStatus::kDeleting) {
      at = consumers.erase(at);
    } else {
      consumer.status = ConsumerStatus::kActive;
      consumer.changes_at_nanos.reset();
      ++at;
    }
  }
  // A closed shard expires once the last record it can have taken has left the stream.
  const std::int64_t horizon = HorizonMillis(now_nanos);
  highest_horizon_millis_ = std::max(highest_horizon_millis_, horizon);
  for (const auto& [number, shard] : shards) {
    if (!shard->listed || !shard->finished || (*shard->end_seconds + 1) * 1000 > horizon) continue;
    shard->listed = false;
    for (auto& [consumer_name, consumer] : consumers) consumer.leases.erase(number);
  }
}

std::int64_t ReferenceStream::HorizonMillis(std::int64_t now_nanos) const {
  return std::max((now_nanos - retention_hours * kHour) / kMilli, left_before_millis_);
}

std::optional<std::int64_t> ReferenceStream::NextDue() const {
  std::optional<std::int64_t> next;
  if (!due_.empty()) next = due_.front().at_nanos;
  for (const auto& [consumer_name, consumer] : consumers) {
    if (!next.has_value()) next = consumer.changes_at_nanos;
  }
  return next;
}

bool ReferenceStream::IsUnclearAt(std::int64_t now_nanos) const {
  if (now_nanos < unclear_before_nanos_) return true;
  const std::int64_t horizon = HorizonMillis(now_nanos);
  for (const auto& [number, shard] : shards) {
    for (const ReferenceRecord& record : shard->records) {
      if (horizon <= record.arrival_millis && record.arrival_millis < highest_horizon_millis_) {
        return true;
      }
    }
  }
  return false;
}

std::int64_t ReferenceStream::OpenShardCount() const {
  return static_cast<std::int64_t>(OpenShards().size());
}

ReferenceShard* ReferenceStream::FindShard(std::uint32_t number) const {
  const auto found = shards.find(number);
  return found == shards.end() || !found->second->listed ? nullptr : found->second.get();
}

std::shared_ptr<ReferenceShard> ReferenceStream::AddShard(const HashKeyRange& range,
                                                          std::int64_t create_seconds,
                                                          std::int64_t now_nanos) {
  auto shard = std::make_shared<ReferenceShard>(limits, most_record_bytes, now_nanos);
  shard->number = next_shard_number_++;
  shard->range = range;
  shard->create_seconds = create_seconds;
  shards[shard->number] = shard;
  return shard;
}

ReferenceStream::Shards ReferenceStream::OpenShards() const {
  Shards open;
  for (const auto& [number, shard] : shards) {
    if (shard->listed && !shard->end_seconds.has_value()) open.push_back(shard);
  }
  std::ranges::sort(open, {}, [](const auto& shard) { return shard->range.starting_hash_key; });
  return open;
}

// --- records -------------------------------------------------------------------------------------

bool ReferenceStream::CanTake(ReferenceShard& shard, std::int64_t bytes,
                              std::int64_t now_nanos) const {
  return shard.write_records.CanTake(1, now_nanos) && shard.write_bytes.CanTake(bytes, now_nanos);
}

ReferenceStream::PutAnswer ReferenceStream::Store(ReferenceShard& shard,
                                                  const ReferenceRecord& record, std::int64_t bytes,
                                                  std::int64_t now_nanos) {
  shard.write_records.Take(1, now_nanos);
  shard.write_bytes.Take(bytes, now_nanos);
  shard.records.push_back(record);
  return {.shard = shard.number, .at = shard.records.size() - 1};
}

ReferenceStream::PutAnswer ReferenceStream::Put(std::string_view partition_key,
                                                const std::optional<HashKey>& explicit_hash_key,
                                                std::string_view data, std::uint64_t data_key,
                                                std::int64_t now_nanos) {
  const HashKey key = explicit_hash_key.has_value() ? *explicit_hash_key : HashKeyOf(partition_key);
  const bool key_is_free = mistake == Mistake::kPartitionKeyIsFree;
  const auto bytes =
      static_cast<std::int64_t>(data.size() + (key_is_free ? 0 : partition_key.size()));
  for (const auto& [number, shard] : shards) {
    if (!shard->takes_puts || !shard->range.Contains(key)) continue;
    if (!CanTake(*shard, bytes, now_nanos)) {
      if (shard->write_records.CanTake(1, now_nanos)) shard->write_records.Touch(now_nanos);
      return {.error = ErrorCode::kProvisionedThroughputExceeded, .shard = number};
    }
    return Store(*shard,
                 {.partition_key = partition_key,
                  .data = data,
                  .arrival_millis = now_nanos / kMilli,
                  .data_key = data_key},
                 bytes, now_nanos);
  }
  return {.error = ErrorCode::kInternalFailure};  // no shard has the key: the comparison will tell
}

ReferenceStream::PutAnswer ReferenceStream::PutAnywhere(std::string_view partition_key,
                                                        std::string_view data,
                                                        std::optional<std::uint32_t> placed_in,
                                                        std::uint64_t data_key,
                                                        std::int64_t now_nanos) {
  const auto bytes = static_cast<std::int64_t>(data.size() + partition_key.size());
  ReferenceShard* chosen = nullptr;
  for (const auto& [number, shard] : shards) {
    if (!shard->takes_puts) continue;
    if (CanTake(*shard, bytes, now_nanos)) {
      if (chosen == nullptr || number == placed_in) chosen = shard.get();
    } else if (shard->write_records.CanTake(1, now_nanos)) {
      // Whoever sets the clock back would have to know whether this one was tried.
      unclear_before_nanos_ = now_nanos;
    }
  }
  if (chosen == nullptr) return {.error = ErrorCode::kProvisionedThroughputExceeded};
  return Store(*chosen,
               {.partition_key = partition_key,
                .data = data,
                .arrival_millis = now_nanos / kMilli,
                .data_key = data_key},
               bytes, now_nanos);
}

std::string ReferenceStream::LearnNumber(const PutAnswer& put, const SequenceNumber& number) {
  ReferenceShard& shard = *shards.at(put.shard);
  ReferenceRecord& record = shard.records[put.at];
  record.number = number;
  stored.emplace_back(number, record.arrival_millis);
  const std::optional<SequenceNumber::Fields> fields = number.Decode();
  if (!fields.has_value()) return "is not well-formed";
  if (fields->shard_number != shard.number) return "names another shard";
  if (number.ToString().size() != 56) return "has not 56 digits";
  if (fields->time_seconds != std::max(record.arrival_millis / 1000, shard.create_seconds)) {
    return "has another second than its arrival";
  }
  const SequenceNumber before =
      put.at == 0 ? shard.StartingNumber() : shard.records[put.at - 1].number;
  if (number <= before) return absl::StrCat("is not above ", before.ToString());
  if (shard.end_seconds.has_value() && number >= shard.EndingNumber()) {
    return "is not below the shard's ending number";
  }
  return "";
}

Answer<ReferencePosition> ReferenceStream::Locate(const ReferenceShard& shard,
                                                  ShardIteratorType type,
                                                  const std::optional<std::string>& number,
                                                  const std::optional<absl::Time>& timestamp,
                                                  std::int64_t now_nanos) const {
  const bool by_number = type == ShardIteratorType::kAtSequenceNumber ||
                         type == ShardIteratorType::kAfterSequenceNumber;
  if (type == ShardIteratorType::kAtTimestamp) {
    if (!timestamp.has_value()) return ErrorCode::kInvalidArgument;
    const std::int64_t millis = absl::ToUnixMillis(*timestamp);
    if (millis > now_nanos / kMilli) return ErrorCode::kInvalidArgument;
    ReferencePosition position;
    while (position.at < shard.records.size() &&
           shard.records[position.at].arrival_millis < millis) {
      ++position.at;
    }
    return position;
  }
  if (by_number != number.has_value()) return ErrorCode::kInvalidArgument;
  if (type == ShardIteratorType::kTrimHorizon) return ReferencePosition{};
  if (type == ShardIteratorType::kLatest) {
    return ReferencePosition{.at = shard.records.size(),
                             .latest_when_read = mistake == Mistake::kLatestResolvedAtRead};
  }
  const std::optional<SequenceNumber> parsed = SequenceNumber::Parse(*number);
  const std::optional<SequenceNumber::Fields> fields =
      parsed.has_value() ? parsed->Decode() : std::nullopt;
  if (!fields.has_value() || fields->version != 2 || fields->shard_number != shard.number ||
      fields->shard_create_seconds != shard.create_seconds) {
    return ErrorCode::kInvalidArgument;
  }
  return ReferencePosition{.least = parsed,
                           .beyond_least = type == ShardIteratorType::kAfterSequenceNumber};
}

ReferencePage ReferenceStream::Read(const ReferenceShard& shard, ReferencePosition& position,
                                    std::int64_t most_records, std::int64_t most_bytes,
                                    std::int64_t now_nanos) const {
  if (position.latest_when_read) position.at = shard.records.size();
  position.latest_when_read = false;
  ReferencePage page;
  const std::int64_t horizon = HorizonMillis(now_nanos);
  bool more = false;
  std::size_t next = position.at;
  for (std::size_t i = position.at; i < shard.records.size(); ++i) {
    const ReferenceRecord& record = shard.records[i];
    if (record.arrival_millis < horizon) continue;
    if (position.least.has_value() && (position.beyond_least ? record.number <= *position.least
                                                             : record.number < *position.least)) {
      continue;
    }
    const auto bytes = static_cast<std::int64_t>(record.data.size() + record.partition_key.size());
    more = static_cast<std::int64_t>(page.records.size()) == most_records ||
           (!page.records.empty() && page.bytes + bytes > most_bytes);
    if (more) break;
    page.records.push_back(record);
    page.bytes += bytes;
    next = i + 1;
  }
  position.at = next;
  if (more) {
    const std::int64_t behind = now_nanos / kMilli - page.records.back().arrival_millis;
    page.millis_behind_latest = std::max<std::int64_t>(behind / 1000, 0) * 1000;
  }
  page.end_of_shard =
      shard.finished && page.records.empty() && mistake != Mistake::kClosedShardNeverEnds;
  if (page.end_of_shard) {
    page.millis_behind_latest =
        std::max<std::int64_t>(now_nanos / kSecond - *shard.end_seconds, 0) * 1000;
  }
  return page;
}

// --- resharding ----------------------------------------------------------------------------------

// Whatever is under way ends first: no child takes over before its parents have.
std::int64_t ReferenceStream::FirstHandOver(std::int64_t now_nanos) const {
  std::int64_t at = now_nanos + absl::ToInt64Nanoseconds(lifecycle.hand_over);
  for (const Due& due : due_) at = std::max(at, due.at_nanos);
  return at;
}

// Each family's parents end at `hand_over_at_nanos`, or as the second after it begins; from
// `shown_at_nanos` on everybody can see it coming. Answers the shards that are open then.
ReferenceStream::Shards ReferenceStream::Scale(const Shards& open,
                                               const std::vector<Family>& families,
                                               std::int64_t shown_at_nanos,
                                               std::int64_t& hand_over_at_nanos,
                                               std::int64_t now_nanos) {
  hand_over_at_nanos = std::max(hand_over_at_nanos, shown_at_nanos);
  std::int64_t end_seconds = hand_over_at_nanos / kSecond;
  if (hand_over_at_nanos > now_nanos) {
    if (hand_over_at_nanos % kSecond == 0) --end_seconds;
    hand_over_at_nanos = (end_seconds + 1) * kSecond;
  }
  for (const Family& family : families) {
    for (const auto& parent : family.parents) {
      end_seconds = std::max(end_seconds, parent->create_seconds);
    }
  }
  Shards after = open;
  for (const Family& family : families) {
    Shards children;
    std::vector<ChildShard> entries;
    for (const HashKeyRange& range : family.ranges) {
      const std::shared_ptr<ReferenceShard> child = AddShard(range, end_seconds + 1, now_nanos);
      child->parent = family.parents[0]->number;
      ChildShard entry = {.shard_id = {child->number}, .hash_key_range = range};
      entry.parent_shards.push_back({family.parents[0]->number});
      if (family.parents.size() == 2) {
        child->adjacent_parent = family.parents[1]->number;
        entry.parent_shards.push_back({family.parents[1]->number});
      }
      children.push_back(child);
      entries.push_back(entry);
    }
    At(shown_at_nanos, [family, children, entries, end_seconds] {
      for (const auto& parent : family.parents) {
        parent->end_seconds = end_seconds;
        parent->children = entries;
      }
      for (const auto& child : children) child->listed = true;
    });
    At(hand_over_at_nanos, [family, children] {
      for (const auto& parent : family.parents) {
        parent->takes_puts = false;
        parent->finished = true;
      }
      for (const auto& child : children) child->takes_puts = true;
    });
    std::erase_if(after, [&family](const auto& shard) {
      return std::ranges::find(family.parents, shard) != family.parents.end();
    });
    after.insert(after.end(), children.begin(), children.end());
  }
  std::ranges::sort(after, {}, [](const auto& shard) { return shard->range.starting_hash_key; });
  claimed_shard_count = std::max(claimed_shard_count, static_cast<std::int64_t>(after.size()));
  return after;
}

void ReferenceStream::Reshard(const Family& family, std::int64_t now_nanos) {
  status = StreamStatus::kUpdating;
  claimed_shard_count = OpenShardCount();
  const std::int64_t shown = now_nanos + absl::ToInt64Nanoseconds(lifecycle.reshard);
  std::int64_t hand_over = FirstHandOver(now_nanos);
  Scale(OpenShards(), {family}, shown, hand_over, now_nanos);
  BecomeActiveAt(shown);
  Settle(now_nanos);
}

Answer<Done> ReferenceStream::Split(std::uint32_t number, std::string_view new_starting_hash_key,
                                    std::int64_t shards_elsewhere, std::int64_t now_nanos) {
  if (status != StreamStatus::kActive) return ErrorCode::kResourceInUse;
  const ReferenceShard* const shard = FindShard(number);
  if (shard == nullptr) return ErrorCode::kResourceNotFound;
  if (shards_elsewhere + OpenShardCount() + 1 > limits.shards_per_account) {
    return ErrorCode::kLimitExceeded;
  }
  if (shard->end_seconds.has_value()) return ErrorCode::kInvalidArgument;
  const std::optional<HashKey> cut = HashKey::Parse(new_starting_hash_key);  // none: 2^128 or more
  const auto [start, end] = shard->range;
  if (!cut.has_value() || cut->value <= start.value || cut->value == start.value + 1 ||
      cut->value >= end.value) {
    return ErrorCode::kInvalidArgument;
  }
  const absl::uint128 last = cut->value - (mistake == Mistake::kSplitBoundaryOffByOne ? 0 : 1);
  Reshard({.parents = {shards.at(number)}, .ranges = {{start, {last}}, {{last + 1}, end}}},
          now_nanos);
  return Done{};
}

Answer<Done> ReferenceStream::Merge(std::uint32_t lower_number, std::uint32_t upper_number,
                                    std::int64_t now_nanos) {
  if (status != StreamStatus::kActive) return ErrorCode::kResourceInUse;
  const ReferenceShard* const lower = FindShard(lower_number);
  const ReferenceShard* const upper = FindShard(upper_number);
  if (lower == nullptr || upper == nullptr) return ErrorCode::kResourceNotFound;
  if (lower->end_seconds.has_value() || upper->end_seconds.has_value()) {
    return ErrorCode::kInvalidArgument;
  }
  const HashKey lower_end = lower->range.ending_hash_key;
  if (lower_end == HashKey::Max() || lower_end.value + 1 != upper->range.starting_hash_key.value) {
    return ErrorCode::kInvalidArgument;
  }
  Reshard({.parents = {shards.at(lower_number), shards.at(upper_number)},
           .ranges = {{lower->range.starting_hash_key, upper->range.ending_hash_key}}},
          now_nanos);
  return Done{};
}

Answer<std::int64_t> ReferenceStream::UpdateShardCount(std::int64_t target,
                                                       std::int64_t shards_elsewhere,
                                                       std::int64_t now_nanos) {
  if (status != StreamStatus::kActive) return ErrorCode::kResourceInUse;
  Shards open = OpenShards();
  const auto present = static_cast<std::int64_t>(open.size());
  if (target == present) return present;
  if (target > 2 * present || target < present / 2) return ErrorCode::kLimitExceeded;
  const std::int64_t most = limits.update_shard_count_target;
  if (target > most || (present > most && target == most)) return ErrorCode::kLimitExceeded;
  // Before anything is merged, a shard begins at every old and every new boundary.
  const std::vector<absl::uint128> boundaries = UniformBoundaries(target);
  std::set<HashKey> starts;
  for (const absl::uint128& boundary : boundaries) starts.insert({boundary});
  for (const auto& shard : open) starts.insert(shard->range.starting_hash_key);
  const auto peak = static_cast<std::int64_t>(starts.size());
  if (peak > present && shards_elsewhere + peak > limits.shards_per_account) {
    return ErrorCode::kLimitExceeded;
  }
  if (!TakeOfDay(scalings_nanos_, limits.update_shard_count_calls_per_day, now_nanos)) {
    return ErrorCode::kLimitExceeded;
  }
  status = StreamStatus::kUpdating;
  claimed_shard_count = present;
  std::int64_t shown = now_nanos + absl::ToInt64Nanoseconds(lifecycle.update_shard_count);
  std::int64_t hand_over = FirstHandOver(now_nanos);
  bool first_round = true;
  const auto carry_out = [&](const std::vector<Family>& families) {
    if (!first_round) {
      shown += absl::ToInt64Nanoseconds(lifecycle.update_shard_count_step);
      hand_over += absl::ToInt64Nanoseconds(lifecycle.hand_over_step);
    }
    first_round = false;
    open = Scale(open, families, shown, hand_over, now_nanos);
  };
  // Splits every shard that a boundary cuts, in the middle one if several do, until none is left.
  for (;;) {
    std::vector<Family> splits;
    for (const auto& shard : open) {
      const auto [start, end] = shard->range;
      std::vector<absl::uint128> inside;
      for (const absl::uint128& boundary : boundaries) {
        if (start.value < boundary && boundary <= end.value) inside.push_back(boundary);
      }
      if (inside.empty()) continue;
      const absl::uint128 cut = inside[(inside.size() - 1) / 2];
      splits.push_back({.parents = {shard}, .ranges = {{start, {cut - 1}}, {{cut}, end}}});
    }
    if (splits.empty()) break;
    carry_out(splits);
  }
  // Merges neighbours that no boundary parts, in pairs, until none are left.
  for (;;) {
    std::vector<Family> merges;
    for (std::size_t i = 0; i + 1 < open.size(); ++i) {
      const auto [start, end] = open[i + 1]->range;
      if (std::ranges::find(boundaries, start.value) != boundaries.end()) continue;
      merges.push_back(
          {.parents = {open[i], open[i + 1]}, .ranges = {{open[i]->range.starting_hash_key, end}}});
      ++i;
    }
    if (merges.empty()) break;
    carry_out(merges);
  }
  BecomeActiveAt(shown);
  Settle(now_nanos);
  return present;
}

// --- retention, consumers and the end ------------------------------------------------------------

Answer<Done> ReferenceStream::ChangeRetention(std::int64_t hours, bool increase,
                                              std::int64_t now_nanos) {
  if (status != StreamStatus::kActive) return ErrorCode::kResourceInUse;
  if (hours < limits.minimum_retention_period_hours ||
      hours > limits.maximum_retention_period_hours) {
    return ErrorCode::kInvalidArgument;
  }
  if (increase ? hours < retention_hours : hours > retention_hours) {
    return ErrorCode::kInvalidArgument;
  }
  if (hours == retention_hours) return Done{};
  const std::int64_t at = UpdatedAt(now_nanos);
  Update(
      at,
      [this, at, hours] {
        if (mistake != Mistake::kRetentionIncreaseRevives) left_before_millis_ = HorizonMillis(at);
        retention_hours = hours;
      },
      now_nanos);
  return Done{};
}

Answer<Done> ReferenceStream::Delete(bool enforce_consumer_deletion, std::int64_t now_nanos) {
  if (status == StreamStatus::kUpdating || status == StreamStatus::kDeleting) {
    return ErrorCode::kResourceInUse;
  }
  if (!consumers.empty() && !enforce_consumer_deletion) return ErrorCode::kResourceInUse;
  status = StreamStatus::kDeleting;
  gone_at_nanos = now_nanos + absl::ToInt64Nanoseconds(lifecycle.delete_stream);
  for (auto& [consumer_name, consumer] : consumers) {
    for (auto& [number, lease] : consumer.leases) lease->holder = 0;
    consumer.leases.clear();
  }
  return Done{};
}

Consumer ReferenceStream::Describe(const ReferenceConsumer& consumer) const {
  return {.consumer_name = consumer.name,
          .consumer_arn =
              absl::StrCat(arn, "/consumer/", consumer.name, ":", consumer.creation_seconds),
          .consumer_status = consumer.status,
          .consumer_creation_timestamp = absl::FromUnixSeconds(consumer.creation_seconds)};
}

Answer<Consumer> ReferenceStream::RegisterConsumer(const std::string& consumer_name,
                                                   const ReferenceTags& consumer_tags,
                                                   bool committed, std::int64_t now_nanos) {
  if (status != StreamStatus::kActive && status != StreamStatus::kUpdating) {
    return ErrorCode::kResourceInUse;
  }
  if (consumers.contains(consumer_name)) return ErrorCode::kResourceInUse;
  const auto creating = std::ranges::count_if(consumers, [](const auto& entry) {
    return entry.second.status == ConsumerStatus::kCreating;
  });
  const std::int64_t most = committed && mode == StreamMode::kOnDemand
                                ? limits.consumers_per_stream_with_advantage
                                : limits.consumers_per_stream;
  if (static_cast<std::int64_t>(consumers.size()) >= most ||
      creating >= limits.consumers_in_creating) {
    return ErrorCode::kLimitExceeded;
  }
  ReferenceConsumer consumer = {
      .name = consumer_name,
      .creation_seconds = now_nanos / kSecond,
      .changes_at_nanos = now_nanos + absl::ToInt64Nanoseconds(lifecycle.register_consumer)};
  const Answer<Done> tagged =
      AddReferenceTags(consumer.tags, consumer_tags, limits.tags_per_resource, mistake);
  if (!tagged.ok()) return *tagged.error;
  consumers[consumer_name] = consumer;
  const Consumer answer = Describe(consumers[consumer_name]);  // CREATING, be it for no time at all
  Settle(now_nanos);
  return answer;
}

Answer<Done> ReferenceStream::DeregisterConsumer(ReferenceConsumer& consumer,
                                                 std::int64_t now_nanos) {
  if (consumer.status == ConsumerStatus::kDeleting) return Done{};
  for (auto& [number, lease] : consumer.leases) lease->holder = 0;
  consumer.leases.clear();
  consumer.status = ConsumerStatus::kDeleting;
  consumer.changes_at_nanos = now_nanos + absl::ToInt64Nanoseconds(lifecycle.deregister_consumer);
  Settle(now_nanos);
  return Done{};
}

}  // namespace riacho::model_based
