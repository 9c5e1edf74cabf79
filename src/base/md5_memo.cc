#include "base/md5_memo.h"

#include <cstddef>
#include <cstring>

#include <xxhash.h>

#include "base/md5.h"

namespace riacho::internal {
namespace {

constexpr std::size_t kEntries = 1024;
constexpr std::size_t kLongestKey = 47;

// A cache line: one key and its digest. Empty at first, as the empty key is never kept.
struct alignas(64) Entry {
  std::uint8_t length = 0;
  char key[kLongestKey] = {};
  std::array<std::uint8_t, 16> digest = {};
};
static_assert(sizeof(Entry) == 64);

constinit thread_local Entry t_entries[kEntries] = {};

}  // namespace

std::array<std::uint8_t, 16> RememberedMd5(std::string_view key) {
  if (key.empty() || key.size() > kLongestKey) return Md5(key);
  Entry& entry = t_entries[XXH3_64bits(key.data(), key.size()) % kEntries];
  if (entry.length != key.size() || std::memcmp(entry.key, key.data(), key.size()) != 0) {
    entry.digest = Md5(key);
    entry.length = static_cast<std::uint8_t>(key.size());
    std::memcpy(entry.key, key.data(), key.size());
  }
  return entry.digest;
}

}  // namespace riacho::internal
