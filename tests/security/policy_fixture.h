// Short words for policies in tests.
//
//   Policy policy = Allow("kinesis:PutRecord", kOrders);
//   EXPECT_TRUE(Decide(Principal::User("alice", {policy}), Put(kOrders)).allowed);
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "riacho/security/decision.h"
#include "riacho/security/policy.h"
#include "riacho/security/principal.h"

namespace riacho {

inline constexpr char kOrders[] = "arn:aws:kinesis:us-east-1:123456789012:stream/orders";
inline constexpr char kOrdersConsumer[] =
    "arn:aws:kinesis:us-east-1:123456789012:stream/orders/consumer/app:1700000000";
inline constexpr char kOwner[] = "123456789012";
inline constexpr char kStranger[] = "999999999999";

inline Policy Read(std::string_view json, PolicyKind kind = PolicyKind::kIdentity) {
  return Policy::Parse(json, kind).value();
}

// A policy of one statement. `action` and `resource` are texts; `more` goes on in the statement,
// such as R"(,"Condition":{…})".
inline std::string StatementJson(std::string_view effect, std::string_view action,
                                 std::string_view resource, std::string_view more = "") {
  return R"({"Version":"2012-10-17","Statement":{"Effect":")" + std::string(effect) +
         R"(","Action":")" + std::string(action) + R"(","Resource":")" + std::string(resource) +
         "\"" + std::string(more) + "}}";
}
inline Policy Allow(std::string_view action, std::string_view resource = "*",
                    std::string_view more = "") {
  return Read(StatementJson("Allow", action, resource, more));
}
inline Policy Deny(std::string_view action, std::string_view resource = "*",
                   std::string_view more = "") {
  return Read(StatementJson("Deny", action, resource, more));
}
// `condition` is the content of a Condition: "StringEquals":{"aws:username":"alice"}.
inline Policy AllowIf(std::string_view condition) {
  return Allow("kinesis:*", "*", ",\"Condition\":{" + std::string(condition) + "}");
}

// Of a resource. `principal` is JSON: "*" with its quotes, or {"AWS":"…"}.
inline std::string ResourcePolicyJson(std::string_view effect, std::string_view principal,
                                      std::string_view action, std::string_view resource) {
  return StatementJson(effect, action, resource, ",\"Principal\":" + std::string(principal));
}
inline Policy ResourcePolicy(std::string_view effect, std::string_view principal,
                             std::string_view action = "kinesis:PutRecord",
                             std::string_view resource = kOrders) {
  return Read(ResourcePolicyJson(effect, principal, action, resource), PolicyKind::kResource);
}
inline std::string Aws(std::string_view arn) { return R"({"AWS":")" + std::string(arn) + "\"}"; }

inline AccessRequest To(std::string action, std::string resource = kOrders) {
  return {.action = std::move(action), .resource = std::move(resource), .account_id = kOwner};
}
inline AccessRequest Put() { return To("kinesis:PutRecord"); }

}  // namespace riacho
