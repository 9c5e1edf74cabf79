// The connections of a client that wait for its next call.
#pragma once

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

#include "wire/transport.h"

namespace riacho::internal {

// Thread-safe.
class ConnectionPool {
 public:
  explicit ConnectionPool(std::size_t capacity) : capacity_(capacity) {}

  // The one that was used last, for the others to grow old and be closed by the endpoint; null if
  // there is none. Those that broke while they waited are dropped.
  std::unique_ptr<Transport> Take() {
    const absl::MutexLock lock(&mutex_);
    while (!idle_.empty()) {
      std::unique_ptr<Transport> transport = std::move(idle_.back());
      idle_.pop_back();
      if (transport->IsQuiet()) return transport;
    }
    return nullptr;
  }

  // One too many is closed.
  void Return(std::unique_ptr<Transport> transport) {
    const absl::MutexLock lock(&mutex_);
    if (idle_.size() < capacity_) idle_.push_back(std::move(transport));
  }

 private:
  const std::size_t capacity_;
  absl::Mutex mutex_;
  std::vector<std::unique_ptr<Transport>> idle_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace riacho::internal
