// A report: three hours of a shop's stream, with a sale that is too much for its shards, a reshard
// in the middle of it, and a consumer that is too slow. Writes shop_report.html, or what it is
// told.
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "riacho/report/report.h"
#include "riacho/riacho.h"

namespace {

// Ends the program with the error's text when a call fails.
template <typename T>
T OrDie(absl::StatusOr<T> result) {
  if (result.ok()) return *std::move(result);
  std::cerr << riacho::ErrorMessage(result.status()) << "\n";
  std::abort();
}

constexpr char kStream[] = "orders";

// Reads all shards through subscriptions, children after their parents: so many events at a time.
class FanOutReader {
 public:
  FanOutReader(riacho::Client& kinesis, const std::string& name) : kinesis_(kinesis) {
    const std::string stream = OrDie(kinesis_.DescribeStreamSummary({.stream_name = kStream}))
                                   .stream_description_summary.stream_arn;
    consumer_ =
        OrDie(kinesis_.RegisterStreamConsumer({.stream_arn = stream, .consumer_name = name}))
            .consumer.consumer_arn;
    for (const riacho::Shard& shard : OrDie(kinesis_.ListShards({.stream_name = kStream})).shards)
      Follow(shard.shard_id);
  }

  void Read(int events) {
    std::vector<riacho::ShardId> next;
    for (auto& [shard, subscription] : subscriptions_) {
      for (int i = 0; i < events && !subscription->ended(); ++i) {
        const auto event = OrDie(subscription->Poll());
        if (!event.has_value()) break;
        for (const riacho::ChildShard& child : event->child_shards) next.push_back(child.shard_id);
      }
    }
    for (const riacho::ShardId child : next) Follow(child);
    std::erase_if(subscriptions_, [](const auto& entry) { return entry.second->ended(); });
  }

 private:
  void Follow(riacho::ShardId shard) {
    if (!seen_.insert(shard).second) return;
    subscriptions_[shard] = OrDie(kinesis_.SubscribeToShard(
        {.consumer_arn = consumer_,
         .shard_id = shard.ToString(),
         .starting_position = {{.type = riacho::ShardIteratorType::kTrimHorizon}}}));
  }

  riacho::Client& kinesis_;
  std::string consumer_;
  std::map<riacho::ShardId, std::unique_ptr<riacho::Subscription>> subscriptions_;
  std::set<riacho::ShardId> seen_;
};

// The same by iterators.
class IteratorReader {
 public:
  explicit IteratorReader(riacho::Client& kinesis) : kinesis_(kinesis) {
    for (const riacho::Shard& shard : OrDie(kinesis_.ListShards({.stream_name = kStream})).shards)
      Follow(shard.shard_id);
  }

  void Read(std::int64_t limit) {
    std::vector<riacho::ShardId> next;
    for (auto& [shard, iterator] : iterators_) {
      auto page = OrDie(kinesis_.GetRecords({.shard_iterator = iterator, .limit = limit}));
      for (const riacho::ChildShard& child : page.child_shards) next.push_back(child.shard_id);
      iterator = page.next_shard_iterator.value_or("");
    }
    for (const riacho::ShardId child : next) Follow(child);
    std::erase_if(iterators_, [](const auto& entry) { return entry.second.empty(); });
  }

 private:
  void Follow(riacho::ShardId shard) {
    if (!seen_.insert(shard).second) return;
    iterators_[shard] = OrDie(kinesis_.GetShardIterator(
                                  {.stream_name = kStream,
                                   .shard_id = shard.ToString(),
                                   .shard_iterator_type = riacho::ShardIteratorType::kTrimHorizon}))
                            .shard_iterator;
  }

  riacho::Client& kinesis_;
  std::map<riacho::ShardId, std::string> iterators_;
  std::set<riacho::ShardId> seen_;
};

// Orders a second, by the minute of the morning: more and more, and a sale from half past nine on.
double OrdersAt(int minute) {
  const double calm = 24 + 14 * std::sin(minute / 180.0 * 2.6);
  const double sale = 34 * std::exp(-std::pow((minute - 58) / 22.0, 2));
  return calm + (minute >= 30 ? sale : 0) + 2.5 * std::sin(minute * 1.7);
}

// One in seven is for the article that everybody wants.
void PutOrders(riacho::Client& kinesis, int count, int& order) {
  std::vector<std::string> keys;
  for (int i = 0; i < count; ++i, ++order)
    keys.push_back(order % 7 == 0 ? "article-42" : "article-" + std::to_string(order * 31 % 997));
  static const std::string kData(180, 'x');
  std::vector<riacho::PutRecordsRequestEntry> entries;
  for (const std::string& key : keys) entries.push_back({.data = kData, .partition_key = key});
  OrDie(kinesis.PutRecords({.records = entries, .stream_name = kStream}));
}

void Split(riacho::Client& kinesis, const std::string& shard, const std::string& at) {
  OrDie(kinesis.SplitShard(
      {.stream_name = kStream, .shard_to_split = shard, .new_starting_hash_key = at}));
}

// What somebody does who watches the stream.
void Operate(riacho::Client& kinesis, int minute) {
  if (minute == 62) {  // everything is too much: four shards instead of two
    OrDie(kinesis.UpdateShardCount({.stream_name = kStream,
                                    .target_shard_count = 4,
                                    .scaling_type = riacho::ScalingType::kUniformScaling}));
  }
  if (minute == 84)  // and one of them has the article that everybody wants
    Split(kinesis, "shardId-000000000004", "212676479325586539664609129644855132160");
  if (minute == 140) {  // the sale is over
    OrDie(kinesis.MergeShards({.stream_name = kStream,
                               .shard_to_merge = "shardId-000000000002",
                               .adjacent_shard_to_merge = "shardId-000000000003"}));
  }
}

}  // namespace

int main(int argc, char** argv) {
  // A small shop has small shards: 20 records a second, and events of 20 records at most.
  riacho::EngineOptions options = {.seed = 7};
  options.limits.shard_write_records_per_second = 20;
  options.limits.subscription_event_records = 20;
  options.limits.subscription_life = absl::Hours(24);
  options.limits.shard_iterator_life = absl::Hours(1);
  const absl::Time opens =
      absl::FromCivil(absl::CivilMinute(2026, 11, 23, 9, 0), absl::UTCTimeZone());
  riacho::ManualClock clock(opens);
  riacho::Engine engine(clock, options);
  const std::unique_ptr<riacho::Client> kinesis = engine.NewClient();
  OrDie(kinesis->CreateStream({.stream_name = kStream, .shard_count = 2}));
  OrDie(kinesis->EnableEnhancedMonitoring(
      {.stream_name = kStream, .shard_level_metrics = {riacho::MetricsName::kAll}}));

  FanOutReader dashboard(*kinesis, "dashboard");
  FanOutReader search(*kinesis, "search-index");
  IteratorReader billing(*kinesis);
  int order = 0;
  for (int second = 0; second < 3 * 3600; ++second) {
    const int minute = second / 60;
    if (second % 60 == 0) Operate(*kinesis, minute);
    PutOrders(*kinesis, static_cast<int>(OrdersAt(minute)), order);
    dashboard.Read(100);
    if (second % 4 == 0) search.Read(3);                // too slow for the busiest shards
    if (minute < 75 || minute >= 82) billing.Read(24);  // stands still while it is updated
    clock.AdvanceTime(absl::Seconds(1));
  }

  // [START report]
  const riacho::Report report = OrDie(riacho::MakeReport(
      *kinesis, engine.metrics(),
      {.title = "A morning at the shop", .start_time = opens, .end_time = clock.TimeNow()}));
  std::cout << riacho::ReportText(report);
  std::ofstream(argc > 1 ? argv[1] : "shop_report.html") << riacho::ReportPage(report);
  // [END report]
}
