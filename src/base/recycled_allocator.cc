#include "riacho/base/recycled_allocator.h"

#include <algorithm>
#include <array>
#include <utility>

namespace riacho::internal {
namespace {

constexpr std::size_t kSmallest = 1024;
constexpr std::size_t kLargestSmall = std::size_t{16} * 1024;
constexpr std::size_t kLargestKept = std::size_t{1024} * 1024;
// A block serves what is smaller than itself by no more than this, else a short answer that is kept
// would hold a long one's memory.
constexpr std::size_t kMostTimesTooLarge = 16;

// Stands before what is handed out.
struct alignas(__STDCPP_DEFAULT_NEW_ALIGNMENT__) Block {
  std::size_t room = 0;
};

// What the thread keeps: a small block and a large one. Nothing any more once it ends. Trivial, so
// that they may be looked at to the last.
constinit thread_local std::array<Block*, 2> t_spare = {};
constinit thread_local bool t_ended = false;

// Gives back what is kept when the thread ends.
struct AtEnd {
  bool armed = false;

  ~AtEnd() {
    for (Block*& spare : t_spare) ::operator delete(std::exchange(spare, nullptr));
    t_ended = true;
  }
};
thread_local AtEnd t_at_end;

Block*& SpareFor(std::size_t room) { return t_spare[room > kLargestSmall ? 1 : 0]; }

}  // namespace

void* TakeRecycled(std::size_t bytes) {
  const std::size_t room = std::max(bytes, kSmallest);
  Block*& spare = SpareFor(room);
  if (spare != nullptr && spare->room >= room && spare->room / kMostTimesTooLarge <= room)
    return std::exchange(spare, nullptr) + 1;
  return new (::operator new(sizeof(Block) + room)) Block{room} + 1;
}

void GiveRecycled(void* memory) noexcept {
  Block* block = static_cast<Block*>(memory) - 1;
  Block*& spare = SpareFor(block->room);
  const bool better = spare == nullptr || spare->room < block->room;
  if (kRecycles && better && block->room <= kLargestKept && !t_ended) {
    t_at_end.armed = true;  // makes it, so that it is there to be destroyed
    block = std::exchange(spare, block);
  }
  ::operator delete(block);
}

}  // namespace riacho::internal
