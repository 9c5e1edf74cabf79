// Whether a client may do what a request asks: which action on which resource that is, and what the
// policies say of it.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "absl/base/call_once.h"
#include "absl/status/status.h"

#include "engine/account.h"
#include "riacho/model/operation.h"
#include "riacho/security/key_store.h"
#include "riacho/security/principal.h"
#include "security/caller.h"

namespace riacho::internal {

// The members of a request by which it says what it is about, and which policies may look at.
struct Addressing {
  std::optional<std::string_view> stream_name = {};
  std::optional<std::string_view> stream_arn = {};
  std::optional<std::string_view> consumer_name = {};
  std::optional<std::string_view> consumer_arn = {};
  std::optional<std::string_view> resource_arn = {};
  std::optional<std::string_view> channel_arn = {};
  std::optional<std::string_view> shard_iterator = {};
  std::optional<std::string_view> next_token = {};
  std::optional<std::string_view> key_id = {};
  const std::map<std::string, std::string>* tags = nullptr;
  std::span<const std::string> tag_keys = {};
};

template <typename Request>
Addressing AddressingOf(const Request& request) {
  Addressing addressing;
  if constexpr (requires { request.stream_name; }) addressing.stream_name = request.stream_name;
  if constexpr (requires { request.stream_arn; }) addressing.stream_arn = request.stream_arn;
  if constexpr (requires { request.consumer_name; })
    addressing.consumer_name = request.consumer_name;
  if constexpr (requires { request.consumer_arn; }) addressing.consumer_arn = request.consumer_arn;
  if constexpr (requires { request.resource_arn; }) addressing.resource_arn = request.resource_arn;
  if constexpr (requires { request.channel_arn; }) addressing.channel_arn = request.channel_arn;
  if constexpr (requires { request.shard_iterator; })
    addressing.shard_iterator = request.shard_iterator;
  if constexpr (requires { request.next_token; }) addressing.next_token = request.next_token;
  if constexpr (requires { request.key_id; }) addressing.key_id = request.key_id;
  if constexpr (requires { request.tags; }) addressing.tags = &request.tags;
  if constexpr (requires { request.tag_keys; }) addressing.tag_keys = request.tag_keys;
  return addressing;
}

// Asks the policies of one principal, and of the resources that it wants to use. Thread-safe.
class Authorizer {
 public:
  Authorizer(Account& account, Principal principal);

  // False as long as every call would be allowed: root calls, and there is no resource policy. One
  // load, for the sake of those who put records.
  bool needed() const { return needed_.load(std::memory_order_relaxed); }

  // Errors: kAccessDenied; for principals of another account also kResourceNotFound (a stream's
  // name means one of their own account, which is not here) and kUnrecognizedClient.
  template <typename Request>
  absl::Status Authorize(const Request& request, std::int64_t now_nanos) const {
    return Authorize(Request::kOperation, AddressingOf(request), now_nanos);
  }

  // Whether the caller's own policies allow what it asks of a key, or do not deny what a grant
  // allows. Errors: kKmsAccessDenied.
  absl::Status AuthorizeKey(KeyOperation operation, const std::string& key_arn,
                            const EncryptionContext& context, bool granted,
                            std::int64_t now_nanos) const;

  // The principal's ARN.
  const std::string& arn() const { return caller().arn(); }

 private:
  class RequestKeys;
  class KeyRequestKeys;
  struct Target;

  absl::Status Authorize(Operation operation, const Addressing& request,
                         std::int64_t now_nanos) const;
  // False: the request says nothing that could be authorised, and the operation will refuse it.
  bool Resolve(Operation operation, const Addressing& request, std::int64_t now_nanos,
               Target& target) const;
  void ResolveName(std::string_view name, std::string_view account_id, std::int64_t now_nanos,
                   Target& target) const;
  bool ResolveStreamArn(std::string_view arn, std::int64_t now_nanos, Target& target) const;
  bool ResolveResourceArn(std::string_view arn, std::int64_t now_nanos, Target& target) const;
  bool ResolveConsumer(const Addressing& request, std::int64_t now_nanos, Target& target) const;
  void AimAtConsumer(std::string_view name, std::optional<std::int64_t> creation_seconds,
                     Target& target) const;
  absl::Status Ask(Operation operation, const Target& target, std::string_view resource,
                   const Addressing& request, std::int64_t now_nanos) const;
  absl::Status CheckReach(Operation operation, const Target& target) const;

  // What is made of the principal when it is first asked about: most clients never are.
  struct Prepared {
    Caller caller;
    std::string stream_arn_prefix;  // of the engine's streams
  };
  const Prepared& prepared() const;
  const Caller& caller() const { return prepared().caller; }

  Account& account_;
  const Principal principal_;
  const bool limited_;               // there is more to ask than resource policies
  const std::atomic<bool>& needed_;  // the account's word, unless always
  mutable absl::once_flag prepare_once_;
  mutable std::optional<Prepared> prepared_;
};

}  // namespace riacho::internal
