// P7 and P8: reading what has been stored, in bulk and by many subscriptions.
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "append_load.h"
#include "bench_stream.h"
#include "goals.h"

namespace riacho::bench {
namespace {

constexpr std::size_t kPageRecords = 1000;

// What a sample reads of a log; the rest of it goes through the caches before the same bytes come
// again.
constexpr std::size_t kSliceBytes = std::size_t{8} << 20;

// A log too large for any cache, and its frames' bytes as they might lie somewhere else.
class ColdLog {
 public:
  ColdLog(std::size_t bytes, std::size_t data_bytes)
      : frame_bytes_((sizeof(internal::FrameHeader) + 16 + data_bytes + 7) / 8 * 8),
        slice_records_(static_cast<std::int64_t>(kSliceBytes / frame_bytes_)),
        records_(static_cast<std::int64_t>(bytes / kSliceBytes) * slice_records_),
        from_(bytes, 'f'),
        to_(bytes, 't') {
    const std::string data(data_bytes, 'd');
    for (std::int64_t i = 0; i < records_; ++i) load_.log.Append(kAppendedKey, data, 0);
  }

  std::int64_t records() const { return records_; }

  // Nanoseconds a record, of which the first and the last byte of data are looked at.
  Sample Scan() {
    std::int64_t left = slice_records_;
    Sample sample = TimeCalls(1, [&] {
      std::uint64_t sum = 0;
      const auto end =
          load_.log.Scan(index_, nullptr, INT64_MIN, false,
                         [&](internal::Segment&, std::uint64_t, const internal::FrameView& frame) {
                           if (left == 0) return false;
                           --left;
                           sum += static_cast<unsigned char>(frame.data.front()) +
                                  static_cast<unsigned char>(frame.data.back());
                           return true;
                         });
      if (end == internal::ScanEnd::kCaughtUp) index_ = 0;
      benchmark::DoNotOptimize(sum);
    });
    sample.value /= static_cast<double>(slice_records_ - left);
    return sample;
  }

  // Nanoseconds a record.
  Sample Copy() {
    Sample sample = TimeCalls(1, [&] {
      std::memcpy(to_.data() + offset_, from_.data() + offset_, kSliceBytes);
      benchmark::ClobberMemory();
    });
    offset_ = (offset_ + kSliceBytes) % from_.size();
    sample.value /= static_cast<double>(slice_records_);
    return sample;
  }

 private:
  const std::size_t frame_bytes_;
  const std::int64_t slice_records_;
  const std::int64_t records_;
  AppendLoad load_;
  std::vector<char> from_;
  std::vector<char> to_;
  std::uint64_t index_ = 0;
  std::size_t offset_ = 0;
};

// A stream of one shard with as many records.
class ColdStream {
 public:
  explicit ColdStream(std::int64_t records) {
    const std::string data(100, 'd');
    for (std::int64_t i = 0; i < records; ++i) {
      const auto put = stream_.kinesis->PutRecord(
          {.stream_name = "bench", .data = data, .partition_key = kAppendedKey});
      if (!put.ok()) Require(false, "PutRecord");
    }
  }

  // Nanoseconds a record.
  Sample GetRecords() {
    constexpr std::int64_t kPages = 60;
    std::int64_t seen = 0;
    Sample sample = TimeCalls(kPages, [&] {
      auto page = stream_.kinesis->GetRecords(
          {.shard_iterator = iterator_, .limit = std::int64_t{kPageRecords}});
      if (!page.ok()) Require(false, "GetRecords");
      std::uint64_t sum = 0;
      for (const Record& record : page->records) {
        sum += static_cast<unsigned char>(record.data.front()) +
               static_cast<unsigned char>(record.data.back());
      }
      benchmark::DoNotOptimize(sum);
      seen += static_cast<std::int64_t>(page->records.size());
      iterator_ = page->records.size() == kPageRecords ? std::move(*page->next_shard_iterator)
                                                       : stream_.TrimHorizon({0});
    });
    sample.value *= static_cast<double>(kPages) / static_cast<double>(seen);
    return sample;
  }

 private:
  BenchStream stream_{1};
  std::string iterator_ = stream_.TrimHorizon({0});
};

void ScanGoals(GoalRun& run) {
  const std::size_t bytes = std::size_t{run.quick() ? 64u : 256u} << 20;
  const std::string size = std::to_string(bytes >> 20) + " MiB of ";
  {
    ColdLog log(bytes, 100);
    run.Compare(
        {.id = "P7",
         .work = "memcpy of the frames / cold scan of " + size + "100 B records",
         .bound = AtLeast(0.9)},
        [&] { return log.Copy(); }, [&] { return log.Scan(); });
    ColdStream stream(log.records());
    run.Compare(
        {.id = "P7",
         .work = "GetRecords of 1,000, a record / cold scan of " + size + "100 B records",
         .bound = AtMost(2)},
        [&] { return stream.GetRecords(); }, [&] { return log.Scan(); });
  }
  ColdLog log(bytes, 1024);
  run.Compare(
      {.id = "P7",
       .work = "memcpy of the frames / cold scan of " + size + "1 KiB records",
       .bound = AtLeast(3)},
      [&] { return log.Copy(); }, [&] { return log.Scan(); });
}

// One shard and subscriptions that all get each of its records.
class FanOut {
 public:
  explicit FanOut(int subscriptions) : stream_(1, {.limits = LimitsForLongLives()}) {
    const auto arn = stream_.kinesis->DescribeStreamSummary({.stream_name = "bench"})
                         ->stream_description_summary.stream_arn;
    for (int i = 0; i < subscriptions; ++i) {
      const auto consumer = stream_.kinesis->RegisterStreamConsumer(
          {.stream_arn = arn, .consumer_name = "consumer-" + std::to_string(i)});
      subscriptions_.push_back(*stream_.kinesis->SubscribeToShard(
          {.consumer_arn = consumer->consumer.consumer_arn,
           .shard_id = "0",
           .starting_position = {{.type = ShardIteratorType::kLatest}}}));
    }
  }

  // Nanoseconds a record delivered to one of them.
  Sample Deliver() {
    for (std::int64_t i = 0; i < kRecords; ++i) {
      stream_.kinesis
          ->PutRecord({.stream_name = "bench", .data = data_, .partition_key = kAppendedKey})
          .IgnoreError();
    }
    std::int64_t delivered = 0;
    Sample sample = TimeCalls(1, [&] {
      for (const std::unique_ptr<Subscription>& subscription : subscriptions_) {
        for (std::int64_t left = kRecords; left > 0;) {
          const auto event = subscription->Poll();
          if (!event.ok() || !event->has_value()) Require(false, "delivering");
          for (const Record& record : (*event)->records) {
            benchmark::DoNotOptimize(record.data[0]);
            --left;
            ++delivered;
          }
        }
      }
    });
    stream_.Step();
    sample.value /= static_cast<double>(delivered);
    return sample;
  }

 private:
  static constexpr std::int64_t kRecords = 5000;

  static Limits LimitsForLongLives() {
    Limits limits = Limits::Unlimited();
    limits.subscription_life = absl::Hours(24 * 365);
    return limits;
  }

  BenchStream stream_;
  const std::string data_ = std::string(100, 'd');
  std::vector<std::unique_ptr<Subscription>> subscriptions_;
};

void FanOutGoals(GoalRun& run) {
  FanOut fan_out(20);
  AppendLoad load;
  run.Compare(
      {.id = "P8",
       .work = "fan-out, 1 shard to 20 subscriptions, a record delivered / an append",
       .bound = AtMost(0.5)},
      [&] { return fan_out.Deliver(); }, [&] { return load.Time(200'000); });
}

}  // namespace

void ReadGoals(GoalRun& run) {
  if (run.Wants("P7")) ScanGoals(run);
  if (run.Wants("P8")) FanOutGoals(run);
}

}  // namespace riacho::bench
