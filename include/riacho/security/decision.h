// Asks policies without a stream: what may this principal do, and why?
//
//   riacho::Decision decision =
//       riacho::Decide(riacho::Principal::User("alice", {policy}),
//                      {.action = "kinesis:PutRecord",
//                       .resource = "arn:aws:kinesis:us-east-1:123456789012:stream/orders"});
//   EXPECT_TRUE(decision.allowed) << decision.reason;
//
// A client of an engine asks the same question before every operation.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"

#include "riacho/security/policy.h"
#include "riacho/security/principal.h"

namespace riacho {

enum class PolicyType : unsigned char {
  kServiceControlPolicy,
  kVpcEndpointPolicy,
  kResourceBasedPolicy,
  kIdentityBasedPolicy,
  kPermissionsBoundary,
  kSessionPolicy,
};

// As denials call it, such as "identity-based policy". Valid for the life of the program.
std::string_view PolicyTypeName(PolicyType type);
std::ostream& operator<<(std::ostream& out, PolicyType type);

struct AccessRequest {
  std::string action = {};      // "kinesis:PutRecord"
  std::string resource = "*";   // an ARN; "*" for an action that has no resource
  std::string account_id = {};  // of the resource; empty: the one in its ARN, else the principal's
  absl::Time time = absl::UnixEpoch();  // aws:CurrentTime, aws:EpochTime
  // Of the resource.
  std::optional<Policy> resource_policy = {};
  // Condition keys of this request, such as {"aws:ResourceTag/env", {"prod"}}; they go before the
  // principal's.
  std::map<std::string, std::vector<std::string>> context = {};
};

struct Decision {
  bool allowed = false;
  bool explicit_deny = false;  // a statement denies; otherwise it is the lack of one that allows

  // Which policy decided; none: the account's root, whom nothing limits.
  std::optional<PolicyType> policy_type = {};
  // The statement that allows or denies, when one does: its place in its policy, from 1, and its
  // Sid.
  std::size_t statement = 0;
  std::string sid = {};

  // Of a denial the service's text: "User: ARN is not authorized to perform: … because no
  // identity-based policy allows the kinesis:PutRecord action".
  std::string reason = {};
};

// Evaluates all policies: an explicit deny in any of them denies; else service control policies,
// the endpoint's policy, the resource's, the principal's, its boundary and its session policy must
// allow, as far as they are there. A resource policy that names the caller itself is enough within
// an account; between accounts both sides must allow.
//
// Pure: the same answer for the same arguments. Source: IAM User Guide, "Policy evaluation logic".
Decision Decide(const Principal& principal, const AccessRequest& request);

}  // namespace riacho
