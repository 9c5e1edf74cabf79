// Which shard each of many entries goes to.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

namespace riacho::internal {

// Of no value until it is given one: there are arrays of them that seldom fill.
struct RoutedEntry {
  std::uint32_t entry;  // its place among the entries
  std::uint32_t place;  // of its shard, among those of the map that take puts
};

// Sorts by `place`, all below `places`; entries of one place stay in their order. `room` is as
// large. Takes no memory: by radix, a byte at a time.
inline void SortByPlace(std::span<RoutedEntry> entries, std::span<RoutedEntry> room,
                        std::size_t places) {
  for (unsigned shift = 0; shift < 32 && (places - 1) >> shift != 0; shift += 8) {
    std::array<std::uint32_t, 256> ends = {};  // where the entries of each byte begin, then end
    for (const RoutedEntry& entry : entries) ++ends[entry.place >> shift & 0xff];
    std::uint32_t begin = 0;
    for (std::uint32_t& end : ends) begin += std::exchange(end, begin);
    for (const RoutedEntry& entry : entries) room[ends[entry.place >> shift & 0xff]++] = entry;
    std::ranges::copy(room.first(entries.size()), entries.begin());
  }
}

}  // namespace riacho::internal
