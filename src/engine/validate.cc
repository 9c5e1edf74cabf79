#include "engine/validate.h"

#include <algorithm>
#include <string>

#include "engine/constraint.h"

namespace riacho::internal {
namespace {

template <typename Request>
void CheckStreamReference(Violations& violations, const Request& request) {
  violations.Optional("streamName", request.stream_name, kStreamNameShape);
  violations.Optional("streamARN", request.stream_arn, kStreamArnShape);
  violations.Optional("streamId", request.stream_id, kStreamIdShape);
}

void CheckTags(Violations& violations, const std::map<std::string, std::string>& tags) {
  constexpr std::size_t kMostTags = 200;
  constexpr std::size_t kMostKeyCharacters = 128;
  constexpr std::size_t kMostValueCharacters = 256;
  const auto show = [&tags] {
    std::string text = "'{";
    for (const auto& [key, value] : tags)
      text.append(text.size() > 2 ? ", " : "").append(key).append("=").append(value);
    return text + "}'";
  };
  if (tags.size() > kMostTags) {
    violations.Add("tags", show(),
                   "Member must have length less than or equal to " + std::to_string(kMostTags));
  }
  if (std::ranges::any_of(tags, [](const auto& tag) {
        return tag.first.empty() || CountCharacters(tag.first) > kMostKeyCharacters;
      })) {
    violations.Add("tags", show(),
                   "Map keys must satisfy constraint: [Member must have length less than or equal "
                   "to 128, Member must have "
                   "length greater than or equal to 1]");
  }
  if (std::ranges::any_of(tags, [](const auto& tag) {
        return CountCharacters(tag.second) > kMostValueCharacters;
      })) {
    violations.Add("tags", show(),
                   "Map value must satisfy constraint: [Member must have length less than or equal "
                   "to 256, Member must have "
                   "length greater than or equal to 0]");
  }
}

template <typename Request>
absl::Status ValidateRetention(const Request& request) {
  Violations violations;
  CheckStreamReference(violations, request);
  violations.Present("retentionPeriodHours", request.retention_period_hours);
  return violations.ToStatus();
}

template <typename Request>
absl::Status ValidateEncryption(const Request& request) {
  Violations violations;
  CheckStreamReference(violations, request);
  violations.Present("encryptionType", request.encryption_type);
  violations.Required("keyId", request.key_id, kKeyIdShape);
  return violations.ToStatus();
}

template <typename Request>
absl::Status ValidateConsumerReference(const Request& request) {
  Violations violations;
  violations.Optional("streamARN", request.stream_arn, kStreamArnShape);
  violations.Optional("consumerName", request.consumer_name, kStreamNameShape);
  violations.Optional("consumerARN", request.consumer_arn, kConsumerArnShape);
  violations.Optional("streamId", request.stream_id, kStreamIdShape);
  return violations.ToStatus();
}

}  // namespace

absl::Status Validate(const CreateStreamRequest& request) {
  Violations violations;
  violations.Required("streamName", request.stream_name, kStreamNameShape);
  violations.Optional("shardCount", request.shard_count, kPositiveShape);
  CheckTags(violations, request.tags);
  violations.Optional("warmThroughputMiBps", request.warm_throughput_mibps, kNaturalShape);
  violations.Optional("maxRecordSizeInKiB", request.max_record_size_in_kib, kMaxRecordSizeShape);
  return violations.ToStatus();
}

absl::Status Validate(const DeleteStreamRequest& request) {
  Violations violations;
  CheckStreamReference(violations, request);
  return violations.ToStatus();
}

absl::Status Validate(const DescribeStreamRequest& request) {
  Violations violations;
  CheckStreamReference(violations, request);
  violations.Optional("limit", request.limit, kPageLimitShape);
  violations.Optional("exclusiveStartShardId", request.exclusive_start_shard_id, kStreamNameShape);
  return violations.ToStatus();
}

absl::Status Validate(const DescribeStreamSummaryRequest& request) {
  Violations violations;
  CheckStreamReference(violations, request);
  return violations.ToStatus();
}

absl::Status Validate(const ListStreamsRequest& request) {
  Violations violations;
  violations.Optional("limit", request.limit, kPageLimitShape);
  violations.Optional("exclusiveStartStreamName", request.exclusive_start_stream_name,
                      kStreamNameShape);
  violations.Optional("nextToken", request.next_token, kNextTokenShape);
  return violations.ToStatus();
}

absl::Status Validate(const IncreaseStreamRetentionPeriodRequest& request) {
  return ValidateRetention(request);
}
absl::Status Validate(const DecreaseStreamRetentionPeriodRequest& request) {
  return ValidateRetention(request);
}

absl::Status Validate(const StartStreamEncryptionRequest& request) {
  return ValidateEncryption(request);
}
absl::Status Validate(const StopStreamEncryptionRequest& request) {
  return ValidateEncryption(request);
}

absl::Status Validate(const ListShardsRequest& request) {
  Violations violations;
  CheckStreamReference(violations, request);
  violations.Optional("nextToken", request.next_token, kNextTokenShape);
  violations.Optional("exclusiveStartShardId", request.exclusive_start_shard_id, kStreamNameShape);
  violations.Optional("maxResults", request.max_results, kPageLimitShape);
  if (request.shard_filter.has_value()) {
    violations.Present("shardFilter.type", request.shard_filter->type);
    violations.Optional("shardFilter.shardId", request.shard_filter->shard_id, kStreamNameShape);
  }
  return violations.ToStatus();
}

absl::Status Validate(const SplitShardRequest& request) {
  Violations violations;
  CheckStreamReference(violations, request);
  violations.Required("shardToSplit", request.shard_to_split, kStreamNameShape);
  violations.Required("newStartingHashKey", request.new_starting_hash_key, kHashKeyShape);
  return violations.ToStatus();
}

absl::Status Validate(const MergeShardsRequest& request) {
  Violations violations;
  CheckStreamReference(violations, request);
  violations.Required("shardToMerge", request.shard_to_merge, kStreamNameShape);
  violations.Required("adjacentShardToMerge", request.adjacent_shard_to_merge, kStreamNameShape);
  return violations.ToStatus();
}

absl::Status Validate(const UpdateShardCountRequest& request) {
  Violations violations;
  CheckStreamReference(violations, request);
  violations.Required("targetShardCount", request.target_shard_count, kPositiveShape);
  violations.Present("scalingType", request.scaling_type);
  return violations.ToStatus();
}

absl::Status Validate(const PutRecordRequest& request) {
  Violations violations;
  CheckStreamReference(violations, request);
  violations.Data("data", request.data);
  violations.Required("partitionKey", request.partition_key, kPartitionKeyShape);
  violations.Optional("explicitHashKey", request.explicit_hash_key, kHashKeyShape);
  violations.Optional("sequenceNumberForOrdering", request.sequence_number_for_ordering,
                      kSequenceNumberShape);
  return violations.ToStatus();
}

absl::Status Validate(const PutRecordsRequest& request) {
  Violations violations;
  CheckStreamReference(violations, request);
  if (request.records.empty()) {
    violations.Add("records", "'[]'", "Member must have length greater than or equal to 1");
  } else if (request.records.size() > kMostPutRecordsEntries) {
    violations.Add(
        "records", "'[" + std::to_string(request.records.size()) + " entries]'",
        "Member must have length less than or equal to " + std::to_string(kMostPutRecordsEntries));
  }
  for (std::size_t i = 0; i < std::min(request.records.size(), kMostPutRecordsEntries); ++i) {
    const PutRecordsRequestEntry& entry = request.records[i];
    Violations of_entry;  // paths are built only for an entry that has something wrong
    const auto check = [&entry](Violations& found, const std::string& path) {
      found.Data(path + "data", entry.data);
      found.Optional(path + "explicitHashKey", entry.explicit_hash_key, kHashKeyShape);
      found.Required(path + "partitionKey", entry.partition_key, kPartitionKeyShape);
    };
    check(of_entry, "");
    if (!of_entry.none()) check(violations, "records." + std::to_string(i + 1) + ".member.");
  }
  return violations.ToStatus();
}

absl::Status Validate(const GetShardIteratorRequest& request) {
  Violations violations;
  CheckStreamReference(violations, request);
  violations.Required("shardId", request.shard_id, kStreamNameShape);
  violations.Present("shardIteratorType", request.shard_iterator_type);
  violations.Optional("startingSequenceNumber", request.starting_sequence_number,
                      kSequenceNumberShape);
  return violations.ToStatus();
}

absl::Status Validate(const GetRecordsRequest& request) {
  Violations violations;
  violations.Required("shardIterator", request.shard_iterator, kShardIteratorShape);
  violations.Optional("limit", request.limit, kPageLimitShape);
  violations.Optional("streamARN", request.stream_arn, kStreamArnShape);
  violations.Optional("streamId", request.stream_id, kStreamIdShape);
  return violations.ToStatus();
}

absl::Status Validate(const RegisterStreamConsumerRequest& request) {
  Violations violations;
  violations.Required("streamARN", request.stream_arn, kStreamArnShape);
  violations.Required("consumerName", request.consumer_name, kStreamNameShape);
  violations.Optional("streamId", request.stream_id, kStreamIdShape);
  CheckTags(violations, request.tags);
  return violations.ToStatus();
}

absl::Status Validate(const DeregisterStreamConsumerRequest& request) {
  return ValidateConsumerReference(request);
}
absl::Status Validate(const DescribeStreamConsumerRequest& request) {
  return ValidateConsumerReference(request);
}

absl::Status Validate(const ListStreamConsumersRequest& request) {
  Violations violations;
  violations.Required("streamARN", request.stream_arn, kStreamArnShape);
  violations.Optional("nextToken", request.next_token, kNextTokenShape);
  violations.Optional("maxResults", request.max_results, kPageLimitShape);
  violations.Optional("streamId", request.stream_id, kStreamIdShape);
  return violations.ToStatus();
}

absl::Status Validate(const SubscribeToShardRequest& request) {
  Violations violations;
  violations.Required("consumerARN", request.consumer_arn, kConsumerArnShape);
  violations.Required("shardId", request.shard_id, kStreamNameShape);
  violations.Present("startingPosition", request.starting_position);
  if (request.starting_position.has_value()) {
    violations.Present("startingPosition.type", request.starting_position->type);
    violations.Optional("startingPosition.sequenceNumber",
                        request.starting_position->sequence_number, kSequenceNumberShape);
  }
  violations.Optional("streamId", request.stream_id, kStreamIdShape);
  return violations.ToStatus();
}

}  // namespace riacho::internal
