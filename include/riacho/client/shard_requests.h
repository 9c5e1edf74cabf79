// Requests and responses of the shard operations.
#pragma once

#include <cstdint>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"

#include "riacho/model/operation.h"
#include "riacho/model/shard.h"

namespace riacho {

enum class ShardFilterType : unsigned char {
  kAfterShardId,
  kAtTrimHorizon,
  kFromTrimHorizon,
  kAtLatest,
  kAtTimestamp,
  kFromTimestamp,
};

enum class ScalingType : unsigned char { kUniformScaling };

// The wire names, such as "AT_LATEST". Valid for the life of the program.
std::string_view ShardFilterTypeName(ShardFilterType type);
std::string_view ScalingTypeName(ScalingType type);
std::ostream& operator<<(std::ostream& out, ShardFilterType type);
std::ostream& operator<<(std::ostream& out, ScalingType type);

// Source: API Reference, "ShardFilter".
struct ShardFilter {
  std::optional<ShardFilterType> type = {};  // required
  std::optional<std::string> shard_id = {};
  std::optional<absl::Time> timestamp = {};

  friend bool operator==(const ShardFilter&, const ShardFilter&) = default;
  friend std::ostream& operator<<(std::ostream& out, const ShardFilter& filter);
};

struct ListShardsResponse {
  std::vector<Shard> shards = {};  // ascending id
  std::optional<std::string> next_token = {};

  friend bool operator==(const ListShardsResponse&, const ListShardsResponse&) = default;
  friend std::ostream& operator<<(std::ostream& out, const ListShardsResponse& response);
};

// Source: API Reference, "ListShards".
struct ListShardsRequest {
  using Response = ListShardsResponse;
  static constexpr Operation kOperation = Operation::kListShards;

  std::optional<std::string> stream_name = {};
  std::optional<std::string> next_token = {};  // valid for 300 seconds
  std::optional<std::string> exclusive_start_shard_id = {};
  std::optional<std::int64_t> max_results = {};  // 1-10000; above 1000 means 1000
  std::optional<absl::Time> stream_creation_timestamp = {};
  std::optional<ShardFilter> shard_filter = {};
  std::optional<std::string> stream_arn = {};
  std::optional<std::string> stream_id = {};
};

struct SplitShardResponse {};

// Source: API Reference, "SplitShard".
struct SplitShardRequest {
  using Response = SplitShardResponse;
  static constexpr Operation kOperation = Operation::kSplitShard;

  std::optional<std::string> stream_name = {};
  std::optional<std::string> shard_to_split = {};         // required
  std::optional<std::string> new_starting_hash_key = {};  // required; decimal
  std::optional<std::string> stream_arn = {};
  std::optional<std::string> stream_id = {};
};

struct MergeShardsResponse {};

// Source: API Reference, "MergeShards".
struct MergeShardsRequest {
  using Response = MergeShardsResponse;
  static constexpr Operation kOperation = Operation::kMergeShards;

  std::optional<std::string> stream_name = {};
  std::optional<std::string> shard_to_merge = {};           // required; the lower of the two ranges
  std::optional<std::string> adjacent_shard_to_merge = {};  // required
  std::optional<std::string> stream_arn = {};
  std::optional<std::string> stream_id = {};
};

struct UpdateShardCountResponse {
  std::string stream_name = {};
  std::int64_t current_shard_count = 0;  // open shards before the call
  std::int64_t target_shard_count = 0;
  std::string stream_arn = {};

  friend bool operator==(const UpdateShardCountResponse&,
                         const UpdateShardCountResponse&) = default;
  friend std::ostream& operator<<(std::ostream& out, const UpdateShardCountResponse& response);
};

// Source: API Reference, "UpdateShardCount".
struct UpdateShardCountRequest {
  using Response = UpdateShardCountResponse;
  static constexpr Operation kOperation = Operation::kUpdateShardCount;

  std::optional<std::string> stream_name = {};
  std::optional<std::int64_t> target_shard_count = {};  // required
  std::optional<ScalingType> scaling_type = ScalingType::kUniformScaling;
  std::optional<std::string> stream_arn = {};
  std::optional<std::string> stream_id = {};
};

}  // namespace riacho
