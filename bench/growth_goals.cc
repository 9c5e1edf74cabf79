// P14: what a put and a read cost as an engine grows.
#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "bench_stream.h"
#include "goals.h"
#include "put_load.h"
#include "riacho/model/hash_key.h"

namespace riacho::bench {
namespace {

constexpr double kFlat = 1.3;
constexpr std::int64_t kPuts = 4'000;  // of a sample
constexpr std::size_t kHotKeys = 64;
// Of a row that touches more memory than the caches hold, where its yardstick does not.
constexpr char kOutOfCaches[] = "out of the caches";

// Keys that belong to the first four of `shards` shards, which share the key space evenly.
std::vector<std::string> KeysOfFourShards(std::int64_t shards) {
  const absl::uint128 end = absl::Uint128Max() / absl::uint128(shards) * 4;
  std::vector<std::string> keys;
  for (std::int64_t i = 0; keys.size() < kHotKeys; ++i) {
    std::string key = std::to_string(i);
    key.insert(0, 16 - key.size(), 'k');
    if (HashKeyOf(key).value < end) keys.push_back(std::move(key));
  }
  return keys;
}

// Puts by name and key in turn; time moves between the samples.
class SteppedPuts {
 public:
  SteppedPuts(std::int64_t shards, std::vector<std::string> keys)
      : stream(shards), keys_(std::move(keys)) {}

  // More streams of one shard, and puts to the first `used` of them too.
  void AddStreams(std::int64_t count, std::int64_t used) {
    for (std::int64_t i = 0; i < count; ++i) {
      const std::string name = "stream-" + std::to_string(i);
      Require(stream.kinesis->CreateStream({.stream_name = name, .shard_count = 1}).ok(),
              "CreateStream");
      if (i < used) names_.push_back(name);
    }
  }

  void Put() {
    const auto put = stream.kinesis->PutRecord({.stream_name = names_[at_ % names_.size()],
                                                .data = data_,
                                                .partition_key = keys_[at_ % keys_.size()]});
    if (!put.ok()) Require(false, "PutRecord");
    benchmark::DoNotOptimize(put->sequence_number);
    ++at_;
  }

  Sample Time() {
    const Sample sample = TimeCalls(kPuts, [this] { Put(); });
    stream.Step();
    return sample;
  }

  BenchStream stream;

 private:
  const std::vector<std::string> keys_;
  const std::string data_ = std::string(100, 'd');
  std::vector<std::string> names_ = {"bench"};
  std::size_t at_ = 0;
};

// Puts under every key, and until segments have their full size.
void WarmUp(SteppedPuts& puts) {
  for (int i = 0; i < 40 + static_cast<int>(kManyKeys / kPuts); ++i) puts.Time();
}

void ShardGoals(GoalRun& run) {
  SteppedPuts few(4, KeysOfFourShards(4));
  SteppedPuts few_of_all_keys(4, Keys(kManyKeys));
  WarmUp(few);
  WarmUp(few_of_all_keys);
  for (const std::int64_t shards : {1'000, 100'000}) {
    SteppedPuts many(shards, KeysOfFourShards(shards));
    WarmUp(many);
    run.Compare(
        {.id = "P14",
         .work = "PutRecord, 64 keys of 4 shards, among " + std::to_string(shards) +
                 " shards / among 4",
         .bound = AtMost(kFlat)},
        [&] { return many.Time(); }, [&] { return few.Time(); });
  }
  for (const std::int64_t shards : {1'000, 100'000}) {
    SteppedPuts many(shards, Keys(kManyKeys));
    WarmUp(many);
    run.Compare(
        {.id = "P14",
         .work = "PutRecord, all keys distinct, " + std::to_string(shards) + " shards / 4",
         .note = "each put comes to another shard, out of the caches"},
        [&] { return many.Time(); }, [&] { return few_of_all_keys.Time(); });
  }
}

// One shard that keeps about `records` records: each that comes makes the oldest leave.
class FullStream {
 public:
  explicit FullStream(std::int64_t records)
      : records_(records), records_per_step_(std::min<std::int64_t>(records / 10, 5'000)) {
    for (std::int64_t i = 0; i < records + records / 4; ++i) Put();
  }

  Sample TimePuts() {
    return TimeCalls(kPuts, [this] { Put(); });
  }

  // An iterator at one of `numbers`, and a page of 100.
  Sample TimeReads(const std::vector<std::string>& numbers) {
    return TimeCalls(kReads, [&] {
      at_ = (at_ + 617) % numbers.size();
      const auto iterator = stream_.kinesis->GetShardIterator(
          {.stream_name = "bench",
           .shard_id = "0",
           .shard_iterator_type = ShardIteratorType::kAtSequenceNumber,
           .starting_sequence_number = numbers[at_]});
      if (!iterator.ok()) Require(false, "GetShardIterator");
      const auto page =
          stream_.kinesis->GetRecords({.shard_iterator = iterator->shard_iterator, .limit = 100});
      if (!page.ok() || page->records.empty()) Require(false, "GetRecords");
      std::uint64_t sum = 0;
      for (const Record& record : page->records) {
        sum += static_cast<unsigned char>(record.data.front());
      }
      benchmark::DoNotOptimize(sum);
    });
  }

 private:
  static constexpr std::int64_t kReads = 300;
  static constexpr std::int64_t kNumbers = 500;   // remembered
  static constexpr std::int64_t kRecent = 5'000;  // of them the caches hold all

  // Keeps kNumbers of the last `records`, at equal distances.
  void Remember(const SequenceNumber& number, std::int64_t records,
                std::vector<std::string>& numbers) const {
    const std::int64_t distance = records / kNumbers;
    if (put_ % distance == 0)
      numbers[static_cast<std::size_t>(put_ / distance % kNumbers)] = number.ToString();
  }

  void Put() {
    const auto put = stream_.kinesis->PutRecord(
        {.stream_name = "bench", .data = data_, .partition_key = "a-key-of-16-byte"});
    if (!put.ok()) Require(false, "PutRecord");
    ++put_;
    Remember(put->sequence_number, kRecent, recent);
    Remember(put->sequence_number, records_ / 2, newer_half);
    if (put_ % records_per_step_ == 0) {
      stream_.Step(absl::Hours(24) * static_cast<double>(records_per_step_) /
                   static_cast<double>(records_));
    }
  }

  BenchStream stream_{1};
  const std::string data_ = std::string(100, 'd');
  const std::int64_t records_;
  const std::int64_t records_per_step_;
  std::int64_t put_ = 0;
  std::size_t at_ = 0;

 public:
  std::vector<std::string> recent = std::vector<std::string>(kNumbers);
  std::vector<std::string> newer_half = std::vector<std::string>(kNumbers);
};

void RecordGoals(GoalRun& run) {
  FullStream few(10'000);
  const std::int64_t most =
      std::min<std::int64_t>(run.options().most_records, run.quick() ? 1'000'000 : INT64_MAX);
  for (std::int64_t records = 100'000; records <= most; records *= 10) {
    FullStream many(records);
    const std::string sizes = ", 1 shard, " + std::to_string(records) + " records kept / 10000";
    run.Compare(
        {.id = "P14", .work = "PutRecord" + sizes, .bound = AtMost(kFlat)},
        [&] { return many.TimePuts(); }, [&] { return few.TimePuts(); });
    run.Compare(
        {.id = "P14",
         .work = "GetShardIterator and a page of 100, recent" + sizes,
         .bound = AtMost(kFlat)},
        [&] { return many.TimeReads(many.recent); }, [&] { return few.TimeReads(few.recent); });
    run.Compare(
        {.id = "P14",
         .work = "GetShardIterator and a page of 100, anywhere" + sizes,
         .note = kOutOfCaches},
        [&] { return many.TimeReads(many.newer_half); },
        [&] { return few.TimeReads(few.newer_half); });
  }
}

void StreamGoals(GoalRun& run) {
  SteppedPuts few(1, Keys(256));
  SteppedPuts hot(1, Keys(256));
  SteppedPuts all(1, Keys(256));
  few.AddStreams(3, 3);
  hot.AddStreams(999, 3);
  all.AddStreams(999, 999);
  for (SteppedPuts* puts : {&few, &hot, &all}) WarmUp(*puts);
  run.Compare(
      {.id = "P14",
       .work = "PutRecord to 4 streams in turn, among 1,000 streams / among 4",
       .bound = AtMost(kFlat)},
      [&] { return hot.Time(); }, [&] { return few.Time(); });
  run.Compare(
      {.id = "P14",
       .work = "PutRecord to 1,000 streams in turn / to 4 in turn",
       .note = kOutOfCaches},
      [&] { return all.Time(); }, [&] { return few.Time(); });
}

void ConsumerGoals(GoalRun& run) {
  SteppedPuts one(1, Keys(256));
  SteppedPuts many(1, Keys(256));
  WarmUp(one);
  WarmUp(many);
  const auto subscription = Subscribe(one.stream, 1);
  const auto subscriptions = Subscribe(many.stream, 10'000);
  run.Compare(
      {.id = "P14",
       .work = "PutRecord, 1 shard, with 10,000 consumers that have subscribed / with 1",
       .bound = AtMost(kFlat)},
      [&] { return many.Time(); }, [&] { return one.Time(); });
}

}  // namespace

void GrowthGoals(GoalRun& run) {
  if (!run.Wants("P14")) return;
  ShardGoals(run);
  RecordGoals(run);
  StreamGoals(run);
  ConsumerGoals(run);
}

}  // namespace riacho::bench
