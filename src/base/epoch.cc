#include "base/epoch.h"

#include <utility>

#if defined(__linux__)
#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace riacho::internal {
namespace {

#if defined(__SANITIZE_THREAD__)
#define RIACHO_THREAD_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define RIACHO_THREAD_SANITIZER 1
#endif
#endif

// The commands of membarrier are enumerators, which no preprocessor sees: the call's number tells
// whether the headers know it.
#if defined(__linux__) && defined(SYS_membarrier) && !defined(RIACHO_THREAD_SANITIZER)
#define RIACHO_MEMBARRIER 1
#endif

// The thread sanitizer knows nothing of membarrier, so the symmetric form is what it checks.
bool RegisterMembarrier() {
#if defined(RIACHO_MEMBARRIER)
  return syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0) == 0;
#else
  return false;
#endif
}

// The reclaimer's side of the barrier in EpochGuard.
void BarrierOnAllThreads([[maybe_unused]] bool asymmetric) {
#if defined(RIACHO_MEMBARRIER)
  if (asymmetric) {
    syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0);
    return;
  }
#endif
#if !defined(RIACHO_THREAD_SANITIZER)
  std::atomic_thread_fence(std::memory_order_seq_cst);
#endif
}

struct Retired {
  void* object = nullptr;
  void (*destroy)(void* object) = nullptr;
  std::uint64_t epoch = 0;
  Retired* next = nullptr;
};

constinit std::atomic<EpochThread*> threads = nullptr;
constinit std::atomic<Retired*> retired_head = nullptr;

void Push(Retired* first, Retired* last) {
  last->next = retired_head.load(std::memory_order_relaxed);
  // Release: whoever takes the list reads the nodes.
  while (!retired_head.compare_exchange_weak(last->next, first, std::memory_order_release,
                                             std::memory_order_relaxed)) {
  }
}

// Gives the record back when the thread ends. Destructors that run later and enter a guard get
// another one.
struct ThreadEnd {
  EpochLocal* local = nullptr;
  ~ThreadEnd() {
    if (local == nullptr) return;
    local->thread->taken.store(false, std::memory_order_release);
    local->thread = nullptr;
  }
};
thread_local ThreadEnd thread_end;

}  // namespace

const bool Epoch::kAsymmetric = RegisterMembarrier();

void Epoch::Register() {
  EpochThread* thread = threads.load(std::memory_order_acquire);
  for (; thread != nullptr; thread = thread->next) {
    bool taken = false;
    if (thread->taken.compare_exchange_strong(taken, true, std::memory_order_acq_rel)) break;
  }
  if (thread == nullptr) {
    thread = new EpochThread;
    thread->taken.store(true, std::memory_order_relaxed);
    thread->next = threads.load(std::memory_order_relaxed);
    while (!threads.compare_exchange_weak(thread->next, thread, std::memory_order_seq_cst,
                                          std::memory_order_relaxed)) {
    }
  }
  local_.thread = thread;
  thread_end.local = &local_;
#if !defined(RIACHO_THREAD_SANITIZER)
  // Nothing that this thread reads is older than its record: see Collect.
  std::atomic_thread_fence(std::memory_order_seq_cst);
#endif
}

void Epoch::EnterWithBarrier(std::uint64_t now) {
#if defined(RIACHO_THREAD_SANITIZER)
  // It knows no fences; where it runs, an exchange is a full barrier too.
  local_.thread->epoch.exchange(now, std::memory_order_seq_cst);
#else
  local_.thread->epoch.store(now, std::memory_order_release);
  std::atomic_thread_fence(std::memory_order_seq_cst);
#endif
}

void Epoch::Retire(void* object, void (*destroy)(void* object)) {
  // Read by a read-modify-write: the unlinking must not be delayed beyond the reading, and whoever
  // moves the epoch on, or enters a later one, sees it. A plain load could pass the unlinking
  // store, take too old an epoch, and be a guard too early.
  const std::uint64_t epoch = now_.fetch_add(0, std::memory_order_seq_cst);
  Retired* const node =
      new Retired{.object = object, .destroy = destroy, .epoch = epoch, .next = nullptr};
  Push(node, node);
  Collect();
}

void Epoch::Collect() {
  local_.collect_on_leave = local_.depth != 0;
  if (local_.collect_on_leave) return;  // our own guard would hold everything back
  // An object retired in epoch e was unlinked before the epoch became e + 1, and the epoch moves on
  // only when all guards held are of the present epoch: at e + 2 nobody can still see it.
  for (int step = 0; step < 2; ++step) {
    std::uint64_t now = now_.load(std::memory_order_seq_cst);
    EpochThread* const first = threads.load(std::memory_order_seq_cst);
    // Where no other thread has ever had a guard there is nobody whose guard could be seen too
    // late. One that comes after this look has a full barrier in Register, and enters the present
    // epoch or a later one.
    const bool alone = first != nullptr && first == local_.thread && first->next == nullptr;
    if (!alone) BarrierOnAllThreads(kAsymmetric);
    bool all_present = true;
    for (EpochThread* thread = threads.load(std::memory_order_seq_cst); thread != nullptr;
         thread = thread->next) {
      const std::uint64_t epoch = thread->epoch.load(std::memory_order_seq_cst);
      if (epoch != 0 && epoch != now) all_present = false;
    }
    if (!all_present) break;
    now_.compare_exchange_strong(now, now + 1, std::memory_order_seq_cst);
  }
  const std::uint64_t now = now_.load(std::memory_order_seq_cst);
  Retired* keep_first = nullptr;
  Retired* keep_last = nullptr;
  Retired* node = retired_head.exchange(nullptr, std::memory_order_acquire);
  while (node != nullptr) {
    Retired* const next = node->next;
    if (node->epoch + 2 <= now) {
      node->destroy(node->object);
      delete node;
    } else {
      node->next = keep_first;
      keep_first = node;
      if (keep_last == nullptr) keep_last = node;
    }
    node = next;
  }
  if (keep_first != nullptr) Push(keep_first, keep_last);
}

}  // namespace riacho::internal
