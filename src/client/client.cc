#include "riacho/client/client.h"

#include <string>

#include "riacho/model/error.h"
#include "riacho/model/operation.h"

namespace riacho {
namespace {

absl::Status NotSupported(Operation operation) {
  return MakeError(ErrorCode::kUnknownOperation,
                   std::string(OperationName(operation)) + " is not supported by this backend.");
}

}  // namespace

Client::~Client() = default;

// --- stream
// ---------------------------------------------------------------------------------------------------------

absl::StatusOr<CreateStreamResponse> Client::CreateStream(const CreateStreamRequest&) {
  return NotSupported(Operation::kCreateStream);
}

absl::StatusOr<DeleteStreamResponse> Client::DeleteStream(const DeleteStreamRequest&) {
  return NotSupported(Operation::kDeleteStream);
}

absl::StatusOr<DescribeStreamResponse> Client::DescribeStream(const DescribeStreamRequest&) {
  return NotSupported(Operation::kDescribeStream);
}

absl::StatusOr<DescribeStreamSummaryResponse> Client::DescribeStreamSummary(
    const DescribeStreamSummaryRequest&) {
  return NotSupported(Operation::kDescribeStreamSummary);
}

absl::StatusOr<ListStreamsResponse> Client::ListStreams(const ListStreamsRequest&) {
  return NotSupported(Operation::kListStreams);
}

absl::StatusOr<UpdateStreamModeResponse> Client::UpdateStreamMode(const UpdateStreamModeRequest&) {
  return NotSupported(Operation::kUpdateStreamMode);
}

absl::StatusOr<IncreaseStreamRetentionPeriodResponse> Client::IncreaseStreamRetentionPeriod(
    const IncreaseStreamRetentionPeriodRequest&) {
  return NotSupported(Operation::kIncreaseStreamRetentionPeriod);
}

absl::StatusOr<DecreaseStreamRetentionPeriodResponse> Client::DecreaseStreamRetentionPeriod(
    const DecreaseStreamRetentionPeriodRequest&) {
  return NotSupported(Operation::kDecreaseStreamRetentionPeriod);
}

absl::StatusOr<UpdateMaxRecordSizeResponse> Client::UpdateMaxRecordSize(
    const UpdateMaxRecordSizeRequest&) {
  return NotSupported(Operation::kUpdateMaxRecordSize);
}

absl::StatusOr<UpdateStreamWarmThroughputResponse> Client::UpdateStreamWarmThroughput(
    const UpdateStreamWarmThroughputRequest&) {
  return NotSupported(Operation::kUpdateStreamWarmThroughput);
}

absl::StatusOr<UpdateStreamRecordDistributionStrategyResponse>
Client::UpdateStreamRecordDistributionStrategy(
    const UpdateStreamRecordDistributionStrategyRequest&) {
  return NotSupported(Operation::kUpdateStreamRecordDistributionStrategy);
}

// --- shard
// ----------------------------------------------------------------------------------------------------------

absl::StatusOr<ListShardsResponse> Client::ListShards(const ListShardsRequest&) {
  return NotSupported(Operation::kListShards);
}

absl::StatusOr<SplitShardResponse> Client::SplitShard(const SplitShardRequest&) {
  return NotSupported(Operation::kSplitShard);
}

absl::StatusOr<MergeShardsResponse> Client::MergeShards(const MergeShardsRequest&) {
  return NotSupported(Operation::kMergeShards);
}

absl::StatusOr<UpdateShardCountResponse> Client::UpdateShardCount(const UpdateShardCountRequest&) {
  return NotSupported(Operation::kUpdateShardCount);
}

// --- record
// ---------------------------------------------------------------------------------------------------------

absl::StatusOr<PutRecordResponse> Client::PutRecord(const PutRecordRequest&) {
  return NotSupported(Operation::kPutRecord);
}

absl::StatusOr<PutRecordsResponse> Client::PutRecords(const PutRecordsRequest&) {
  return NotSupported(Operation::kPutRecords);
}

absl::StatusOr<GetShardIteratorResponse> Client::GetShardIterator(const GetShardIteratorRequest&) {
  return NotSupported(Operation::kGetShardIterator);
}

absl::StatusOr<GetRecordsResponse> Client::GetRecords(const GetRecordsRequest&) {
  return NotSupported(Operation::kGetRecords);
}

// --- consumer
// -------------------------------------------------------------------------------------------------------

absl::StatusOr<RegisterStreamConsumerResponse> Client::RegisterStreamConsumer(
    const RegisterStreamConsumerRequest&) {
  return NotSupported(Operation::kRegisterStreamConsumer);
}

absl::StatusOr<DeregisterStreamConsumerResponse> Client::DeregisterStreamConsumer(
    const DeregisterStreamConsumerRequest&) {
  return NotSupported(Operation::kDeregisterStreamConsumer);
}

absl::StatusOr<DescribeStreamConsumerResponse> Client::DescribeStreamConsumer(
    const DescribeStreamConsumerRequest&) {
  return NotSupported(Operation::kDescribeStreamConsumer);
}

absl::StatusOr<ListStreamConsumersResponse> Client::ListStreamConsumers(
    const ListStreamConsumersRequest&) {
  return NotSupported(Operation::kListStreamConsumers);
}

absl::StatusOr<std::unique_ptr<Subscription>> Client::SubscribeToShard(
    const SubscribeToShardRequest&) {
  return NotSupported(Operation::kSubscribeToShard);
}

// --- settings
// -------------------------------------------------------------------------------------------------------

absl::StatusOr<AddTagsToStreamResponse> Client::AddTagsToStream(const AddTagsToStreamRequest&) {
  return NotSupported(Operation::kAddTagsToStream);
}

absl::StatusOr<RemoveTagsFromStreamResponse> Client::RemoveTagsFromStream(
    const RemoveTagsFromStreamRequest&) {
  return NotSupported(Operation::kRemoveTagsFromStream);
}

absl::StatusOr<ListTagsForStreamResponse> Client::ListTagsForStream(
    const ListTagsForStreamRequest&) {
  return NotSupported(Operation::kListTagsForStream);
}

absl::StatusOr<TagResourceResponse> Client::TagResource(const TagResourceRequest&) {
  return NotSupported(Operation::kTagResource);
}

absl::StatusOr<UntagResourceResponse> Client::UntagResource(const UntagResourceRequest&) {
  return NotSupported(Operation::kUntagResource);
}

absl::StatusOr<ListTagsForResourceResponse> Client::ListTagsForResource(
    const ListTagsForResourceRequest&) {
  return NotSupported(Operation::kListTagsForResource);
}

absl::StatusOr<PutResourcePolicyResponse> Client::PutResourcePolicy(
    const PutResourcePolicyRequest&) {
  return NotSupported(Operation::kPutResourcePolicy);
}

absl::StatusOr<GetResourcePolicyResponse> Client::GetResourcePolicy(
    const GetResourcePolicyRequest&) {
  return NotSupported(Operation::kGetResourcePolicy);
}

absl::StatusOr<DeleteResourcePolicyResponse> Client::DeleteResourcePolicy(
    const DeleteResourcePolicyRequest&) {
  return NotSupported(Operation::kDeleteResourcePolicy);
}

absl::StatusOr<StartStreamEncryptionResponse> Client::StartStreamEncryption(
    const StartStreamEncryptionRequest&) {
  return NotSupported(Operation::kStartStreamEncryption);
}

absl::StatusOr<StopStreamEncryptionResponse> Client::StopStreamEncryption(
    const StopStreamEncryptionRequest&) {
  return NotSupported(Operation::kStopStreamEncryption);
}

absl::StatusOr<EnableEnhancedMonitoringResponse> Client::EnableEnhancedMonitoring(
    const EnableEnhancedMonitoringRequest&) {
  return NotSupported(Operation::kEnableEnhancedMonitoring);
}

absl::StatusOr<DisableEnhancedMonitoringResponse> Client::DisableEnhancedMonitoring(
    const DisableEnhancedMonitoringRequest&) {
  return NotSupported(Operation::kDisableEnhancedMonitoring);
}

absl::StatusOr<DescribeLimitsResponse> Client::DescribeLimits(const DescribeLimitsRequest&) {
  return NotSupported(Operation::kDescribeLimits);
}

absl::StatusOr<DescribeAccountSettingsResponse> Client::DescribeAccountSettings(
    const DescribeAccountSettingsRequest&) {
  return NotSupported(Operation::kDescribeAccountSettings);
}

absl::StatusOr<UpdateAccountSettingsResponse> Client::UpdateAccountSettings(
    const UpdateAccountSettingsRequest&) {
  return NotSupported(Operation::kUpdateAccountSettings);
}

// --- channel
// --------------------------------------------------------------------------------------------------------

absl::StatusOr<CreateChannelResponse> Client::CreateChannel(const CreateChannelRequest&) {
  return NotSupported(Operation::kCreateChannel);
}

absl::StatusOr<DescribeChannelResponse> Client::DescribeChannel(const DescribeChannelRequest&) {
  return NotSupported(Operation::kDescribeChannel);
}

absl::StatusOr<ListChannelsResponse> Client::ListChannels(const ListChannelsRequest&) {
  return NotSupported(Operation::kListChannels);
}

absl::StatusOr<UpdateChannelResponse> Client::UpdateChannel(const UpdateChannelRequest&) {
  return NotSupported(Operation::kUpdateChannel);
}

absl::StatusOr<DeleteChannelResponse> Client::DeleteChannel(const DeleteChannelRequest&) {
  return NotSupported(Operation::kDeleteChannel);
}

}  // namespace riacho
