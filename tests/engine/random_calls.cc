#include "engine/random_calls.h"

#include <array>
#include <optional>
#include <sstream>

#include "absl/time/time.h"

#include "engine/engine_fixture.h"

namespace riacho {
namespace {

template <typename Response>
std::string Text(const absl::StatusOr<Response>& answer) {
  return answer.ok() ? "ok" : answer.status().ToString();
}

void Tell(std::ostream& out, const RecordBatch& records) {
  for (const Record& record : records) {
    out << record.sequence_number << ' ' << record.approximate_arrival_timestamp << ' '
        << record.partition_key << ' ' << record.data.size() << ' ' << record.encryption_type
        << '\n';
  }
}

}  // namespace

EngineOptions OptionsForRandomCalls(std::uint64_t seed) {
  EngineOptions options = {.seed = seed};
  if (seed % 2 == 0) options.lifecycle = Lifecycle::Service();
  options.limits.shard_write_records_per_second = 20;
  options.limits.update_stream_mode_switches_per_day = 3;
  options.limits.on_demand_split_bytes_per_second = 2000;
  options.limits.on_demand_reaction = absl::Minutes(2);
  options.limits.on_demand_peak_memory = absl::Hours(10);
  options.limits.enforce_call_rates = seed % 3 == 0;
  return options;
}

std::string RandomCalls::Next(Engine& engine, Client& kinesis, ManualClock& clock) {
  switch (random_.Uniform(20)) {
    case 0:
      return ChangeAStream(kinesis);
    case 1:
      return ChangeShards(kinesis);
    case 2:
    case 3:
      return UseConsumers(kinesis);
    case 4:
      return UseKeys(engine, kinesis, clock);
    case 5:
      return Look(kinesis);
    case 6:
    case 7: {
      const std::array<absl::Duration, 6> kSpans = {absl::Milliseconds(1), absl::Milliseconds(700),
                                                    absl::Seconds(4),      absl::Minutes(1),
                                                    absl::Hours(1),        absl::Hours(9)};
      clock.AdvanceTime(kSpans[random_.Uniform(random_.Chance(0.2) ? 6 : 4)]);
      return "time passes";
    }
    case 8:
    case 9:
    case 10:
      return Read(kinesis);
    default:
      return PutSome(kinesis);
  }
}

std::string RandomCalls::ChangeAStream(Client& kinesis) {
  const std::string stream = AnyStream();
  const std::string arn = StreamArnOf(stream);
  switch (random_.Uniform(9)) {
    case 0:
    case 1:
      return Text(kinesis.CreateStream({.stream_name = stream, .shard_count = 2}));
    case 2:
      return Text(kinesis.CreateStream(
          {.stream_name = stream,
           .stream_mode_details = StreamModeDetails{.stream_mode = StreamMode::kOnDemand}}));
    case 3:
      if (!random_.Chance(0.2)) return "spared";
      return Text(kinesis.DeleteStream({.stream_name = stream, .enforce_consumer_deletion = true}));
    case 4:
      return Text(kinesis.IncreaseStreamRetentionPeriod(
          {.stream_name = stream,
           .retention_period_hours = 24 + static_cast<std::int64_t>(random_.Uniform(9))}));
    case 5:
      return Text(kinesis.UpdateStreamMode(
          {.stream_arn = arn,
           .stream_mode_details =
               StreamModeDetails{.stream_mode = random_.Chance(0.6) ? StreamMode::kOnDemand
                                                                    : StreamMode::kProvisioned}}));
    case 6:
      return Text(kinesis.UpdateMaxRecordSize({.stream_arn = arn, .max_record_size_in_kib = 2048}));
    case 7:
      return Text(kinesis.AddTagsToStream(
          {.stream_name = stream, .tags = {{"t" + std::to_string(random_.Uniform(4)), "v"}}}));
    default:
      return Text(kinesis.PutResourcePolicy(
          {.resource_arn = arn,
           .policy = R"({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal":
                      {"AWS": "210987654321"}, "Action": "kinesis:GetRecords", "Resource": ")" +
                     arn + R"("}})"}));
  }
}

std::string RandomCalls::ChangeShards(Client& kinesis) {
  const std::string stream = AnyStream();
  switch (random_.Uniform(3)) {
    case 0: {
      const HashKey key = {absl::MakeUint128(random_.Next(), random_.Next())};
      return Text(kinesis.SplitShard({.stream_name = stream,
                                      .shard_to_split = AnyShard(),
                                      .new_starting_hash_key = key.ToString()}));
    }
    case 1:
      return Text(kinesis.MergeShards({.stream_name = stream,
                                       .shard_to_merge = AnyShard(),
                                       .adjacent_shard_to_merge = AnyShard()}));
    default:
      return Text(kinesis.UpdateShardCount(
          {.stream_name = stream,
           .target_shard_count = 1 + static_cast<std::int64_t>(random_.Uniform(5))}));
  }
}

std::string RandomCalls::PutSome(Client& kinesis) {
  const std::string stream = AnyStream();
  const std::string key = "key-" + std::to_string(random_.Uniform(40));
  const std::string data(random_.Uniform(random_.Chance(0.05) ? 40'000 : 300), 'd');
  std::ostringstream out;
  if (random_.Chance(0.7)) {
    const auto put = kinesis.PutRecord({.stream_name = stream, .data = data, .partition_key = key});
    out << Text(put);
    if (put.ok()) out << put->shard_id << put->sequence_number;
    return out.str();
  }
  std::vector<PutRecordsRequestEntry> entries(1 + random_.Uniform(20),
                                              {.data = data, .partition_key = key});
  const auto put = kinesis.PutRecords({.records = entries, .stream_name = stream});
  out << Text(put);
  if (!put.ok()) return out.str();
  for (const PutRecordsResultEntry& entry : put->records)
    out << entry.sequence_number << entry.error_message << ' ';
  return out.str();
}

std::string RandomCalls::Read(Client& kinesis) {
  std::ostringstream out;
  if (iterators_.empty() || random_.Chance(0.4)) {
    constexpr std::array kTypes = {ShardIteratorType::kTrimHorizon, ShardIteratorType::kLatest};
    const auto iterator =
        kinesis.GetShardIterator({.stream_name = AnyStream(),
                                  .shard_id = AnyShard(),
                                  .shard_iterator_type = kTypes[random_.Uniform(2)]});
    if (!iterator.ok()) return Text(iterator);
    iterators_.push_back(iterator->shard_iterator);
    return iterators_.back();
  }
  std::string& iterator = iterators_[random_.Uniform(iterators_.size())];
  const auto page = kinesis.GetRecords({.shard_iterator = iterator, .limit = 30});
  if (!page.ok()) return Text(page);
  Tell(out, page->records);
  iterator = page->next_shard_iterator.value_or("none");
  out << iterator << page->millis_behind_latest;
  return out.str();
}

std::string RandomCalls::UseConsumers(Client& kinesis) {
  if (consumers_.empty() || random_.Chance(0.3)) {
    const auto made = kinesis.RegisterStreamConsumer(
        {.stream_arn = StreamArnOf(AnyStream()),
         .consumer_name = "consumer-" + std::to_string(random_.Uniform(3))});
    if (made.ok()) consumers_.push_back(made->consumer.consumer_arn);
    return Text(made);
  }
  const std::string& arn = consumers_[random_.Uniform(consumers_.size())];
  if (random_.Chance(0.1)) return Text(kinesis.DeregisterStreamConsumer({.consumer_arn = arn}));
  auto subscription = kinesis.SubscribeToShard(
      {.consumer_arn = arn,
       .shard_id = AnyShard(),
       .starting_position = StartingPosition{.type = ShardIteratorType::kTrimHorizon}});
  if (!subscription.ok()) return Text(subscription);
  std::ostringstream out;
  const auto event = (*subscription)->Poll();
  out << Text(event);
  if (event.ok() && event->has_value()) Tell(out, (*event)->records);
  return out.str();
}

std::string RandomCalls::UseKeys(Engine& engine, Client& kinesis, ManualClock& clock) {
  const std::string alias = "alias/key-" + std::to_string(random_.Uniform(2));
  const std::string stream = AnyStream();
  KeyStore& keys = engine.key_store();
  switch (random_.Uniform(7)) {
    case 0: {
      const auto key = keys.CreateKey({.alias = alias});
      return key.ok() ? key->key_id : key.status().ToString();
    }
    case 1:
      return keys.RotateKeyOnDemand(alias).ToString();
    case 2:
      return keys.SetKeyState(alias, random_.Chance(0.2) ? KeyState::kDisabled : KeyState::kEnabled)
          .ToString();
    case 3:
      return random_.Chance(0.1)
                 ? keys.ScheduleKeyDeletion(alias, absl::Hours(20), clock.TimeNow()).ToString()
                 : keys.CreateGrant(alias, "arn:aws:iam::123456789012:root",
                                    {KeyOperation::kDecrypt, KeyOperation::kGenerateDataKey})
                       .ToString();
    case 4:
      return Text(kinesis.StopStreamEncryption(
          {.stream_name = stream, .encryption_type = EncryptionType::kKms, .key_id = alias}));
    default:
      return Text(kinesis.StartStreamEncryption(
          {.stream_name = stream, .encryption_type = EncryptionType::kKms, .key_id = alias}));
  }
}

std::string RandomCalls::Look(Client& kinesis) {
  std::ostringstream out;
  const std::string stream = AnyStream();
  switch (random_.Uniform(4)) {
    case 0: {
      const auto page = kinesis.ListShards({.stream_name = stream});
      out << Text(page);
      if (page.ok())
        for (const Shard& shard : page->shards) out << shard << '\n';
      return out.str();
    }
    case 1: {
      const auto summary = kinesis.DescribeStreamSummary({.stream_name = stream});
      if (!summary.ok()) return Text(summary);
      const StreamDescriptionSummary& description = summary->stream_description_summary;
      out << description.stream_status << description.open_shard_count.value_or(-1)
          << description.retention_period_hours << description.consumer_count;
      return out.str();
    }
    case 2:
      return Text(kinesis.UpdateAccountSettings(
          {.minimum_throughput_billing_commitment = MinimumThroughputBillingCommitmentInput{
               .status = random_.Chance(0.7)
                             ? MinimumThroughputBillingCommitmentStatus::kEnabled
                             : MinimumThroughputBillingCommitmentStatus::kDisabled}}));
    default: {
      const auto page = kinesis.ListStreams({.limit = 1});
      out << Text(page);
      if (page.ok()) out << page->next_token.value_or("none");
      return out.str();
    }
  }
}

}  // namespace riacho
