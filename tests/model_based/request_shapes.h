// What the model of the API demands of each request, for the reference.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "riacho/client/channel_requests.h"
#include "riacho/client/consumer_requests.h"
#include "riacho/client/record_requests.h"
#include "riacho/client/settings_requests.h"
#include "riacho/client/shard_requests.h"
#include "riacho/client/stream_requests.h"

namespace riacho::model_based {

// False: ValidationException, whatever else may be wrong. Covers the members that episodes set.
bool IsWellFormed(const CreateStreamRequest& request);
bool IsWellFormed(const DeleteStreamRequest& request);
bool IsWellFormed(const DescribeStreamRequest& request);
bool IsWellFormed(const DescribeStreamSummaryRequest& request);
bool IsWellFormed(const ListStreamsRequest& request);
bool IsWellFormed(const IncreaseStreamRetentionPeriodRequest& request);
bool IsWellFormed(const DecreaseStreamRetentionPeriodRequest& request);
bool IsWellFormed(const ListShardsRequest& request);
bool IsWellFormed(const SplitShardRequest& request);
bool IsWellFormed(const MergeShardsRequest& request);
bool IsWellFormed(const UpdateShardCountRequest& request);
bool IsWellFormed(const PutRecordRequest& request);
bool IsWellFormed(const PutRecordsRequest& request);
bool IsWellFormed(const GetShardIteratorRequest& request);
bool IsWellFormed(const GetRecordsRequest& request);
bool IsWellFormed(const RegisterStreamConsumerRequest& request);
bool IsWellFormed(const DeregisterStreamConsumerRequest& request);
bool IsWellFormed(const DescribeStreamConsumerRequest& request);
bool IsWellFormed(const ListStreamConsumersRequest& request);
bool IsWellFormed(const SubscribeToShardRequest& request);
bool IsWellFormed(const UpdateStreamModeRequest& request);
bool IsWellFormed(const UpdateMaxRecordSizeRequest& request);
bool IsWellFormed(const UpdateStreamWarmThroughputRequest& request);
bool IsWellFormed(const UpdateStreamRecordDistributionStrategyRequest& request);
bool IsWellFormed(const EnableEnhancedMonitoringRequest& request);
bool IsWellFormed(const DisableEnhancedMonitoringRequest& request);
bool IsWellFormed(const AddTagsToStreamRequest& request);
bool IsWellFormed(const RemoveTagsFromStreamRequest& request);
bool IsWellFormed(const ListTagsForStreamRequest& request);
bool IsWellFormed(const TagResourceRequest& request);
bool IsWellFormed(const UntagResourceRequest& request);
bool IsWellFormed(const ListTagsForResourceRequest& request);
bool IsWellFormed(const StartStreamEncryptionRequest& request);
bool IsWellFormed(const StopStreamEncryptionRequest& request);
bool IsWellFormed(const PutResourcePolicyRequest& request);
bool IsWellFormed(const GetResourcePolicyRequest& request);
bool IsWellFormed(const DeleteResourcePolicyRequest& request);
bool IsWellFormed(const DescribeLimitsRequest& request);
bool IsWellFormed(const DescribeAccountSettingsRequest& request);
bool IsWellFormed(const UpdateAccountSettingsRequest& request);
bool IsWellFormed(const CreateChannelRequest& request);
bool IsWellFormed(const DescribeChannelRequest& request);
bool IsWellFormed(const ListChannelsRequest& request);
bool IsWellFormed(const UpdateChannelRequest& request);
bool IsWellFormed(const DeleteChannelRequest& request);

// The shard that a text names: what follows the first '-', or all of it, is a number of up to
// 2147483647. Empty for any other text.
std::optional<std::uint32_t> ShardNumberIn(std::string_view text);

// How many a page has when that many are asked for.
std::int64_t PageSize(const std::optional<std::int64_t>& asked, std::int64_t most);

// The page of `items` that begins behind those for which is_before answers true.
template <typename Item, typename IsBefore>
std::vector<Item> Page(const std::vector<Item>& items, std::int64_t size, bool& more,
                       IsBefore&& is_before) {
  std::vector<Item> page;
  more = false;
  for (const Item& item : items) {
    if (is_before(item)) continue;
    more = static_cast<std::int64_t>(page.size()) == size;
    if (more) break;
    page.push_back(item);
  }
  return page;
}

template <typename Text>
std::optional<std::string> AsString(const std::optional<Text>& text) {
  return text.has_value() ? std::optional<std::string>(*text) : std::nullopt;
}

// The stream's name in requests that have one.
template <typename Request>
std::optional<std::string> NameIn(const Request& request) {
  if constexpr (requires { request.stream_name; }) {
    return request.stream_name;
  } else {
    return std::nullopt;
  }
}

}  // namespace riacho::model_based
