// A day's work for a stream: three months of real departures, replayed in virtual time through a
// stream of several shards, with producers on several threads, three consumers, a split and a merge
// under load, and retention. `make demo` runs it, `replay --help` says what else it can do.
//
// Each part has a file of its own in replay/:
//   workload.h          the events, from a CSV file
//   timeline.h          event time, compressed into stream time
//   publisher.h         PutRecord with back-off, each key in order
//   iterator_reader.h   GetShardIterator and GetRecords
//   fan_out_reader.h    SubscribeToShard
//   stream_reader.h     what both readers share: children after their parents
//   resharder.h         SplitShard and MergeShards
//   receipts.h          what a consumer received, and whether it is right
//   runners.h           the threads, in virtual and in real time
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <iostream>
#include <list>
#include <memory>
#include <string>
#include <unistd.h>
#include <utility>
#include <vector>

#include "absl/functional/any_invocable.h"

#include "replay/delay_statistics.h"
#include "replay/fan_out_reader.h"
#include "replay/iterator_reader.h"
#include "replay/progress_line.h"
#include "replay/publisher.h"
#include "replay/receipts.h"
#include "replay/replay_options.h"
#include "replay/resharder.h"
#include "replay/result.h"
#include "replay/runners.h"
#include "replay/text_table.h"
#include "replay/timeline.h"
#include "replay/workload.h"
#include "riacho/riacho.h"

namespace replay {
namespace {

constexpr const char* kStreamName = "events";
constexpr absl::Duration kRetention = absl::Hours(24);
constexpr absl::Duration kLength = absl::Minutes(8);  // more than the life of a subscription
constexpr absl::Duration kLengthInRealTime = absl::Seconds(60);
constexpr absl::Duration kRestStep = absl::Seconds(30);

double SpeedUp(const ReplayOptions& options, const Workload& workload) {
  if (options.speed_up.has_value()) return *options.speed_up;
  const absl::Duration length = options.real_time ? kLengthInRealTime : kLength;
  return std::max(absl::FDivDuration(workload.last_time() - workload.first_time(), length), 1.0);
}

// The keys of each thread, so that all have about the same number of events.
std::vector<std::vector<std::uint32_t>> ShareOut(const Workload& workload, int threads) {
  std::vector<std::pair<std::int64_t, std::uint32_t>> keys;
  for (std::uint32_t key = 0; key < workload.keys.size(); ++key) keys.emplace_back(0, key);
  for (const Event& event : workload.events) ++keys[event.key].first;
  std::ranges::sort(keys, std::ranges::greater());
  std::vector<std::vector<std::uint32_t>> shares(static_cast<std::size_t>(threads));
  std::vector<std::int64_t> events(shares.size());
  for (const auto& [count, key] : keys) {
    const std::ptrdiff_t idlest = std::ranges::min_element(events) - events.begin();
    shares[static_cast<std::size_t>(idlest)].push_back(key);
    events[static_cast<std::size_t>(idlest)] += count;
  }
  return shares;
}

// The whole performance. Members come in the order in which they need each other.
class Replay {
 public:
  Replay(const ReplayOptions& options, Workload workload)
      : options_(options),
        workload_(std::move(workload)),
        speed_up_(SpeedUp(options, workload_)),
        clock_(options.real_time ? riacho::SystemClock() : virtual_clock_),
        engine_(clock_, {.limits = options.unlimited ? riacho::Limits::Unlimited()
                                                     : riacho::Limits::Service(),
                         .lifecycle = riacho::Lifecycle::Service()}),
        kinesis_(engine_.NewClient()),
        delays_(workload_),
        progress_(std::cout, terminal_) {}

  // The exit code of the program.
  int Run() {
    const absl::Time real_start = riacho::SystemClock().TimeNow();
    PrintPlan();
    if (absl::Status status = SetStage(); !status.ok()) return Fail(status);
    Perform();
    progress_.Clear();
    for (const absl::Status& status : Failures()) return Fail(status);
    if (!options_.real_time) {
      if (absl::Status status = LetLatecomerRead(); !status.ok()) return Fail(status);
    }
    const absl::StatusOr<ReplayResult> result = Result(real_start);
    if (!result.ok()) return Fail(result.status());
    PrintReport(std::cout, *result);
    return PrintChecks(std::cout, *result) ? 0 : 1;
  }

 private:
  void PrintPlan() const;
  absl::Status SetStage();
  absl::Status AwaitActive(absl::AnyInvocable<absl::StatusOr<bool>()> is_active);
  absl::StatusOr<std::string> RegisterConsumer(const std::string& stream_arn,
                                               const std::string& name);
  void Perform();
  absl::Duration Step(absl::Time now) const;
  bool Watch(absl::Time now);
  bool IsOver(absl::Time now);
  void Note(absl::Time now, const std::string& what);
  std::string StreamTime(absl::Time now) const;
  std::int64_t Published() const;
  std::string ProgressText(absl::Time now) const;
  std::vector<absl::Status> Failures() const;
  absl::Status LetLatecomerRead();
  absl::StatusOr<ReplayResult> Result(absl::Time real_start) const;

  int Fail(const absl::Status& status) {
    progress_.Clear();
    std::cerr << "replay: " << riacho::ErrorMessage(status) << "\n";
    return 1;
  }

  const ReplayOptions& options_;
  const Workload workload_;
  const double speed_up_;
  riacho::ManualClock virtual_clock_;
  riacho::Clock& clock_;
  riacho::Engine engine_;
  std::unique_ptr<riacho::Client> kinesis_;
  DelayStatistics delays_;
  const bool terminal_ = isatty(STDOUT_FILENO) != 0;
  ProgressLine progress_;

  std::unique_ptr<Timeline> timeline_;
  std::list<Publisher> publishers_;
  std::list<Receipts> receipts_;
  std::unique_ptr<IteratorReader> statistics_;
  std::unique_ptr<FanOutReader> dashboard_;
  std::unique_ptr<FanOutReader> archive_;
  std::unique_ptr<Resharder> resharder_;
  std::unique_ptr<Receipts> latecomer_;

  std::int64_t most_memory_ = 0;
  bool rest_noted_ = false;
  bool rest_end_noted_ = false;
  absl::Time all_put_at_ = absl::InfiniteFuture();
};

void Replay::PrintPlan() const {
  const absl::Duration length = (workload_.last_time() - workload_.first_time()) / speed_up_;
  const auto day = [](absl::Time time) {
    return absl::FormatTime("%Y/%m/%d %H:%M", time, absl::UTCTimeZone());
  };
  std::cout << "Replaying " << workload_.file << "\n  "
            << Grouped(static_cast<std::int64_t>(workload_.events.size())) << " events of "
            << Grouped(static_cast<std::int64_t>(workload_.keys.size())) << " "
            << workload_.key_column << "s, from " << day(workload_.first_time()) << " to "
            << day(workload_.last_time());
  if (workload_.copies > 1) {
    std::cout << "\n  each put " << workload_.copies
              << " times, for a load that tries the shards: " << Grouped(workload_.record_count())
              << " records";
  }
  const std::string faster =
      speed_up_ == 1 ? "" : Grouped(static_cast<std::int64_t>(speed_up_)) + " times ";
  std::cout << "\n  " << faster << "as fast as they happened: a day takes "
            << Span(absl::Hours(24) / speed_up_) << " of stream time, the whole " << Span(length)
            << "\n  " << options_.shards << (options_.shards == 1 ? " shard" : " shards")
            << (options_.unlimited ? " without limits"
                                   : " with the service's limits: each takes 1,000 records and "
                                     "1 MiB per second")
            << "\n  " << options_.threads
            << (options_.threads == 1 ? " producer thread" : " producer threads")
            << "; consumers: statistics (by iterators), dashboard (by enhanced fan-out),\n"
               "  archive (by enhanced fan-out, slowly)\n\n"
            << (options_.real_time ? "      time" : "stream time")
            << "  (behind: how old the records are that statistics, dashboard and archive read)\n";
}

absl::Status Replay::AwaitActive(absl::AnyInvocable<absl::StatusOr<bool>()> is_active) {
  riacho::WakeEvent never;
  for (;;) {
    const absl::StatusOr<bool> active = is_active();
    if (!active.ok()) return active.status();
    if (*active) return absl::OkStatus();
    if (options_.real_time) {
      clock_.WaitUntil(never, clock_.TimeNow() + absl::Seconds(1));
    } else {
      virtual_clock_.AdvanceTime(absl::Seconds(1));
    }
  }
}

absl::StatusOr<std::string> Replay::RegisterConsumer(const std::string& stream_arn,
                                                     const std::string& name) {
  const auto response =
      kinesis_->RegisterStreamConsumer({.stream_arn = stream_arn, .consumer_name = name});
  if (!response.ok()) return response.status();
  std::string arn = response->consumer.consumer_arn;
  absl::Status active = AwaitActive([&]() -> absl::StatusOr<bool> {
    const auto description = kinesis_->DescribeStreamConsumer({.consumer_arn = arn});
    if (!description.ok()) return description.status();
    return description->consumer_description.consumer_status == riacho::ConsumerStatus::kActive;
  });
  if (!active.ok()) return active;
  return arn;
}

absl::Status Replay::SetStage() {
  const auto created =
      kinesis_->CreateStream({.stream_name = kStreamName, .shard_count = options_.shards});
  if (!created.ok()) return created.status();
  std::string stream_arn;
  absl::Status active = AwaitActive([&]() -> absl::StatusOr<bool> {
    const auto response = kinesis_->DescribeStreamSummary({.stream_name = kStreamName});
    if (!response.ok()) return response.status();
    stream_arn = response->stream_description_summary.stream_arn;
    return response->stream_description_summary.stream_status == riacho::StreamStatus::kActive;
  });
  if (!active.ok()) return active;
  const absl::StatusOr<std::string> dashboard = RegisterConsumer(stream_arn, "dashboard");
  if (!dashboard.ok()) return dashboard.status();
  const absl::StatusOr<std::string> archive = RegisterConsumer(stream_arn, "archive");
  if (!archive.ok()) return archive.status();
  const auto shards = kinesis_->ListShards({.stream_name = kStreamName});
  if (!shards.ok()) return shards.status();

  const absl::Duration length = (workload_.last_time() - workload_.first_time()) / speed_up_;
  timeline_ = std::make_unique<Timeline>(
      clock_.TimeNow(), workload_.first_time(), length, speed_up_,
      options_.real_time ? absl::ZeroDuration() : Timeline::RestFor(length, kRetention));
  std::uint64_t seed = 0;
  for (const std::vector<std::uint32_t>& keys : ShareOut(workload_, options_.threads)) {
    publishers_.emplace_back(*kinesis_, kStreamName, workload_, *timeline_, keys, ++seed);
  }
  Receipts& statistics_receipts = receipts_.emplace_back(
      "statistics", workload_, [this](const Event& event) { delays_.Add(event); });
  statistics_ =
      std::make_unique<IteratorReader>(*kinesis_, kStreamName, shards->shards, statistics_receipts);
  dashboard_ = std::make_unique<FanOutReader>(*kinesis_, *dashboard, shards->shards,
                                              receipts_.emplace_back("dashboard", workload_),
                                              FanOutReader::Pace{});
  const absl::Duration seldom = std::clamp(length / 26, absl::Seconds(1), absl::Seconds(15));
  archive_ = std::make_unique<FanOutReader>(
      *kinesis_, *archive, shards->shards, receipts_.emplace_back("archive", workload_),
      FanOutReader::Pace{.between_looks = seldom, .events_per_look = 1});
  resharder_ = std::make_unique<Resharder>(
      *kinesis_, kStreamName, workload_, timeline_->At(1.0 / 3), timeline_->At(2.0 / 3),
      engine_.options().lifecycle.hand_over,
      [this](absl::Time now, const std::string& what) { Note(now, what); });
  return absl::OkStatus();
}

void Replay::Perform() {
  Crew crew;
  for (Publisher& publisher : publishers_) crew.push_back({&publisher});
  crew.push_back({statistics_.get()});
  crew.push_back({dashboard_.get()});
  crew.push_back({archive_.get(), resharder_.get()});
  const auto done = [this](absl::Time now) { return Watch(now); };
  if (options_.real_time) {
    RunInRealTime(crew, done);
  } else {
    RunInVirtualTime(
        crew, virtual_clock_, [this](absl::Time now) { return Step(now); }, done);
  }
}

// Fine steps under load, coarse ones while nothing happens.
absl::Duration Replay::Step(absl::Time now) const {
  const absl::Time quiet_from = timeline_->rest_begin() + absl::Minutes(5);
  if (now > quiet_from && now < timeline_->rest_end()) {
    return std::min(kRestStep, timeline_->rest_end() - now);
  }
  return std::max(absl::Milliseconds(20), timeline_->length() / 50000);
}

bool Replay::Watch(absl::Time now) {
  most_memory_ = std::max(most_memory_, engine_.memory_used());
  if (timeline_->rest() > absl::ZeroDuration()) {
    if (now >= timeline_->rest_begin() && !std::exchange(rest_noted_, true)) {
      Note(now, "nothing happens for " + Span(timeline_->rest()) + ", so that records grow old");
    }
    if (now >= timeline_->rest_end() && !std::exchange(rest_end_noted_, true)) {
      Note(now, "on with the second half; the records of the first are 24 h old and leave");
    }
  }
  const double part =
      static_cast<double>(Published()) / static_cast<double>(workload_.record_count());
  if (progress_.IsDue(part) || (terminal_ && options_.real_time)) {
    progress_.Show(part, ProgressText(now));
  }
  return !Failures().empty() || IsOver(now);
}

// When everything has been put, the last children have taken over, and all consumers have seen
// that nothing follows.
bool Replay::IsOver(absl::Time now) {
  const bool all_put = std::ranges::all_of(
      publishers_, [](const Publisher& publisher) { return publisher.finished(); });
  if (!all_put || !resharder_->finished()) return false;
  all_put_at_ = std::min(all_put_at_, now);
  return statistics_->caught_up_at() > all_put_at_ && dashboard_->caught_up_at() > all_put_at_ &&
         archive_->caught_up_at() > all_put_at_;
}

void Replay::Note(absl::Time now, const std::string& what) {
  progress_.Note(StreamTime(now) + what);
}

std::string Replay::StreamTime(absl::Time now) const {
  const std::string time = Stopwatch(now - timeline_->start());
  return std::string(10 - std::min<std::size_t>(time.size(), 10), ' ') + time + "  ";
}

std::int64_t Replay::Published() const {
  std::int64_t published = 0;
  for (const Publisher& publisher : publishers_) published += publisher.published();
  return published;
}

std::string Replay::ProgressText(absl::Time now) const {
  std::int64_t throttled = 0;
  for (const Publisher& publisher : publishers_) throttled += publisher.throttled();
  std::string text = StreamTime(now) +
                     absl::FormatTime("%Y/%m/%d", timeline_->EventTime(now), absl::UTCTimeZone()) +
                     "  " + Grouped(Published()) + " put, " + Grouped(throttled) +
                     " throttled; behind";
  for (const Receipts& receipts : receipts_) text += " " + Span(receipts.iterator_age());
  return text;
}

std::vector<absl::Status> Replay::Failures() const {
  std::vector<absl::Status> failures;
  for (const Publisher& publisher : publishers_) {
    if (publisher.finished()) failures.push_back(publisher.failure());
  }
  if (resharder_->finished()) failures.push_back(resharder_->failure());
  for (const StreamReader* reader : std::initializer_list<const StreamReader*>{
           statistics_.get(), dashboard_.get(), archive_.get()}) {
    if (reader->failed()) failures.push_back(reader->failure());
  }
  std::erase_if(failures, [](const absl::Status& status) { return status.ok(); });
  return failures;
}

// Reads what retention has left.
absl::Status Replay::LetLatecomerRead() {
  const auto shards = kinesis_->ListShards({.stream_name = kStreamName});
  if (!shards.ok()) return shards.status();
  latecomer_ = std::make_unique<Receipts>("latecomer", workload_);
  IteratorReader reader(*kinesis_, kStreamName, shards->shards, *latecomer_);
  const absl::Time start = clock_.TimeNow();
  RunInVirtualTime(
      {{&reader}}, virtual_clock_, [](absl::Time) { return absl::Milliseconds(10); },
      [&](absl::Time) { return reader.failed() || reader.caught_up_at() > start; });
  return reader.failed() ? reader.failure() : absl::OkStatus();
}

absl::StatusOr<ReplayResult> Replay::Result(absl::Time real_start) const {
  ReplayResult result = {.workload = workload_,
                         .delays = delays_,
                         .latecomer = latecomer_.get(),
                         .retention = kRetention,
                         .most_memory = most_memory_,
                         .memory = engine_.memory_used(),
                         .stream_time = clock_.TimeNow() - timeline_->start(),
                         .real_time = riacho::SystemClock().TimeNow() - real_start};
  const std::string how[] = {
      "GetRecords, " + Grouped(statistics_->iterators()) + " iterators",
      "SubscribeToShard, " + Grouped(dashboard_->subscriptions()) + " subscriptions",
      "SubscribeToShard, " + Grouped(archive_->subscriptions()) + " subscriptions"};
  for (const Receipts& receipts : receipts_) {
    result.consumers.push_back({.receipts = &receipts, .how = how[result.consumers.size()]});
  }
  for (const Publisher& publisher : publishers_) {
    result.published += publisher.published();
    result.throttled += publisher.throttled();
    for (const auto& [shard, incoming] : publisher.incoming()) {
      Incoming& sum = result.incoming[shard];
      sum.records += incoming.records;
      sum.bytes += incoming.bytes;
      sum.throttled += incoming.throttled;
    }
  }
  const auto listed = kinesis_->ListShards({.stream_name = kStreamName});
  if (!listed.ok()) return listed.status();
  for (const riacho::Shard& shard : listed->shards) result.listed.insert(shard.shard_id);
  for (const auto& [id, shard] : resharder_->known_shards()) result.shards.push_back(shard);
  return result;
}

int Main(int argc, char** argv) {
  const absl::StatusOr<ReplayOptions> options = ParseArguments(argc, argv);
  if (!options.ok()) {
    std::cerr << "replay: " << riacho::ErrorMessage(options.status()) << "\nTry 'replay --help'.\n";
    return 2;
  }
  if (options->help) {
    std::cout << HelpText();
    return 0;
  }
  absl::StatusOr<Workload> workload = ReadWorkload(*options);
  if (!workload.ok()) {
    std::cerr << "replay: " << riacho::ErrorMessage(workload.status()) << "\n";
    return 2;
  }
  return Replay(*options, *std::move(workload)).Run();
}

}  // namespace
}  // namespace replay

int main(int argc, char** argv) { return replay::Main(argc, argv); }
