// Policies of access control: JSON documents that allow and deny.
//
//   absl::StatusOr<riacho::Policy> policy = riacho::Policy::Parse(R"({
//     "Version": "2012-10-17",
//     "Statement": {"Effect": "Allow", "Action": "kinesis:Put*",
//                   "Resource": "arn:aws:kinesis:*:*:stream/${aws:username}-*"}})");
//   std::unique_ptr<riacho::Client> alice =
//       engine.NewClient(riacho::Principal::User("alice", {*policy}));
//
// Who has policies stands in principal.h; what comes of them, with the reason, in decision.h.
#pragma once

#include <memory>
#include <ostream>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace riacho {

namespace internal {
struct PolicyDocument;
}  // namespace internal

// Where a policy is attached, which decides about its grammar.
enum class PolicyKind : unsigned char {
  kIdentity,  // to a principal: no Principal, no Id. Also boundaries, session and service control
              // policies
  kResource,  // to a stream, a consumer or a VPC endpoint: every statement names its principals
};

// A policy that has been read and prepared: evaluation neither parses nor compiles anything.
//
// A value; copies share the prepared form, which never changes. Thread-safe.
class Policy {
 public:
  // Shapes: JSON with the elements Version (2008-10-17 without one; policy variables are text
  //         then), Id (kResource only) and Statement; a statement has Effect, Action or NotAction,
  //         Resource or NotResource, and may have Sid and Condition; Principal or NotPrincipal are
  //         required for kResource and refused for kIdentity.
  // Errors: kInvalidArgument, which names the element and what was expected, such as "Policy
  //         validation error: Statement[2].Effect: expected \"Allow\" or \"Deny\", found
  //         \"allow\"".
  // Source: IAM User Guide, "Grammar of the IAM JSON policy language".
  static absl::StatusOr<Policy> Parse(std::string_view json,
                                      PolicyKind kind = PolicyKind::kIdentity);

  // The policy without white space; lists of one text are that text.
  const std::string& text() const;
  PolicyKind kind() const;

  const internal::PolicyDocument& document() const { return *document_; }

  friend bool operator==(const Policy& a, const Policy& b) {
    return a.kind() == b.kind() && a.text() == b.text();
  }
  friend std::ostream& operator<<(std::ostream& out, const Policy& policy);

 private:
  explicit Policy(std::shared_ptr<const internal::PolicyDocument> document);

  // Shared by the copies, one of which may be in use by a call while another is replaced.
  std::shared_ptr<const internal::PolicyDocument> document_;
};

}  // namespace riacho
