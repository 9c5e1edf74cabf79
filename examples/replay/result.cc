#include "replay/result.h"

#include <algorithm>

#include "replay/shard_tree.h"
#include "replay/text_table.h"

namespace replay {
namespace {

constexpr std::size_t kWorst = 10;

std::int64_t Millis(absl::Duration duration) { return absl::ToInt64Milliseconds(duration); }

// Of a shard, over all consumers.
Outgoing OutgoingOf(const ReplayResult& result, riacho::ShardId shard) {
  Outgoing sum;
  for (const ConsumerResult& consumer : result.consumers) {
    const auto found = consumer.receipts->outgoing().find(shard);
    if (found == consumer.receipts->outgoing().end()) continue;
    sum.records += found->second.records;
    sum.bytes += found->second.bytes;
  }
  return sum;
}

Incoming IncomingOf(const ReplayResult& result, riacho::ShardId shard) {
  const auto found = result.incoming.find(shard);
  return found == result.incoming.end() ? Incoming() : found->second;
}

std::string StateOf(const ReplayResult& result, const riacho::Shard& shard) {
  if (!result.listed.contains(shard.shard_id)) return "expired";
  return shard.sequence_number_range.ending_sequence_number.has_value() ? "closed" : "open";
}

void PrintShards(std::ostream& out, const ReplayResult& result) {
  out << "\nShards (below each one those that took over from it; out: to all consumers together)\n";
  TextTable table({"shard", "<state", "of all keys", "records in", "bytes in", "puts throttled",
                   "records out", "bytes out"});
  Incoming in_sum;
  Outgoing out_sum;
  for (const TreeLine& line : DrawShardTree(result.shards)) {
    const std::string name = line.branch + line.shard.shard_id.ToString();
    if (line.repeated) {
      table.AddRow({name, "see above"});
      continue;
    }
    const Incoming in = IncomingOf(result, line.shard.shard_id);
    const Outgoing outgoing = OutgoingOf(result, line.shard.shard_id);
    table.AddRow({name, StateOf(result, line.shard), PartOfKeySpace(line.shard.hash_key_range),
                  Grouped(in.records), Bytes(in.bytes), Grouped(in.throttled),
                  Grouped(outgoing.records), Bytes(outgoing.bytes)});
    in_sum.records += in.records;
    in_sum.bytes += in.bytes;
    in_sum.throttled += in.throttled;
    out_sum.records += outgoing.records;
    out_sum.bytes += outgoing.bytes;
  }
  table.AddRow({"all", "", "", Grouped(in_sum.records), Bytes(in_sum.bytes),
                Grouped(in_sum.throttled), Grouped(out_sum.records), Bytes(out_sum.bytes)});
  out << table;
}

void PrintConsumers(std::ostream& out, const ReplayResult& result) {
  out << "\nConsumers (iterator age: how old the last record of a batch was when it was read)\n";
  TextTable table({"consumer", "<reads by", "records", "batches", "iterator age, most", "last"});
  for (const ConsumerResult& consumer : result.consumers) {
    const Receipts& receipts = *consumer.receipts;
    table.AddRow({receipts.consumer_name(), consumer.how, Grouped(receipts.received()),
                  Grouped(receipts.batches()), Grouped(Millis(receipts.max_iterator_age())) + " ms",
                  Grouped(Millis(receipts.iterator_age())) + " ms"});
  }
  out << table;
}

void PrintRetention(std::ostream& out, const ReplayResult& result) {
  out << "\nRetention (" << absl::ToInt64Hours(result.retention) << " hours of stream time)\n";
  if (result.latecomer != nullptr) {
    const Receipts& latecomer = *result.latecomer;
    const std::int64_t gone = result.published - latecomer.received();
    out << "  " << Grouped(gone) << " of " << Grouped(result.published)
        << " records have grown too old and are gone; a consumer that comes now\n  and begins at"
           " TRIM_HORIZON gets the other "
        << Grouped(latecomer.received());
    if (const Event* first = latecomer.first_event()) {
      out << ", from " << absl::FormatTime("%Y/%m/%d %H:%M", first->time, absl::UTCTimeZone())
          << " on";
    }
    out << ".\n";
  } else {
    out << "  No record has reached that age.\n";
  }
  out << "  Memory of stored records: " << Bytes(result.memory) << "; at most it was "
      << Bytes(result.most_memory) << ".\n";
}

void PrintWorst(std::ostream& out, const ReplayResult& result) {
  if (!result.workload.value_position.has_value()) return;
  const auto all = static_cast<std::int64_t>(result.workload.events.size());
  const std::int64_t least = std::max<std::int64_t>(all / 400, 1);
  const std::vector<DelayMean> worst = result.delays.Worst(kWorst, least);
  out << "\nThe " << worst.size() << " highest means of '" << result.workload.value_column
      << "', as the statistics consumer has them (" << result.workload.key_column << "s of "
      << Grouped(least) << " events and more)\n";
  TextTable table(
      {result.workload.key_column, "events", "mean " + result.workload.value_column, "highest"});
  for (const DelayMean& mean : worst) {
    table.AddRow({mean.key, Grouped(mean.events), OneDecimal(mean.mean), OneDecimal(mean.most)});
  }
  out << table;
}

class Checks {
 public:
  explicit Checks(std::ostream& out) : out_(out) {}

  void Check(bool passed, const std::string& what, const std::string& otherwise) {
    out_ << "  " << (passed ? "PASS  " : "FAIL  ") << what << (passed ? "" : ": " + otherwise)
         << "\n";
    all_passed_ = all_passed_ && passed;
  }
  bool all_passed() const { return all_passed_; }

 private:
  std::ostream& out_;
  bool all_passed_ = true;
};

void CheckConsumer(Checks& checks, const ReplayResult& result, const Receipts& receipts) {
  const std::string& name = receipts.consumer_name();
  checks.Check(receipts.missing() == 0 && receipts.repeated() == 0 && receipts.foreign() == 0,
               name + " saw every event exactly once",
               Grouped(receipts.missing()) + " missing, " + Grouped(receipts.repeated()) +
                   " repeated, " + Grouped(receipts.foreign()) + " not as they were put");
  checks.Check(receipts.out_of_order() == 0,
               name + " saw each " + result.workload.key_column + "'s events in order",
               Grouped(receipts.out_of_order()) + " came too late");
  std::int64_t differing = 0;
  for (const auto& [shard, incoming] : result.incoming) {
    const auto found = receipts.outgoing().find(shard);
    const bool same = found != receipts.outgoing().end() &&
                      found->second.records == incoming.records &&
                      found->second.bytes == incoming.bytes;
    if (!same) ++differing;
  }
  checks.Check(differing == 0, name + " got out of every shard what went into it",
               Grouped(differing) + " shards differ");
}

}  // namespace

void PrintReport(std::ostream& out, const ReplayResult& result) {
  out << "\n"
      << Grouped(result.published) << " records put in " << Span(result.stream_time)
      << " of stream time (" << OneDecimal(absl::ToDoubleSeconds(result.real_time))
      << " s of real time); " << Grouped(result.throttled) << " puts throttled and tried again\n";
  PrintShards(out, result);
  PrintConsumers(out, result);
  PrintRetention(out, result);
  PrintWorst(out, result);
}

bool PrintChecks(std::ostream& out, const ReplayResult& result) {
  out << "\nChecks\n";
  Checks checks(out);
  const std::int64_t expected = result.workload.record_count();
  checks.Check(result.published == expected, "every event was put",
               Grouped(expected - result.published) + " were not");
  for (const ConsumerResult& consumer : result.consumers) {
    CheckConsumer(checks, result, *consumer.receipts);
  }
  if (result.latecomer != nullptr) {
    const Receipts& latecomer = *result.latecomer;
    // Arrival times are whole milliseconds.
    const bool fresh = latecomer.max_record_age() <= result.retention + absl::Milliseconds(1);
    checks.Check(fresh && latecomer.repeated() == 0 && latecomer.out_of_order() == 0,
                 "the latecomer saw no record older than the retention, and each key in order",
                 "the oldest was " + Span(latecomer.max_record_age()) + " old, " +
                     Grouped(latecomer.repeated()) + " repeated, " +
                     Grouped(latecomer.out_of_order()) + " out of order");
  }
  return checks.all_passed();
}

}  // namespace replay
