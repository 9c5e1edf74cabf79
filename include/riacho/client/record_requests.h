// Requests and responses of the record operations.
//
// These requests borrow: what their views and spans point to must stay alive and unchanged during
// the call, and is not looked at after it.
#pragma once

#include <cstdint>
#include <optional>
#include <ostream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"

#include "riacho/base/recycled_allocator.h"
#include "riacho/model/error.h"
#include "riacho/model/operation.h"
#include "riacho/model/record_batch.h"
#include "riacho/model/shard.h"
#include "riacho/model/stream_description.h"

namespace riacho {

enum class ShardIteratorType : unsigned char {
  kAtSequenceNumber,
  kAfterSequenceNumber,
  kTrimHorizon,
  kLatest,
  kAtTimestamp,
};

// The wire name, such as "TRIM_HORIZON". Valid for the life of the program.
std::string_view ShardIteratorTypeName(ShardIteratorType type);
std::ostream& operator<<(std::ostream& out, ShardIteratorType type);

struct PutRecordResponse {
  ShardId shard_id = {};
  SequenceNumber sequence_number = {};
  EncryptionType encryption_type = EncryptionType::kNone;

  friend bool operator==(const PutRecordResponse&, const PutRecordResponse&) = default;
  friend std::ostream& operator<<(std::ostream& out, const PutRecordResponse& response);
};

// Source: API Reference, "PutRecord".
struct PutRecordRequest {
  using Response = PutRecordResponse;
  static constexpr Operation kOperation = Operation::kPutRecord;

  std::optional<std::string_view> stream_name = {};
  std::optional<std::string_view> data = {};  // required; bytes, empty is a record
  std::optional<std::string_view> partition_key =
      {};  // required unless the stream is AUTO; 1-256 Unicode characters, UTF-8
  std::optional<std::string_view> explicit_hash_key =
      {};  // decimal, 0 to 2^128-1; overrides the MD5 of the key
  std::optional<std::string_view> sequence_number_for_ordering = {};
  std::optional<std::string_view> stream_arn = {};
  std::optional<std::string_view> stream_id = {};
  std::optional<bool> dry_run = {};
};

// Source: API Reference, "PutRecordsRequestEntry".
struct PutRecordsRequestEntry {
  std::optional<std::string_view> data = {};  // as in PutRecordRequest
  std::optional<std::string_view> explicit_hash_key = {};
  std::optional<std::string_view> partition_key = {};  // the same
};

// The fate of the entry at the same position of the request: either shard and number, or an error
// code with its message. Source: API Reference, "PutRecordsResultEntry".
struct PutRecordsResultEntry {
  SequenceNumber sequence_number = {};
  ShardId shard_id = {};
  std::optional<ErrorCode> error_code = {};  // kProvisionedThroughputExceeded or kInternalFailure
  std::string error_message = {};

  friend bool operator==(const PutRecordsResultEntry&, const PutRecordsResultEntry&) = default;
  friend std::ostream& operator<<(std::ostream& out, const PutRecordsResultEntry& entry);
};

struct PutRecordsResponse {
  using Records = std::vector<PutRecordsResultEntry, RecycledAllocator<PutRecordsResultEntry>>;

  std::int64_t failed_record_count = 0;
  Records records = {};
  EncryptionType encryption_type = EncryptionType::kNone;

  friend bool operator==(const PutRecordsResponse&, const PutRecordsResponse&) = default;
  friend std::ostream& operator<<(std::ostream& out, const PutRecordsResponse& response);
};

// Source: API Reference, "PutRecords".
struct PutRecordsRequest {
  using Response = PutRecordsResponse;
  static constexpr Operation kOperation = Operation::kPutRecords;

  std::span<const PutRecordsRequestEntry> records = {};  // 1-500
  std::optional<std::string_view> stream_name = {};
  std::optional<std::string_view> stream_arn = {};
  std::optional<std::string_view> stream_id = {};
  std::optional<bool> dry_run = {};
};

struct GetShardIteratorResponse {
  std::string shard_iterator = {};
};

// Source: API Reference, "GetShardIterator".
struct GetShardIteratorRequest {
  using Response = GetShardIteratorResponse;
  static constexpr Operation kOperation = Operation::kGetShardIterator;

  std::optional<std::string> stream_name = {};
  std::optional<std::string> shard_id = {};                   // required
  std::optional<ShardIteratorType> shard_iterator_type = {};  // required
  std::optional<std::string> starting_sequence_number = {};
  std::optional<absl::Time> timestamp = {};
  std::optional<std::string> stream_arn = {};
  std::optional<std::string> stream_id = {};
  std::optional<bool> dry_run = {};
};

struct GetRecordsResponse {
  RecordBatch records = {};
  std::optional<std::string> next_shard_iterator = {};  // absent at the end of a closed shard
  std::int64_t millis_behind_latest = 0;                // a multiple of 1000
  std::vector<ChildShard> child_shards = {};            // at the end of a closed shard

  friend std::ostream& operator<<(std::ostream& out, const GetRecordsResponse& response);
};

// Source: API Reference, "GetRecords".
struct GetRecordsRequest {
  using Response = GetRecordsResponse;
  static constexpr Operation kOperation = Operation::kGetRecords;

  std::optional<std::string_view> shard_iterator = {};  // required; valid for 300 seconds
  std::optional<std::int64_t> limit = {};               // 1-10000
  std::optional<std::string_view> stream_arn = {};
  std::optional<std::string_view> stream_id = {};
  std::optional<bool> dry_run = {};
};

}  // namespace riacho
