// The Client of an engine. Every operation passes through Run: what the model demands, then what
// policies allow, then the account's call rate, then the work, with the interceptors around all of
// it. The work stands in *_operations.cc, one file per family.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/attributes.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "engine/access.h"
#include "engine/account.h"
#include "engine/call_metrics.h"
#include "engine/interception.h"
#include "engine/validate.h"
#include "riacho/client/client.h"
#include "riacho/model/error.h"

namespace riacho::internal {

// Thread-safe. PutRecord, PutRecords, GetRecords and GetShardIterator are lock-free while nothing
// is due in the stream, its records are not encrypted, no policy asks for its tags and no memory
// has to be reclaimed, but for the first put to an ON_DEMAND stream after an idle window; all other
// operations take mutexes.
class EngineClient final : public Client {
 public:
  EngineClient(Account& account, Principal principal)
      : account_(account),
        authorizer_(std::make_shared<const Authorizer>(account, std::move(principal))) {}

  absl::StatusOr<CreateStreamResponse> CreateStream(const CreateStreamRequest& request) override;
  absl::StatusOr<DeleteStreamResponse> DeleteStream(const DeleteStreamRequest& request) override;
  absl::StatusOr<DescribeStreamResponse> DescribeStream(
      const DescribeStreamRequest& request) override;
  absl::StatusOr<DescribeStreamSummaryResponse> DescribeStreamSummary(
      const DescribeStreamSummaryRequest& request) override;
  absl::StatusOr<ListStreamsResponse> ListStreams(const ListStreamsRequest& request) override;
  absl::StatusOr<IncreaseStreamRetentionPeriodResponse> IncreaseStreamRetentionPeriod(
      const IncreaseStreamRetentionPeriodRequest& request) override;
  absl::StatusOr<DecreaseStreamRetentionPeriodResponse> DecreaseStreamRetentionPeriod(
      const DecreaseStreamRetentionPeriodRequest& request) override;

  absl::StatusOr<StartStreamEncryptionResponse> StartStreamEncryption(
      const StartStreamEncryptionRequest& request) override;
  absl::StatusOr<StopStreamEncryptionResponse> StopStreamEncryption(
      const StopStreamEncryptionRequest& request) override;

  absl::StatusOr<ListShardsResponse> ListShards(const ListShardsRequest& request) override;
  absl::StatusOr<SplitShardResponse> SplitShard(const SplitShardRequest& request) override;
  absl::StatusOr<MergeShardsResponse> MergeShards(const MergeShardsRequest& request) override;
  absl::StatusOr<UpdateShardCountResponse> UpdateShardCount(
      const UpdateShardCountRequest& request) override;

  absl::StatusOr<PutRecordResponse> PutRecord(const PutRecordRequest& request) override;
  absl::StatusOr<PutRecordsResponse> PutRecords(const PutRecordsRequest& request) override;
  absl::StatusOr<GetShardIteratorResponse> GetShardIterator(
      const GetShardIteratorRequest& request) override;
  absl::StatusOr<GetRecordsResponse> GetRecords(const GetRecordsRequest& request) override;

  absl::StatusOr<RegisterStreamConsumerResponse> RegisterStreamConsumer(
      const RegisterStreamConsumerRequest& request) override;
  absl::StatusOr<DeregisterStreamConsumerResponse> DeregisterStreamConsumer(
      const DeregisterStreamConsumerRequest& request) override;
  absl::StatusOr<DescribeStreamConsumerResponse> DescribeStreamConsumer(
      const DescribeStreamConsumerRequest& request) override;
  absl::StatusOr<ListStreamConsumersResponse> ListStreamConsumers(
      const ListStreamConsumersRequest& request) override;
  absl::StatusOr<std::unique_ptr<Subscription>> SubscribeToShard(
      const SubscribeToShardRequest& request) override;

  absl::StatusOr<UpdateStreamModeResponse> UpdateStreamMode(
      const UpdateStreamModeRequest& request) override;
  absl::StatusOr<UpdateMaxRecordSizeResponse> UpdateMaxRecordSize(
      const UpdateMaxRecordSizeRequest& request) override;
  absl::StatusOr<UpdateStreamWarmThroughputResponse> UpdateStreamWarmThroughput(
      const UpdateStreamWarmThroughputRequest& request) override;
  absl::StatusOr<UpdateStreamRecordDistributionStrategyResponse>
  UpdateStreamRecordDistributionStrategy(
      const UpdateStreamRecordDistributionStrategyRequest& request) override;

  absl::StatusOr<EnableEnhancedMonitoringResponse> EnableEnhancedMonitoring(
      const EnableEnhancedMonitoringRequest& request) override;
  absl::StatusOr<DisableEnhancedMonitoringResponse> DisableEnhancedMonitoring(
      const DisableEnhancedMonitoringRequest& request) override;

  absl::StatusOr<AddTagsToStreamResponse> AddTagsToStream(
      const AddTagsToStreamRequest& request) override;
  absl::StatusOr<RemoveTagsFromStreamResponse> RemoveTagsFromStream(
      const RemoveTagsFromStreamRequest& request) override;
  absl::StatusOr<ListTagsForStreamResponse> ListTagsForStream(
      const ListTagsForStreamRequest& request) override;
  absl::StatusOr<TagResourceResponse> TagResource(const TagResourceRequest& request) override;
  absl::StatusOr<UntagResourceResponse> UntagResource(const UntagResourceRequest& request) override;
  absl::StatusOr<ListTagsForResourceResponse> ListTagsForResource(
      const ListTagsForResourceRequest& request) override;

  absl::StatusOr<DescribeLimitsResponse> DescribeLimits(
      const DescribeLimitsRequest& request) override;
  absl::StatusOr<DescribeAccountSettingsResponse> DescribeAccountSettings(
      const DescribeAccountSettingsRequest& request) override;
  absl::StatusOr<UpdateAccountSettingsResponse> UpdateAccountSettings(
      const UpdateAccountSettingsRequest& request) override;

  absl::StatusOr<CreateChannelResponse> CreateChannel(const CreateChannelRequest& request) override;
  absl::StatusOr<DescribeChannelResponse> DescribeChannel(
      const DescribeChannelRequest& request) override;
  absl::StatusOr<ListChannelsResponse> ListChannels(const ListChannelsRequest& request) override;
  absl::StatusOr<UpdateChannelResponse> UpdateChannel(const UpdateChannelRequest& request) override;
  absl::StatusOr<DeleteChannelResponse> DeleteChannel(const DeleteChannelRequest& request) override;
  absl::StatusOr<PutResourcePolicyResponse> PutResourcePolicy(
      const PutResourcePolicyRequest& request) override;
  absl::StatusOr<GetResourcePolicyResponse> GetResourcePolicy(
      const GetResourcePolicyRequest& request) override;
  absl::StatusOr<DeleteResourcePolicyResponse> DeleteResourcePolicy(
      const DeleteResourcePolicyRequest& request) override;

 private:
  // body(now_nanos) answers the response or an error. How long it takes is counted of operations
  // that do not count it themselves, of their stream.
  template <typename Request, typename Body>
  auto Run(const Request& request, Body&& body) -> decltype(body(std::int64_t{0})) {
    if constexpr (HasLatencyOfStream(Request::kOperation)) {
      return RunUntimed(request, std::forward<Body>(body));
    } else {
      return RunUntimed(request, [&](std::int64_t now_nanos) {
        auto result = body(now_nanos);
        CountLatency(account_, Request::kOperation, now_nanos);
        return result;
      });
    }
  }

  template <typename Request, typename Body>
  auto RunUntimed(const Request& request, Body&& body) -> decltype(body(std::int64_t{0})) {
    if (!account_.options.interceptors.empty()) [[unlikely]]
      return RunIntercepted(request, std::forward<Body>(body));
    return RunAdmitted(request, std::forward<Body>(body));
  }

  // Inlined for the sake of those who put records: left alone, the compiler makes it a call.
  template <typename Request, typename Body>
  ABSL_ATTRIBUTE_ALWAYS_INLINE auto RunAdmitted(const Request& request, Body&& body)
      -> decltype(body(std::int64_t{0})) {
    if (absl::Status valid = Validate(request); !valid.ok()) return valid;
    const std::int64_t now_nanos = account_.NowNanos();
    if (authorizer_->needed()) {
      absl::Status authorized = authorizer_->Authorize(request, now_nanos);
      if (!authorized.ok()) return authorized;
    }
    if (account_.options.limits.enforce_call_rates) {
      absl::Status admitted = account_.call_rates.AdmitToAccount(Request::kOperation, now_nanos);
      if (!admitted.ok()) return admitted;
    }
    return std::forward<Body>(body)(now_nanos);
  }

  template <typename Request, typename Body>
  auto RunIntercepted(const Request& request, Body&& body) -> decltype(body(std::int64_t{0})) {
    using Result = decltype(body(std::int64_t{0}));
    Interception interception(account_, *authorizer_, request, account_.NowNanos());
    absl::Status passed = interception.Before();
    Result result =
        passed.ok() ? RunAdmitted(request, std::forward<Body>(body)) : Result(std::move(passed));
    interception.After(result);
    return result;
  }

  // Lets the interceptors refuse single entries, whose results say so; answers which, nothing
  // without interceptors.
  std::vector<bool> RefuseEntries(const PutRecordsRequest& request, std::int64_t now_nanos,
                                  PutRecordsResponse::Records& results) const;

  // What the stream's limit and the request's demand of PutRecords: one bad entry refuses them all.
  absl::Status CheckEntries(const PutRecordsRequest& request, std::int64_t most_record_bytes) const;

  Account& account_;
  const std::shared_ptr<const Authorizer> authorizer_;  // subscriptions have it too
};

// What a DryRun answers when the call would have succeeded.
absl::Status DryRunSucceeded(Operation operation);

}  // namespace riacho::internal
