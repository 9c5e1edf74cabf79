#include "base/thread_slot.h"

#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace riacho::internal {
namespace {

class Slots {
 public:
  std::uint32_t Take() {
    const absl::MutexLock lock(&mutex_);
    std::uint32_t slot = 0;
    while (slot < taken_.size() && taken_[slot]) ++slot;
    if (slot == taken_.size()) taken_.push_back(false);
    taken_[slot] = true;
    return slot;
  }
  void GiveBack(std::uint32_t slot) {
    const absl::MutexLock lock(&mutex_);
    taken_[slot] = false;
  }

 private:
  absl::Mutex mutex_;
  std::vector<bool> taken_ ABSL_GUARDED_BY(mutex_);
};

// Never destroyed: threads may end after the program's statics.
Slots& AllSlots() {
  static auto* const slots = new Slots;
  return *slots;
}

}  // namespace

// Destructors of other thread-locals that run later, and ask again, get another number, which stays
// taken.
struct ThreadSlotReturn {
  bool armed = false;
  ~ThreadSlotReturn() {
    if (armed) AllSlots().GiveBack(std::exchange(ThreadSlot::mine_, ThreadSlot::kNone));
  }
};

namespace {
thread_local ThreadSlotReturn at_end_of_thread;
}  // namespace

void ThreadSlot::Register() {
  mine_ = AllSlots().Take();
  at_end_of_thread.armed = true;
}

}  // namespace riacho::internal
