#include "allocations.h"

#include <cstdlib>
#include <new>

#include <malloc.h>

namespace riacho::bench {
namespace {

thread_local constinit Allocations allocations;

void* Counted(void* memory) {
  if (memory == nullptr) throw std::bad_alloc();
  ++allocations.count;
  allocations.bytes += static_cast<std::int64_t>(malloc_usable_size(memory));
  return memory;
}

void Free(void* memory) {
  if (memory != nullptr) allocations.bytes -= static_cast<std::int64_t>(malloc_usable_size(memory));
  std::free(memory);
}

}  // namespace

Allocations Allocations::OfThisThread() { return allocations; }

}  // namespace riacho::bench

// All other forms come down to these.
void* operator new(std::size_t bytes) { return riacho::bench::Counted(std::malloc(bytes)); }
void* operator new(std::size_t bytes, std::align_val_t alignment) {
  const auto to = static_cast<std::size_t>(alignment);
  return riacho::bench::Counted(std::aligned_alloc(to, (bytes + to - 1) / to * to));
}
void operator delete(void* memory) noexcept { riacho::bench::Free(memory); }
void operator delete(void* memory, std::size_t) noexcept { riacho::bench::Free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { riacho::bench::Free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
  riacho::bench::Free(memory);
}
