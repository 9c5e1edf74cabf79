// Agent: work that is due at times. Producers, workers and all else in Riacho that moves by itself
// are agents; they own no thread and no clock. A Schedule polls them when they are due, an
// AgentRunner does so on a thread of its own.
//
//   class Heartbeat : public riacho::Agent {
//    public:
//     absl::Time Poll(absl::Time now) override {
//       Beat();
//       return now + absl::Seconds(1);
//     }
//   };
#pragma once

#include "absl/time/time.h"

namespace riacho {

// Confined: polled by one runner, one call at a time.
class Agent {
 public:
  virtual ~Agent();

  // Does what is due at `now`, without blocking, and returns when it wants to be called again. A
  // time that has come already means as soon as possible, absl::InfiniteFuture() only when woken.
  // It may be called early, and `now` may be earlier than the last time.
  virtual absl::Time Poll(absl::Time now) = 0;

 protected:
  Agent() = default;
  Agent(const Agent&) = default;
  Agent& operator=(const Agent&) = default;
};

}  // namespace riacho
