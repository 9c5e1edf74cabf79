// Any text through the parser of policies, and what it accepts through the evaluation. Nothing
// crashes; what is accepted is accepted again as its own normalised text, and decides the same; a
// denial has a reason; a statement that denies everything leaves nothing allowed.
//
// The input is the policy; its last line is also the resource and a condition key's value.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "riacho/model/error.h"
#include "riacho/security/decision.h"

namespace {

using riacho::AccessRequest;
using riacho::Decide;
using riacho::Decision;
using riacho::Policy;
using riacho::PolicyKind;
using riacho::Principal;

constexpr char kOwner[] = "123456789012";
constexpr char kStream[] = "arn:aws:kinesis:us-east-1:123456789012:stream/orders";

void Require(bool condition) {
  if (!condition) std::abort();
}

std::vector<Principal> Principals() {
  Principal stranger = Principal::User("alice");
  stranger.account_id = "999999999999";
  return {Principal::User("alice"), Principal::RoleSession("app", "i-17"), stranger,
          Principal::Service("firehose.amazonaws.com"), Principal::Root()};
}

bool Same(const Decision& a, const Decision& b) {
  return a.allowed == b.allowed && a.explicit_deny == b.explicit_deny &&
         a.policy_type == b.policy_type && a.statement == b.statement && a.sid == b.sid &&
         a.reason == b.reason;
}

void TryIdentityPolicy(const Policy& policy, const Policy& again, const AccessRequest& request) {
  static const Policy kDenyAll =
      Policy::Parse(R"({"Statement":{"Effect":"Deny","Action":"*","Resource":"*"}})").value();
  for (Principal principal : Principals()) {
    principal.identity_policies = {policy};
    const Decision decision = Decide(principal, request);
    Require(decision.allowed == decision.reason.empty());
    Require(!decision.explicit_deny || decision.statement != 0);
    principal.identity_policies = {again};
    Require(Same(Decide(principal, request), decision));
    principal.service_control_policies = {kDenyAll};
    Require(Decide(principal, request).explicit_deny);
  }
}

void TryResourcePolicy(const Policy& policy, const Policy& again, AccessRequest request) {
  for (const Principal& principal : Principals()) {
    request.resource_policy = policy;
    const Decision decision = Decide(principal, request);
    Require(decision.allowed == decision.reason.empty());
    request.resource_policy = again;
    Require(Same(Decide(principal, request), decision));
  }
}

void TryPolicy(std::string_view json, PolicyKind kind) {
  const absl::StatusOr<Policy> policy = Policy::Parse(json, kind);
  if (!policy.ok()) {
    Require(riacho::GetErrorCode(policy.status()) == riacho::ErrorCode::kInvalidArgument);
    Require(riacho::ErrorMessage(policy.status()).starts_with("Policy validation error: "));
    return;
  }
  const absl::StatusOr<Policy> again = Policy::Parse(policy->text(), kind);
  Require(again.ok() && *again == *policy);
  const std::size_t line = json.rfind('\n');
  const std::string last(json.substr(line == std::string_view::npos ? 0 : line + 1));
  for (const std::string& resource : {std::string(kStream), std::string("*"), last}) {
    for (const char* action : {"kinesis:PutRecord", "kinesis:ListStreams", "s3:GetObject"}) {
      const AccessRequest request = {.action = action,
                                     .resource = resource,
                                     .account_id = kOwner,
                                     .context = {{"aws:sourceip", {last}}, {"k", {last, "x"}}}};
      if (kind == PolicyKind::kIdentity) {
        TryIdentityPolicy(*policy, *again, request);
      } else {
        TryResourcePolicy(*policy, *again, request);
      }
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view json(reinterpret_cast<const char*>(data), size);
  TryPolicy(json, PolicyKind::kIdentity);
  TryPolicy(json, PolicyKind::kResource);
  return 0;
}
