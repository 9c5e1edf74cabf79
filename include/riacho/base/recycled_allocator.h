// The memory of answers that are made and dropped all the time.
#pragma once

#include <cstddef>
#include <new>
#include <type_traits>

namespace riacho {

namespace internal {

// Not under the address sanitizer, which is to find those who use an answer after its end.
#if defined(__SANITIZE_ADDRESS__)
inline constexpr bool kRecycles = false;
#elif defined(__has_feature)
inline constexpr bool kRecycles = !__has_feature(address_sanitizer);
#else
inline constexpr bool kRecycles = true;
#endif

// Memory for at least `bytes`, and its way back. Until it ends, each thread keeps the largest block
// of up to 16 KiB that it has given back, and the largest of up to 1 MiB.
void* TakeRecycled(std::size_t bytes);
void GiveRecycled(void* memory) noexcept;

}  // namespace internal

// An allocator for containers that live for a call: what one call gives back, the thread's next
// call takes, and the heap is not asked. Stateless; memory may be given back by another thread.
template <typename T>
struct RecycledAllocator {
  using value_type = T;
  using is_always_equal = std::true_type;

  RecycledAllocator() = default;
  template <typename U>
  RecycledAllocator(const RecycledAllocator<U>&) {}  // NOLINT(google-explicit-constructor)

  T* allocate(std::size_t count) {
    static_assert(alignof(T) <= __STDCPP_DEFAULT_NEW_ALIGNMENT__);
    if (count > (static_cast<std::size_t>(-1) - 64) / sizeof(T)) throw std::bad_array_new_length();
    return static_cast<T*>(internal::TakeRecycled(count * sizeof(T)));
  }
  void deallocate(T* memory, std::size_t) noexcept { internal::GiveRecycled(memory); }

  friend bool operator==(RecycledAllocator, RecycledAllocator) { return true; }
};

}  // namespace riacho
