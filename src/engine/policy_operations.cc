// PutResourcePolicy, GetResourcePolicy and DeleteResourcePolicy.
#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "base/return_if_error.h"
#include "engine/engine_client.h"
#include "riacho/model/arn.h"
#include "riacho/security/policy.h"
#include "security/caller.h"
#include "security/policy_document.h"

namespace riacho::internal {
namespace {

constexpr std::string_view kInvalidPolicy = "Policy validation error: ";
constexpr std::string_view kInvalidJson =
    "Policy validation error: This policy contains invalid Json";

constexpr std::array kGrantableOnStream = {
    Operation::kDescribeStream, Operation::kDescribeStreamSummary,
    Operation::kGetRecords,     Operation::kGetShardIterator,
    Operation::kListShards,     Operation::kPutRecord,
    Operation::kPutRecords};
constexpr std::array kGrantableOnConsumer = {Operation::kDescribeStreamConsumer,
                                             Operation::kSubscribeToShard};

absl::Status Invalid(const std::string& message) {
  return MakeError(ErrorCode::kInvalidArgument, message);
}

std::string ArnOf(const Account::Resource& resource) {
  if (!resource.consumer.has_value()) return resource.stream->arn();
  return resource.stream->arn() + "/consumer/" + resource.consumer->name + ":" +
         std::to_string(resource.consumer->creation_seconds);
}

// What a request means, found to be there.
template <typename Request>
absl::StatusOr<Account::Resource> Resolve(Account& account, const Request& request,
                                          std::int64_t now_nanos) {
  absl::StatusOr<Account::Resource> resource =
      account.ShareResource(request.kOperation, *request.resource_arn, now_nanos);
  RIACHO_RETURN_IF_ERROR(resource.status());
  if (resource->consumer.has_value())
    RIACHO_RETURN_IF_ERROR(resource->stream->ConsumerPolicy(*resource->consumer).status());
  return resource;
}

// Every action that a statement covers must be one that can be granted on the resource.
absl::Status CheckActions(const std::string& where, const Statement& statement,
                          std::span<const Operation> grantable) {
  if (statement.not_action) return Invalid(where + ".NotAction: a resource policy must use Action");
  const Caller nobody(Principal::Root(), "", "");  // actions have no variables
  for (const Pattern& action : statement.actions) {
    bool covers_any = false;
    for (std::size_t i = 0; i < kOperationCount; ++i) {
      const auto operation = static_cast<Operation>(i);
      const std::string name = "kinesis:" + std::string(OperationName(operation));
      if (!action.Matches(name, nobody)) continue;
      covers_any = true;
      if (std::ranges::find(grantable, operation) == grantable.end())
        return Invalid(where + ".Action: " + name + " cannot be granted on this resource");
    }
    if (!covers_any) return Invalid(where + ".Action: no action can be granted on this resource");
  }
  return absl::OkStatus();
}

absl::Status CheckStatement(const Statement& statement, const Account::Resource& resource) {
  const std::string where =
      std::string(kInvalidPolicy) + "Statement[" + std::to_string(statement.number) + "]";
  RIACHO_RETURN_IF_ERROR(CheckActions(where, statement,
                                      resource.consumer.has_value()
                                          ? std::span<const Operation>(kGrantableOnConsumer)
                                          : std::span<const Operation>(kGrantableOnStream)));
  if (statement.not_resource)
    return Invalid(where + ".NotResource: a resource policy must use Resource");
  const std::string arn = ArnOf(resource);
  for (const std::string& text : statement.resource_texts) {
    if (text != arn)
      return Invalid(where + ".Resource: expected \"" + arn + "\", found \"" + text + "\"");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<PutResourcePolicyResponse> EngineClient::PutResourcePolicy(
    const PutResourcePolicyRequest& request) {
  return Run(request, [&](std::int64_t now_nanos) -> absl::StatusOr<PutResourcePolicyResponse> {
    const absl::StatusOr<Account::Resource> resource = Resolve(account_, request, now_nanos);
    RIACHO_RETURN_IF_ERROR(resource.status());
    absl::StatusOr<Policy> policy = Policy::Parse(*request.policy, PolicyKind::kResource);
    if (!policy.ok()) {
      const bool is_json = !ErrorMessage(policy.status()).starts_with(kInvalidJson);
      return is_json ? policy.status() : Invalid(std::string(kInvalidJson));  // without the place
    }
    const std::int64_t most_bytes = account_.options.limits.resource_policy_bytes;
    if (static_cast<std::int64_t>(policy->text().size()) > most_bytes) {
      return MakeError(
          ErrorCode::kLimitExceeded,
          std::string(kInvalidPolicy) + "the policy has " + std::to_string(policy->text().size()) +
              " bytes without white space, more than the limit of " + std::to_string(most_bytes));
    }
    for (const Statement& statement : policy->document().statements)
      RIACHO_RETURN_IF_ERROR(CheckStatement(statement, *resource));
    account_.has_resource_policies.store(true, std::memory_order_relaxed);
    RIACHO_RETURN_IF_ERROR(
        resource->stream->SetPolicy(resource->consumer, *std::move(policy), now_nanos));
    return PutResourcePolicyResponse{};
  });
}

absl::StatusOr<GetResourcePolicyResponse> EngineClient::GetResourcePolicy(
    const GetResourcePolicyRequest& request) {
  return Run(request, [&](std::int64_t now_nanos) -> absl::StatusOr<GetResourcePolicyResponse> {
    const absl::StatusOr<Account::Resource> resource = Resolve(account_, request, now_nanos);
    RIACHO_RETURN_IF_ERROR(resource.status());
    constexpr std::string_view kNone = "{}";
    if (resource->consumer.has_value()) {
      const absl::StatusOr<std::optional<Policy>> policy =
          resource->stream->ConsumerPolicy(*resource->consumer);
      RIACHO_RETURN_IF_ERROR(policy.status());
      return GetResourcePolicyResponse{.policy = policy->has_value() ? (*policy)->text()
                                                                     : std::string(kNone)};
    }
    const EpochGuard guard;
    const Policy* const policy = resource->stream->policy();
    return GetResourcePolicyResponse{.policy =
                                         policy != nullptr ? policy->text() : std::string(kNone)};
  });
}

absl::StatusOr<DeleteResourcePolicyResponse> EngineClient::DeleteResourcePolicy(
    const DeleteResourcePolicyRequest& request) {
  return Run(request, [&](std::int64_t now_nanos) -> absl::StatusOr<DeleteResourcePolicyResponse> {
    const absl::StatusOr<Account::Resource> resource = Resolve(account_, request, now_nanos);
    RIACHO_RETURN_IF_ERROR(resource.status());
    RIACHO_RETURN_IF_ERROR(
        resource->stream->SetPolicy(resource->consumer, std::nullopt, now_nanos));
    return DeleteResourcePolicyResponse{};
  });
}

}  // namespace riacho::internal
