#include "model_based/request_shapes.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <vector>

namespace riacho::model_based {
namespace {

bool AllDigits(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return '0' <= c && c <= '9'; });
}

bool IsName(std::string_view text) {
  constexpr std::string_view kAlphabet =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";
  return !text.empty() && text.size() <= 128 &&
         text.find_first_not_of(kAlphabet) == std::string_view::npos;
}

// 0, or digits that do not begin with one.
bool IsDecimal(std::string_view text, std::size_t most_digits) {
  return !text.empty() && text.size() <= most_digits && AllDigits(text) &&
         (text == "0" || text[0] != '0');
}
bool IsHashKey(std::string_view text) { return IsDecimal(text, 39); }
bool IsSequenceNumber(std::string_view text) { return IsDecimal(text, 129); }

// Episodes use ARNs of one form, and texts that are none.
bool IsStreamArn(std::string_view text) {
  return text.starts_with("arn:aws:kinesis:") && text.find(":stream/") != std::string_view::npos &&
         text.find(' ') == std::string_view::npos;
}
bool IsConsumerArn(std::string_view text) {
  constexpr std::string_view kConsumer = "/consumer/";
  const std::size_t at = text.find(kConsumer);
  if (!IsStreamArn(text) || at == std::string_view::npos) return false;
  const std::string_view consumer = text.substr(at + kConsumer.size());
  return IsName(consumer.substr(0, consumer.find(':')));
}

// A character of UTF-8 has one byte that is no continuation byte.
std::int64_t CountCharacters(std::string_view text) {
  return std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; });
}

bool IsPartitionKey(std::string_view text) { return !text.empty() && CountCharacters(text) <= 256; }

bool IsTagKey(std::string_view text) { return !text.empty() && CountCharacters(text) <= 128; }
bool AreTags(const std::map<std::string, std::string>& tags) {
  return !tags.empty() && tags.size() <= 200 && std::ranges::all_of(tags, [](const auto& tag) {
    return IsTagKey(tag.first) && CountCharacters(tag.second) <= 256;
  });
}
bool AreTagKeys(const std::vector<std::string>& keys) {
  return !keys.empty() && keys.size() <= 50 && std::ranges::all_of(keys, IsTagKey);
}

bool IsKeyId(std::string_view text) { return !text.empty() && CountCharacters(text) <= 2048; }

template <typename Text>
bool Fits(const std::optional<Text>& member, bool (*shape)(std::string_view)) {
  return !member.has_value() || shape(*member);
}
template <typename Text>
bool FitsAndIsThere(const std::optional<Text>& member, bool (*shape)(std::string_view)) {
  return member.has_value() && shape(*member);
}
bool IsPageLimit(const std::optional<std::int64_t>& limit) {
  return !limit.has_value() || (*limit >= 1 && *limit <= 10000);
}
bool IsToken(const std::optional<std::string>& token) {
  return !token.has_value() || !token->empty();
}

template <typename Request>
bool NamesStream(const Request& request) {
  return Fits(request.stream_name, IsName) && Fits(request.stream_arn, IsStreamArn);
}

template <typename Request>
bool NamesConsumer(const Request& request) {
  return Fits(request.stream_arn, IsStreamArn) && Fits(request.consumer_name, IsName) &&
         Fits(request.consumer_arn, IsConsumerArn);
}

template <typename Entry>
bool IsRecord(const Entry& entry) {
  return entry.data.has_value() && entry.data->size() <= 10485760 &&
         Fits(entry.partition_key, IsPartitionKey) && Fits(entry.explicit_hash_key, IsHashKey);
}

}  // namespace

bool IsWellFormed(const CreateStreamRequest& request) {
  return FitsAndIsThere(request.stream_name, IsName) && request.shard_count.value_or(1) >= 1 &&
         request.max_record_size_in_kib.value_or(1024) >= 1024 &&
         request.max_record_size_in_kib.value_or(1024) <= 10240 &&
         request.warm_throughput_mibps.value_or(0) >= 0 &&
         (request.tags.empty() || AreTags(request.tags));
}
bool IsWellFormed(const DeleteStreamRequest& request) { return NamesStream(request); }
bool IsWellFormed(const DescribeStreamRequest& request) {
  return NamesStream(request) && IsPageLimit(request.limit) &&
         Fits(request.exclusive_start_shard_id, IsName);
}
bool IsWellFormed(const DescribeStreamSummaryRequest& request) { return NamesStream(request); }
bool IsWellFormed(const ListStreamsRequest& request) {
  return IsPageLimit(request.limit) && Fits(request.exclusive_start_stream_name, IsName) &&
         IsToken(request.next_token);
}
bool IsWellFormed(const IncreaseStreamRetentionPeriodRequest& request) {
  return NamesStream(request) && request.retention_period_hours.has_value();
}
bool IsWellFormed(const DecreaseStreamRetentionPeriodRequest& request) {
  return NamesStream(request) && request.retention_period_hours.has_value();
}

bool IsWellFormed(const ListShardsRequest& request) {
  if (request.shard_filter.has_value() &&
      (!request.shard_filter->type.has_value() || !Fits(request.shard_filter->shard_id, IsName))) {
    return false;
  }
  return NamesStream(request) && IsToken(request.next_token) &&
         Fits(request.exclusive_start_shard_id, IsName) && IsPageLimit(request.max_results);
}
bool IsWellFormed(const SplitShardRequest& request) {
  return NamesStream(request) && FitsAndIsThere(request.shard_to_split, IsName) &&
         FitsAndIsThere(request.new_starting_hash_key, IsHashKey);
}
bool IsWellFormed(const MergeShardsRequest& request) {
  return NamesStream(request) && FitsAndIsThere(request.shard_to_merge, IsName) &&
         FitsAndIsThere(request.adjacent_shard_to_merge, IsName);
}
bool IsWellFormed(const UpdateShardCountRequest& request) {
  return NamesStream(request) && request.target_shard_count.value_or(0) >= 1 &&
         request.scaling_type.has_value();
}

bool IsWellFormed(const PutRecordRequest& request) {
  return NamesStream(request) && IsRecord(request) &&
         Fits(request.sequence_number_for_ordering, IsSequenceNumber);
}
bool IsWellFormed(const PutRecordsRequest& request) {
  return NamesStream(request) && !request.records.empty() && request.records.size() <= 500 &&
         std::ranges::all_of(request.records, IsRecord<PutRecordsRequestEntry>);
}
bool IsWellFormed(const GetShardIteratorRequest& request) {
  return NamesStream(request) && FitsAndIsThere(request.shard_id, IsName) &&
         request.shard_iterator_type.has_value() &&
         Fits(request.starting_sequence_number, IsSequenceNumber);
}
bool IsWellFormed(const GetRecordsRequest& request) {
  return request.shard_iterator.has_value() && !request.shard_iterator->empty() &&
         request.shard_iterator->size() <= 512 && IsPageLimit(request.limit) &&
         Fits(request.stream_arn, IsStreamArn);
}

bool IsWellFormed(const RegisterStreamConsumerRequest& request) {
  return FitsAndIsThere(request.stream_arn, IsStreamArn) &&
         FitsAndIsThere(request.consumer_name, IsName) &&
         (request.tags.empty() || AreTags(request.tags));
}
bool IsWellFormed(const DeregisterStreamConsumerRequest& request) { return NamesConsumer(request); }
bool IsWellFormed(const DescribeStreamConsumerRequest& request) { return NamesConsumer(request); }
bool IsWellFormed(const ListStreamConsumersRequest& request) {
  return FitsAndIsThere(request.stream_arn, IsStreamArn) && IsToken(request.next_token) &&
         IsPageLimit(request.max_results);
}
bool IsWellFormed(const SubscribeToShardRequest& request) {
  return FitsAndIsThere(request.consumer_arn, IsConsumerArn) &&
         FitsAndIsThere(request.shard_id, IsName) && request.starting_position.has_value() &&
         request.starting_position->type.has_value() &&
         Fits(request.starting_position->sequence_number, IsSequenceNumber);
}

// --- settings ------------------------------------------------------------------------------------

bool IsWellFormed(const UpdateStreamModeRequest& request) {
  return FitsAndIsThere(request.stream_arn, IsStreamArn) &&
         request.stream_mode_details.has_value() && request.warm_throughput_mibps.value_or(0) >= 0;
}
bool IsWellFormed(const UpdateMaxRecordSizeRequest& request) {
  return Fits(request.stream_arn, IsStreamArn) &&
         request.max_record_size_in_kib.value_or(0) >= 1024 &&
         request.max_record_size_in_kib.value_or(0) <= 10240;
}
bool IsWellFormed(const UpdateStreamWarmThroughputRequest& request) {
  return NamesStream(request) && request.warm_throughput_mibps.value_or(-1) >= 0;
}
bool IsWellFormed(const UpdateStreamRecordDistributionStrategyRequest& request) {
  return FitsAndIsThere(request.stream_arn, IsStreamArn) &&
         request.record_distribution_strategy.has_value();
}
bool IsWellFormed(const EnableEnhancedMonitoringRequest& request) {
  return NamesStream(request) && !request.shard_level_metrics.empty() &&
         request.shard_level_metrics.size() <= 7;
}
bool IsWellFormed(const DisableEnhancedMonitoringRequest& request) {
  return NamesStream(request) && !request.shard_level_metrics.empty() &&
         request.shard_level_metrics.size() <= 7;
}

bool IsWellFormed(const AddTagsToStreamRequest& request) {
  return NamesStream(request) && AreTags(request.tags);
}
bool IsWellFormed(const RemoveTagsFromStreamRequest& request) {
  return NamesStream(request) && AreTagKeys(request.tag_keys);
}
bool IsWellFormed(const ListTagsForStreamRequest& request) {
  return NamesStream(request) && Fits(request.exclusive_start_tag_key, IsTagKey) &&
         request.limit.value_or(1) >= 1 && request.limit.value_or(1) <= 50;
}
bool IsWellFormed(const TagResourceRequest& request) {
  return FitsAndIsThere(request.resource_arn, IsStreamArn) && AreTags(request.tags);
}
bool IsWellFormed(const UntagResourceRequest& request) {
  return FitsAndIsThere(request.resource_arn, IsStreamArn) && AreTagKeys(request.tag_keys);
}
bool IsWellFormed(const ListTagsForResourceRequest& request) {
  return FitsAndIsThere(request.resource_arn, IsStreamArn);
}

bool IsWellFormed(const StartStreamEncryptionRequest& request) {
  return NamesStream(request) && request.encryption_type.has_value() &&
         FitsAndIsThere(request.key_id, IsKeyId);
}
bool IsWellFormed(const StopStreamEncryptionRequest& request) {
  return NamesStream(request) && request.encryption_type.has_value() &&
         FitsAndIsThere(request.key_id, IsKeyId);
}

bool IsWellFormed(const PutResourcePolicyRequest& request) {
  return FitsAndIsThere(request.resource_arn, IsStreamArn) && request.policy.has_value();
}
bool IsWellFormed(const GetResourcePolicyRequest& request) {
  return FitsAndIsThere(request.resource_arn, IsStreamArn);
}
bool IsWellFormed(const DeleteResourcePolicyRequest& request) {
  return FitsAndIsThere(request.resource_arn, IsStreamArn);
}

bool IsWellFormed(const DescribeLimitsRequest&) { return true; }
bool IsWellFormed(const DescribeAccountSettingsRequest&) { return true; }
bool IsWellFormed(const UpdateAccountSettingsRequest& request) {
  using Status = MinimumThroughputBillingCommitmentStatus;
  if (!request.minimum_throughput_billing_commitment.has_value()) return false;
  const std::optional<Status> status = request.minimum_throughput_billing_commitment->status;
  return status == Status::kEnabled || status == Status::kDisabled;
}

// Episodes leave out members of the request itself, and nothing inside them.
bool IsWellFormed(const CreateChannelRequest& request) {
  return request.channel_name.has_value() && request.service_execution_role_arn.has_value() &&
         !request.stream_configuration_list.empty() &&
         (request.tags.empty() || AreTags(request.tags));
}
bool IsWellFormed(const DescribeChannelRequest& request) { return request.channel_arn.has_value(); }
bool IsWellFormed(const ListChannelsRequest& request) {
  return IsPageLimit(request.max_results) && IsToken(request.next_token);
}
bool IsWellFormed(const UpdateChannelRequest& request) { return request.channel_arn.has_value(); }
bool IsWellFormed(const DeleteChannelRequest& request) { return request.channel_arn.has_value(); }

std::int64_t PageSize(const std::optional<std::int64_t>& asked, std::int64_t most) {
  return std::min(asked.value_or(most), most);
}

std::optional<std::uint32_t> ShardNumberIn(std::string_view text) {
  if (const std::size_t dash = text.find('-'); dash != std::string_view::npos) {
    text.remove_prefix(dash + 1);
  }
  if (text.empty() || text.size() > 30 || !AllDigits(text)) return std::nullopt;
  std::uint64_t number = 0;
  for (const char c : text)
    number = std::min<std::uint64_t>(number * 10 + static_cast<std::uint64_t>(c - '0'), 1ULL << 40);
  if (number > 2147483647) return std::nullopt;
  return static_cast<std::uint32_t>(number);
}

}  // namespace riacho::model_based
