// RemoteClient: a client of a Kinesis endpoint elsewhere: the service's own, an Endpoint in another
// process, or whatever else speaks its protocol. The rest of the program stays as it is.
//
//   riacho::RemoteClient kinesis({.region = "eu-west-1"});
//   absl::StatusOr<riacho::PutRecordResponse> put = kinesis.PutRecord({
//       .stream_name = "orders",
//       .data = "paid",
//       .partition_key = "order-17",
//   });
//
// Tests have no use for it: prefer Engine, which answers in the same process and in virtual time.
// The other end: Endpoint.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "riacho/client/client.h"
#include "riacho/flow/retry_policy.h"
#include "riacho/time/clock.h"

namespace riacho {

namespace internal {
class RemoteCaller;
}  // namespace internal

struct RemoteCredentials {
  std::string access_key_id = {};
  std::string secret_access_key = {};
  std::string session_token = {};  // of temporary credentials; empty: none
};

// What bodies of requests and answers are written in. The events of a subscription are JSON.
enum class RemoteFormat : unsigned char { kJson, kCbor };

// What is empty is looked for in the environment and in the files that the AWS CLI and the SDKs
// share, once, when the client is made:
//
//   region       AWS_REGION, AWS_DEFAULT_REGION, then `region` of the profile in the shared config
//   credentials  AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, then the profile
//                in the shared credentials file, then in the shared config
//   profile      AWS_PROFILE, then "default"
//   files        AWS_CONFIG_FILE, then ~/.aws/config; AWS_SHARED_CREDENTIALS_FILE, then
//                ~/.aws/credentials
struct RemoteClientOptions {
  // "http://127.0.0.1:40123", "https://host", "https://[::1]:8443". Empty: the service's endpoint
  // of the region.
  std::string endpoint = {};
  std::string region = {};
  RemoteCredentials credentials = {};
  std::string profile = {};

  RemoteFormat format = RemoteFormat::kJson;
  // Whose certificates are trusted: PEM, and the name of a file of PEM. Both empty: the system's.
  std::string ca_certificates = {};
  std::string ca_file = {};
  // Subscriptions over an endpoint without TLS speak HTTP/2 from the first byte. With TLS both ends
  // agree on the version.
  bool http2_prior_knowledge = false;

  // Of the calls that the SDKs try again, see RemoteClient; max_attempts 1 leaves that to the
  // caller. `throttling_delay` takes the place of initial_delay after throttling.
  RetryPolicy retry = {.initial_delay = absl::Milliseconds(50)};
  absl::Duration throttling_delay = absl::Seconds(1);
  absl::Duration connect_timeout = absl::Seconds(3);   // with the TLS handshake; without the name
  absl::Duration request_timeout = absl::Seconds(30);  // from an attempt's first byte to its last
  std::int64_t max_answer_bytes = 32 << 20;            // of one answer's body
  int max_idle_connections = 64;                       // that are kept for the next calls

  // When requests are signed, how long retries wait, and what the deadlines of Subscription::Wait
  // mean. Null: SystemClock(). Time-outs are real time in any case.
  Clock* clock = nullptr;
};

// Thread-safe; a call blocks its thread until it is answered. Calls at the same time have a
// connection each, which is kept for the calls after them; a subscription has one of its own as
// long as it lives. Batches, answers and subscriptions may outlive the client; `clock` must outlive
// them all.
//
// Errors: the service's, with its ErrorCode and its words. An exception that has no ErrorCode keeps
// its name in front of the message; its status is kUnauthenticated where signature or credentials
// are at fault, kUnavailable for an HTTP status of 500, 502 or 503, kDeadlineExceeded for 504, else
// kFailedPrecondition; the general throttling is kLimitExceeded. Without any exception:
// kUnavailable (no connection, or a broken one: host, port and the system's words),
// kDeadlineExceeded (connect_timeout, request_timeout), kDataLoss (the answer cannot be read, and
// why), kResourceExhausted (it is longer than max_answer_bytes), kInvalidArgument, kNotFound or
// kFailedPrecondition (see status()).
//
// Retries follow the SDKs' standard mode of 2026. Tried again are kLimitExceeded and
// kProvisionedThroughputExceeded (throttling), kInternalFailure, kUnavailable and kDeadlineExceeded
// (transient); not kKmsThrottling, which the SDKs leave to their callers. Delays have exponential
// backoff with full jitter; where the endpoint asks for a longer one (x-amz-retry-after), up to
// five seconds are added. All calls of the client share a quota, so that an endpoint in trouble is
// not asked thrice as often. A call that was repeated after a time-out or a broken connection may
// have been carried out twice.
//
// Source: AWS SDKs and Tools Reference Guide, "Retry behavior", "Credential provider chain", and
// "Shared config and credentials files".
class RemoteClient : public Client {
 public:
  explicit RemoteClient(RemoteClientOptions options = {});
  ~RemoteClient() override;

  // OK, or why every call fails: kInvalidArgument (an option, and why it cannot be), kNotFound (no
  // region, or no credentials, and where they were looked for), kFailedPrecondition (certificates
  // that cannot be read).
  const absl::Status& status() const;

  absl::StatusOr<CreateStreamResponse> CreateStream(const CreateStreamRequest& request) override;
  absl::StatusOr<DeleteStreamResponse> DeleteStream(const DeleteStreamRequest& request) override;
  absl::StatusOr<DescribeStreamResponse> DescribeStream(
      const DescribeStreamRequest& request) override;
  absl::StatusOr<DescribeStreamSummaryResponse> DescribeStreamSummary(
      const DescribeStreamSummaryRequest& request) override;
  absl::StatusOr<ListStreamsResponse> ListStreams(const ListStreamsRequest& request) override;
  absl::StatusOr<UpdateStreamModeResponse> UpdateStreamMode(
      const UpdateStreamModeRequest& request) override;
  absl::StatusOr<IncreaseStreamRetentionPeriodResponse> IncreaseStreamRetentionPeriod(
      const IncreaseStreamRetentionPeriodRequest& request) override;
  absl::StatusOr<DecreaseStreamRetentionPeriodResponse> DecreaseStreamRetentionPeriod(
      const DecreaseStreamRetentionPeriodRequest& request) override;
  absl::StatusOr<UpdateMaxRecordSizeResponse> UpdateMaxRecordSize(
      const UpdateMaxRecordSizeRequest& request) override;
  absl::StatusOr<UpdateStreamWarmThroughputResponse> UpdateStreamWarmThroughput(
      const UpdateStreamWarmThroughputRequest& request) override;
  absl::StatusOr<UpdateStreamRecordDistributionStrategyResponse>
  UpdateStreamRecordDistributionStrategy(
      const UpdateStreamRecordDistributionStrategyRequest& request) override;

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
  // Returns when the endpoint has accepted. The subscription reads from its connection only when it
  // is asked for events: what it holds is bounded by the longest event, and the endpoint is held
  // back. Whatever comes wakes OnWake, on a thread that all subscriptions of the client share and
  // the first of them to sleep starts; a wake may be for nothing. next_poll() is infinitely far:
  // time-driven events come over the connection, too.
  absl::StatusOr<std::unique_ptr<Subscription>> SubscribeToShard(
      const SubscribeToShardRequest& request) override;

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
  absl::StatusOr<PutResourcePolicyResponse> PutResourcePolicy(
      const PutResourcePolicyRequest& request) override;
  absl::StatusOr<GetResourcePolicyResponse> GetResourcePolicy(
      const GetResourcePolicyRequest& request) override;
  absl::StatusOr<DeleteResourcePolicyResponse> DeleteResourcePolicy(
      const DeleteResourcePolicyRequest& request) override;
  absl::StatusOr<StartStreamEncryptionResponse> StartStreamEncryption(
      const StartStreamEncryptionRequest& request) override;
  absl::StatusOr<StopStreamEncryptionResponse> StopStreamEncryption(
      const StopStreamEncryptionRequest& request) override;
  absl::StatusOr<EnableEnhancedMonitoringResponse> EnableEnhancedMonitoring(
      const EnableEnhancedMonitoringRequest& request) override;
  absl::StatusOr<DisableEnhancedMonitoringResponse> DisableEnhancedMonitoring(
      const DisableEnhancedMonitoringRequest& request) override;
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

 private:
  template <typename Request>
  absl::StatusOr<typename Request::Response> Call(const Request& request);

  std::unique_ptr<internal::RemoteCaller> caller_;
};

}  // namespace riacho
