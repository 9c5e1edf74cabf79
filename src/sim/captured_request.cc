#include "sim/captured_request.h"

#include <cstddef>

#include "riacho/client/channel_requests.h"
#include "riacho/client/consumer_requests.h"
#include "riacho/client/record_requests.h"
#include "riacho/client/settings_requests.h"
#include "riacho/client/shard_requests.h"
#include "riacho/client/stream_requests.h"

namespace riacho::internal {
namespace {

template <typename Request>
bool CopyIfIs(const OperationContext& call, std::shared_ptr<const void>& copy) {
  const Request* const request = call.As<Request>();
  if (request == nullptr) return false;
  copy = std::make_shared<const Request>(*request);
  return true;
}

template <typename... Requests>
std::shared_ptr<const void> CopyOneOf(const OperationContext& call) {
  constexpr std::size_t kBorrowing = 3;
  static_assert(sizeof...(Requests) + kBorrowing == kOperationCount);
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
      EnableEnhancedMonitoringRequest, GetResourcePolicyRequest, GetShardIteratorRequest,
      IncreaseStreamRetentionPeriodRequest, ListChannelsRequest, ListShardsRequest,
      ListStreamConsumersRequest, ListStreamsRequest, ListTagsForResourceRequest,
      ListTagsForStreamRequest, MergeShardsRequest, PutResourcePolicyRequest,
      RegisterStreamConsumerRequest, RemoveTagsFromStreamRequest, SplitShardRequest,
      StartStreamEncryptionRequest, StopStreamEncryptionRequest, SubscribeToShardRequest,
      TagResourceRequest, UntagResourceRequest, UpdateAccountSettingsRequest, UpdateChannelRequest,
      UpdateMaxRecordSizeRequest, UpdateShardCountRequest, UpdateStreamModeRequest,
      UpdateStreamRecordDistributionStrategyRequest, UpdateStreamWarmThroughputRequest>(call);
}

}  // namespace riacho::internal
