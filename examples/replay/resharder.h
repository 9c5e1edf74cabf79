// The operator who reshards the stream while it is in use: the busiest shard is split, later the
// two quietest neighbours are merged.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"

#include "replay/timeline.h"
#include "replay/workload.h"
#include "riacho/riacho.h"

namespace replay {

// Confined: polled by one thread.
class Resharder final : public riacho::Agent {
 public:
  // Splits at `split_at` and merges at `merge_at`, or later if the stream is not ready for it.
  // `note` is told what happens. `hand_over` is how long after a call the children take over.
  Resharder(riacho::Client& kinesis, std::string stream_name, const Workload& workload,
            absl::Time split_at, absl::Time merge_at, absl::Duration hand_over,
            std::function<void(absl::Time, const std::string&)> note);

  absl::Time Poll(absl::Time now) override;

  // True when both are done and the children have taken over, or when it gave up. May be asked by
  // any thread.
  bool finished() const { return finished_.load(std::memory_order_acquire); }
  const absl::Status& failure() const { return failure_; }  // read it when finished()

  // All shards it has ever seen, also those that have expired since.
  const std::map<riacho::ShardId, riacho::Shard>& known_shards() const { return known_shards_; }

 private:
  enum class Step { kSplit, kSplitHandOver, kMerge, kMergeHandOver, kDone };

  absl::Time TakeStep(absl::Time now);
  absl::Time AfterCall(const absl::Status& status, absl::Time now, const std::string& what);
  absl::Status Split(std::string& what);
  absl::Status Merge(std::string& what);
  absl::Status ListShards();
  absl::StatusOr<std::vector<riacho::Shard>> OpenShards();  // by hash key
  std::string PartOf(std::int64_t events) const;

  riacho::Client& kinesis_;
  const std::string stream_name_;
  const Workload& workload_;
  const absl::Time merge_at_;
  const absl::Duration hand_over_;
  const std::function<void(absl::Time, const std::string&)> note_;
  Step step_ = Step::kSplit;
  absl::Time due_;
  std::map<riacho::ShardId, riacho::Shard> known_shards_;
  absl::Status failure_;
  std::atomic<bool> finished_ = false;
};

}  // namespace replay
