// How long the service's asynchronous changes take.
//
//   EngineOptions options = {.lifecycle = Lifecycle::Service()};   // with a ManualClock: a test of
//   waiting code
#pragma once

#include "absl/time/time.h"

namespace riacho {

// By default nothing takes time: a stream is ACTIVE when CreateStream returns, and a test needs no
// wait.
struct Lifecycle {
  absl::Duration create_stream = absl::ZeroDuration();  // CREATING
  absl::Duration delete_stream = absl::ZeroDuration();  // DELETING
  absl::Duration update_stream = absl::ZeroDuration();  // UPDATING for retention and other settings
  absl::Duration reshard = absl::ZeroDuration();        // UPDATING for SplitShard and MergeShards
  absl::Duration update_shard_count =
      absl::ZeroDuration();  // UPDATING for UpdateShardCount, one step
  absl::Duration update_shard_count_step = absl::ZeroDuration();  // and for each further step
  absl::Duration hand_over =
      absl::ZeroDuration();  // from a reshard call until children take the puts
  absl::Duration hand_over_step =
      absl::ZeroDuration();  // and for each further step of UpdateShardCount
  absl::Duration register_consumer = absl::ZeroDuration();    // CREATING
  absl::Duration deregister_consumer = absl::ZeroDuration();  // DELETING

  // What was observed on the service in September 2026.
  static Lifecycle Service();

  friend bool operator==(const Lifecycle&, const Lifecycle&) = default;
};

}  // namespace riacho
