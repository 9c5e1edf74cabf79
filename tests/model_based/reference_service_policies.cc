// The part of ReferenceService that keeps resource policies.
#include <algorithm>
#include <cstddef>

#include "absl/strings/str_cat.h"

#include "model_based/reference_service.h"

namespace riacho::model_based {
namespace {

// Lists of one text are that text.
std::string Normalized(std::string json) {
  for (std::size_t at = json.find("[\""); at != std::string::npos; at = json.find("[\"", at + 1)) {
    const std::size_t end = json.find("\"]", at);
    if (json.substr(at, end - at).find("\",\"") != std::string::npos) continue;
    json.erase(end + 1, 1);
    json.erase(at, 1);
  }
  return json;
}

bool IsGrantable(Operation operation, bool on_consumer) {
  switch (operation) {
    case Operation::kDescribeStream:
    case Operation::kDescribeStreamSummary:
    case Operation::kGetRecords:
    case Operation::kGetShardIterator:
    case Operation::kListShards:
    case Operation::kPutRecord:
    case Operation::kPutRecords:
      return !on_consumer;
    case Operation::kDescribeStreamConsumer:
    case Operation::kSubscribeToShard:
      return on_consumer;
    default:
      return false;
  }
}

// The pattern is an action's name or, with a '*' behind it, the beginning of names.
bool MayGrant(const std::string& pattern, bool on_consumer) {
  bool covers_any = false;
  for (std::size_t i = 0; i < kOperationCount; ++i) {
    const auto operation = static_cast<Operation>(i);
    const std::string name = absl::StrCat("kinesis:", std::string(OperationName(operation)));
    const bool covers = pattern.ends_with('*')
                            ? name.starts_with(pattern.substr(0, pattern.size() - 1))
                            : name == pattern;
    if (covers && !IsGrantable(operation, on_consumer)) return false;
    covers_any = covers_any || covers;
  }
  return covers_any;
}

bool MayBePolicyOf(const NaivePolicy& policy, const std::string& arn, bool of_consumer) {
  return std::ranges::all_of(policy.statements, [&](const NaiveStatement& statement) {
    return std::ranges::all_of(
               statement.actions,
               [&](const std::string& action) { return MayGrant(action, of_consumer); }) &&
           std::ranges::all_of(statement.resources,
                               [&](const std::string& resource) { return resource == arn; });
  });
}

}  // namespace

// State is looked at last.
Answer<std::optional<NaivePolicy>*> ReferenceService::PolicyToChange(
    const ConsumerAnswer& resource) {
  const StreamStatus status = resource.stream->status;
  if (resource.consumer == nullptr) {
    if (status != StreamStatus::kActive) return ErrorCode::kResourceInUse;
    return &resource.stream->policy;
  }
  if (status == StreamStatus::kDeleting) return ErrorCode::kResourceNotFound;
  if (resource.consumer->status != ConsumerStatus::kActive) return ErrorCode::kResourceInUse;
  return &resource.consumer->policy;
}

Answer<Done> ReferenceService::PutResourcePolicy(const PutResourcePolicyRequest& request,
                                                 const std::optional<NaivePolicy>& meaning,
                                                 std::int64_t now_nanos) {
  if (const Refusal refusal = Refuse(request, now_nanos)) return *refusal;
  if (!Admit(request.kOperation, "", limits_.put_resource_policy_calls_per_second, now_nanos)) {
    return ErrorCode::kLimitExceeded;
  }
  const Answer<ConsumerAnswer> found = FindResource(*request.resource_arn);
  if (!found.ok()) return *found.error;
  if (!meaning.has_value()) return ErrorCode::kInvalidArgument;
  const auto bytes = static_cast<std::int64_t>(Normalized(meaning->ToJson()).size());
  if (bytes > limits_.resource_policy_bytes) return ErrorCode::kLimitExceeded;
  if (!MayBePolicyOf(*meaning, *request.resource_arn, found.value.consumer != nullptr)) {
    return ErrorCode::kInvalidArgument;
  }
  const Answer<std::optional<NaivePolicy>*> policy = PolicyToChange(found.value);
  if (!policy.ok()) return *policy.error;
  *policy.value = meaning;
  has_policies_ = true;
  return Done{};
}

Answer<std::string> ReferenceService::GetResourcePolicy(const GetResourcePolicyRequest& request,
                                                        std::int64_t now_nanos) {
  if (const Refusal refusal = Refuse(request, now_nanos)) return *refusal;
  if (!Admit(request.kOperation, "", limits_.get_resource_policy_calls_per_second, now_nanos)) {
    return ErrorCode::kLimitExceeded;
  }
  const Answer<ConsumerAnswer> found = FindResource(*request.resource_arn);
  if (!found.ok()) return *found.error;
  const std::optional<NaivePolicy>& policy =
      found.value.consumer == nullptr ? found.value.stream->policy : found.value.consumer->policy;
  return policy.has_value() ? Normalized(policy->ToJson()) : std::string("{}");
}

Answer<Done> ReferenceService::DeleteResourcePolicy(const DeleteResourcePolicyRequest& request,
                                                    std::int64_t now_nanos) {
  if (const Refusal refusal = Refuse(request, now_nanos)) return *refusal;
  if (!Admit(request.kOperation, "", limits_.delete_resource_policy_calls_per_second, now_nanos)) {
    return ErrorCode::kLimitExceeded;
  }
  const Answer<ConsumerAnswer> found = FindResource(*request.resource_arn);
  if (!found.ok()) return *found.error;
  const Answer<std::optional<NaivePolicy>*> policy = PolicyToChange(found.value);
  if (!policy.ok()) return *policy.error;
  if (!policy.value->has_value()) return ErrorCode::kResourceNotFound;
  policy.value->reset();
  return Done{};
}

}  // namespace riacho::model_based
