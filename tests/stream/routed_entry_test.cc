#include "stream/routed_entry.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "gtest/gtest.h"

#include "riacho/base/random.h"

namespace riacho::internal {
namespace {

TEST(SortByPlace, KeepsTheOrderOfEntriesOfOnePlace) {
  Random random(1);
  for (const std::uint64_t places :
       std::vector<std::uint64_t>{1, 2, 255, 256, 257, 65536, 65537, 20'000'000}) {
    for (const std::size_t count : std::vector<std::size_t>{0, 1, 2, 500}) {
      std::vector<RoutedEntry> entries(count);
      for (std::size_t i = 0; i < count; ++i) {
        // Many of one place, and the last one among them.
        const std::uint64_t place =
            random.Chance(0.5) ? random.Uniform(places) : places - 1 - random.Uniform(2) % places;
        entries[i] = {.entry = static_cast<std::uint32_t>(i),
                      .place = static_cast<std::uint32_t>(place)};
      }
      std::vector<RoutedEntry> expected = entries;
      std::ranges::stable_sort(expected, {}, &RoutedEntry::place);
      std::vector<RoutedEntry> room(count);
      SortByPlace(entries, room, places);
      for (std::size_t i = 0; i < count; ++i) {
        ASSERT_EQ(entries[i].entry, expected[i].entry) << places << " places, at " << i;
        ASSERT_EQ(entries[i].place, expected[i].place) << places << " places, at " << i;
      }
    }
  }
}

}  // namespace
}  // namespace riacho::internal
