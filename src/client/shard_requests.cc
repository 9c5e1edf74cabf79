#include "riacho/client/shard_requests.h"

namespace riacho {

std::string_view ShardFilterTypeName(ShardFilterType type) {
  switch (type) {
    case ShardFilterType::kAfterShardId:
      return "AFTER_SHARD_ID";
    case ShardFilterType::kAtTrimHorizon:
      return "AT_TRIM_HORIZON";
    case ShardFilterType::kFromTrimHorizon:
      return "FROM_TRIM_HORIZON";
    case ShardFilterType::kAtLatest:
      return "AT_LATEST";
    case ShardFilterType::kAtTimestamp:
      return "AT_TIMESTAMP";
    case ShardFilterType::kFromTimestamp:
      return "FROM_TIMESTAMP";
  }
  return "UNKNOWN";
}

std::string_view ScalingTypeName(ScalingType type) {
  switch (type) {
    case ScalingType::kUniformScaling:
      return "UNIFORM_SCALING";
  }
  return "UNKNOWN";
}

std::ostream& operator<<(std::ostream& out, ShardFilterType type) {
  return out << ShardFilterTypeName(type);
}

std::ostream& operator<<(std::ostream& out, ScalingType type) {
  return out << ScalingTypeName(type);
}

std::ostream& operator<<(std::ostream& out, const ShardFilter& filter) {
  if (filter.type.has_value()) out << *filter.type;
  if (filter.shard_id.has_value()) out << ' ' << *filter.shard_id;
  if (filter.timestamp.has_value()) {
    out << ' ' << absl::FormatTime(absl::RFC3339_full, *filter.timestamp, absl::UTCTimeZone());
  }
  return out;
}

std::ostream& operator<<(std::ostream& out, const ListShardsResponse& response) {
  out << response.shards.size() << " shards";
  for (const Shard& shard : response.shards) out << "\n  " << shard;
  if (response.next_token.has_value()) out << "\n  and more";
  return out;
}

std::ostream& operator<<(std::ostream& out, const UpdateShardCountResponse& response) {
  return out << response.stream_name << ": " << response.current_shard_count << " to "
             << response.target_shard_count << " shards";
}

}  // namespace riacho
