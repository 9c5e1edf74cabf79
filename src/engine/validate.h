// What the model demands of each request, before anything else is looked at: one function per
// request, OK or kValidation.
#pragma once

#include "absl/status/status.h"

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

absl::Status Validate(const StartStreamEncryptionRequest& request);
absl::Status Validate(const StopStreamEncryptionRequest& request);

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

}  // namespace riacho::internal
