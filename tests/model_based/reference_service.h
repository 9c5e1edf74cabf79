// The reference: the operations of one account on its streams, as the service's documents describe
// them. Requests are the engine's; answers that are opaque there (iterators, paging tokens,
// subscriptions) are plain values here, and whoever compares keeps the two side by side.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model_based/reference_access.h"
#include "model_based/reference_keys.h"
#include "model_based/reference_stream.h"
#include "model_based/request_shapes.h"
#include "riacho/client/channel_requests.h"
#include "riacho/client/consumer_requests.h"
#include "riacho/client/record_requests.h"
#include "riacho/client/settings_requests.h"
#include "riacho/client/shard_requests.h"
#include "riacho/client/stream_requests.h"

namespace riacho::model_based {

struct ReferenceIterator {
  std::shared_ptr<ReferenceStream> stream;
  std::uint32_t shard = 0;
  ReferencePosition position = {};
  std::int64_t issued_millis = 0;
};

struct ReferenceRecordsPage {
  ReferencePage page = {};
  std::optional<ReferenceIterator> next = {};
  std::vector<ChildShard> child_shards = {};
};

struct ReferenceSubscription {
  std::shared_ptr<ReferenceStream> stream;
  std::shared_ptr<ReferenceShard> shard;
  std::shared_ptr<ReferenceLease> lease;
  NaiveCaller caller;  // whose subscription it is
  std::uint64_t ticket = 0;
  ReferencePosition position = {};
  std::int64_t ends_at_nanos = 0;
  std::int64_t last_event_nanos = 0;
  bool ended = false;
};

struct ReferenceEvent {
  ReferencePage page = {};
  std::vector<ChildShard> child_shards = {};
};

// Where a list goes on: all that a paging token stands for.
struct ReferenceToken {
  std::int64_t made_nanos = 0;
  std::string after_name = {};  // of a stream or a consumer
  std::shared_ptr<ReferenceStream> stream = nullptr;
  std::optional<std::uint32_t> after_shard = {};
  ShardFilter filter = {};
};

template <typename Item>
struct ReferenceList {
  std::vector<Item> items = {};
  std::optional<ReferenceToken> next = {};
};

class ReferenceService {
 public:
  ReferenceService(const Limits& limits, const Lifecycle& lifecycle, Mistake mistake);

  // When quotas of a day have room again, the account's commitment may end and keys end.
  std::vector<std::int64_t> Moments(const ReferenceStream& stream) const;

  // Whose calls the next ones are; at first nobody's.
  void SetCaller(const NaiveCaller& caller) { caller_ = caller; }

  // Applies what is due in all streams.
  void Settle(std::int64_t now_nanos);
  bool IsUnclearAt(std::int64_t now_nanos) const;  // see ReferenceStream

  Answer<Done> CreateStream(const CreateStreamRequest& request, std::int64_t now_nanos);
  Answer<Done> DeleteStream(const DeleteStreamRequest& request, std::int64_t now_nanos);
  Answer<StreamDescription> DescribeStream(const DescribeStreamRequest& request,
                                           std::int64_t now_nanos);
  Answer<StreamDescriptionSummary> DescribeStreamSummary(
      const DescribeStreamSummaryRequest& request, std::int64_t now_nanos);
  // `token`: what request.next_token stands for; null when it is no token, or no text of ours.
  Answer<ReferenceList<StreamSummary>> ListStreams(const ListStreamsRequest& request,
                                                   const ReferenceToken* token,
                                                   std::int64_t now_nanos);
  Answer<Done> IncreaseStreamRetentionPeriod(const IncreaseStreamRetentionPeriodRequest& request,
                                             std::int64_t now_nanos);
  Answer<Done> DecreaseStreamRetentionPeriod(const DecreaseStreamRetentionPeriodRequest& request,
                                             std::int64_t now_nanos);

  Answer<ReferenceList<Shard>> ListShards(const ListShardsRequest& request,
                                          const ReferenceToken* token, std::int64_t now_nanos);
  Answer<Done> SplitShard(const SplitShardRequest& request, std::int64_t now_nanos);
  Answer<Done> MergeShards(const MergeShardsRequest& request, std::int64_t now_nanos);
  // The value: open shards before the call.
  Answer<std::int64_t> UpdateShardCount(const UpdateShardCountRequest& request,
                                        std::int64_t now_nanos);

  Answer<Done> UpdateStreamMode(const UpdateStreamModeRequest& request, std::int64_t now_nanos);
  Answer<Done> UpdateMaxRecordSize(const UpdateMaxRecordSizeRequest& request,
                                   std::int64_t now_nanos);
  Answer<UpdateStreamWarmThroughputResponse> UpdateStreamWarmThroughput(
      const UpdateStreamWarmThroughputRequest& request, std::int64_t now_nanos);
  Answer<Done> UpdateStreamRecordDistributionStrategy(
      const UpdateStreamRecordDistributionStrategyRequest& request, std::int64_t now_nanos);
  Answer<EnableEnhancedMonitoringResponse> EnableEnhancedMonitoring(
      const EnableEnhancedMonitoringRequest& request, std::int64_t now_nanos);
  Answer<DisableEnhancedMonitoringResponse> DisableEnhancedMonitoring(
      const DisableEnhancedMonitoringRequest& request, std::int64_t now_nanos);

  Answer<Done> StartStreamEncryption(const StartStreamEncryptionRequest& request,
                                     std::int64_t now_nanos);
  Answer<Done> StopStreamEncryption(const StopStreamEncryptionRequest& request,
                                    std::int64_t now_nanos);

  Answer<Done> AddTagsToStream(const AddTagsToStreamRequest& request, std::int64_t now_nanos);
  Answer<Done> RemoveTagsFromStream(const RemoveTagsFromStreamRequest& request,
                                    std::int64_t now_nanos);
  Answer<ListTagsForStreamResponse> ListTagsForStream(const ListTagsForStreamRequest& request,
                                                      std::int64_t now_nanos);
  Answer<Done> TagResource(const TagResourceRequest& request, std::int64_t now_nanos);
  Answer<Done> UntagResource(const UntagResourceRequest& request, std::int64_t now_nanos);
  Answer<ListTagsForResourceResponse> ListTagsForResource(const ListTagsForResourceRequest& request,
                                                          std::int64_t now_nanos);

  Answer<DescribeLimitsResponse> DescribeLimits(const DescribeLimitsRequest& request,
                                                std::int64_t now_nanos);
  Answer<MinimumThroughputBillingCommitmentOutput> DescribeAccountSettings(
      const DescribeAccountSettingsRequest& request, std::int64_t now_nanos);
  Answer<MinimumThroughputBillingCommitmentOutput> UpdateAccountSettings(
      const UpdateAccountSettingsRequest& request, std::int64_t now_nanos);

  // `meaning`: what request.policy says; none when it is no policy.
  Answer<Done> PutResourcePolicy(const PutResourcePolicyRequest& request,
                                 const std::optional<NaivePolicy>& meaning, std::int64_t now_nanos);
  Answer<std::string> GetResourcePolicy(const GetResourcePolicyRequest& request,
                                        std::int64_t now_nanos);
  Answer<Done> DeleteResourcePolicy(const DeleteResourcePolicyRequest& request,
                                    std::int64_t now_nanos);

  // All that there is to say of a channel is why not.
  template <typename Request>
  ErrorCode RefuseChannel(const Request& request, std::int64_t per_second, std::int64_t now_nanos) {
    if (const Refusal refusal = Refuse(request, now_nanos)) return *refusal;
    if (!Admit(request.kOperation, "", per_second, now_nanos)) return ErrorCode::kLimitExceeded;
    return ErrorCode::kUnknownOperation;
  }

  // Puts answer to whom the numbers are to be told, and the fate of each entry. A stream that
  // places records itself has placed them where `placed_in` says, for each entry, if anywhere.
  struct Put {
    std::shared_ptr<ReferenceStream> stream = nullptr;
    std::vector<ReferenceStream::PutAnswer> entries = {};
    EncryptionType encryption_type = EncryptionType::kNone;
  };
  using Places = std::vector<std::optional<std::uint32_t>>;
  Answer<Put> PutRecord(const PutRecordRequest& request, const Places& placed_in,
                        std::int64_t now_nanos);
  Answer<Put> PutRecords(const PutRecordsRequest& request, const Places& placed_in,
                         std::int64_t now_nanos);
  Answer<ReferenceIterator> GetShardIterator(const GetShardIteratorRequest& request,
                                             std::int64_t now_nanos);
  // `iterator`: what request.shard_iterator stands for; null when it is no iterator.
  Answer<ReferenceRecordsPage> GetRecords(const GetRecordsRequest& request,
                                          const ReferenceIterator* iterator,
                                          std::int64_t now_nanos);

  Answer<Consumer> RegisterStreamConsumer(const RegisterStreamConsumerRequest& request,
                                          std::int64_t now_nanos);
  Answer<Done> DeregisterStreamConsumer(const DeregisterStreamConsumerRequest& request,
                                        std::int64_t now_nanos);
  Answer<ConsumerDescription> DescribeStreamConsumer(const DescribeStreamConsumerRequest& request,
                                                     std::int64_t now_nanos);
  Answer<ReferenceList<Consumer>> ListStreamConsumers(const ListStreamConsumersRequest& request,
                                                      const ReferenceToken* token,
                                                      std::int64_t now_nanos);
  Answer<ReferenceSubscription> SubscribeToShard(const SubscribeToShardRequest& request,
                                                 std::int64_t now_nanos);
  Answer<std::optional<ReferenceEvent>> Poll(ReferenceSubscription& subscription,
                                             std::int64_t now_nanos);

  const std::map<std::string, std::shared_ptr<ReferenceStream>>& streams() const {
    return streams_;
  }
  std::string ArnOf(std::string_view name) const;
  ReferenceKeys& keys() { return keys_; }

 private:
  using StreamAnswer = Answer<std::shared_ptr<ReferenceStream>>;
  using Refusal = std::optional<ErrorCode>;
  struct ConsumerAnswer {
    std::shared_ptr<ReferenceStream> stream = nullptr;
    ReferenceConsumer* consumer = nullptr;
  };

  // What a stream's or a consumer's ARN means: the consumer is there, if there is one in the ARN.
  Answer<ConsumerAnswer> FindResource(const std::string& arn) const;

  // What comes before everything else: the form of the request, then policies.
  template <typename Request>
  Refusal Refuse(const Request& request, std::int64_t now_nanos) const {
    if (!IsWellFormed(request)) return ErrorCode::kValidation;
    if (!may_deny()) return std::nullopt;
    return Authorize(AddressOf(request), now_nanos);
  }
  // The same for a request that goes on with an iterator or a token of `stream`; null: of none.
  template <typename Request>
  Refusal RefuseToGoOn(const Request& request, const ReferenceStream* stream,
                       std::int64_t now_nanos) const {
    if (!IsWellFormed(request)) return ErrorCode::kValidation;
    if (!may_deny()) return std::nullopt;
    ReferenceAddress address = AddressOf(request);
    address.by_token = true;
    if (stream != nullptr) address.token_stream = stream->name;
    return Authorize(address, now_nanos);
  }

  // What a request is authorised on.
  struct Target;
  bool may_deny() const { return caller_.type != PrincipalType::kRoot || has_policies_; }
  Refusal Authorize(const ReferenceAddress& address, std::int64_t now_nanos) const;
  bool Allows(Operation operation, const Target& target, const ReferenceTags& request_tags) const;
  std::optional<Target> TargetOf(const ReferenceAddress& address) const;
  std::optional<Target> TargetStream(const std::string& arn) const;
  std::optional<Target> TargetConsumer(const std::string& stream_arn, const std::string& name,
                                       std::optional<std::int64_t> seconds) const;
  std::optional<Target> TargetResource(const std::string& arn) const;
  Answer<std::optional<NaivePolicy>*> PolicyToChange(const ConsumerAnswer& resource);

  // What a caller's records are encrypted with; 0: they are not.
  Answer<std::uint64_t> DataKeyFor(const ReferenceStream& stream, std::int64_t now_nanos);
  bool Committed(std::int64_t now_nanos) const;
  MinimumThroughputBillingCommitmentOutput DescribeCommitment(std::int64_t now_nanos) const;
  Answer<Done> CheckWarmThroughput(std::int64_t mibps, std::int64_t now_nanos) const;
  template <typename Request>
  Answer<typename Request::Response> ChangeMetrics(const Request& request, bool enable,
                                                   std::int64_t per_second, std::int64_t now_nanos);
  Answer<std::string> NameOf(const std::optional<std::string>& name,
                             const std::optional<std::string>& arn) const;
  StreamAnswer Find(const std::optional<std::string>& name,
                    const std::optional<std::string>& arn) const;
  template <typename Request>
  StreamAnswer FindForControl(const Request& request, std::int64_t per_second,
                              std::int64_t now_nanos) {
    StreamAnswer stream = Find(NameIn(request), AsString(request.stream_arn));
    if (stream.ok() && !Admit(request.kOperation, stream.value->name, per_second, now_nanos)) {
      return ErrorCode::kLimitExceeded;
    }
    return stream;
  }
  template <typename Request>
  Answer<ConsumerAnswer> FindConsumer(const Request& request, std::int64_t per_second,
                                      std::int64_t now_nanos);
  bool Admit(Operation operation, const std::string& stream, std::int64_t per_second,
             std::int64_t now_nanos);
  ReferenceUsage UsageElsewhere(const ReferenceStream* stream) const;
  template <typename Request>
  Answer<Done> ChangeRetention(const Request& request, bool increase, std::int64_t per_second,
                               std::int64_t now_nanos);
  Answer<Done> CheckFilter(const ShardFilter& filter, const ReferenceStream& stream,
                           std::int64_t now_nanos) const;

  const Limits limits_;
  const Lifecycle lifecycle_;
  const Mistake mistake_;
  std::map<std::string, std::shared_ptr<ReferenceStream>> streams_ = {};
  std::map<std::pair<Operation, std::string>, ExactBucket> call_rates_ = {};
  std::map<std::string, std::vector<std::int64_t>> mode_switches_nanos_ = {};  // by name
  std::optional<std::int64_t> commitment_start_nanos_ = {};
  std::optional<std::int64_t> commitment_end_nanos_ = {};  // scheduled or past
  ReferenceKeys keys_;
  NaiveCaller caller_ = {};
  bool has_policies_ = false;  // some resource has, or had
  std::uint64_t last_incarnation_ = 0;
  std::uint64_t last_ticket_ = 0;
};

}  // namespace riacho::model_based
