#include "riacho/security/policy.h"

#include <utility>

#include "riacho/model/error.h"
#include "security/policy_document.h"
#include "security/policy_parser.h"

namespace riacho {

absl::StatusOr<Policy> Policy::Parse(std::string_view json, PolicyKind kind) {
  absl::StatusOr<internal::PolicyDocument> document = internal::ParsePolicy(json, kind);
  if (!document.ok()) {
    return MakeError(ErrorCode::kInvalidArgument,
                     "Policy validation error: " + std::string(ErrorMessage(document.status())));
  }
  return Policy(std::make_shared<const internal::PolicyDocument>(*std::move(document)));
}

Policy::Policy(std::shared_ptr<const internal::PolicyDocument> document)
    : document_(std::move(document)) {}

const std::string& Policy::text() const { return document_->text; }

PolicyKind Policy::kind() const { return document_->kind; }

std::ostream& operator<<(std::ostream& out, const Policy& policy) { return out << policy.text(); }

}  // namespace riacho
