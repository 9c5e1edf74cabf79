// What the model demands of each request, before anything else is looked at: one function per
// request, OK or kValidation.
#pragma once

#include "absl/status/status.h"

#include "riacho/client/channel_requests.h"
#include "riacho/client/consumer_requests.h"
#include "riacho/client/record_requests.h"
#include "riacho/client/settings_requests.h"
#include "riacho/client/shard_requests.h"
#include "riacho/client/stream_requests.h"

namespace riacho::internal {

absl::Status Validate(const CreateStreamRequest& request);
absl::Status Validate(const DeleteStreamRequest& request);
absl::Status Validate(const DescribeStreamRequest& request);
absl::Status Validate(const DescribeStreamSummaryRequest& request);
absl::Status Validate(const ListStreamsRequest& request);
absl::Status Validate(const IncreaseStreamRetentionPeriodRequest& request);
absl::Status Validate(const DecreaseStreamRetentionPeriodRequest& request);

absl::Status Validate(const ListShardsRequest& request);
absl::Status Validate(const SplitShardRequest& request);
absl::Status Validate(const MergeShardsRequest& request);
absl::Status Validate(const UpdateShardCountRequest& request);

absl::Status Validate(const PutRecordRequest& request);
absl::Status Validate(const PutRecordsRequest& request);
absl::Status Validate(const GetShardIteratorRequest& request);
absl::Status Validate(const GetRecordsRequest& request);

absl::Status Validate(const RegisterStreamConsumerRequest& request);
absl::Status Validate(const DeregisterStreamConsumerRequest& request);
absl::Status Validate(const DescribeStreamConsumerRequest& request);
absl::Status Validate(const ListStreamConsumersRequest& request);
absl::Status Validate(const SubscribeToShardRequest& request);

absl::Status Validate(const UpdateStreamModeRequest& request);
absl::Status Validate(const UpdateMaxRecordSizeRequest& request);
absl::Status Validate(const UpdateStreamWarmThroughputRequest& request);
absl::Status Validate(const UpdateStreamRecordDistributionStrategyRequest& request);

absl::Status Validate(const EnableEnhancedMonitoringRequest& request);
absl::Status Validate(const DisableEnhancedMonitoringRequest& request);

absl::Status Validate(const AddTagsToStreamRequest& request);
absl::Status Validate(const RemoveTagsFromStreamRequest& request);
absl::Status Validate(const ListTagsForStreamRequest& request);
absl::Status Validate(const TagResourceRequest& request);
absl::Status Validate(const UntagResourceRequest& request);
absl::Status Validate(const ListTagsForResourceRequest& request);

absl::Status Validate(const DescribeLimitsRequest& request);
absl::Status Validate(const DescribeAccountSettingsRequest& request);
absl::Status Validate(const UpdateAccountSettingsRequest& request);

absl::Status Validate(const CreateChannelRequest& request);
absl::Status Validate(const DescribeChannelRequest& request);
absl::Status Validate(const ListChannelsRequest& request);
absl::Status Validate(const UpdateChannelRequest& request);
absl::Status Validate(const DeleteChannelRequest& request);

}  // namespace riacho::internal
