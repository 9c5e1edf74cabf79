// A small number for each thread that lives: what a class with something of its own for every
// thread keeps it under.
#pragma once

#include <cstdint>

namespace riacho::internal {

class ThreadSlot {
 public:
  // The calling thread's number: the smallest that no other thread had when it first asked. It is
  // given back when the thread ends; what the former holder did happens before what the next one
  // does. Wait-free, but for a thread's first call, which takes a mutex.
  static std::uint32_t Mine() {
    if (mine_ == kNone) [[unlikely]]
      Register();
    return mine_;
  }
  // The same if the thread has asked before, else kNone.
  static std::uint32_t MineOrNone() { return mine_; }
  static constexpr std::uint32_t kNone = UINT32_MAX;

 private:
  friend struct ThreadSlotReturn;

  static void Register();

  static inline thread_local constinit std::uint32_t mine_ = kNone;
};

}  // namespace riacho::internal
