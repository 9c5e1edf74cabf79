#include "engine/validate.h"

#include "base/check.h"
#include "engine/channel_fields.h"
#include "engine/consumer_fields.h"
#include "engine/fields.h"
#include "engine/record_fields.h"
#include "engine/settings_fields.h"
#include "engine/shard_fields.h"
#include "engine/stream_fields.h"

namespace riacho::internal {

template <typename Request>
absl::Status Validate(const Request& request) {
  if (AcceptsFields(request)) return absl::OkStatus();
  Violations violations;
  ExplainFields(request, "", violations);
  absl::Status status = violations.ToStatus();
  RIACHO_CHECK(!status.ok());
  return status;
}

template absl::Status Validate(const CreateStreamRequest& request);
template absl::Status Validate(const DeleteStreamRequest& request);
template absl::Status Validate(const DescribeStreamRequest& request);
template absl::Status Validate(const DescribeStreamSummaryRequest& request);
template absl::Status Validate(const ListStreamsRequest& request);
template absl::Status Validate(const IncreaseStreamRetentionPeriodRequest& request);
template absl::Status Validate(const DecreaseStreamRetentionPeriodRequest& request);
template absl::Status Validate(const UpdateStreamModeRequest& request);
template absl::Status Validate(const UpdateMaxRecordSizeRequest& request);
template absl::Status Validate(const UpdateStreamWarmThroughputRequest& request);
template absl::Status Validate(const UpdateStreamRecordDistributionStrategyRequest& request);

template absl::Status Validate(const ListShardsRequest& request);
template absl::Status Validate(const SplitShardRequest& request);
template absl::Status Validate(const MergeShardsRequest& request);
template absl::Status Validate(const UpdateShardCountRequest& request);

template absl::Status Validate(const PutRecordRequest& request);
template absl::Status Validate(const PutRecordsRequest& request);
template absl::Status Validate(const GetShardIteratorRequest& request);
template absl::Status Validate(const GetRecordsRequest& request);

template absl::Status Validate(const RegisterStreamConsumerRequest& request);
template absl::Status Validate(const DeregisterStreamConsumerRequest& request);
template absl::Status Validate(const DescribeStreamConsumerRequest& request);
template absl::Status Validate(const ListStreamConsumersRequest& request);
template absl::Status Validate(const SubscribeToShardRequest& request);

template absl::Status Validate(const AddTagsToStreamRequest& request);
template absl::Status Validate(const RemoveTagsFromStreamRequest& request);
template absl::Status Validate(const ListTagsForStreamRequest& request);
template absl::Status Validate(const TagResourceRequest& request);
template absl::Status Validate(const UntagResourceRequest& request);
template absl::Status Validate(const ListTagsForResourceRequest& request);
template absl::Status Validate(const PutResourcePolicyRequest& request);
template absl::Status Validate(const GetResourcePolicyRequest& request);
template absl::Status Validate(const DeleteResourcePolicyRequest& request);
template absl::Status Validate(const StartStreamEncryptionRequest& request);
template absl::Status Validate(const StopStreamEncryptionRequest& request);
template absl::Status Validate(const EnableEnhancedMonitoringRequest& request);
template absl::Status Validate(const DisableEnhancedMonitoringRequest& request);
template absl::Status Validate(const DescribeLimitsRequest& request);
template absl::Status Validate(const DescribeAccountSettingsRequest& request);
template absl::Status Validate(const UpdateAccountSettingsRequest& request);

template absl::Status Validate(const CreateChannelRequest& request);
template absl::Status Validate(const DescribeChannelRequest& request);
template absl::Status Validate(const ListChannelsRequest& request);
template absl::Status Validate(const UpdateChannelRequest& request);
template absl::Status Validate(const DeleteChannelRequest& request);

}  // namespace riacho::internal
