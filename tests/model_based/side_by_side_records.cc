// The part of SideBySide that puts and reads records.
#include <algorithm>
#include <cstddef>

#include "absl/time/time.h"

#include "model_based/side_by_side.h"

namespace riacho::model_based {
namespace {

constexpr std::size_t kMostIterators = 48;
constexpr std::size_t kMostSubscriptions = 12;
constexpr std::size_t kMostNumbers = 64;

std::string Short(std::string_view text) {
  return text.size() <= 20 ? std::string(text) : std::to_string(text.size()) + " bytes";
}

std::string Show(const SequenceNumber& number, absl::Time arrival, std::string_view key,
                 std::string_view data) {
  return number.ToString() + " " + absl::FormatTime(arrival, absl::UTCTimeZone()) + " key " +
         Short(key) + ", " + std::to_string(data.size()) + " bytes";
}

}  // namespace

void SideBySide::LearnNumber(const ReferenceService::Put& put, std::size_t entry, ShardId shard,
                             const SequenceNumber& number) {
  const ReferenceStream::PutAnswer& stored = put.entries[entry];
  Same("shard", shard, ShardId{stored.shard});
  if (!difference_.empty()) return;
  const std::string wrong = put.stream->LearnNumber(stored, number);
  if (!wrong.empty()) Differ("sequence number", number.ToString(), wrong);
  Keep(choices_.seen_numbers, number, kMostNumbers);
}

void SideBySide::PutRecord() {
  const std::shared_ptr<ReferenceStream> stream = choices_.Stream();
  const Choices::Address address = choices_.AddressOf(stream.get());
  const std::optional<std::string> hash_key =
      choices_.OneIn(100) ? choices_.SplitKey(nullptr) : choices_.ExplicitHashKey();
  std::optional<std::string> bound;
  if (choices_.OneIn(6)) {
    const ReferenceShard* const shard = choices_.ShardOf(stream.get());
    if (shard != nullptr && !shard->records.empty() && !choices_.OneIn(4)) {
      bound = choices_.OneOf(shard->records).number.ToString();
    } else if (shard != nullptr && shard->finished) {
      bound = shard->EndingNumber().ToString();
    } else {
      bound = choices_.OneOf<std::string>({"0", "01", "12345678901234567890"});
    }
  }
  PutRecordRequest request = {.stream_name = address.name,
                              .data = choices_.Data(),
                              .partition_key = choices_.PartitionKey(),
                              .explicit_hash_key = hash_key,
                              .sequence_number_for_ordering = bound,
                              .stream_arn = address.arn};
  if (choices_.OneIn(25) && stream != nullptr && !hash_key.has_value()) {
    const HashKey key = HashKeyOf(*request.partition_key);
    for (const auto& [number, shard] : stream->shards) {
      if (!shard->takes_puts || !shard->range.Contains(key)) continue;
      request.data = choices_.DataThatFits(*shard, *request.partition_key, now_nanos_);
    }
  }
  const std::string too_long(257, 'k');
  const bool keyless = stream != nullptr && stream->strategy == RecordDistributionStrategy::kAuto;
  if (keyless && choices_.OneIn(2)) request.partition_key.reset();
  if (choices_.OneIn(100)) {
    request.partition_key = choices_.OneOf<std::optional<std::string_view>>(
        {std::nullopt, std::string_view(""), std::string_view(too_long)});
  }
  if (choices_.OneIn(100)) request.data.reset();
  if (choices_.OneIn(100)) request.explicit_hash_key = choices_.OneIn(2) ? "-1" : "01";
  if (choices_.OneIn(100)) request.explicit_hash_key = "340282366920938463463374607431768211456";
  if (choices_.OneIn(40)) request.dry_run = choices_.OneIn(2);
  SayStream("PutRecord", request);
  Say(" key ", Short(request.partition_key.value_or("none")), " ", request.data.value_or("").size(),
      " bytes", request.dry_run.value_or(false) ? std::string_view(" dry run") : "");
  if (hash_key.has_value()) Say(" hash key ", *hash_key);
  if (bound.has_value()) Say(" above ", *bound);
  const auto engine = client_->PutRecord(request);
  std::optional<std::uint32_t> placed_in;
  if (engine.ok()) placed_in = engine->shard_id.number;
  const auto reference = reference_.PutRecord(request, {placed_in}, now_nanos_);
  if (!BothOk(engine, reference)) return;
  Say(" ", engine->shard_id, " ", engine->sequence_number);
  Same("encryption", engine->encryption_type, reference.value.encryption_type);
  LearnNumber(reference.value, 0, engine->shard_id, engine->sequence_number);
  if (!difference_.empty() || !bound.has_value()) return;
  const auto fields = SequenceNumber::Parse(*bound)->Decode();
  if (fields->shard_number == engine->shard_id.number && fields->index != 0 &&
      fields->shard_create_seconds == engine->sequence_number.Decode()->shard_create_seconds) {
    Same("number is above the bound", engine->sequence_number > *SequenceNumber::Parse(*bound),
         true);
  }
}

void SideBySide::PutRecords() {
  const std::shared_ptr<ReferenceStream> stream = choices_.Stream();
  const Choices::Address address = choices_.AddressOf(stream.get());
  std::int64_t count = choices_.Between(1, 8);
  if (choices_.OneIn(40)) count = choices_.Between(9, 80);
  if (choices_.OneIn(400)) count = choices_.OneOf<std::int64_t>({0, 500, 501});
  const bool small = count > 8;
  std::vector<std::optional<std::string>> hash_keys;
  for (std::int64_t i = 0; i < count; ++i) hash_keys.push_back(choices_.ExplicitHashKey());
  std::vector<PutRecordsRequestEntry> entries;
  for (const std::optional<std::string>& hash_key : hash_keys) {
    entries.push_back({.data = small ? std::string_view("small") : choices_.Data(),
                       .explicit_hash_key = hash_key,
                       .partition_key = choices_.PartitionKey()});
    const bool keyless = stream != nullptr && stream->strategy == RecordDistributionStrategy::kAuto;
    if (keyless && choices_.OneIn(2)) entries.back().partition_key.reset();
  }
  if (count > 0 && choices_.OneIn(40)) {
    PutRecordsRequestEntry& bad = entries[choices_.random.Uniform(entries.size())];
    switch (choices_.Between(0, 4)) {
      case 0:
        bad.partition_key = "";
        break;
      case 1:
        bad.partition_key.reset();
        break;
      case 2:
        bad.data.reset();
        break;
      case 3:
        bad.explicit_hash_key = "01";
        break;
      default:
        bad.explicit_hash_key = "340282366920938463463374607431768211456";
        break;
    }
  }
  PutRecordsRequest request = {
      .records = entries, .stream_name = address.name, .stream_arn = address.arn};
  if (choices_.OneIn(60)) request.dry_run = true;
  SayStream("PutRecords", request);
  Say(" entries ", count);
  const auto engine = client_->PutRecords(request);
  ReferenceService::Places placed_in(entries.size());
  for (std::size_t i = 0; engine.ok() && i < entries.size(); ++i) {
    const PutRecordsResultEntry& entry = engine->records[i];
    if (!entry.error_code.has_value()) placed_in[i] = entry.shard_id.number;
  }
  const auto reference = reference_.PutRecords(request, placed_in, now_nanos_);
  if (!BothOk(engine, reference)) return;
  Same("encryption", engine->encryption_type, reference.value.encryption_type);
  Same("answers", engine->records.size(), reference.value.entries.size());
  std::int64_t failed = 0;
  for (std::size_t i = 0; i < engine->records.size() && difference_.empty(); ++i) {
    const PutRecordsResultEntry& entry = engine->records[i];
    const ReferenceStream::PutAnswer& ours = reference.value.entries[i];
    Same("error of entry", entry.error_code, ours.error);
    Say(entry.error_code.has_value() ? std::string_view(" x") : " .");
    if (ours.error.has_value()) {
      ++failed;
    } else if (difference_.empty()) {
      LearnNumber(reference.value, i, entry.shard_id, entry.sequence_number);
    }
  }
  Same("failed records", engine->failed_record_count, failed);
  if (failed != 0) last_answer_ = "some throttled";
}

void SideBySide::GetShardIterator() {
  const std::shared_ptr<ReferenceStream> stream = choices_.Stream();
  const ReferenceShard* const shard = choices_.ShardOf(stream.get());
  GetShardIteratorRequest request = {.shard_id = choices_.TextOf(shard),
                                     .shard_iterator_type = choices_.IteratorType()};
  choices_.AddressStream(request, stream.get());
  const bool by_number = *request.shard_iterator_type == ShardIteratorType::kAtSequenceNumber ||
                         *request.shard_iterator_type == ShardIteratorType::kAfterSequenceNumber;
  if (by_number != choices_.OneIn(40)) {
    request.starting_sequence_number = choices_.NumberText(stream.get(), shard);
  }
  if ((*request.shard_iterator_type == ShardIteratorType::kAtTimestamp) != choices_.OneIn(40)) {
    request.timestamp = choices_.Timestamp(shard, now_nanos_);
  }
  if (choices_.OneIn(80)) request.shard_iterator_type.reset();
  if (choices_.OneIn(80)) request.dry_run = true;
  SayStream("GetShardIterator", request);
  Say(" ", request.shard_id, " ", request.shard_iterator_type, " ",
      request.starting_sequence_number, " ", request.timestamp);
  const auto engine = client_->GetShardIterator(request);
  const auto reference = reference_.GetShardIterator(request, now_nanos_);
  if (!BothOk(engine, reference)) return;
  Keep(iterators_, HeldIterator{engine->shard_iterator, reference.value}, kMostIterators);
}

void SideBySide::SameRecords(const RecordBatch& engine,
                             const std::vector<ReferenceRecord>& reference) {
  for (std::size_t i = 0; i < std::max(engine.size(), reference.size()); ++i) {
    std::string theirs = "no more";
    std::string ours = "no more";
    bool same = i < engine.size() && i < reference.size();
    if (same) {
      const Record& record = engine[i];
      const absl::Time arrival = absl::FromUnixMillis(reference[i].arrival_millis);
      same = record.sequence_number == reference[i].number && record.data == reference[i].data &&
             record.approximate_arrival_timestamp == arrival &&
             record.partition_key == reference[i].partition_key &&
             record.encryption_type ==
                 (reference[i].data_key == 0 ? EncryptionType::kNone : EncryptionType::kKms);
    }
    if (same) continue;
    if (i < engine.size()) {
      const Record& record = engine[i];
      theirs = Show(record.sequence_number, record.approximate_arrival_timestamp,
                    record.partition_key, record.data);
    }
    if (i < reference.size()) {
      const ReferenceRecord& record = reference[i];
      ours = Show(record.number, absl::FromUnixMillis(record.arrival_millis), record.partition_key,
                  record.data);
    }
    return Differ("record " + std::to_string(i) + " of the page", theirs, ours);
  }
}

void SideBySide::GetRecords() {
  if (iterators_.empty()) return GetShardIterator();
  const std::size_t at = choices_.random.Uniform(iterators_.size());
  const HeldIterator held = iterators_[at];
  GetRecordsRequest request = {.shard_iterator = held.token, .limit = choices_.Limit()};
  const ReferenceIterator* iterator = &held.meaning;
  std::string spoilt = held.token;
  if (choices_.OneIn(100)) {
    spoilt[choices_.random.Uniform(spoilt.size())] ^= 1;
    if (spoilt != held.token) iterator = nullptr;
    request.shard_iterator = spoilt;
  }
  if (choices_.OneIn(200)) request.shard_iterator = "";
  std::string arn;
  if (choices_.OneIn(20)) {
    arn = choices_.OneIn(2) ? held.meaning.stream->arn : reference_.ArnOf("another");
    request.stream_arn = arn;
  }
  if (choices_.OneIn(80)) request.dry_run = true;
  Say("GetRecords iterator ", at, " limit ", request.limit);
  const auto engine = client_->GetRecords(request);
  const auto reference = reference_.GetRecords(request, iterator, now_nanos_);
  if (reference.error == ErrorCode::kExpiredIterator && !choices_.OneIn(4)) {
    iterators_.erase(iterators_.begin() + static_cast<std::ptrdiff_t>(at));
  }
  if (!BothOk(engine, reference)) return;
  Say(" records ", engine->records.size(), " behind ", engine->millis_behind_latest);
  const ReferenceRecordsPage& ours = reference.value;
  SameRecords(engine->records, ours.page.records);
  Same("millis behind latest", engine->millis_behind_latest, ours.page.millis_behind_latest);
  Same("child shards", engine->child_shards, ours.child_shards);
  Same("has a next iterator", engine->next_shard_iterator.has_value(), ours.next.has_value());
  if (!ours.page.records.empty()) last_answer_ = "records";
  if (!ours.child_shards.empty()) last_answer_ = "child shards";
  if (!difference_.empty() || !ours.next.has_value() || choices_.OneIn(5)) return;
  HeldIterator next = {*engine->next_shard_iterator, *ours.next};
  if (choices_.OneIn(5)) {
    Keep(iterators_, std::move(next), kMostIterators);
  } else {
    iterators_[at] = std::move(next);
  }
}

// --- enhanced fan-out ----------------------------------------------------------------------------

void SideBySide::Subscribe() {
  const std::shared_ptr<ReferenceStream> stream = choices_.Stream();
  const ReferenceShard* const shard = choices_.ShardOf(stream.get());
  SubscribeToShardRequest request = {.consumer_arn = choices_.ConsumerArn(stream.get()),
                                     .shard_id = choices_.TextOf(shard)};
  StartingPosition start = {.type = choices_.IteratorType()};
  if (start.type == ShardIteratorType::kAtSequenceNumber ||
      start.type == ShardIteratorType::kAfterSequenceNumber) {
    start.sequence_number = choices_.NumberText(stream.get(), shard);
  }
  if (start.type == ShardIteratorType::kAtTimestamp) {
    start.timestamp = choices_.Timestamp(shard, now_nanos_);
  }
  if (!choices_.OneIn(60)) request.starting_position = start;
  if (choices_.OneIn(30)) request.dry_run = true;
  // As a consumer does that goes on where its subscription ended, or will end.
  if (!subscriptions_.empty() && choices_.OneIn(2)) {
    const HeldSubscription& held = choices_.OneOf(subscriptions_);
    request.shard_id = ShardId{held.meaning.shard->number}.ToString();
    request.consumer_arn = choices_.ConsumerArn(held.meaning.stream.get());
    if (held.continuation.has_value()) {
      request.starting_position =
          StartingPosition{.type = choices_.OneIn(4) ? ShardIteratorType::kAtSequenceNumber
                                                     : ShardIteratorType::kAfterSequenceNumber,
                           .sequence_number = held.continuation->ToString()};
    } else {
      request.starting_position = StartingPosition{.type = ShardIteratorType::kLatest};
    }
  }
  Say("SubscribeToShard ", request.consumer_arn, " ", request.shard_id, " ",
      request.starting_position, request.dry_run.value_or(false) ? " dry run" : "");
  auto engine = client_->SubscribeToShard(request);
  const auto reference = reference_.SubscribeToShard(request, now_nanos_);
  if (!BothOk(engine, reference)) return;
  HeldSubscription held = {*std::move(engine), reference.value};
  if (choices_.OneIn(2)) {
    held.wakes = std::make_shared<std::int64_t>(0);
    held.subscription->OnWake([wakes = held.wakes] { ++*wakes; });
  }
  Keep(subscriptions_, std::move(held), kMostSubscriptions);
}

// Whoever polled in vain has been woken if there is something now.
void SideBySide::CheckWakes(const HeldSubscription& held) {
  if (!held.records_when_idle.has_value()) return;
  const ReferenceSubscription& meaning = held.meaning;
  const bool closed = meaning.lease->holder != meaning.ticket;
  if (!closed && meaning.shard->records.size() == *held.records_when_idle) return;
  if (*held.wakes == held.wakes_when_idle) {
    Differ("wake", "not called", closed ? "the subscription was closed" : "a record has come");
  }
}

void SideBySide::Poll() {
  if (subscriptions_.empty()) return Subscribe();
  const std::size_t at = choices_.random.Uniform(subscriptions_.size());
  HeldSubscription& held = subscriptions_[at];
  CheckWakes(held);
  const bool wait = choices_.OneIn(3);
  Say(wait ? std::string_view("Wait ") : "Poll ", at, " of ", held.meaning.stream->name, " shard ",
      held.meaning.shard->number);
  const auto engine =
      wait ? held.subscription->Wait(absl::InfinitePast()) : held.subscription->Poll();
  const auto reference = reference_.Poll(held.meaning, now_nanos_);
  const bool ok = BothOk(engine, reference);
  held.records_when_idle.reset();
  if (held.wakes != nullptr && ok && !engine->has_value() && !held.meaning.ended) {
    held.records_when_idle = held.meaning.shard->records.size();
    held.wakes_when_idle = *held.wakes;
  }
  Same("ended", held.subscription->ended(), held.meaning.ended);
  if (!ok) return;
  Same("has an event", engine->has_value(), reference.value.has_value());
  if (!difference_.empty() || !engine->has_value()) return;
  const SubscribeToShardEvent& theirs = **engine;
  const ReferenceEvent& ours = *reference.value;
  last_answer_ = !ours.child_shards.empty()   ? "child shards"
                 : !ours.page.records.empty() ? "records"
                                              : "idle event";
  Say(" event with ", theirs.records.size(), " behind ", theirs.millis_behind_latest, " go on ",
      theirs.continuation_sequence_number);
  SameRecords(theirs.records, ours.page.records);
  Same("millis behind latest", theirs.millis_behind_latest, ours.page.millis_behind_latest);
  Same("child shards", theirs.child_shards, ours.child_shards);
  Same("has a continuation number", theirs.continuation_sequence_number.has_value(),
       !ours.page.end_of_shard);
  if (!difference_.empty() || !theirs.continuation_sequence_number.has_value()) return;
  const SequenceNumber next = *theirs.continuation_sequence_number;
  if (!theirs.records.empty()) {
    Same("continuation number", next, theirs.records.back().sequence_number);
    if (held.continuation.has_value()) {
      Same("records lie behind the last continuation number",
           theirs.records.front().sequence_number > *held.continuation, true);
    }
  } else {
    for (const ReferenceRecord& record : held.meaning.shard->records) {
      const bool read = record.number <= next;
      const auto index = static_cast<std::size_t>(&record - held.meaning.shard->records.data());
      if (!read && index < held.meaning.position.at) {
        Differ("continuation number", next.ToString(), "below " + record.number.ToString());
      }
    }
    if (held.continuation.has_value() && next < *held.continuation) {
      Differ("continuation number", next.ToString(), "not below " + held.continuation->ToString());
    }
  }
  held.continuation = next;
  Keep(choices_.seen_numbers, next, kMostNumbers);
}

void SideBySide::DropSubscription() {
  if (subscriptions_.empty()) return;
  const std::size_t at = choices_.random.Uniform(subscriptions_.size());
  Say("subscription ", at, " is closed");
  subscriptions_.erase(subscriptions_.begin() + static_cast<std::ptrdiff_t>(at));
}

}  // namespace riacho::model_based
