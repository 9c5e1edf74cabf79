// Stream::PutGroup: many records at once.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/check.h"
#include "stream/routed_entry.h"
#include "stream/stream.h"

namespace riacho::internal {

// Finds the shard of each entry in `left`, and sorts them by it.
template <typename Entry>
void RouteEntries(const ShardMap& map, std::span<const Entry> entries,
                  std::span<RoutedEntry> left) {
  if (map.single()) {
    for (RoutedEntry& routed : left) routed.place = 0;
    return;
  }
  std::array<std::string_view, 64> keys;
  std::array<HashKey, 64> hash_keys;
  for (std::span<RoutedEntry> rest = left; !rest.empty();) {
    const std::span<RoutedEntry> some = rest.first(std::min(rest.size(), keys.size()));
    for (std::size_t i = 0; i < some.size(); ++i)
      keys[i] = entries[some[i].entry].partition_key.value_or(std::string_view());
    HashKeysOf(std::span(keys).first(some.size()), hash_keys);
    for (std::size_t i = 0; i < some.size(); ++i) {
      const auto& explicit_hash_key = entries[some[i].entry].explicit_hash_key;
      if (explicit_hash_key.has_value()) [[unlikely]]
        hash_keys[i] = HashKey::Parse(*explicit_hash_key).value_or(hash_keys[i]);
      some[i].place = static_cast<std::uint32_t>(map.PlaceOf(hash_keys[i]));
    }
    rest = rest.subspan(some.size());
  }
  std::array<RoutedEntry, Stream::kMostInGroup> room;
  SortByPlace(left, room, map.routed().size());
}

template <typename Entry, typename Done>
void Stream::PutGroup(std::span<const Entry> entries, std::int64_t now_nanos, const Done& done) {
  RIACHO_CHECK(entries.size() <= kMostInGroup, entries.size());
  std::array<RoutedEntry, kMostInGroup> all;
  for (std::size_t i = 0; i < entries.size(); ++i) all[i].entry = static_cast<std::uint32_t>(i);
  std::span<RoutedEntry> left = std::span(all).first(entries.size());
  while (!left.empty()) {
    const ShardMap& seen = map();
    RouteEntries(seen, entries, left);
    std::size_t late = 0;
    for (std::size_t from = 0, to = 0; from < left.size(); from = to) {
      while (to < left.size() && left[to].place == left[from].place) ++to;
      const std::span<RoutedEntry> run = left.subspan(from, to - from);
      const std::size_t late_of_run =
          PutRun(*seen.routed()[run.front().place], entries, run, now_nanos, done);
      std::copy_n(run.begin(), late_of_run, left.begin() + static_cast<std::ptrdiff_t>(late));
      late += late_of_run;
    }
    left = left.first(late);
    if (left.empty()) break;
    std::ranges::sort(left, {}, &RoutedEntry::entry);
    HelpHandOver(seen);
  }
}

template <typename Entry, typename Done>
std::size_t Stream::PutRun(LiveShard& shard, std::span<const Entry> entries,
                           std::span<RoutedEntry> run, std::int64_t now_nanos, const Done& done) {
  const std::int64_t arrival_millis = std::max<std::int64_t>(now_nanos / 1'000'000, 0);
  const auto record_at = [&](std::size_t i) {
    const Entry& entry = entries[run[i].entry];
    return NewRecord{.partition_key = entry.partition_key.value_or(std::string_view()),
                     .data = *entry.data};
  };
  const auto bytes_of = [&](std::size_t i) {
    const NewRecord record = record_at(i);
    return static_cast<std::int64_t>(record.partition_key.size() + record.data.size());
  };

  // What the limits refuse waits for the outcome: if the shard turns out to be closed, it is for
  // its children to say.
  std::array<RoutedEntry, kMostInGroup> refused;
  std::size_t refused_count = 0;
  std::size_t admitted = run.size();
  if (shard.throttle.limits_writes()) {
    admitted = 0;
    for (const RoutedEntry routed : run) {
      run[admitted] = routed;
      if (shard.throttle.TakeWrite(bytes_of(admitted), now_nanos)) {
        ++admitted;
      } else {
        refused[refused_count++] = routed;
      }
    }
  }

  std::size_t stored = 0;
  const AppendOutcome outcome = shard.log.AppendGroup(
      admitted, record_at, arrival_millis, [&](std::size_t i, std::uint64_t index) {
        stored = i + 1;
        done(run[i].entry, PutResult{.outcome = PutOutcome::kStored,
                                     .shard_id = shard.shard_id(),
                                     .sequence_number = shard.NumberOf(index, arrival_millis)});
      });
  if (measured() && stored != 0) {
    WriteTraffic traffic = {.records = static_cast<std::int64_t>(stored)};
    for (std::size_t i = 0; i < stored; ++i) traffic.bytes += bytes_of(i);
    CountInWindow(shard, traffic, now_nanos);
  }
  std::size_t late = 0;  // for the children
  for (std::size_t i = stored; i < admitted; ++i) {
    shard.throttle.GiveBackWrite(bytes_of(i));
    if (outcome == AppendOutcome::kNoMemory) {
      done(run[i].entry, PutResult{.outcome = PutOutcome::kNoMemory, .shard_id = shard.shard_id()});
    } else {
      run[late++] = run[i];
    }
  }
  const bool closed = refused_count != 0 && shard.log.sealed();
  for (std::size_t i = 0; i < refused_count; ++i) {
    if (closed) {
      run[late++] = refused[i];
    } else {
      done(refused[i].entry,
           PutResult{
               .outcome = PutOutcome::kThrottled, .shard_id = shard.shard_id(), .shard = &shard});
    }
  }
  return late;
}

}  // namespace riacho::internal
