// How the shard log touches shared memory.
//
// The log takes this as a template parameter, so that a checker can stand between it and memory,
// order its threads and see its races; StdAtomics is what runs.
#pragma once

#include <atomic>
#include <cstddef>

#include "base/epoch.h"

namespace riacho::internal {

// Places where a thread may be suspended with consequences; tests park threads there.
enum class LogStep : unsigned char {
  kAfterClaim,
  kAfterWrite,
  kAfterPublish,
  kBeforeAdvance,
  kAfterSealBit
};

struct StdAtomics {
  template <typename T>
  using Atomic = std::atomic<T>;
  using Guard = EpochGuard;

  // How often a reader looks again at a claimed place before it asks whether the record may be
  // abandoned.
  static constexpr int kPatience = 256;

  static void Retire(void* object, void (*destroy)(void* object)) {
    Epoch::Retire(object, destroy);
  }
  // A sequentially consistent fence.
  static void Fence() {
#if !defined(__SANITIZE_THREAD__)  // knows no fences; where it runs, the exchanges that precede
                                   // ours are full barriers
    std::atomic_thread_fence(std::memory_order_seq_cst);
#endif
  }
  static void Pause() {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    asm volatile("yield");
#endif
  }
  static void Step(LogStep) {}
  // Called before plain memory is written or read; a checker looks for races here.
  static void PlainWrite(const void*, std::size_t) {}
  static void PlainRead(const void*, std::size_t) {}
};

}  // namespace riacho::internal
