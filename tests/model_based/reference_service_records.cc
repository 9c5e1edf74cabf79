// The part of ReferenceService that puts and reads records.
#include <algorithm>
#include <cstddef>

#include "absl/time/time.h"

#include "model_based/reference_service.h"
#include "model_based/request_shapes.h"

namespace riacho::model_based {
namespace {

constexpr std::int64_t kMilli = 1'000'000;
constexpr std::int64_t kSecond = 1'000'000'000;

EncryptionType TypeOf(std::uint64_t data_key) {
  return data_key == 0 ? EncryptionType::kNone : EncryptionType::kKms;
}

}  // namespace

Answer<std::uint64_t> ReferenceService::DataKeyFor(const ReferenceStream& stream,
                                                   std::int64_t now_nanos) {
  if (!stream.key_id.has_value()) return std::uint64_t{0};
  return keys_.DataKeyFor(stream, caller_, now_nanos);
}

Answer<ReferenceService::Put> ReferenceService::PutRecord(const PutRecordRequest& request,
                                                          const Places& placed_in,
                                                          std::int64_t now_nanos) {
  if (const Refusal refusal = Refuse(request, now_nanos)) return *refusal;
  const StreamAnswer found = Find(AsString(request.stream_name), AsString(request.stream_arn));
  if (!found.ok()) return *found.error;
  ReferenceStream& stream = *found.value;
  if (stream.status == StreamStatus::kCreating) return ErrorCode::kResourceNotFound;
  const bool anywhere = stream.strategy == RecordDistributionStrategy::kAuto;
  if (!anywhere && !request.partition_key.has_value()) return ErrorCode::kValidation;
  const std::string_view key = request.partition_key.value_or(std::string_view());
  std::optional<HashKey> hash_key;
  if (request.explicit_hash_key.has_value()) {
    hash_key = HashKey::Parse(*request.explicit_hash_key);
    if (!hash_key.has_value()) return ErrorCode::kInvalidArgument;
  }
  const auto bytes = static_cast<std::int64_t>(request.data->size() + key.size());
  if (bytes > stream.most_record_bytes) return ErrorCode::kValidation;
  if (anywhere && request.sequence_number_for_ordering.has_value()) {
    return ErrorCode::kInvalidArgument;
  }
  if (request.sequence_number_for_ordering.has_value()) {
    const std::optional<SequenceNumber> bound =
        SequenceNumber::Parse(*request.sequence_number_for_ordering);
    const std::optional<SequenceNumber::Fields> fields =
        bound.has_value() ? bound->Decode() : std::nullopt;
    if (!fields.has_value()) return ErrorCode::kInvalidArgument;
    // The numbers of a new shard begin a little ahead of time; and the clock may have been set back
    // since the number was given out.
    std::int64_t latest = now_nanos / kSecond;
    if (const ReferenceShard* const shard = stream.FindShard(fields->shard_number);
        shard != nullptr && shard->create_seconds == fields->shard_create_seconds) {
      latest = std::max(latest, shard->create_seconds);
    }
    const bool of_record = std::ranges::any_of(
        stream.stored, [&bound](const auto& stored) { return stored.first == *bound; });
    if (!of_record && fields->time_seconds > latest) return ErrorCode::kInvalidArgument;
  }
  if (request.dry_run.value_or(false)) return ErrorCode::kDryRunOperation;
  const Answer<std::uint64_t> data_key = DataKeyFor(stream, now_nanos);
  if (!data_key.ok()) return *data_key.error;
  const ReferenceStream::PutAnswer put =
      anywhere ? stream.PutAnywhere(key, *request.data, placed_in.at(0), data_key.value, now_nanos)
               : stream.Put(key, hash_key, *request.data, data_key.value, now_nanos);
  if (put.error.has_value()) return *put.error;
  return Put{.stream = found.value, .entries = {put}, .encryption_type = TypeOf(data_key.value)};
}

Answer<ReferenceService::Put> ReferenceService::PutRecords(const PutRecordsRequest& request,
                                                           const Places& placed_in,
                                                           std::int64_t now_nanos) {
  if (const Refusal refusal = Refuse(request, now_nanos)) return *refusal;
  const StreamAnswer found = Find(AsString(request.stream_name), AsString(request.stream_arn));
  if (!found.ok()) return *found.error;
  ReferenceStream& stream = *found.value;
  if (stream.status == StreamStatus::kCreating) return ErrorCode::kResourceNotFound;
  const bool anywhere = stream.strategy == RecordDistributionStrategy::kAuto;
  const auto has_key = [](const auto& entry) { return entry.partition_key.has_value(); };
  if (!anywhere && !std::ranges::all_of(request.records, has_key)) return ErrorCode::kValidation;
  const auto key_of = [](const auto& entry) {
    return entry.partition_key.value_or(std::string_view());
  };
  std::int64_t total = 0;
  bool too_large = false;
  for (const PutRecordsRequestEntry& entry : request.records) {
    if (entry.explicit_hash_key.has_value() &&
        !HashKey::Parse(*entry.explicit_hash_key).has_value()) {
      return ErrorCode::kInvalidArgument;
    }
    const auto bytes = static_cast<std::int64_t>(entry.data->size() + key_of(entry).size());
    too_large = too_large || bytes > stream.most_record_bytes;
    total += bytes;
  }
  if (too_large) return ErrorCode::kValidation;
  if (total > limits_.put_records_request_bytes) return ErrorCode::kInvalidArgument;
  if (request.dry_run.value_or(false)) return ErrorCode::kDryRunOperation;
  const Answer<std::uint64_t> data_key = DataKeyFor(stream, now_nanos);  // one for the whole call
  if (!data_key.ok()) return *data_key.error;
  Put answer = {.stream = found.value, .encryption_type = TypeOf(data_key.value)};
  for (std::size_t i = 0; i < request.records.size(); ++i) {
    const PutRecordsRequestEntry& entry = request.records[i];
    const std::optional<HashKey> hash_key = entry.explicit_hash_key.has_value()
                                                ? HashKey::Parse(*entry.explicit_hash_key)
                                                : std::nullopt;
    answer.entries.push_back(
        anywhere ? stream.PutAnywhere(key_of(entry), *entry.data, placed_in.at(i), data_key.value,
                                      now_nanos)
                 : stream.Put(key_of(entry), hash_key, *entry.data, data_key.value, now_nanos));
  }
  return answer;
}

Answer<ReferenceIterator> ReferenceService::GetShardIterator(const GetShardIteratorRequest& request,
                                                             std::int64_t now_nanos) {
  if (const Refusal refusal = Refuse(request, now_nanos)) return *refusal;
  const StreamAnswer stream = Find(request.stream_name, request.stream_arn);
  if (!stream.ok()) return *stream.error;
  const std::optional<std::uint32_t> number = ShardNumberIn(*request.shard_id);
  ReferenceShard* const shard = number.has_value() ? stream.value->FindShard(*number) : nullptr;
  if (shard == nullptr || stream.value->status == StreamStatus::kCreating) {
    return ErrorCode::kResourceNotFound;
  }
  const Answer<ReferencePosition> position =
      stream.value->Locate(*shard, *request.shard_iterator_type, request.starting_sequence_number,
                           request.timestamp, now_nanos);
  if (!position.ok()) return *position.error;
  if (request.dry_run.value_or(false)) return ErrorCode::kDryRunOperation;
  if (!shard->iterator_calls.Take(1, now_nanos)) return ErrorCode::kProvisionedThroughputExceeded;
  return ReferenceIterator{.stream = stream.value,
                           .shard = *number,
                           .position = position.value,
                           .issued_millis = now_nanos / kMilli};
}

Answer<ReferenceRecordsPage> ReferenceService::GetRecords(const GetRecordsRequest& request,
                                                          const ReferenceIterator* iterator,
                                                          std::int64_t now_nanos) {
  const ReferenceStream* const of = iterator == nullptr ? nullptr : iterator->stream.get();
  if (const Refusal refusal = RefuseToGoOn(request, of, now_nanos)) return *refusal;
  if (iterator == nullptr) return ErrorCode::kInvalidArgument;
  const std::int64_t now_millis = now_nanos / kMilli;
  const std::int64_t life = absl::ToInt64Milliseconds(limits_.shard_iterator_life) +
                            (mistake_ == Mistake::kIteratorLivesTooLong ? 1000 : 0);
  if (now_millis - iterator->issued_millis > life) return ErrorCode::kExpiredIterator;
  if (request.stream_arn.has_value()) {
    const Answer<std::string> meant = NameOf(iterator->stream->name, AsString(request.stream_arn));
    if (!meant.ok()) return *meant.error;
  }
  const StreamAnswer stream = Find(iterator->stream->name, std::nullopt);
  if (!stream.ok() || stream.value != iterator->stream) return ErrorCode::kResourceNotFound;
  ReferenceShard* const shard = stream.value->FindShard(iterator->shard);
  if (shard == nullptr) return ErrorCode::kResourceNotFound;
  if (request.dry_run.value_or(false)) return ErrorCode::kDryRunOperation;
  if (!shard->read_bytes.InCredit(now_nanos) || !shard->read_calls.Take(1, now_nanos)) {
    return ErrorCode::kProvisionedThroughputExceeded;
  }
  const std::int64_t most_records = limits_.get_records_response_records;
  ReferenceIterator next = *iterator;
  ReferenceRecordsPage answer;
  answer.page = stream.value->Read(*shard, next.position, PageSize(request.limit, most_records),
                                   limits_.get_records_response_bytes, now_nanos);
  const Answer<Done> opened = keys_.Open(answer.page.records, *stream.value, caller_, now_nanos);
  if (!opened.ok()) return *opened.error;
  // A full page costs the credit of a second and then the pause.
  std::int64_t charge = answer.page.bytes;
  if (charge >= limits_.get_records_response_bytes &&
      limits_.shard_read_bytes_per_second != Limits::kUnlimited) {
    const std::int64_t pause_millis = absl::ToInt64Milliseconds(limits_.full_page_pause);
    charge = std::max(charge, limits_.shard_read_bytes_per_second +
                                  limits_.shard_read_bytes_per_second * pause_millis / 1000);
  }
  shard->read_bytes.Charge(charge, now_nanos);
  if (answer.page.end_of_shard) {
    answer.child_shards = shard->children;
  } else {
    next.issued_millis = now_millis;
    answer.next = next;
  }
  return answer;
}

}  // namespace riacho::model_based
