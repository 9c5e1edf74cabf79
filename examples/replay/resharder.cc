#include "replay/resharder.h"

#include <algorithm>
#include <utility>

#include "replay/text_table.h"

namespace replay {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(1);

}  // namespace

Resharder::Resharder(riacho::Client& kinesis, std::string stream_name, const Workload& workload,
                     absl::Time split_at, absl::Time merge_at, absl::Duration hand_over,
                     std::function<void(absl::Time, const std::string&)> note)
    : kinesis_(kinesis),
      stream_name_(std::move(stream_name)),
      workload_(workload),
      merge_at_(merge_at),
      hand_over_(hand_over),
      note_(std::move(note)),
      due_(split_at) {}

absl::Time Resharder::Poll(absl::Time now) {
  if (now >= due_) due_ = TakeStep(now);
  if (!failure_.ok()) step_ = Step::kDone;
  if (step_ == Step::kDone) finished_.store(true, std::memory_order_release);
  return step_ == Step::kDone ? absl::InfiniteFuture() : due_;
}

absl::Time Resharder::TakeStep(absl::Time now) {
  std::string what;
  switch (step_) {
    case Step::kSplit: {
      const absl::Status status = Split(what);
      return AfterCall(status, now, what);
    }
    case Step::kSplitHandOver:
      note_(now, "hand-over: its two children take the records now");
      failure_ = ListShards();
      step_ = Step::kMerge;
      return std::max(now, merge_at_);
    case Step::kMerge: {
      const absl::Status status = Merge(what);
      return AfterCall(status, now, what);
    }
    case Step::kMergeHandOver:
      note_(now, "hand-over: their child takes the records now");
      failure_ = ListShards();
      step_ = Step::kDone;
      return absl::InfiniteFuture();
    case Step::kDone:
      break;
  }
  return absl::InfiniteFuture();
}

absl::Time Resharder::AfterCall(const absl::Status& status, absl::Time now,
                                const std::string& what) {
  if (status.ok()) {
    note_(now, what);
    step_ = step_ == Step::kSplit ? Step::kSplitHandOver : Step::kMergeHandOver;
    return now + hand_over_ + kPatience;  // shards end on whole seconds
  }
  const bool later = riacho::IsRetryable(status) ||
                     riacho::GetErrorCode(status) == riacho::ErrorCode::kResourceInUse;
  if (!later) failure_ = status;
  return now + kPatience;
}

absl::Status Resharder::Split(std::string& what) {
  const absl::StatusOr<std::vector<riacho::Shard>> shards = OpenShards();
  if (!shards.ok()) return shards.status();
  const riacho::Shard* busiest = nullptr;
  Share share;
  for (const riacho::Shard& shard : *shards) {
    const Share candidate = ShareOf(workload_, shard.hash_key_range);
    if (busiest != nullptr && candidate.events <= share.events) continue;
    busiest = &shard;
    share = candidate;
  }
  // Each child must have two keys at least; a shard with one partition key is cut in the middle.
  const riacho::HashKeyRange& range = busiest->hash_key_range;
  absl::uint128 middle = share.middle.value;
  if (middle <= range.starting_hash_key.value + 1 || middle >= range.ending_hash_key.value) {
    middle = range.starting_hash_key.value +
             (range.ending_hash_key.value - range.starting_hash_key.value) / 2;
  }
  what = "SplitShard: " + busiest->shard_id.ToString() + ", the busiest, with " +
         PartOf(share.events) + " of the events";
  return kinesis_
      .SplitShard({.stream_name = stream_name_,
                   .shard_to_split = busiest->shard_id.ToString(),
                   .new_starting_hash_key = riacho::HashKey{middle}.ToString()})
      .status();
}

absl::Status Resharder::Merge(std::string& what) {
  const absl::StatusOr<std::vector<riacho::Shard>> shards = OpenShards();
  if (!shards.ok()) return shards.status();
  std::size_t quietest = 0;
  std::int64_t least = 0;
  for (std::size_t i = 0; i + 1 < shards->size(); ++i) {
    const std::int64_t events = ShareOf(workload_, (*shards)[i].hash_key_range).events +
                                ShareOf(workload_, (*shards)[i + 1].hash_key_range).events;
    if (i > 0 && events >= least) continue;
    quietest = i;
    least = events;
  }
  const std::string lower = (*shards)[quietest].shard_id.ToString();
  const std::string upper = (*shards)[quietest + 1].shard_id.ToString();
  what = "MergeShards: " + lower + " and " + upper + ", the quietest neighbours, with " +
         PartOf(least) + " of the events";
  return kinesis_
      .MergeShards(
          {.stream_name = stream_name_, .shard_to_merge = lower, .adjacent_shard_to_merge = upper})
      .status();
}

absl::Status Resharder::ListShards() {
  const absl::StatusOr<riacho::ListShardsResponse> response =
      kinesis_.ListShards({.stream_name = stream_name_});
  if (!response.ok()) return response.status();
  for (const riacho::Shard& shard : response->shards) known_shards_[shard.shard_id] = shard;
  return absl::OkStatus();
}

absl::StatusOr<std::vector<riacho::Shard>> Resharder::OpenShards() {
  if (absl::Status listed = ListShards(); !listed.ok()) return listed;
  std::vector<riacho::Shard> open;
  for (const auto& [id, shard] : known_shards_) {
    if (!shard.sequence_number_range.ending_sequence_number.has_value()) open.push_back(shard);
  }
  std::ranges::sort(
      open, {}, [](const riacho::Shard& shard) { return shard.hash_key_range.starting_hash_key; });
  return open;
}

std::string Resharder::PartOf(std::int64_t events) const {
  const auto all = static_cast<double>(workload_.events.size());
  return OneDecimal(100 * static_cast<double>(events) / all) + " %";
}

}  // namespace replay
