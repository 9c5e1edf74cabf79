#include "riacho/client/recycled_allocator.h"

#include <algorithm>
#include <utility>

namespace riacho::internal {
namespace {

constexpr std::size_t kSmallest = 1024;
constexpr std::size_t kLargestKept = std::size_t{256} * 1024;

// Stands before what is handed out.
struct alignas(__STDCPP_DEFAULT_NEW_ALIGNMENT__) Block {
  std::size_t room = 0;
};

struct Spare {
  Block* block = nullptr;
  bool ended = false;  // the thread is about to end: keep nothing any more

  ~Spare() {
    ::operator delete(std::exchange(block, nullptr));
    ended = true;
  }
};

constinit thread_local Spare t_spare;

}  // namespace

void* TakeRecycled(std::size_t bytes) {
  if (t_spare.block != nullptr && t_spare.block->room >= bytes)
    return std::exchange(t_spare.block, nullptr) + 1;
  const std::size_t room = std::max(bytes, kSmallest);
  return new (::operator new(sizeof(Block) + room)) Block{room} + 1;
}

void GiveRecycled(void* memory) noexcept {
  Block* block = static_cast<Block*>(memory) - 1;
  const bool better = t_spare.block == nullptr || t_spare.block->room < block->room;
  if (better && block->room <= kLargestKept && !t_spare.ended)
    block = std::exchange(t_spare.block, block);
  ::operator delete(block);
}

}  // namespace riacho::internal
