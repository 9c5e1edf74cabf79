// The part of SideBySide that looks at what must hold at the end of every episode.
#include <algorithm>
#include <cstddef>
#include <map>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

#include "model_based/side_by_side.h"

namespace riacho::model_based {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr int kMostAttempts = 200;  // a minute of debt, and call rates

bool MayRetry(const absl::Status& status) {
  const std::optional<ErrorCode> code = GetErrorCode(status);
  return code == ErrorCode::kProvisionedThroughputExceeded || code == ErrorCode::kLimitExceeded;
}

}  // namespace

std::vector<Shard> SideBySide::ListAllShards(const std::string& stream) {
  std::vector<Shard> shards;
  std::optional<std::string> token;
  for (int attempt = 0; attempt < kMostAttempts; ++attempt) {
    const auto page = token.has_value() ? client_->ListShards({.next_token = token})
                                        : client_->ListShards({.stream_name = stream});
    if (!page.ok() && MayRetry(page.status())) {
      MoveClock(kSecond);
      continue;
    }
    if (!page.ok()) {
      Differ("ListShards at the end", std::string(page.status().message()), "ok");
      break;
    }
    shards.insert(shards.end(), page->shards.begin(), page->shards.end());
    token = page->next_token;
    if (!token.has_value()) return shards;
  }
  return shards;
}

std::vector<SequenceNumber> SideBySide::ReadToTheEnd(const ReferenceStream& stream,
                                                     const Shard& shard, bool& readable) {
  std::vector<SequenceNumber> numbers;
  std::optional<std::string> iterator;
  int attempts = 0;
  while (attempts < kMostAttempts) {
    absl::Status status;
    if (!iterator.has_value()) {
      const auto first =
          client_->GetShardIterator({.stream_name = stream.name,
                                     .shard_id = shard.shard_id.ToString(),
                                     .shard_iterator_type = ShardIteratorType::kTrimHorizon});
      status = first.status();
      if (first.ok()) iterator = first->shard_iterator;
    } else {
      const auto page = client_->GetRecords({.shard_iterator = *iterator});
      status = page.status();
      if (page.ok()) {
        attempts = 0;
        for (const Record& record : page->records) numbers.push_back(record.sequence_number);
        iterator = page->next_shard_iterator;
        if (page->records.empty()) return numbers;
      }
    }
    if (status.ok()) continue;
    if (GetErrorCode(status) == ErrorCode::kResourceNotFound) return numbers;  // it has expired
    if (GetErrorCode(status) == ErrorCode::kKmsNotFound) {
      readable = false;
      return numbers;
    }
    if (!MayRetry(status)) {
      Differ("reading at the end", std::string(status.message()), "ok");
      return numbers;
    }
    ++attempts;
    MoveClock(kSecond);
  }
  Differ("reading at the end", "throttled for ever", "ok");
  return numbers;
}

void SideBySide::CheckProperties() {
  SetCaller(0);
  RepairKeys();
  std::vector<std::shared_ptr<ReferenceStream>> streams;
  for (const auto& [name, stream] : reference_.streams()) {
    if (stream->status == StreamStatus::kActive || stream->status == StreamStatus::kUpdating) {
      streams.push_back(stream);
    }
  }
  for (const std::shared_ptr<ReferenceStream>& stream : streams) {
    if (!difference_.empty()) return;
    const std::int64_t first_horizon = stream->HorizonMillis(now_nanos_);
    // Call rates make time pass between the pages of a list: until it shows one moment.
    std::vector<Shard> shards = ListAllShards(stream->name);
    for (std::vector<Shard> before; before != shards && difference_.empty();) {
      before = std::move(shards);
      shards = ListAllShards(stream->name);
    }

    std::map<HashKey, HashKey> open;
    for (const Shard& shard : shards) {
      if (shard.sequence_number_range.ending_sequence_number.has_value()) continue;
      const auto [start, end] = shard.hash_key_range;
      if (!open.emplace(start, end).second) Differ("open shards", "two begin alike", "a partition");
    }
    absl::uint128 next = 0;
    for (const auto& [start, end] : open) {
      if (start.value != next) Differ("open shards", "a gap or an overlap", "a partition");
      next = end.value + 1;
    }
    if (next != 0) Differ("open shards", "the last key is missing", "a partition");

    std::map<SequenceNumber, int> found;
    bool readable = true;
    for (const Shard& shard : shards) {
      const std::vector<SequenceNumber> numbers = ReadToTheEnd(*stream, shard, readable);
      if (!std::ranges::is_sorted(numbers)) {
        Differ("numbers of " + shard.shard_id.ToString(), "out of order", "rising");
      }
      for (const SequenceNumber& number : numbers) ++found[number];
    }
    if (!readable) continue;
    const std::int64_t last_horizon = stream->HorizonMillis(now_nanos_);
    std::size_t expected = 0;
    for (const auto& [number, arrival_millis] : stream->stored) {
      const auto at = found.find(number);
      const int times = at == found.end() ? 0 : at->second;
      if (times > 1) Differ("record " + number.ToString(), absl::StrCat(times, " times"), "once");
      if (times == 1) ++expected;
      if (times == 0 && arrival_millis >= last_horizon) {
        Differ("record " + number.ToString(), "lost", "within retention");
      }
      if (times == 1 && arrival_millis < first_horizon) {
        Differ("record " + number.ToString(), "found", "gone");
      }
    }
    Same("records found", found.size(), expected);
  }
}

}  // namespace riacho::model_based
