// Streams as the describe and list operations show them.
#pragma once

#include <cstdint>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"

#include "riacho/model/shard.h"

namespace riacho {

enum class StreamStatus : unsigned char { kCreating, kActive, kUpdating, kDeleting };
enum class StreamMode : unsigned char { kProvisioned, kOnDemand };
enum class EncryptionType : unsigned char { kNone, kKms };
enum class RecordDistributionStrategy : unsigned char { kAuto, kUserPartitionKey };

// The shard-level metrics; kAll stands for all of them in requests and is never answered.
enum class MetricsName : unsigned char {
  kIncomingBytes,
  kIncomingRecords,
  kOutgoingBytes,
  kOutgoingRecords,
  kWriteProvisionedThroughputExceeded,
  kReadProvisionedThroughputExceeded,
  kIteratorAgeMilliseconds,
  kAll,
};

// The wire names, such as "ACTIVE". Valid for the life of the program.
std::string_view StreamStatusName(StreamStatus status);
std::string_view StreamModeName(StreamMode mode);
std::string_view EncryptionTypeName(EncryptionType type);
std::string_view RecordDistributionStrategyName(RecordDistributionStrategy strategy);
std::string_view MetricsNameName(MetricsName name);
std::ostream& operator<<(std::ostream& out, StreamStatus status);
std::ostream& operator<<(std::ostream& out, StreamMode mode);
std::ostream& operator<<(std::ostream& out, EncryptionType type);
std::ostream& operator<<(std::ostream& out, RecordDistributionStrategy strategy);
std::ostream& operator<<(std::ostream& out, MetricsName name);

// Source: API Reference, "StreamModeDetails".
struct StreamModeDetails {
  StreamMode stream_mode = StreamMode::kProvisioned;

  friend bool operator==(const StreamModeDetails&, const StreamModeDetails&) = default;
};

// Source: API Reference, "EnhancedMetrics".
struct EnhancedMetrics {
  std::vector<MetricsName> shard_level_metrics = {};

  friend bool operator==(const EnhancedMetrics&, const EnhancedMetrics&) = default;
};

// Source: API Reference, "WarmThroughputObject".
struct WarmThroughput {
  std::int64_t target_mibps = 0;
  std::int64_t current_mibps = 0;

  friend bool operator==(const WarmThroughput&, const WarmThroughput&) = default;
};

// Source: API Reference, "StreamDescription".
struct StreamDescription {
  std::string stream_name = {};
  std::string stream_arn = {};
  StreamStatus stream_status = StreamStatus::kCreating;
  StreamModeDetails stream_mode_details = {};
  std::vector<Shard> shards = {};  // open and closed, ascending id; empty while CREATING
  bool has_more_shards = false;
  int retention_period_hours = 24;
  absl::Time stream_creation_timestamp = {};  // whole seconds
  std::vector<EnhancedMetrics> enhanced_monitoring = {};
  EncryptionType encryption_type = EncryptionType::kNone;
  std::optional<std::string> key_id = {};

  friend bool operator==(const StreamDescription&, const StreamDescription&) = default;
};

// Source: API Reference, "StreamDescriptionSummary".
struct StreamDescriptionSummary {
  std::string stream_name = {};
  std::string stream_arn = {};
  std::optional<std::string> stream_id = {};
  StreamStatus stream_status = StreamStatus::kCreating;
  StreamModeDetails stream_mode_details = {};
  int retention_period_hours = 24;
  absl::Time stream_creation_timestamp = {};  // whole seconds
  std::vector<EnhancedMetrics> enhanced_monitoring = {};
  EncryptionType encryption_type = EncryptionType::kNone;
  std::optional<std::string> key_id = {};
  std::optional<std::int64_t> open_shard_count = {};  // absent while CREATING and DELETING
  std::int64_t consumer_count = 0;
  std::optional<WarmThroughput> warm_throughput = {};
  int max_record_size_in_kib = 1024;
  std::int64_t channel_count = 0;
  std::optional<RecordDistributionStrategy> record_distribution_strategy = {};

  friend bool operator==(const StreamDescriptionSummary&,
                         const StreamDescriptionSummary&) = default;
};

// Source: API Reference, "StreamSummary".
struct StreamSummary {
  std::string stream_name = {};
  std::string stream_arn = {};
  StreamStatus stream_status = StreamStatus::kCreating;
  StreamModeDetails stream_mode_details = {};
  absl::Time stream_creation_timestamp = {};  // whole seconds

  friend bool operator==(const StreamSummary&, const StreamSummary&) = default;
};

}  // namespace riacho
