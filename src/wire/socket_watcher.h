// SocketWatcher: wakes those who sleep until something has come over their connections.
#pragma once

#include <cstdint>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/any_invocable.h"
#include "absl/synchronization/mutex.h"

namespace riacho::internal {

// Thread-safe. Starts a thread at the first Watch, and ends it in the destructor, which must not
// run on it.
class SocketWatcher {
 public:
  SocketWatcher();
  SocketWatcher(const SocketWatcher&) = delete;
  SocketWatcher& operator=(const SocketWatcher&) = delete;
  ~SocketWatcher();

  // Calls `wake` once, on the watcher's thread, when poll(2) finds one of `events` at `socket`, or
  // an error there. `wake` must be quick and must not come back here.
  std::uint64_t Watch(int socket, short events, absl::AnyInvocable<void()> wake);

  // From its return on the wake of that Watch does not run, and the socket is not looked at: it
  // may be closed. Harmless after the wake.
  void Cancel(std::uint64_t id);

 private:
  struct Sleeper {
    std::uint64_t id;
    int socket;
    short events;
    absl::AnyInvocable<void()> wake;
  };

  void Run();
  void Nudge() const;
  void WakeSleeper(std::uint64_t id);

  const int nudge_;  // an eventfd: makes poll(2) look at the list anew
  absl::Mutex mutex_;
  std::vector<Sleeper> sleepers_ ABSL_GUARDED_BY(mutex_);
  std::uint64_t last_id_ ABSL_GUARDED_BY(mutex_) = 0;
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace riacho::internal
