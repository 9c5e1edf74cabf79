// Who calls: the principal that a client acts for, with its policies and what is known of its
// calls.
//
//   engine.NewClient();                                                // root: may do everything
//   engine.NewClient(riacho::Principal::User("alice", {policy}));      // what `policy` allows
//   riacho::Principal session = riacho::Principal::RoleSession("app", "i-17", {policy});
//   session.source_ip = "203.0.113.9";
//   engine.NewClient(session);
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "riacho/security/policy.h"

namespace riacho {

enum class PrincipalType : unsigned char {
  kRoot,           // the account itself
  kUser,           // of IAM
  kRoleSession,    // somebody who has assumed a role
  kFederatedUser,  // a session of GetFederationToken
  kService,        // an AWS service, such as firehose.amazonaws.com
};

// A way into the service from a private network.
struct VpcEndpoint {
  std::string vpc_endpoint_id = {};   // aws:SourceVpce
  std::string vpc_id = {};            // aws:SourceVpc
  std::string vpc_source_ip = {};     // aws:VpcSourceIp; empty: not known
  std::optional<Policy> policy = {};  // of PolicyKind::kResource; none: all may pass
};

// A value. The makers set what tells the types apart; all else can be set afterwards.
struct Principal {
  PrincipalType type = PrincipalType::kRoot;
  std::string account_id = {};  // twelve digits; empty: the engine's
  std::string name = {};        // of the user, the session or the service
  std::string role_name = {};   // kRoleSession: of the role
  std::string user_id = {};     // aws:userid; empty: one that is made from the names
  std::map<std::string, std::string> tags = {};  // aws:PrincipalTag/KEY

  // Of PolicyKind::kIdentity, all of them.
  std::vector<Policy> identity_policies = {};
  std::optional<Policy> permissions_boundary = {};
  std::optional<Policy> session_policy = {};
  std::vector<Policy> service_control_policies = {};  // none: not limited by an organisation

  std::string source_ip = {};                    // aws:SourceIp; empty: not known
  std::optional<VpcEndpoint> via_endpoint = {};  // aws:SourceIp is absent then
  bool secure_transport = true;                  // aws:SecureTransport

  // Further condition keys, such as {"aws:MultiFactorAuthPresent", {"true"}}; they go before what
  // follows from the members above. aws:CalledVia brings aws:CalledViaFirst, aws:CalledViaLast and
  // aws:ViaAWSService along.
  std::map<std::string, std::vector<std::string>> context = {};

  static Principal Root(std::string account_id = "");
  static Principal User(std::string name, std::vector<Policy> identity_policies = {});
  static Principal RoleSession(std::string role_name, std::string session_name,
                               std::vector<Policy> identity_policies = {});
  static Principal FederatedUser(std::string name, std::vector<Policy> identity_policies = {});
  static Principal Service(std::string name);

  // The principal's ARN in `account_id_if_empty` unless it has an account of its own; the name of a
  // service. Of a role session the session's: arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION.
  std::string Arn(std::string_view account_id_if_empty, std::string_view partition = "aws") const;
};

}  // namespace riacho
