// The part of ReferenceStream that changes its settings and its tags.
#include <algorithm>
#include <cstddef>
#include <functional>
#include <iterator>
#include <string_view>
#include <utility>

#include "absl/time/time.h"

#include "model_based/reference_stream.h"

namespace riacho::model_based {
namespace {

// Episodes use few of all characters: these, letters, digits and spaces.
bool IsTagText(std::string_view text) {
  return text.find_first_of("%#!\n") == std::string_view::npos;
}

}  // namespace

bool TakeOfDay(std::vector<std::int64_t>& calls_nanos, std::int64_t most, std::int64_t now_nanos) {
  std::erase_if(calls_nanos, [now_nanos](std::int64_t at) { return at <= now_nanos - kDayNanos; });
  if (static_cast<std::int64_t>(calls_nanos.size()) >= most) return false;
  calls_nanos.push_back(now_nanos);
  return true;
}

std::vector<MetricsName> InTheServicesOrder(const ReferenceStream::Metrics& metrics) {
  std::vector<MetricsName> names;
  for (const MetricsName name :
       {MetricsName::kIncomingBytes, MetricsName::kOutgoingRecords,
        MetricsName::kIteratorAgeMilliseconds, MetricsName::kIncomingRecords,
        MetricsName::kReadProvisionedThroughputExceeded,
        MetricsName::kWriteProvisionedThroughputExceeded, MetricsName::kOutgoingBytes}) {
    if (metrics.contains(name)) names.push_back(name);
  }
  return names;
}

// --- tags ----------------------------------------------------------------------------------------

Answer<Done> AddReferenceTags(ReferenceTags& tags, const ReferenceTags& more, std::int64_t most,
                              Mistake mistake) {
  ReferenceTags together = tags;
  for (const auto& [key, value] : more) {
    if (key.starts_with("aws:") || !IsTagText(key) || !IsTagText(value)) {
      return ErrorCode::kInvalidArgument;
    }
    together[key] = value;
  }
  const std::size_t count =
      mistake == Mistake::kOverwrittenTagCounts ? tags.size() + more.size() : together.size();
  if (static_cast<std::int64_t>(count) > most) return ErrorCode::kInvalidArgument;
  tags = together;
  return Done{};
}

Answer<Done> RemoveReferenceTags(ReferenceTags& tags, const std::vector<std::string>& keys) {
  for (const std::string& key : keys) {
    if (key.starts_with("aws:")) return ErrorCode::kInvalidArgument;
  }
  for (const std::string& key : keys) tags.erase(key);
  return Done{};
}

std::vector<std::int64_t> ReferenceStream::QuotaMoments() const {
  std::vector<std::int64_t> moments;
  for (const std::vector<std::int64_t>* const calls :
       {&scalings_nanos_, &encryption_starts_nanos_, &encryption_stops_nanos_}) {
    for (const std::int64_t call : *calls) moments.push_back(call + kDayNanos);
  }
  return moments;
}

// --- settings ------------------------------------------------------------------------------------

std::int64_t ReferenceStream::UpdatedAt(std::int64_t now_nanos) const {
  return now_nanos + absl::ToInt64Nanoseconds(lifecycle.update_stream);
}

void ReferenceStream::Update(std::int64_t until_nanos, std::function<void()> apply,
                             std::int64_t now_nanos) {
  status = StreamStatus::kUpdating;
  At(until_nanos, std::move(apply));
  BecomeActiveAt(until_nanos);
  Settle(now_nanos);
}

std::int64_t ShardsForWarmThroughput(const Limits& limits, std::int64_t mibps) {
  const std::int64_t rate = limits.shard_write_bytes_per_second;
  const std::int64_t bytes = mibps * Limits::kMiB;
  return std::min(bytes / rate + (bytes % rate == 0 ? 0 : 1), limits.shards_per_on_demand_stream);
}

// In rounds: each shard that is wider than an equal share is halved, the widest first if there is
// not room for all.
std::int64_t ReferenceStream::WarmUp(std::int64_t target_mibps, std::int64_t now_nanos) {
  const std::int64_t shares = ShardsForWarmThroughput(limits, target_mibps);
  if (shares == 0) return now_nanos;
  const auto width = [](const std::shared_ptr<ReferenceShard>& shard) {
    return shard->range.ending_hash_key.value - shard->range.starting_hash_key.value;
  };
  const std::int64_t claimed = claimed_shard_count;  // an on-demand stream claims none
  Shards open = OpenShards();
  std::int64_t shown = now_nanos + absl::ToInt64Nanoseconds(lifecycle.update_shard_count);
  std::int64_t hand_over = FirstHandOver(now_nanos);
  for (bool first = true;; first = false) {
    Shards wide;
    std::ranges::copy_if(open, std::back_inserter(wide), [&](const auto& shard) {
      return width(shard) > absl::Uint128Max() / static_cast<std::uint64_t>(shares);
    });
    std::ranges::stable_sort(wide, std::ranges::greater{}, width);
    const std::int64_t room =
        limits.shards_per_on_demand_stream - static_cast<std::int64_t>(open.size());
    while (static_cast<std::int64_t>(wide.size()) > std::max<std::int64_t>(room, 0)) {
      wide.pop_back();
    }
    if (wide.empty()) {
      claimed_shard_count = claimed;
      return first ? now_nanos : shown;
    }
    std::ranges::sort(wide, {}, [](const auto& shard) { return shard->range.starting_hash_key; });
    std::vector<Family> halves;
    for (const auto& shard : wide) {
      const auto [start, end] = shard->range;
      const absl::uint128 middle = start.value + width(shard) / 2;
      halves.push_back({.parents = {shard}, .ranges = {{start, {middle}}, {{middle + 1}, end}}});
    }
    if (!first) {
      shown += absl::ToInt64Nanoseconds(lifecycle.update_shard_count_step);
      hand_over += absl::ToInt64Nanoseconds(lifecycle.hand_over_step);
    }
    open = Scale(open, halves, shown, hand_over, now_nanos);
  }
}

Answer<Done> ReferenceStream::UpdateMode(StreamMode to, std::optional<std::int64_t> warm_mibps,
                                         const ReferenceUsage& elsewhere,
                                         const std::function<bool()>& take_switch,
                                         std::int64_t now_nanos) {
  if (status != StreamStatus::kActive) return ErrorCode::kResourceInUse;
  if (warm_mibps == warm.target_mibps) warm_mibps.reset();
  if (to != mode) {
    if (to == StreamMode::kProvisioned) {
      if (strategy == RecordDistributionStrategy::kAuto || warm.target_mibps != 0) {
        return ErrorCode::kInvalidArgument;
      }
      if (limits.shards_per_account != Limits::kUnlimited &&
          elsewhere.shards + OpenShardCount() > limits.shards_per_account) {
        return ErrorCode::kLimitExceeded;
      }
    } else if (elsewhere.on_demand_streams >= limits.on_demand_streams_per_account) {
      return ErrorCode::kLimitExceeded;
    }
    if (!take_switch()) return ErrorCode::kLimitExceeded;
    claimed_shard_count = OpenShardCount();
    next_mode = to;
  } else if (!warm_mibps.has_value()) {
    return Done{};
  }
  std::int64_t at = UpdatedAt(now_nanos);
  if (warm_mibps.has_value()) {
    warm.target_mibps = *warm_mibps;
    at = std::max(at, WarmUp(*warm_mibps, now_nanos));
  }
  Update(
      at,
      [this, to] {
        mode = to;
        next_mode.reset();
        warm.current_mibps = warm.target_mibps;
      },
      now_nanos);
  return Done{};
}

Answer<Done> ReferenceStream::UpdateMaxRecordSize(std::int64_t kib, std::int64_t now_nanos) {
  if (status != StreamStatus::kActive) return ErrorCode::kResourceInUse;
  if (kib * 1024 == most_record_bytes) return Done{};
  Update(
      UpdatedAt(now_nanos),
      [this, kib] {
        most_record_bytes = kib * 1024;
        for (const auto& [number, shard] : shards) {
          shard->write_bytes.SetBurst(
              std::max(limits.shard_write_bytes_per_second, most_record_bytes));
        }
      },
      now_nanos);
  return Done{};
}

Answer<WarmThroughput> ReferenceStream::UpdateWarmThroughput(std::int64_t mibps,
                                                             std::int64_t now_nanos) {
  if (status != StreamStatus::kActive) return ErrorCode::kResourceInUse;
  if (mode != StreamMode::kOnDemand) return ErrorCode::kInvalidArgument;
  const WarmThroughput answer = {.target_mibps = mibps, .current_mibps = warm.current_mibps};
  if (mibps == warm.target_mibps) return answer;
  warm.target_mibps = mibps;
  const std::int64_t at = std::max(UpdatedAt(now_nanos), WarmUp(mibps, now_nanos));
  Update(
      at, [this, mibps] { warm.current_mibps = mibps; }, now_nanos);
  return answer;
}

Answer<Done> ReferenceStream::UpdateStrategy(RecordDistributionStrategy to) {
  if (status != StreamStatus::kActive) return ErrorCode::kResourceInUse;
  if (to == RecordDistributionStrategy::kAuto && mode != StreamMode::kOnDemand) {
    return ErrorCode::kInvalidArgument;
  }
  strategy = to;
  return Done{};
}

// The key that it has already makes it UPDATING, too.
Answer<Done> ReferenceStream::StartEncryption(const std::string& key, std::int64_t now_nanos) {
  if (status != StreamStatus::kActive) return ErrorCode::kResourceInUse;
  if (!TakeOfDay(encryption_starts_nanos_, limits.start_stream_encryption_calls_per_day,
                 now_nanos)) {
    return ErrorCode::kLimitExceeded;
  }
  Update(
      UpdatedAt(now_nanos), [this, key] { key_id = key; }, now_nanos);
  return Done{};
}

Answer<Done> ReferenceStream::StopEncryption(std::int64_t now_nanos) {
  if (status != StreamStatus::kActive) return ErrorCode::kResourceInUse;
  if (!key_id.has_value()) return ErrorCode::kInvalidArgument;
  if (!TakeOfDay(encryption_stops_nanos_, limits.stop_stream_encryption_calls_per_day, now_nanos)) {
    return ErrorCode::kLimitExceeded;
  }
  Update(
      UpdatedAt(now_nanos), [this] { key_id.reset(); }, now_nanos);
  return Done{};
}

Answer<std::pair<ReferenceStream::Metrics, ReferenceStream::Metrics>>
ReferenceStream::ChangeMetrics(const std::vector<MetricsName>& names, bool enable,
                               std::int64_t now_nanos) {
  if (status != StreamStatus::kActive) return ErrorCode::kResourceInUse;
  Metrics meant(names.begin(), names.end());
  if (meant.contains(MetricsName::kAll)) {
    for (int i = 0; i < static_cast<int>(MetricsName::kAll); ++i) {
      meant.insert(static_cast<MetricsName>(i));
    }
    meant.erase(MetricsName::kAll);
  }
  Metrics after = metrics;
  for (const MetricsName metric : meant) {
    if (enable) {
      after.insert(metric);
    } else {
      after.erase(metric);
    }
  }
  const std::pair<Metrics, Metrics> answer(metrics, after);
  if (after != metrics) {
    Update(
        UpdatedAt(now_nanos), [this, after] { metrics = after; }, now_nanos);
  }
  return answer;
}

}  // namespace riacho::model_based
