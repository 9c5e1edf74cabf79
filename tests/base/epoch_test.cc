// Threads, because an epoch is about nothing else. They wait for each other by flags.
#include "base/epoch.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <thread>
#include <vector>

#if defined(__linux__)
#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

#include "gtest/gtest.h"

namespace riacho::internal {
namespace {

void WaitFor(const std::atomic<bool>& flag) {
  while (!flag.load(std::memory_order_acquire)) std::this_thread::yield();
}

// Becomes true when it is destroyed.
struct Tombstone {
  std::atomic<bool> destroyed = false;

  void Retire() {
    Epoch::Retire(this, [](void* object) {
      static_cast<Tombstone*>(object)->destroyed.store(true, std::memory_order_release);
    });
  }
};

// A thread that stands inside a guard until it is told to leave.
class Visitor {
 public:
  Visitor() { WaitFor(inside_); }
  ~Visitor() { Leave(); }

  void Leave() {
    leave_.store(true, std::memory_order_release);
    if (thread_.joinable()) thread_.join();
  }

 private:
  std::atomic<bool> inside_ = false;
  std::atomic<bool> leave_ = false;
  std::thread thread_{[this] {
    const EpochGuard guard;
    inside_.store(true, std::memory_order_release);
    WaitFor(leave_);
  }};
};

TEST(Epoch, DestroysAtOnceWhenNobodyIsInside) {
  Tombstone object;
  object.Retire();
  EXPECT_TRUE(object.destroyed);
}

TEST(Epoch, GuardOfAnotherThreadDelaysDestruction) {
  Tombstone object;
  Visitor visitor;
  object.Retire();
  for (int i = 0; i < 10; ++i) Epoch::Collect();
  EXPECT_FALSE(object.destroyed);
  visitor.Leave();
  Epoch::Collect();
  EXPECT_TRUE(object.destroyed);
}

TEST(Epoch, EveryGuardHeldAtThatTimeDelaysDestruction) {
  Tombstone object;
  Visitor first;
  Visitor second;
  object.Retire();
  first.Leave();
  Epoch::Collect();
  EXPECT_FALSE(object.destroyed);
  second.Leave();
  Epoch::Collect();
  EXPECT_TRUE(object.destroyed);
}

TEST(Epoch, OwnGuardDelaysDestructionUntilItIsLeft) {
  Tombstone object;
  {
    const EpochGuard guard;
    object.Retire();
    Epoch::Collect();
    EXPECT_FALSE(object.destroyed);
    object.Retire();  // asks for collection on leaving once more
  }
  EXPECT_TRUE(object.destroyed);
}

TEST(Epoch, GuardsNest) {
  Tombstone object;
  {
    const EpochGuard outer;
    {
      const EpochGuard inner;
      object.Retire();
    }
    EXPECT_FALSE(object.destroyed);
  }
  EXPECT_TRUE(object.destroyed);
}

TEST(Epoch, ThreadThatEndedHoldsNothingBack) {
  for (int i = 0; i < 20; ++i) {
    Tombstone object;
    std::thread([&object] {
      const EpochGuard guard;
      object.Retire();
    }).join();
    Epoch::Collect();
    EXPECT_TRUE(object.destroyed);
  }
}

// Enters a guard when its thread has ended already as far as the epoch can tell.
struct LateVisitor {
  std::atomic<bool>* inside = nullptr;
  std::atomic<bool>* leave = nullptr;

  ~LateVisitor() {
    if (inside == nullptr) return;
    const EpochGuard guard;
    inside->store(true, std::memory_order_release);
    WaitFor(*leave);
  }
};

TEST(Epoch, GuardInADestructorOfTheThreadHasARecordOfItsOwn) {
  Tombstone object;
  std::atomic<bool> inside = false;
  std::atomic<bool> leave = false;
  std::thread ending([&] {
    thread_local LateVisitor
        visitor;  // made before the first guard, so it is destroyed after what the epoch keeps
    visitor.inside = &inside;
    visitor.leave = &leave;
    const EpochGuard guard;
  });
  WaitFor(inside);
  std::thread([] {
    const EpochGuard guard;
  }).join();  // must not share the record of the ending thread
  object.Retire();
  Epoch::Collect();
  EXPECT_FALSE(object.destroyed);
  leave.store(true, std::memory_order_release);
  ending.join();
  Epoch::Collect();
  EXPECT_TRUE(object.destroyed);
}

struct Node {
  static inline std::atomic<int> live = 0;
  Node() { live.fetch_add(1); }
  ~Node() {
    alive = 0;
    live.fetch_sub(1);
  }
  std::uint64_t alive = 42;
};

// Threads replace the nodes behind a few shared pointers while others, and they themselves, look at
// them. A node destroyed too early shows as a wrong value, a race under the thread sanitizer, or a
// use after free under the address sanitizer.
TEST(EpochStress, NobodySeesADestroyedObject) {
  constexpr int kThreads = 4;
  constexpr int kSteps = 5000;
  std::vector<std::atomic<Node*>> slots(3);
  for (std::atomic<Node*>& slot : slots) slot.store(new Node);
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kSteps; ++i) {
        std::atomic<Node*>& slot = slots[static_cast<std::size_t>(i + t) % slots.size()];
        if (i % 3 == 0) {
          Node* const old = slot.exchange(new Node, std::memory_order_acq_rel);
          Epoch::Retire(old, [](void* node) { delete static_cast<Node*>(node); });
        } else {
          const EpochGuard guard;
          const Node* const node = slot.load(std::memory_order_acquire);
          for (int look = 0; look < 20; ++look) {
            if (node->alive != 42) wrong.fetch_add(1);
          }
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
  for (std::atomic<Node*>& slot : slots) delete slot.load();
  Epoch::Collect();
  EXPECT_EQ(Node::live, 0);
}

#if defined(__linux__)
// A guard with a barrier of its own makes an append four times as dear where the barrier is mfence.
TEST(Epoch, LeavesItsBarrierToTheKernelWhereThatOffersOne) {
#if defined(__SANITIZE_THREAD__)
  constexpr bool kWatched = true;
#elif defined(__has_feature)
  constexpr bool kWatched = __has_feature(thread_sanitizer) != 0;
#else
  constexpr bool kWatched = false;
#endif
  const long commands = syscall(SYS_membarrier, MEMBARRIER_CMD_QUERY, 0, 0);
  const bool offered = commands > 0 && (commands & MEMBARRIER_CMD_PRIVATE_EXPEDITED) != 0;
  EXPECT_EQ(Epoch::asymmetric(), offered && !kWatched);
}
#endif

}  // namespace
}  // namespace riacho::internal
