// Requests and responses of the stream operations.
//
// Members have the names and the order of the API Reference. A member that may be absent on the
// wire is a std::optional, and so is one that must not be: the service has an error of its own for
// a missing member, and so has Riacho.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "riacho/model/operation.h"
#include "riacho/model/stream_description.h"

namespace riacho {

struct CreateStreamResponse {};

// Source: API Reference, "CreateStream".
struct CreateStreamRequest {
  using Response = CreateStreamResponse;
  static constexpr Operation kOperation = Operation::kCreateStream;

  std::optional<std::string> stream_name = {};   // required; 1-128 of [a-zA-Z0-9_.-]
  std::optional<std::int64_t> shard_count = {};  // required when PROVISIONED
  std::optional<StreamModeDetails> stream_mode_details = {};
  std::map<std::string, std::string> tags = {};             // at most 50
  std::optional<std::int64_t> warm_throughput_mibps = {};   // ON_DEMAND in a committed account
  std::optional<std::int64_t> max_record_size_in_kib = {};  // 1024-10240
  std::optional<RecordDistributionStrategy> record_distribution_strategy = {};  // ON_DEMAND
};

struct DeleteStreamResponse {};

// Source: API Reference, "DeleteStream".
struct DeleteStreamRequest {
  using Response = DeleteStreamResponse;
  static constexpr Operation kOperation = Operation::kDeleteStream;

  std::optional<std::string> stream_name = {};
  std::optional<bool> enforce_consumer_deletion = {};
  std::optional<std::string> stream_arn = {};
  std::optional<std::string> stream_id = {};
};

struct DescribeStreamResponse {
  StreamDescription stream_description = {};
};

// Source: API Reference, "DescribeStream".
struct DescribeStreamRequest {
  using Response = DescribeStreamResponse;
  static constexpr Operation kOperation = Operation::kDescribeStream;

  std::optional<std::string> stream_name = {};
  std::optional<std::int64_t> limit = {};  // 1-10000; above 100 means 100
  std::optional<std::string> exclusive_start_shard_id = {};
  std::optional<std::string> stream_arn = {};
  std::optional<std::string> stream_id = {};
};

struct DescribeStreamSummaryResponse {
  StreamDescriptionSummary stream_description_summary = {};
};

// Source: API Reference, "DescribeStreamSummary".
struct DescribeStreamSummaryRequest {
  using Response = DescribeStreamSummaryResponse;
  static constexpr Operation kOperation = Operation::kDescribeStreamSummary;

  std::optional<std::string> stream_name = {};
  std::optional<std::string> stream_arn = {};
  std::optional<std::string> stream_id = {};
};

struct ListStreamsResponse {
  std::vector<std::string> stream_names = {};  // ascending
  bool has_more_streams = false;
  std::optional<std::string> next_token = {};
  std::vector<StreamSummary> stream_summaries = {};

  friend bool operator==(const ListStreamsResponse&, const ListStreamsResponse&) = default;
  friend std::ostream& operator<<(std::ostream& out, const ListStreamsResponse& response);
};

// Source: API Reference, "ListStreams".
struct ListStreamsRequest {
  using Response = ListStreamsResponse;
  static constexpr Operation kOperation = Operation::kListStreams;

  std::optional<std::int64_t> limit = {};  // 1-10000; above 100 means 100
  std::optional<std::string> exclusive_start_stream_name = {};
  std::optional<std::string> next_token = {};
};

struct IncreaseStreamRetentionPeriodResponse {};

// Source: API Reference, "IncreaseStreamRetentionPeriod".
struct IncreaseStreamRetentionPeriodRequest {
  using Response = IncreaseStreamRetentionPeriodResponse;
  static constexpr Operation kOperation = Operation::kIncreaseStreamRetentionPeriod;

  std::optional<std::string> stream_name = {};
  std::optional<std::int64_t> retention_period_hours = {};  // required; 24-8760
  std::optional<std::string> stream_arn = {};
  std::optional<std::string> stream_id = {};
};

struct DecreaseStreamRetentionPeriodResponse {};

// Source: API Reference, "DecreaseStreamRetentionPeriod".
struct DecreaseStreamRetentionPeriodRequest {
  using Response = DecreaseStreamRetentionPeriodResponse;
  static constexpr Operation kOperation = Operation::kDecreaseStreamRetentionPeriod;

  std::optional<std::string> stream_name = {};
  std::optional<std::int64_t> retention_period_hours = {};  // required; 24-8760
  std::optional<std::string> stream_arn = {};
  std::optional<std::string> stream_id = {};
};

struct UpdateStreamModeResponse {};

// Source: API Reference, "UpdateStreamMode".
struct UpdateStreamModeRequest {
  using Response = UpdateStreamModeResponse;
  static constexpr Operation kOperation = Operation::kUpdateStreamMode;

  std::optional<std::string> stream_arn = {};  // required
  std::optional<std::string> stream_id = {};
  std::optional<StreamModeDetails> stream_mode_details = {};  // required
  std::optional<std::int64_t> warm_throughput_mibps = {};
};

struct UpdateMaxRecordSizeResponse {};

// Source: API Reference, "UpdateMaxRecordSize".
struct UpdateMaxRecordSizeRequest {
  using Response = UpdateMaxRecordSizeResponse;
  static constexpr Operation kOperation = Operation::kUpdateMaxRecordSize;

  std::optional<std::string> stream_arn = {};
  std::optional<std::string> stream_id = {};
  std::optional<std::int64_t> max_record_size_in_kib = {};  // required; 1024-10240
};

struct UpdateStreamWarmThroughputResponse {
  std::string stream_arn = {};
  std::string stream_name = {};
  WarmThroughput warm_throughput = {};
};

// Source: API Reference, "UpdateStreamWarmThroughput".
struct UpdateStreamWarmThroughputRequest {
  using Response = UpdateStreamWarmThroughputResponse;
  static constexpr Operation kOperation = Operation::kUpdateStreamWarmThroughput;

  std::optional<std::string> stream_arn = {};
  std::optional<std::string> stream_name = {};
  std::optional<std::string> stream_id = {};
  std::optional<std::int64_t> warm_throughput_mibps = {};  // required
};

struct UpdateStreamRecordDistributionStrategyResponse {};

// Source: API of 2026-09-29, "UpdateStreamRecordDistributionStrategy".
struct UpdateStreamRecordDistributionStrategyRequest {
  using Response = UpdateStreamRecordDistributionStrategyResponse;
  static constexpr Operation kOperation = Operation::kUpdateStreamRecordDistributionStrategy;

  std::optional<std::string> stream_arn = {};                                   // required
  std::optional<RecordDistributionStrategy> record_distribution_strategy = {};  // required
  std::optional<std::string> stream_id = {};
};

}  // namespace riacho
