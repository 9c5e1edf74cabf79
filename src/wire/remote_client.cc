#include "riacho/wire/remote_client.h"

#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "riacho/model/error.h"
#include "wire/channel_members.h"
#include "wire/consumer_members.h"
#include "wire/credentials_chain.h"
#include "wire/decoder.h"
#include "wire/encoder.h"
#include "wire/parsed_body.h"
#include "wire/record_members.h"
#include "wire/remote_answer.h"
#include "wire/remote_caller.h"
#include "wire/settings_members.h"
#include "wire/shard_members.h"
#include "wire/stream_members.h"

namespace riacho {
namespace {

using internal::Decoder;
using internal::Encoder;
using internal::ParseBody;
using internal::ParsedBody;
using internal::RemoteAnswer;
using internal::RemoteCaller;
using internal::UnreadableAnswer;

// A number that stands for a name of which nothing is known is no ErrorCode.
template <typename Response>
void SettleUnknownNames(const Decoder&, Response&) {}
void SettleUnknownNames(const Decoder& decoder, PutRecordsResponse& response) {
  for (PutRecordsResultEntry& entry : response.records) {
    if (!entry.error_code.has_value()) continue;
    const auto unknown = decoder.unknown_names().find(static_cast<int>(*entry.error_code));
    if (unknown == decoder.unknown_names().end()) continue;
    entry.error_code = ErrorCode::kInternalFailure;
    entry.error_message = unknown->second + ": " + entry.error_message;
  }
}

template <typename Response>
absl::StatusOr<Response> Decoded(const RemoteAnswer& answer) {
  Response response;
  // Operations without output answer nothing.
  if constexpr (!std::is_empty_v<Response>) {
    const absl::StatusOr<ParsedBody> body = ParseBody(answer.body, answer.format);
    if (!body.ok()) return UnreadableAnswer("its body is no object");
    Decoder decoder(*body, answer.format);
    const absl::Status decoded = decoder.Decode(response);
    if (!decoded.ok()) return UnreadableAnswer(ErrorMessage(decoded));
    SettleUnknownNames(decoder, response);
  }
  return response;
}

}  // namespace

RemoteClient::RemoteClient(RemoteClientOptions options)
    : caller_(std::make_unique<RemoteCaller>(std::move(options), internal::OfThisProcess())) {}

RemoteClient::~RemoteClient() = default;

const absl::Status& RemoteClient::status() const { return caller_->status(); }

template <typename Request>
absl::StatusOr<typename Request::Response> RemoteClient::Call(const Request& request) {
  Encoder encoder(caller_->format());
  const std::string body = encoder.Encode(request);
  if (!encoder.faithful())
    return MakeError(ErrorCode::kSerialization, "A text of the request is not UTF-8.");
  if constexpr (Request::kOperation == Operation::kSubscribeToShard) {
    return caller_->Subscribe(body);
  } else {
    const absl::StatusOr<RemoteAnswer> answer = caller_->Call(Request::kOperation, body);
    if (!answer.ok()) return answer.status();
    return Decoded<typename Request::Response>(*answer);
  }
}

absl::StatusOr<CreateStreamResponse> RemoteClient::CreateStream(
    const CreateStreamRequest& request) {
  return Call(request);
}

absl::StatusOr<DeleteStreamResponse> RemoteClient::DeleteStream(
    const DeleteStreamRequest& request) {
  return Call(request);
}

absl::StatusOr<DescribeStreamResponse> RemoteClient::DescribeStream(
    const DescribeStreamRequest& request) {
  return Call(request);
}

absl::StatusOr<DescribeStreamSummaryResponse> RemoteClient::DescribeStreamSummary(
    const DescribeStreamSummaryRequest& request) {
  return Call(request);
}

absl::StatusOr<ListStreamsResponse> RemoteClient::ListStreams(const ListStreamsRequest& request) {
  return Call(request);
}

absl::StatusOr<UpdateStreamModeResponse> RemoteClient::UpdateStreamMode(
    const UpdateStreamModeRequest& request) {
  return Call(request);
}

absl::StatusOr<IncreaseStreamRetentionPeriodResponse> RemoteClient::IncreaseStreamRetentionPeriod(
    const IncreaseStreamRetentionPeriodRequest& request) {
  return Call(request);
}

absl::StatusOr<DecreaseStreamRetentionPeriodResponse> RemoteClient::DecreaseStreamRetentionPeriod(
    const DecreaseStreamRetentionPeriodRequest& request) {
  return Call(request);
}

absl::StatusOr<UpdateMaxRecordSizeResponse> RemoteClient::UpdateMaxRecordSize(
    const UpdateMaxRecordSizeRequest& request) {
  return Call(request);
}

absl::StatusOr<UpdateStreamWarmThroughputResponse> RemoteClient::UpdateStreamWarmThroughput(
    const UpdateStreamWarmThroughputRequest& request) {
  return Call(request);
}

absl::StatusOr<UpdateStreamRecordDistributionStrategyResponse>
RemoteClient::UpdateStreamRecordDistributionStrategy(
    const UpdateStreamRecordDistributionStrategyRequest& request) {
  return Call(request);
}

absl::StatusOr<ListShardsResponse> RemoteClient::ListShards(const ListShardsRequest& request) {
  return Call(request);
}

absl::StatusOr<SplitShardResponse> RemoteClient::SplitShard(const SplitShardRequest& request) {
  return Call(request);
}

absl::StatusOr<MergeShardsResponse> RemoteClient::MergeShards(const MergeShardsRequest& request) {
  return Call(request);
}

absl::StatusOr<UpdateShardCountResponse> RemoteClient::UpdateShardCount(
    const UpdateShardCountRequest& request) {
  return Call(request);
}

absl::StatusOr<PutRecordResponse> RemoteClient::PutRecord(const PutRecordRequest& request) {
  return Call(request);
}

absl::StatusOr<PutRecordsResponse> RemoteClient::PutRecords(const PutRecordsRequest& request) {
  return Call(request);
}

absl::StatusOr<GetShardIteratorResponse> RemoteClient::GetShardIterator(
    const GetShardIteratorRequest& request) {
  return Call(request);
}

absl::StatusOr<GetRecordsResponse> RemoteClient::GetRecords(const GetRecordsRequest& request) {
  return Call(request);
}

absl::StatusOr<RegisterStreamConsumerResponse> RemoteClient::RegisterStreamConsumer(
    const RegisterStreamConsumerRequest& request) {
  return Call(request);
}

absl::StatusOr<DeregisterStreamConsumerResponse> RemoteClient::DeregisterStreamConsumer(
    const DeregisterStreamConsumerRequest& request) {
  return Call(request);
}

absl::StatusOr<DescribeStreamConsumerResponse> RemoteClient::DescribeStreamConsumer(
    const DescribeStreamConsumerRequest& request) {
  return Call(request);
}

absl::StatusOr<ListStreamConsumersResponse> RemoteClient::ListStreamConsumers(
    const ListStreamConsumersRequest& request) {
  return Call(request);
}

absl::StatusOr<std::unique_ptr<Subscription>> RemoteClient::SubscribeToShard(
    const SubscribeToShardRequest& request) {
  return Call(request);
}

absl::StatusOr<AddTagsToStreamResponse> RemoteClient::AddTagsToStream(
    const AddTagsToStreamRequest& request) {
  return Call(request);
}

absl::StatusOr<RemoveTagsFromStreamResponse> RemoteClient::RemoveTagsFromStream(
    const RemoveTagsFromStreamRequest& request) {
  return Call(request);
}

absl::StatusOr<ListTagsForStreamResponse> RemoteClient::ListTagsForStream(
    const ListTagsForStreamRequest& request) {
  return Call(request);
}

absl::StatusOr<TagResourceResponse> RemoteClient::TagResource(const TagResourceRequest& request) {
  return Call(request);
}

absl::StatusOr<UntagResourceResponse> RemoteClient::UntagResource(
    const UntagResourceRequest& request) {
  return Call(request);
}

absl::StatusOr<ListTagsForResourceResponse> RemoteClient::ListTagsForResource(
    const ListTagsForResourceRequest& request) {
  return Call(request);
}

absl::StatusOr<PutResourcePolicyResponse> RemoteClient::PutResourcePolicy(
    const PutResourcePolicyRequest& request) {
  return Call(request);
}

absl::StatusOr<GetResourcePolicyResponse> RemoteClient::GetResourcePolicy(
    const GetResourcePolicyRequest& request) {
  return Call(request);
}

absl::StatusOr<DeleteResourcePolicyResponse> RemoteClient::DeleteResourcePolicy(
    const DeleteResourcePolicyRequest& request) {
  return Call(request);
}

absl::StatusOr<StartStreamEncryptionResponse> RemoteClient::StartStreamEncryption(
    const StartStreamEncryptionRequest& request) {
  return Call(request);
}

absl::StatusOr<StopStreamEncryptionResponse> RemoteClient::StopStreamEncryption(
    const StopStreamEncryptionRequest& request) {
  return Call(request);
}

absl::StatusOr<EnableEnhancedMonitoringResponse> RemoteClient::EnableEnhancedMonitoring(
    const EnableEnhancedMonitoringRequest& request) {
  return Call(request);
}

absl::StatusOr<DisableEnhancedMonitoringResponse> RemoteClient::DisableEnhancedMonitoring(
    const DisableEnhancedMonitoringRequest& request) {
  return Call(request);
}

absl::StatusOr<DescribeLimitsResponse> RemoteClient::DescribeLimits(
    const DescribeLimitsRequest& request) {
  return Call(request);
}

absl::StatusOr<DescribeAccountSettingsResponse> RemoteClient::DescribeAccountSettings(
    const DescribeAccountSettingsRequest& request) {
  return Call(request);
}

absl::StatusOr<UpdateAccountSettingsResponse> RemoteClient::UpdateAccountSettings(
    const UpdateAccountSettingsRequest& request) {
  return Call(request);
}

absl::StatusOr<CreateChannelResponse> RemoteClient::CreateChannel(
    const CreateChannelRequest& request) {
  return Call(request);
}

absl::StatusOr<DescribeChannelResponse> RemoteClient::DescribeChannel(
    const DescribeChannelRequest& request) {
  return Call(request);
}

absl::StatusOr<ListChannelsResponse> RemoteClient::ListChannels(
    const ListChannelsRequest& request) {
  return Call(request);
}

absl::StatusOr<UpdateChannelResponse> RemoteClient::UpdateChannel(
    const UpdateChannelRequest& request) {
  return Call(request);
}

absl::StatusOr<DeleteChannelResponse> RemoteClient::DeleteChannel(
    const DeleteChannelRequest& request) {
  return Call(request);
}

}  // namespace riacho
