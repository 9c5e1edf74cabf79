// Requests and responses of the settings operations: tags, resource policies, encryption, enhanced
// monitoring, account.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"

#include "riacho/model/operation.h"
#include "riacho/model/stream_description.h"

namespace riacho {

// Source: API Reference, "Tag".
struct Tag {
  std::string key = {};
  std::optional<std::string> value = {};

  friend bool operator==(const Tag&, const Tag&) = default;
  friend std::ostream& operator<<(std::ostream& out, const Tag& tag);
};

struct AddTagsToStreamResponse {};

// Source: API Reference, "AddTagsToStream".
struct AddTagsToStreamRequest {
  using Response = AddTagsToStreamResponse;
  static constexpr Operation kOperation = Operation::kAddTagsToStream;

  std::optional<std::string> stream_name = {};
  std::map<std::string, std::string> tags = {};  // required; 1-200 here, at most 50 on the stream
  std::optional<std::string> stream_arn = {};
  std::optional<std::string> stream_id = {};
};

struct RemoveTagsFromStreamResponse {};

// Source: API Reference, "RemoveTagsFromStream".
struct RemoveTagsFromStreamRequest {
  using Response = RemoveTagsFromStreamResponse;
  static constexpr Operation kOperation = Operation::kRemoveTagsFromStream;

  std::optional<std::string> stream_name = {};
  std::vector<std::string> tag_keys = {};  // required; 1-50
  std::optional<std::string> stream_arn = {};
  std::optional<std::string> stream_id = {};
};

struct ListTagsForStreamResponse {
  std::vector<Tag> tags = {};  // ascending bytes of the key
  bool has_more_tags = false;
};

// Source: API Reference, "ListTagsForStream".
struct ListTagsForStreamRequest {
  using Response = ListTagsForStreamResponse;
  static constexpr Operation kOperation = Operation::kListTagsForStream;

  std::optional<std::string> stream_name = {};
  std::optional<std::string> exclusive_start_tag_key = {};
  std::optional<std::int64_t> limit = {};  // 1-50; by default all
  std::optional<std::string> stream_arn = {};
  std::optional<std::string> stream_id = {};
};

struct TagResourceResponse {};

// Source: API Reference, "TagResource".
struct TagResourceRequest {
  using Response = TagResourceResponse;
  static constexpr Operation kOperation = Operation::kTagResource;

  std::map<std::string, std::string> tags = {};  // required; 1-200 here, at most 50 on the resource
  std::optional<std::string> resource_arn = {};  // required; of a stream or a consumer
  std::optional<std::string> stream_id = {};
};

struct UntagResourceResponse {};

// Source: API Reference, "UntagResource".
struct UntagResourceRequest {
  using Response = UntagResourceResponse;
  static constexpr Operation kOperation = Operation::kUntagResource;

  std::vector<std::string> tag_keys = {};        // required; 1-50
  std::optional<std::string> resource_arn = {};  // required; of a stream or a consumer
  std::optional<std::string> stream_id = {};
};

struct ListTagsForResourceResponse {
  std::vector<Tag> tags = {};  // all of them, ascending bytes of the key
};

// Source: API Reference, "ListTagsForResource".
struct ListTagsForResourceRequest {
  using Response = ListTagsForResourceResponse;
  static constexpr Operation kOperation = Operation::kListTagsForResource;

  std::optional<std::string> resource_arn = {};  // required; of a stream or a consumer
  std::optional<std::string> stream_id = {};
};

struct PutResourcePolicyResponse {};

// Source: API Reference, "PutResourcePolicy".
struct PutResourcePolicyRequest {
  using Response = PutResourcePolicyResponse;
  static constexpr Operation kOperation = Operation::kPutResourcePolicy;

  std::optional<std::string> resource_arn = {};  // required; of a stream or a consumer
  std::optional<std::string> stream_id = {};
  std::optional<std::string> policy = {};  // required; JSON
};

struct GetResourcePolicyResponse {
  std::string policy = {};  // JSON; "{}" when there is none
};

// Source: API Reference, "GetResourcePolicy".
struct GetResourcePolicyRequest {
  using Response = GetResourcePolicyResponse;
  static constexpr Operation kOperation = Operation::kGetResourcePolicy;

  std::optional<std::string> resource_arn = {};  // required; of a stream or a consumer
  std::optional<std::string> stream_id = {};
};

struct DeleteResourcePolicyResponse {};

// Source: API Reference, "DeleteResourcePolicy".
struct DeleteResourcePolicyRequest {
  using Response = DeleteResourcePolicyResponse;
  static constexpr Operation kOperation = Operation::kDeleteResourcePolicy;

  std::optional<std::string> resource_arn = {};  // required; of a stream or a consumer
  std::optional<std::string> stream_id = {};
};

struct StartStreamEncryptionResponse {};

// Source: API Reference, "StartStreamEncryption".
struct StartStreamEncryptionRequest {
  using Response = StartStreamEncryptionResponse;
  static constexpr Operation kOperation = Operation::kStartStreamEncryption;

  std::optional<std::string> stream_name = {};
  std::optional<EncryptionType> encryption_type = {};  // required; KMS
  std::optional<std::string> key_id = {};  // required; id, ARN or alias, 1-2048 characters
  std::optional<std::string> stream_arn = {};
  std::optional<std::string> stream_id = {};
};

struct StopStreamEncryptionResponse {};

// Source: API Reference, "StopStreamEncryption".
struct StopStreamEncryptionRequest {
  using Response = StopStreamEncryptionResponse;
  static constexpr Operation kOperation = Operation::kStopStreamEncryption;

  std::optional<std::string> stream_name = {};
  std::optional<EncryptionType> encryption_type = {};  // required; KMS
  std::optional<std::string> key_id = {};  // required; id, ARN or alias, 1-2048 characters
  std::optional<std::string> stream_arn = {};
  std::optional<std::string> stream_id = {};
};

struct EnableEnhancedMonitoringResponse {
  std::string stream_name = {};
  std::vector<MetricsName> current_shard_level_metrics = {};  // before the call
  std::vector<MetricsName> desired_shard_level_metrics = {};  // after it
  std::string stream_arn = {};
};

// Source: API Reference, "EnableEnhancedMonitoring".
struct EnableEnhancedMonitoringRequest {
  using Response = EnableEnhancedMonitoringResponse;
  static constexpr Operation kOperation = Operation::kEnableEnhancedMonitoring;

  std::optional<std::string> stream_name = {};
  std::vector<MetricsName> shard_level_metrics = {};  // required; 1-7
  std::optional<std::string> stream_arn = {};
  std::optional<std::string> stream_id = {};
};

struct DisableEnhancedMonitoringResponse {
  std::string stream_name = {};
  std::vector<MetricsName> current_shard_level_metrics = {};  // before the call
  std::vector<MetricsName> desired_shard_level_metrics = {};  // after it
  std::string stream_arn = {};
};

// Source: API Reference, "DisableEnhancedMonitoring".
struct DisableEnhancedMonitoringRequest {
  using Response = DisableEnhancedMonitoringResponse;
  static constexpr Operation kOperation = Operation::kDisableEnhancedMonitoring;

  std::optional<std::string> stream_name = {};
  std::vector<MetricsName> shard_level_metrics = {};  // required; 1-7
  std::optional<std::string> stream_arn = {};
  std::optional<std::string> stream_id = {};
};

struct DescribeLimitsResponse {
  std::int64_t shard_limit = 0;
  std::int64_t open_shard_count = 0;  // of PROVISIONED streams only
  std::int64_t on_demand_stream_count = 0;
  std::int64_t on_demand_stream_count_limit = 0;
  std::int64_t channel_count = 0;
  std::int64_t channel_count_limit = 0;

  friend bool operator==(const DescribeLimitsResponse&, const DescribeLimitsResponse&) = default;
};

// Source: API Reference, "DescribeLimits".
struct DescribeLimitsRequest {
  using Response = DescribeLimitsResponse;
  static constexpr Operation kOperation = Operation::kDescribeLimits;
};

// kEnabledUntilEarliestAllowedEnd is only answered: disabled, but within the first 24 hours.
enum class MinimumThroughputBillingCommitmentStatus : unsigned char {
  kEnabled,
  kDisabled,
  kEnabledUntilEarliestAllowedEnd,
};

// The wire name, such as "ENABLED". Valid for the life of the program.
std::string_view MinimumThroughputBillingCommitmentStatusName(
    MinimumThroughputBillingCommitmentStatus status);
std::ostream& operator<<(std::ostream& out, MinimumThroughputBillingCommitmentStatus status);

// Source: API Reference, "MinimumThroughputBillingCommitmentInput".
struct MinimumThroughputBillingCommitmentInput {
  std::optional<MinimumThroughputBillingCommitmentStatus> status =
      {};  // required; ENABLED or DISABLED
};

// Source: API Reference, "MinimumThroughputBillingCommitmentOutput".
struct MinimumThroughputBillingCommitmentOutput {
  MinimumThroughputBillingCommitmentStatus status =
      MinimumThroughputBillingCommitmentStatus::kDisabled;
  std::optional<absl::Time> started_at = {};
  std::optional<absl::Time> ended_at = {};
  std::optional<absl::Time> earliest_allowed_end_at = {};

  friend bool operator==(const MinimumThroughputBillingCommitmentOutput&,
                         const MinimumThroughputBillingCommitmentOutput&) = default;
};

struct DescribeAccountSettingsResponse {
  MinimumThroughputBillingCommitmentOutput minimum_throughput_billing_commitment = {};
};

// Source: API Reference, "DescribeAccountSettings".
struct DescribeAccountSettingsRequest {
  using Response = DescribeAccountSettingsResponse;
  static constexpr Operation kOperation = Operation::kDescribeAccountSettings;
};

struct UpdateAccountSettingsResponse {
  MinimumThroughputBillingCommitmentOutput minimum_throughput_billing_commitment = {};
};

// Source: API Reference, "UpdateAccountSettings".
struct UpdateAccountSettingsRequest {
  using Response = UpdateAccountSettingsResponse;
  static constexpr Operation kOperation = Operation::kUpdateAccountSettings;

  std::optional<MinimumThroughputBillingCommitmentInput> minimum_throughput_billing_commitment =
      {};  // required
};

}  // namespace riacho
