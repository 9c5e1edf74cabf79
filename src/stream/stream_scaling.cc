// The part of Stream that scales it while it is ON_DEMAND.
#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>

#include "absl/time/time.h"

#include "stream/stream.h"

namespace riacho::internal {

OnDemandScaling::OpenShards Stream::OpenShardRanges() const {
  OnDemandScaling::OpenShards open;
  for (const std::shared_ptr<LiveShard>& shard : OpenShards())
    open.push_back({.shard_id = shard->shard_id(), .hash_key_range = shard->hash_key_range()});
  return open;
}

void Stream::FollowMode(std::int64_t now_nanos) {
  const bool measured = ToBeMeasured();
  window_end_nanos_.store(measured ? kNoWindow : kNotMeasured, std::memory_order_relaxed);
  if (!measured) return;
  ForgetTraffic();
  scaling_.Start(OpenShardRanges(), now_nanos);
  LookForMerges(now_nanos);
}

std::int64_t Stream::WarmUp(std::int64_t warm_throughput_mibps, std::int64_t now_nanos) {
  scaling_.HoldCapacityFor(OnDemandScaling::ShardsFor(options_.limits, warm_throughput_mibps));
  LookForMerges(now_nanos);
  const std::vector<ReshardRound> rounds = scaling_.PlanWarmUp(OpenShardRanges());
  if (rounds.empty()) return now_nanos;
  return LayDown(rounds, options_.lifecycle.update_shard_count, now_nanos);
}

// What was stored. While traffic goes on, Settle ends each window and begins the next one;
// after a pause the first put begins it. A window that lies further ahead than a thread can be late
// was left there by a clock that was set back.
void Stream::CountInWindow(LiveShard& shard, const WriteTraffic& stored, std::int64_t now_nanos) {
  const std::int64_t end = window_end_nanos_.load(std::memory_order_relaxed);
  if (now_nanos >= end || now_nanos < end - 2 * window_nanos_) OpenWindow(now_nanos);
  shard.traffic.Add(stored);
}

void Stream::OpenWindow(std::int64_t now_nanos) {
  const absl::MutexLock lock(&mutex_);
  SettleLocked(now_nanos);
  const std::int64_t end = window_end_nanos_.load(std::memory_order_relaxed);
  if (end != kNoWindow) {
    if (end == kNotMeasured || now_nanos >= end - 2 * window_nanos_) return;  // somebody was first
    ForgetTraffic();
  }
  BeginWindow(now_nanos);
  UpdateDue();
}

// What was counted belongs to no window.
void Stream::ForgetTraffic() {
  const EpochGuard guard;
  for (const std::shared_ptr<LiveShard>& shard : map().routed()) shard->traffic.Take();
}

void Stream::BeginWindow(std::int64_t now_nanos) {
  const std::int64_t end = scaling_.WindowEnd(now_nanos);
  window_end_nanos_.store(end, std::memory_order_relaxed);
  AddTransition({.at_nanos = end, .kind = Transition::Kind::kEndWindow});
}

// Nothing was written in it: then there is no next one, and an idle stream has nothing to do.
void Stream::EndWindow(std::int64_t at_nanos) {
  if (window_end_nanos_.load(std::memory_order_relaxed) != at_nanos) return;  // of another clock
  std::int64_t bytes = 0;
  bool idle = true;
  bool scale_out = false;
  {
    const EpochGuard guard;
    for (const std::shared_ptr<LiveShard>& shard : map().routed()) {
      const WriteTraffic traffic = shard->traffic.Take();
      if (traffic == WriteTraffic{}) continue;
      idle = false;
      bytes += traffic.bytes;
      // What has an end already is no longer to be split.
      if (shard->open() && scaling_.Observe(shard->shard_id(), traffic, at_nanos)) scale_out = true;
    }
  }
  if (scale_out) {
    AddTransition({.at_nanos = scaling_.SplitAt(at_nanos), .kind = Transition::Kind::kScaleOut});
  }
  window_end_nanos_.store(kNoWindow, std::memory_order_relaxed);
  if (idle) return;
  scaling_.ObserveTotal(bytes, at_nanos);
  BeginWindow(at_nanos);
}

// The splits or the merges that are due. Parents show their end and children are listed at once, so
// that nobody sees the stream UPDATING; puts follow when they are handed over.
void Stream::Scale(const Transition& transition) {
  const bool in = transition.kind == Transition::Kind::kScaleIn;
  if (in) looks_for_merges_ = false;
  // On the way back to PROVISIONED the shards stay as the account's quota has counted them.
  if (!measured() || settings_.CountsAs(StreamMode::kProvisioned) ||
      status() == StreamStatus::kDeleting)
    return;
  // Shards whose end is laid down and not yet shown look open: wait until it is.
  for (auto later = transitions_.rbegin(); later != transitions_.rend(); ++later) {
    if (later->kind != Transition::Kind::kShowReshard) continue;
    looks_for_merges_ |= in;
    AddTransition({.at_nanos = later->at_nanos, .kind = transition.kind});
    return;
  }
  const OnDemandScaling::OpenShards open = OpenShardRanges();
  const ReshardRound round = in ? scaling_.PlanMerges(open, transition.at_nanos)
                                : scaling_.PlanSplits(open, transition.at_nanos);
  if (round.empty()) {
    LookForMerges(transition.at_nanos);
  } else {
    LayDown({round}, absl::ZeroDuration(), transition.at_nanos);
  }
}

void Stream::LookForMerges(std::int64_t now_nanos) {
  if (looks_for_merges_ || !measured()) return;
  const std::optional<std::int64_t> next = scaling_.NextMerges(OpenShardRanges(), now_nanos);
  if (!next.has_value()) return;
  looks_for_merges_ = true;
  AddTransition({.at_nanos = *next, .kind = Transition::Kind::kScaleIn});
}

}  // namespace riacho::internal
