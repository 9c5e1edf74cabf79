// PutRecord, PutRecords, GetShardIterator and GetRecords.
#include <algorithm>
#include <string>
#include <utility>

#include "base/epoch.h"
#include "base/return_if_error.h"
#include "engine/call_metrics.h"
#include "engine/engine_client.h"
#include "engine/shard_iterator.h"
#include "engine/starting_position.h"
#include "engine/violations.h"
#include "stream/put_group.h"
#include "stream/shard_cursor.h"

namespace riacho::internal {
namespace {

constexpr std::int64_t kNanosPerMilli = 1'000'000;

absl::Status Invalid(const std::string& message) {
  return MakeError(ErrorCode::kInvalidArgument, message);
}

std::string OutOfMemory(const EngineOptions& options, std::int64_t used) {
  return "Internal service failure. The engine's memory_budget of " +
         std::to_string(options.memory_budget) + " bytes is spent (" + std::to_string(used) +
         " in use) and nothing has expired. Raise EngineOptions::memory_budget, shorten the "
         "retention period or delete "
         "streams.";
}

// What a put is answered that its shard has refused.
const absl::Status& Throttled(LiveShard& shard, const Stream& stream, const Account& account) {
  return shard.WriteThrottled([&] {
    return MakeError(ErrorCode::kProvisionedThroughputExceeded,
                     "Rate exceeded for shard " + shard.shard_id().ToString() + " in stream " +
                         stream.name() + " under account " + account.options.account_id + ".");
  });
}

absl::Status ReadThrottled(ShardId shard, const std::string& stream,
                           const std::string& account_id) {
  return MakeError(
      ErrorCode::kProvisionedThroughputExceeded,
      "Rate exceeded for Shard - " + account_id + "/" + stream + "/" + shard.ToString());
}

// Reads the hash key of a put into `key`; the model has seen that it is decimal.
absl::Status ReadExplicitHashKey(std::string_view text, std::optional<HashKey>& key) {
  key = HashKey::Parse(text);
  if (key.has_value()) return absl::OkStatus();
  return Invalid(
      "Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. Specified "
      "value was " +
      std::string(text));
}

bool PlacesRecordsItself(const Stream& stream) {
  return stream.settings().record_distribution_strategy() == RecordDistributionStrategy::kAuto;
}

// The model does not demand keys: that is the affair of streams which place records by them.
absl::Status CheckKey(const PutRecordRequest& request) {
  if (request.partition_key.has_value()) return absl::OkStatus();
  Violations violations;
  violations.Missing("partitionKey");
  return violations.ToStatus();
}
absl::Status CheckKeys(const PutRecordsRequest& request) {
  Violations violations;
  for (std::size_t i = 0; i < request.records.size(); ++i) {
    if (!request.records[i].partition_key.has_value())
      violations.Missing("records." + std::to_string(i + 1) + ".member.partitionKey");
  }
  return violations.ToStatus();
}

// The stream's own limit counts the partition key too. The message names the limit for data that is
// above it by itself, else what the key leaves of it.
void CheckRecordSize(Violations& violations, const std::string& path, std::string_view data,
                     std::string_view key, std::int64_t most_bytes) {
  const auto most = static_cast<std::size_t>(most_bytes);
  if (data.size() + key.size() > most)
    violations.Data(path, data, data.size() > most ? most : most - std::min(most, key.size()));
}

EncryptionType TypeOf(const std::shared_ptr<RecordCipher>& cipher) {
  return cipher == nullptr ? EncryptionType::kNone : EncryptionType::kKms;
}

// Finds what the caller's records for an encrypted stream are sealed with; nothing if the
// encryption has just been stopped.
absl::Status FindCipher(Account& account, const Stream& stream, const Authorizer& caller,
                        std::int64_t now_nanos, std::shared_ptr<RecordCipher>& cipher) {
  absl::StatusOr<std::shared_ptr<RecordCipher>> found =
      account.encryption.CipherFor(stream, caller, now_nanos);
  RIACHO_RETURN_IF_ERROR(found.status());
  cipher = *std::move(found);
  return absl::OkStatus();
}

struct ClearRecord {
  bool anywhere = false;  // the stream places it itself
  std::string_view key;
  const std::optional<HashKey>& explicit_hash_key;
  std::string_view data;
};

PutResult Store(Stream& stream, const ClearRecord& record, std::int64_t now_nanos,
                std::size_t seal_bytes) {
  if (record.anywhere) return stream.PutAnywhere(record.key, record.data, now_nanos, seal_bytes);
  return stream.Put(record.key, record.explicit_hash_key, record.data, now_nanos, seal_bytes);
}

// Stores a record, sealed by `cipher` if there is one.
PutResult PutSealed(Stream& stream, RecordCipher* cipher, const ClearRecord& record,
                    std::int64_t now_nanos) {
  if (cipher == nullptr) return Store(stream, record, now_nanos, 0);
  const std::string sealed = cipher->Seal(record.data);
  return Store(stream, {record.anywhere, record.key, record.explicit_hash_key, sealed}, now_nanos,
               RecordCipher::kSealBytes);
}

// A lower bound for the number to be assigned. Numbers of this stream that have been given out are
// below all that follow in their shard; those of other shards and streams bound nothing.
absl::Status CheckOrdering(std::string_view text, const Account& account, const Stream& stream,
                           std::int64_t now_nanos) {
  const std::optional<SequenceNumber> number = SequenceNumber::Parse(text);
  const std::optional<SequenceNumber::Fields> fields =
      number.has_value() ? number->Decode() : std::nullopt;
  bool valid = fields.has_value();
  if (valid) {
    // A child's first second lies after its parents' last, so just after a reshard its numbers are
    // a little ahead of time.
    const std::shared_ptr<LiveShard> shard = stream.FindShard({fields->shard_number});
    const bool of_shard =
        shard != nullptr && shard->create_seconds() == fields->shard_create_seconds;
    const std::int64_t latest =
        std::max(now_nanos / 1'000'000'000, of_shard ? shard->create_seconds() : 0);
    // What a closed shard will never give out, its ending number say, is below its children's.
    const bool ahead = of_shard && !shard->log.sealed() && fields->index >= shard->log.EndIndex();
    valid = fields->time_seconds <= latest && !ahead;
    // The clock may have been set back since the number was given out.
    if (!valid && of_shard) valid = NumberAt(*shard, fields->index) == number;
  }
  if (valid) return absl::OkStatus();
  return Invalid("ExclusiveMinimumSequenceNumber " + std::string(text) +
                 " used in PutRecord on stream " + stream.name() + " under account " +
                 account.options.account_id + " is invalid.");
}

}  // namespace

absl::StatusOr<PutRecordResponse> EngineClient::PutRecord(const PutRecordRequest& request) {
  return Run(request, [&](std::int64_t now_nanos) -> absl::StatusOr<PutRecordResponse> {
    for (bool reclaimed = false;; reclaimed = true) {
      {
        const EpochGuard guard;
        const absl::StatusOr<Stream*> located =
            account_.Locate(request.stream_name, request.stream_arn, now_nanos);
        RIACHO_RETURN_IF_ERROR(located.status());
        Stream& stream = **located;
        if (stream.status() == StreamStatus::kCreating) return stream.NotFound();
        const bool anywhere = PlacesRecordsItself(stream);
        if (!anywhere) RIACHO_RETURN_IF_ERROR(CheckKey(request));
        std::optional<HashKey> explicit_hash_key;
        if (request.explicit_hash_key.has_value()) [[unlikely]] {
          RIACHO_RETURN_IF_ERROR(
              ReadExplicitHashKey(*request.explicit_hash_key, explicit_hash_key));
        }
        const std::string_view key = request.partition_key.value_or("");
        if (static_cast<std::int64_t>(request.data->size() + key.size()) >
            stream.max_record_bytes()) {
          Violations violations;
          CheckRecordSize(violations, "data", *request.data, key, stream.max_record_bytes());
          return violations.ToStatus();
        }
        if (anywhere && request.sequence_number_for_ordering.has_value()) {
          return Invalid(
              "Stream has SERVICE_DEFINED PartitionKey enabled. SequenceNumberForOrdering must not "
              "be provided.");
        }
        if (request.sequence_number_for_ordering.has_value()) [[unlikely]] {
          RIACHO_RETURN_IF_ERROR(
              CheckOrdering(*request.sequence_number_for_ordering, account_, stream, now_nanos));
        }
        if (request.dry_run.value_or(false)) return DryRunSucceeded(request.kOperation);

        std::shared_ptr<RecordCipher> cipher;
        const auto bytes = static_cast<std::int64_t>(request.data->size() + key.size());
        if (stream.encrypted()) [[unlikely]] {
          absl::Status found = FindCipher(account_, stream, *authorizer_, now_nanos, cipher);
          if (!found.ok()) {
            CountFailedPutRecord(account_, stream, bytes, now_nanos);
            return found;
          }
        }
        const PutResult put =
            !anywhere && cipher == nullptr
                ? stream.Put(key, explicit_hash_key, *request.data, now_nanos)
                : PutSealed(stream, cipher.get(), {anywhere, key, explicit_hash_key, *request.data},
                            now_nanos);
        if (put.outcome == PutOutcome::kStored) {
          CountStoredPutRecord(account_, stream, put.shard_id, bytes, now_nanos);
          return PutRecordResponse{.shard_id = put.shard_id,
                                   .sequence_number = put.sequence_number,
                                   .encryption_type = TypeOf(cipher)};
        }
        if (put.outcome == PutOutcome::kThrottled) {
          CountThrottledPutRecord(account_, stream, put.shard_id, bytes, now_nanos);
          return Throttled(*put.shard, stream, account_);
        }
        if (reclaimed) CountFailedPutRecord(account_, stream, bytes, now_nanos);
      }
      if (reclaimed) {
        return MakeError(ErrorCode::kInternalFailure,
                         OutOfMemory(account_.options, account_.memory->used_bytes()));
      }
      account_.ReclaimMemory(now_nanos);
    }
  });
}

absl::StatusOr<PutRecordsResponse> EngineClient::PutRecords(const PutRecordsRequest& request) {
  return Run(request, [&](std::int64_t now_nanos) -> absl::StatusOr<PutRecordsResponse> {
    PutRecordsResponse response;
    std::shared_ptr<RecordCipher> cipher;  // one for the whole call
    bool checked = false;
    std::uint64_t incarnation = 0;
    bool anywhere = false;
    std::vector<bool> refused;  // entries, by interceptors
    for (bool reclaimed = false;; reclaimed = true) {
      bool starved = false;
      {
        const EpochGuard guard;
        const absl::StatusOr<Stream*> located =
            account_.Locate(request.stream_name, request.stream_arn, now_nanos);
        // The stream went while memory was reclaimed: what has been stored has been stored.
        if (checked && (!located.ok() || (*located)->incarnation() != incarnation)) break;
        RIACHO_RETURN_IF_ERROR(located.status());
        Stream& stream = **located;
        if (stream.status() == StreamStatus::kCreating) return stream.NotFound();
        if (!checked) {
          incarnation = stream.incarnation();
          anywhere = PlacesRecordsItself(stream);
          if (!anywhere) RIACHO_RETURN_IF_ERROR(CheckKeys(request));
          RIACHO_RETURN_IF_ERROR(CheckEntries(request, stream.max_record_bytes()));
          if (request.dry_run.value_or(false)) return DryRunSucceeded(request.kOperation);
          if (stream.encrypted()) [[unlikely]] {
            absl::Status found = FindCipher(account_, stream, *authorizer_, now_nanos, cipher);
            if (!found.ok()) {
              CountFailedPutRecords(account_, stream, request, now_nanos);
              return found;
            }
          }
          response.records.resize(request.records.size());
          response.encryption_type = TypeOf(cipher);
          refused = RefuseEntries(request, now_nanos, response.records);
          checked = true;
        }
        const auto done = [&](std::size_t i, const PutResult& put) {
          PutRecordsResultEntry& result = response.records[i];
          if (reclaimed) result = {};
          if (put.outcome == PutOutcome::kStored) [[likely]] {
            result.sequence_number = put.sequence_number;
            result.shard_id = put.shard_id;
          } else if (put.outcome == PutOutcome::kThrottled) {
            result.error_code = ErrorCode::kProvisionedThroughputExceeded;
            result.error_message =
                std::string(ErrorMessage(Throttled(*put.shard, stream, account_)));
          } else {
            result.error_code = ErrorCode::kInternalFailure;
            result.error_message = OutOfMemory(account_.options, account_.memory->used_bytes());
            starved = true;
          }
        };
        const bool together = !reclaimed && !anywhere && cipher == nullptr && refused.empty();
        if (together) stream.PutGroup(request.records, now_nanos, done);
        for (std::size_t i = 0; !together && i < request.records.size(); ++i) {
          const PutRecordsRequestEntry& entry = request.records[i];
          if (!refused.empty() && refused[i]) continue;
          if (reclaimed && response.records[i].error_code != ErrorCode::kInternalFailure)
            continue;  // its fate is known
          std::optional<HashKey> explicit_hash_key;
          if (entry.explicit_hash_key.has_value())
            explicit_hash_key = HashKey::Parse(*entry.explicit_hash_key);
          const std::string_view key = entry.partition_key.value_or("");
          done(i, PutSealed(stream, cipher.get(), {anywhere, key, explicit_hash_key, *entry.data},
                            now_nanos));
        }
        if (!starved || reclaimed) CountPutRecords(account_, stream, request, response, now_nanos);
      }
      if (!starved || reclaimed) break;
      account_.ReclaimMemory(now_nanos);
    }
    response.failed_record_count = std::ranges::count_if(
        response.records, [](const auto& entry) { return entry.error_code.has_value(); });
    return response;
  });
}

absl::Status EngineClient::CheckEntries(const PutRecordsRequest& request,
                                        std::int64_t most_record_bytes) const {
  Violations violations;
  std::int64_t total = 0;
  for (std::size_t i = 0; i < request.records.size(); ++i) {
    const PutRecordsRequestEntry& entry = request.records[i];
    if (entry.explicit_hash_key.has_value()) [[unlikely]] {
      std::optional<HashKey> key;
      RIACHO_RETURN_IF_ERROR(ReadExplicitHashKey(*entry.explicit_hash_key, key));
    }
    const std::string_view partition_key = entry.partition_key.value_or("");
    const auto bytes = static_cast<std::int64_t>(entry.data->size() + partition_key.size());
    total += bytes;
    if (bytes > most_record_bytes) {
      CheckRecordSize(violations, "records." + std::to_string(i + 1) + ".member.data", *entry.data,
                      partition_key, most_record_bytes);
    }
  }
  RIACHO_RETURN_IF_ERROR(violations.ToStatus());
  const std::int64_t most = account_.options.limits.put_records_request_bytes;
  if (total > most)
    return Invalid("Records size exceeds " + std::to_string(most / (1024 * 1024)) + " MB limit");
  return absl::OkStatus();
}

absl::StatusOr<GetShardIteratorResponse> EngineClient::GetShardIterator(
    const GetShardIteratorRequest& request) {
  return Run(request, [&](std::int64_t now_nanos) -> absl::StatusOr<GetShardIteratorResponse> {
    const EpochGuard guard;
    const absl::StatusOr<std::string> name =
        account_.NameOf(request.stream_name, request.stream_arn);
    RIACHO_RETURN_IF_ERROR(name.status());
    const Stream* const stream = account_.streams.Find(*name, now_nanos);
    const absl::StatusOr<std::shared_ptr<LiveShard>> shard =
        FindNamedShard(account_, stream, *name, *request.shard_id);
    RIACHO_RETURN_IF_ERROR(shard.status());
    const absl::StatusOr<std::uint64_t> index =
        ResolvePosition(account_, *stream, **shard, *request.shard_iterator_type,
                        request.starting_sequence_number, request.timestamp, now_nanos);
    RIACHO_RETURN_IF_ERROR(index.status());
    if (request.dry_run.value_or(false)) return DryRunSucceeded(request.kOperation);
    if (!(*shard)->throttle.TakeShardIterator(now_nanos)) {
      return ReadThrottled((*shard)->shard_id(), stream->name(), account_.options.account_id);
    }
    return GetShardIteratorResponse{
        .shard_iterator = ShardIterator{.stream_name = stream->name(),
                                        .incarnation = stream->incarnation(),
                                        .shard_id = (*shard)->shard_id(),
                                        .index = *index,
                                        .issued_at_millis = now_nanos / kNanosPerMilli}
                              .ToToken(account_.token_key)};
  });
}

absl::StatusOr<GetRecordsResponse> EngineClient::GetRecords(const GetRecordsRequest& request) {
  return Run(request, [&](std::int64_t now_nanos) -> absl::StatusOr<GetRecordsResponse> {
    const Limits& limits = account_.options.limits;
    const std::int64_t now_millis = now_nanos / kNanosPerMilli;
    absl::StatusOr<ShardIterator> iterator =
        ShardIterator::FromToken(*request.shard_iterator, account_.token_key, limits, now_millis);
    RIACHO_RETURN_IF_ERROR(iterator.status());
    if (request.stream_arn.has_value()) {
      RIACHO_RETURN_IF_ERROR(account_.NameOf(iterator->stream_name, request.stream_arn).status());
    }

    const EpochGuard guard;
    Stream* const stream = account_.streams.Find(iterator->stream_name, now_nanos);
    const std::shared_ptr<LiveShard>* const shard =
        stream == nullptr || stream->incarnation() != iterator->incarnation
            ? nullptr
            : stream->map().Find(iterator->shard_id);
    if (shard == nullptr) return account_.ShardNotFound(iterator->shard_id, iterator->stream_name);
    if (request.dry_run.value_or(false)) return DryRunSucceeded(request.kOperation);
    if (!(*shard)->throttle.TakeRead(now_nanos)) {
      CountThrottledGetRecords(account_, *stream, **shard, now_nanos);
      return ReadThrottled(iterator->shard_id, iterator->stream_name, account_.options.account_id);
    }

    ShardCursor cursor(**shard, iterator->index, RecordCipher::kSealBytes);
    ShardPage page = cursor.Read(
        std::min(request.limit.value_or(limits.get_records_response_records),
                 limits.get_records_response_records),
        limits.get_records_response_bytes, stream->HorizonMillis(now_nanos), now_millis, false);
    if (absl::Status opened = account_.encryption.Open(page, *stream, *authorizer_, now_nanos);
        !opened.ok()) {
      CountFailedGetRecords(account_, *stream, now_nanos);
      return opened;
    }
    (*shard)->throttle.ChargeRead(page.bytes, limits, now_nanos);
    CountGetRecords(account_, *stream, **shard, page, now_nanos);
    GetRecordsResponse response = {.records = std::move(page.records),
                                   .millis_behind_latest = page.millis_behind_latest};
    if (page.end_of_shard && response.records.empty()) {
      response.child_shards = (*shard)->children();
      response.millis_behind_latest = (*shard)->MillisSinceEnd(now_millis);
    } else {
      iterator->index = cursor.index();
      iterator->issued_at_millis = now_millis;
      response.next_shard_iterator = iterator->ToToken(account_.token_key);
    }
    return response;
  });
}

}  // namespace riacho::internal
