#include "stream/on_demand_scaling.h"

#include <algorithm>
#include <bit>
#include <functional>
#include <utility>

#include "absl/numeric/int128.h"
#include "absl/time/time.h"

namespace riacho::internal {
namespace {

constexpr std::int64_t kDaysRemembered = 30;
constexpr std::uint64_t kSecondNanos = 1'000'000'000;
constexpr std::int64_t kHourNanos = 3'600'000'000'000;

// A child holds at least two keys, as SplitShard demands.
constexpr std::uint64_t kLeastSpanToSplit = 3;

// Whoever sets a length to nothing, or to forever, gets a second, or a year.
std::int64_t LengthNanos(absl::Duration length) {
  return absl::ToInt64Nanoseconds(std::clamp(length, absl::Seconds(1), absl::Hours(24 * 365)));
}

std::int64_t FloorDivide(std::int64_t value, std::int64_t divisor) {
  return value / divisor - (value % divisor < 0 ? 1 : 0);
}

// The first multiple of `length` after `nanos`; at the end of time, that.
std::int64_t NextMultiple(std::int64_t nanos, std::int64_t length) {
  const std::int64_t count = FloorDivide(nanos, length) + 1;
  return count > INT64_MAX / length ? INT64_MAX : count * length;
}

std::int64_t PerWindow(std::int64_t per_second, std::int64_t window_nanos) {
  if (per_second == Limits::kUnlimited) return Limits::kUnlimited;
  const absl::uint128 amount =
      absl::uint128(static_cast<std::uint64_t>(std::max<std::int64_t>(per_second, 0))) *
      static_cast<std::uint64_t>(window_nanos) / 1'000'000'000;
  return static_cast<std::int64_t>(absl::Uint128Low64(
      std::min(amount, absl::uint128(static_cast<std::uint64_t>(Limits::kUnlimited)))));
}

// What a shard may take in a window: at most half of what it can, or twice as much would not fit.
std::int64_t MostPerWindow(std::int64_t split_per_second, std::int64_t limit_per_second,
                           std::int64_t window_nanos) {
  if (split_per_second == Limits::kUnlimited) return Limits::kUnlimited;
  return std::min(PerWindow(split_per_second, window_nanos),
                  PerWindow(limit_per_second, window_nanos) / 2);
}

// Not beyond what the type holds: a peak stands at kUnlimited where that is what a shard may take.
std::int64_t Sum(std::int64_t a, std::int64_t b) {
  return a > Limits::kUnlimited - b ? Limits::kUnlimited : a + b;
}

WriteTraffic Sum(const WriteTraffic& a, const WriteTraffic& b) {
  return {.bytes = Sum(a.bytes, b.bytes), .records = Sum(a.records, b.records)};
}

void Raise(WriteTraffic& peak, const WriteTraffic& traffic) {
  peak.bytes = std::max(peak.bytes, traffic.bytes);
  peak.records = std::max(peak.records, traffic.records);
}

// The number of keys, less one: all of them would not fit.
absl::uint128 Span(const HashKeyRange& range) {
  return range.ending_hash_key.value - range.starting_hash_key.value;
}

// Width by powers of two: shards that were meant to be of equal width may differ by a key.
int BitWidth(absl::uint128 span) {
  const std::uint64_t high = absl::Uint128High64(span);
  return high != 0 ? 64 + static_cast<int>(std::bit_width(high))
                   : static_cast<int>(std::bit_width(absl::Uint128Low64(span)));
}

// The span of one of `shards` equal ranges, the longest of them.
absl::uint128 SpanOfOneIn(std::int64_t shards) {
  return HashKey::Max().value / static_cast<std::uint64_t>(shards);
}

std::vector<HashKeyRange> RangesOf(const OnDemandScaling::OpenShards& open) {
  std::vector<HashKeyRange> ranges;
  ranges.reserve(open.size());
  for (const OnDemandScaling::OpenShard& shard : open) ranges.push_back(shard.hash_key_range);
  return ranges;
}

}  // namespace

OnDemandScaling::OnDemandScaling(const Limits& limits, const Lifecycle& lifecycle)
    : window_nanos_(WindowNanos(limits)),
      day_nanos_(LengthNanos(limits.on_demand_peak_memory / kDaysRemembered)),
      split_after_(limits.on_demand_reaction - 2 * absl::Nanoseconds(window_nanos_) -
                   lifecycle.hand_over),
      most_shards_(limits.shards_per_on_demand_stream),
      least_shards_(std::max<std::int64_t>(limits.on_demand_initial_shards, 1)),
      most_per_window_{
          .bytes = MostPerWindow(limits.on_demand_split_bytes_per_second,
                                 limits.shard_write_bytes_per_second, window_nanos_),
          .records = MostPerWindow(limits.on_demand_split_records_per_second,
                                   limits.shard_write_records_per_second, window_nanos_)} {}

std::int64_t OnDemandScaling::WindowNanos(const Limits& limits) {
  return LengthNanos(limits.on_demand_window);
}

bool OnDemandScaling::enabled() const {
  return most_per_window_ !=
         WriteTraffic{.bytes = Limits::kUnlimited, .records = Limits::kUnlimited};
}

void OnDemandScaling::Start(const OpenShards& open, std::int64_t now_nanos) {
  shards_.clear();
  for (const OpenShard& shard : open)
    shards_[shard.shard_id].peaks[Day(now_nanos)] = most_per_window_;
}

std::int64_t OnDemandScaling::ShardsFor(const Limits& limits, std::int64_t warm_throughput_mibps) {
  const std::int64_t per_shard = std::max<std::int64_t>(limits.shard_write_bytes_per_second, 1);
  const std::int64_t bytes =
      std::min(warm_throughput_mibps, Limits::kUnlimited / Limits::kMiB) * Limits::kMiB;
  return std::min(bytes / per_shard + (bytes % per_shard != 0 ? 1 : 0),
                  limits.shards_per_on_demand_stream);
}

std::int64_t OnDemandScaling::FirstShards(const Limits& limits,
                                          std::int64_t warm_throughput_mibps) {
  return std::max(
      {limits.on_demand_initial_shards, ShardsFor(limits, warm_throughput_mibps), std::int64_t{1}});
}

void OnDemandScaling::HoldCapacityFor(std::int64_t shards) {
  warm_shards_ = std::min(shards, most_shards_);
}

std::int64_t OnDemandScaling::WindowEnd(std::int64_t now_nanos) const {
  return NextMultiple(now_nanos, window_nanos_);
}

std::int64_t OnDemandScaling::Day(std::int64_t nanos) const {
  return FloorDivide(nanos, day_nanos_);
}

bool OnDemandScaling::TooMuch(const WriteTraffic& traffic) const {
  return traffic.bytes > most_per_window_.bytes || traffic.records > most_per_window_.records;
}

bool OnDemandScaling::Observe(ShardId shard, const WriteTraffic& traffic,
                              std::int64_t window_end_nanos) {
  History& history = shards_[shard];
  const std::int64_t day = Day(window_end_nanos - window_nanos_);
  history.peaks.erase(history.peaks.begin(), history.peaks.lower_bound(day - kDaysRemembered));
  Raise(history.peaks[day], traffic);
  if (!TooMuch(traffic) || history.split_at_nanos.has_value()) return false;
  history.split_at_nanos = SplitAt(window_end_nanos);
  return true;
}

void OnDemandScaling::ObserveTotal(std::int64_t bytes, std::int64_t window_end_nanos) {
  last_hour_.erase(last_hour_.begin(), last_hour_.lower_bound(window_end_nanos - kHourNanos));
  last_hour_[window_end_nanos] = bytes;
}

std::int64_t OnDemandScaling::PeakOfLastHourMiBps(std::int64_t now_nanos) const {
  std::int64_t peak = 0;
  for (auto at = last_hour_.upper_bound(now_nanos - kHourNanos); at != last_hour_.end(); ++at)
    peak = std::max(peak, at->second);
  const absl::uint128 scaled = absl::uint128(static_cast<std::uint64_t>(peak)) * kSecondNanos;
  const absl::uint128 mib = absl::uint128(static_cast<std::uint64_t>(window_nanos_)) * Limits::kMiB;
  return static_cast<std::int64_t>(absl::Uint128Low64((scaled + mib - 1) / mib));
}

std::int64_t OnDemandScaling::SplitAt(std::int64_t window_end_nanos) const {
  return absl::ToUnixNanos(absl::FromUnixNanos(window_end_nanos) +
                           std::max(split_after_, absl::ZeroDuration()));
}

// The most that it took in a window, within the days that are remembered.
WriteTraffic OnDemandScaling::Peak(ShardId shard, std::int64_t now_nanos) const {
  WriteTraffic peak;
  const auto found = shards_.find(shard);
  if (found == shards_.end()) return peak;
  const auto& peaks = found->second.peaks;
  for (auto at = peaks.lower_bound(Day(now_nanos) - kDaysRemembered); at != peaks.end(); ++at)
    Raise(peak, at->second);
  return peak;
}

// Splits the shards at `positions` in the middle: all, or the widest for which there is room.
ReshardRound OnDemandScaling::SplitWidest(const std::vector<HashKeyRange>& open,
                                          std::vector<std::size_t> positions) const {
  const auto span = [&open](std::size_t position) { return Span(open[position]); };
  std::erase_if(positions, [&span](auto position) { return span(position) < kLeastSpanToSplit; });
  std::ranges::stable_sort(positions, std::ranges::greater{}, span);
  const std::int64_t room =
      std::max<std::int64_t>(most_shards_ - static_cast<std::int64_t>(open.size()), 0);
  if (static_cast<std::int64_t>(positions.size()) > room)
    positions.resize(static_cast<std::size_t>(room));
  std::ranges::sort(positions);
  ReshardRound round;
  for (const std::size_t position : positions) {
    const HashKeyRange& range = open[position];
    const HashKey middle = {range.starting_hash_key.value + Span(range) / 2};
    round.push_back({.first_parent = position,
                     .parent_count = 1,
                     .children = {{range.starting_hash_key, middle},
                                  {HashKey{middle.value + 1}, range.ending_hash_key}}});
  }
  return round;
}

ReshardRound OnDemandScaling::PlanSplits(const OpenShards& open, std::int64_t now_nanos) {
  std::vector<std::size_t> due;
  for (std::size_t i = 0; i < open.size(); ++i) {
    const auto found = shards_.find(open[i].shard_id);
    if (found == shards_.end()) continue;
    std::optional<std::int64_t>& split_at = found->second.split_at_nanos;
    if (!split_at.has_value() || *split_at > now_nanos) continue;
    split_at.reset();
    due.push_back(i);
  }
  return SplitWidest(RangesOf(open), std::move(due));
}

std::vector<ReshardRound> OnDemandScaling::PlanWarmUp(const OpenShards& open) const {
  std::vector<ReshardRound> rounds;
  if (warm_shards_ <= 0) return rounds;
  const absl::uint128 widest = SpanOfOneIn(warm_shards_);
  for (std::vector<HashKeyRange> ranges = RangesOf(open);;
       ranges = AfterRound(ranges, rounds.back())) {
    std::vector<std::size_t> too_wide;
    for (std::size_t i = 0; i < ranges.size(); ++i) {
      if (Span(ranges[i]) > widest) too_wide.push_back(i);
    }
    ReshardRound round = SplitWidest(ranges, std::move(too_wide));
    if (round.empty()) return rounds;
    rounds.push_back(std::move(round));
  }
}

// The neighbours that lie in one of the ranges that are held open, by the position of the lower.
std::vector<std::size_t> OnDemandScaling::PairsToMerge(const OpenShards& open) const {
  const std::vector<HashKeyRange> held = UniformPartition(std::max(least_shards_, warm_shards_));
  std::vector<std::size_t> pairs;
  std::size_t at = 0;
  for (std::size_t i = 0; i + 1 < open.size(); ++i) {
    while (held[at].ending_hash_key < open[i].hash_key_range.starting_hash_key) ++at;
    if (open[i + 1].hash_key_range.ending_hash_key <= held[at].ending_hash_key) pairs.push_back(i);
  }
  return pairs;
}

ReshardRound OnDemandScaling::PlanMerges(const OpenShards& open, std::int64_t now_nanos) const {
  const auto range_of_both = [&open](std::size_t lower) {
    return HashKeyRange{open[lower].hash_key_range.starting_hash_key,
                        open[lower + 1].hash_key_range.ending_hash_key};
  };
  std::vector<std::size_t> pairs = PairsToMerge(open);
  std::erase_if(pairs, [this, &open, now_nanos](std::size_t lower) {
    return TooMuch(
        Sum(Peak(open[lower].shard_id, now_nanos), Peak(open[lower + 1].shard_id, now_nanos)));
  });
  std::ranges::stable_sort(pairs, {}, [&range_of_both](std::size_t lower) {
    return BitWidth(Span(range_of_both(lower)));
  });
  std::vector<bool> taken(open.size());
  std::erase_if(pairs, [&taken](std::size_t lower) {
    if (taken[lower] || taken[lower + 1]) return true;
    taken[lower] = taken[lower + 1] = true;
    return false;
  });
  std::ranges::sort(pairs);
  ReshardRound round;
  for (const std::size_t lower : pairs) {
    round.push_back({.first_parent = lower, .parent_count = 2, .children = {range_of_both(lower)}});
  }
  return round;
}

std::optional<std::int64_t> OnDemandScaling::NextMerges(const OpenShards& open,
                                                        std::int64_t now_nanos) const {
  if (PairsToMerge(open).empty()) return std::nullopt;
  return NextMultiple(now_nanos, day_nanos_);
}

OnDemandScaling::State OnDemandScaling::Save() const {
  State state = {.warm_shards = warm_shards_, .last_hour = last_hour_};
  for (const auto& [shard, history] : shards_) state.shards.emplace(shard.number, history);
  return state;
}

void OnDemandScaling::Restore(const State& state) {
  HoldCapacityFor(state.warm_shards);
  last_hour_ = state.last_hour;
  shards_.clear();
  for (const auto& [number, history] : state.shards) shards_.emplace(ShardId{number}, history);
}

void OnDemandScaling::Inherit(const std::vector<ShardId>& parents,
                              const std::vector<ShardId>& children) {
  History inherited;
  for (const ShardId parent : parents) {
    const auto found = shards_.find(parent);
    if (found == shards_.end()) continue;
    for (const auto& [day, peak] : found->second.peaks)
      inherited.peaks[day] = Sum(inherited.peaks[day], peak);
    shards_.erase(found);
  }
  // Rounded up: the children together have no less than the parents had.
  const auto count = static_cast<std::int64_t>(children.size());
  for (auto& [day, peak] : inherited.peaks) {
    peak.bytes = peak.bytes / count + (peak.bytes % count != 0 ? 1 : 0);
    peak.records = peak.records / count + (peak.records % count != 0 ? 1 : 0);
  }
  for (const ShardId child : children) shards_[child] = inherited;
}

}  // namespace riacho::internal
