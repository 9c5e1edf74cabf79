#include "sim/captured_request.h"

#include <deque>
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

namespace riacho::internal {
namespace {

// A request that views, and what it views.
template <typename Request>
struct Owned {
  explicit Owned(const Request& original) : request(original) { Own(request); }
  Owned(const Owned&) = delete;
  Owned& operator=(const Owned&) = delete;

  void Own(PutRecordRequest& put) {
    Own(put.stream_name, put.data, put.partition_key, put.explicit_hash_key,
        put.sequence_number_for_ordering, put.stream_arn, put.stream_id);
  }
  void Own(PutRecordsRequest& put) {
    entries.assign(put.records.begin(), put.records.end());
    for (PutRecordsRequestEntry& entry : entries)
      Own(entry.data, entry.explicit_hash_key, entry.partition_key);
    put.records = entries;
    Own(put.stream_name, put.stream_arn, put.stream_id);
  }
  void Own(GetRecordsRequest& get) { Own(get.shard_iterator, get.stream_arn, get.stream_id); }
  void Own(std::optional<std::string_view>& view) {
    if (view.has_value()) view = texts.emplace_back(*view);
  }
  template <typename... Views>
  void Own(std::optional<std::string_view>& first, Views&... others) {
    Own(first);
    (Own(others), ...);
  }

  std::deque<std::string> texts;
  std::vector<PutRecordsRequestEntry> entries;
  Request request;
};

template <typename Request>
constexpr bool kViews = false;
template <>
constexpr bool kViews<PutRecordRequest> = true;
template <>
constexpr bool kViews<PutRecordsRequest> = true;
template <>
constexpr bool kViews<GetRecordsRequest> = true;

template <typename Request>
bool CopyIfIs(const OperationContext& call, std::shared_ptr<const void>& copy) {
  const Request* const request = call.As<Request>();
  if (request == nullptr) return false;
  if constexpr (kViews<Request>) {
    const auto owned = std::make_shared<const Owned<Request>>(*request);
    copy = std::shared_ptr<const void>(owned, &owned->request);
  } else {
    copy = std::make_shared<const Request>(*request);
  }
  return true;
}

template <typename... Requests>
std::shared_ptr<const void> CopyOneOf(const OperationContext& call) {
  static_assert(sizeof...(Requests) == kOperationCount);
  std::shared_ptr<const void> copy;
  static_cast<void>((CopyIfIs<Requests>(call, copy) || ...));
  return copy;
}

}  // namespace

std::shared_ptr<const void> CopyRequest(const OperationContext& call) {
  return CopyOneOf<
      AddTagsToStreamRequest, CreateChannelRequest, CreateStreamRequest,
      DecreaseStreamRetentionPeriodRequest, DeleteChannelRequest, DeleteResourcePolicyRequest,
      DeleteStreamRequest, DeregisterStreamConsumerRequest, DescribeAccountSettingsRequest,
      DescribeChannelRequest, DescribeLimitsRequest, DescribeStreamRequest,
      DescribeStreamConsumerRequest, DescribeStreamSummaryRequest, DisableEnhancedMonitoringRequest,
      EnableEnhancedMonitoringRequest, GetRecordsRequest, GetResourcePolicyRequest,
      GetShardIteratorRequest, IncreaseStreamRetentionPeriodRequest, ListChannelsRequest,
      ListShardsRequest, ListStreamConsumersRequest, ListStreamsRequest, ListTagsForResourceRequest,
      ListTagsForStreamRequest, MergeShardsRequest, PutRecordRequest, PutRecordsRequest,
      PutResourcePolicyRequest, RegisterStreamConsumerRequest, RemoveTagsFromStreamRequest,
      SplitShardRequest, StartStreamEncryptionRequest, StopStreamEncryptionRequest,
      SubscribeToShardRequest, TagResourceRequest, UntagResourceRequest,
      UpdateAccountSettingsRequest, UpdateChannelRequest, UpdateMaxRecordSizeRequest,
      UpdateShardCountRequest, UpdateStreamModeRequest,
      UpdateStreamRecordDistributionStrategyRequest, UpdateStreamWarmThroughputRequest>(call);
}

}  // namespace riacho::internal
