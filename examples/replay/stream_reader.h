// What both kinds of consumer have in common: they visit shard after shard, and go from parents to
// children.
#pragma once

#include <atomic>
#include <cstdint>
#include <list>
#include <optional>
#include <set>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "riacho/riacho.h"

namespace replay {

// In which order one consumer reads shards: a child when all its parents have been read to their
// end. What a key put before a split or merge is then read before what it put after it.
class Lineage {
 public:
  // The shards to begin with: those without a parent in the list. `listed` is ListShards's answer.
  std::vector<riacho::ShardId> Roots(const std::vector<riacho::Shard>& listed);

  // The shards to go on with after the end of `shard`, whose last answer had these `children`.
  std::vector<riacho::ShardId> Finish(riacho::ShardId shard,
                                      const std::vector<riacho::ChildShard>& children);

 private:
  std::set<riacho::ShardId> started_;
  std::set<riacho::ShardId> finished_;
};

// Reads a whole stream from its oldest records on, and calls again later when the service refuses.
//
// Confined: polled by one thread. What it says about itself may be asked by any.
class StreamReader : public riacho::Agent {
 public:
  absl::Time Poll(absl::Time now) final;

  // The last time at which it had read everything there was.
  absl::Time caught_up_at() const {
    return absl::FromUnixNanos(caught_up_nanos_.load(std::memory_order_acquire));
  }
  bool failed() const { return failed_.load(std::memory_order_acquire); }
  const absl::Status& failure() const { return failure_; }  // read it when failed()

 protected:
  struct Visit {
    absl::Time next = {};                                          // when to visit the shard again
    bool caught_up = false;                                        // there was nothing more
    std::optional<std::vector<riacho::ChildShard>> children = {};  // the shard has ended
  };

  explicit StreamReader(const std::vector<riacho::Shard>& shards);

 private:
  // Reads what there is. An error that calls for patience leads to another visit a second later.
  virtual absl::StatusOr<Visit> VisitShard(riacho::ShardId shard, absl::Time now) = 0;

  struct Place {
    riacho::ShardId shard = {};
    absl::Time due = absl::InfinitePast();
    absl::Time caught_up_at = absl::InfinitePast();
    bool ended = false;
  };

  void VisitPlace(Place& place, absl::Time now);

  Lineage lineage_;
  std::list<Place> places_;  // one for each shard that is being read
  absl::Status failure_;
  std::atomic<bool> failed_ = false;
  std::atomic<std::int64_t> caught_up_nanos_ = 0;
};

}  // namespace replay
