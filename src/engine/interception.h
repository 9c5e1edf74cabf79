// The interceptors of an engine, asked about one call.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "engine/access.h"
#include "engine/account.h"
#include "riacho/client/interceptor.h"
#include "riacho/client/record_requests.h"

namespace riacho::internal {

// Borrows the request, which need not be valid. Thread-compatible.
class Interception {
 public:
  template <typename Request>
  Interception(Account& account, const Authorizer& caller, const Request& request,
               std::int64_t now_nanos)
      : Interception(account, caller, Request::kOperation, &request, AddressingOf(request),
                     now_nanos) {
    if constexpr (requires { request.shard_id; }) NameShard(request.shard_id);
    if constexpr (requires { request.shard_to_split; }) NameShard(request.shard_to_split);
    if constexpr (requires { request.shard_to_merge; }) NameShard(request.shard_to_merge);
    if constexpr (requires { request.data; }) {
      context_.shard_id = ShardOf(request.partition_key, request.explicit_hash_key, now_nanos);
    }
    if constexpr (requires { request.records; }) RouteEntries(request, now_nanos);
  }
  Interception(const Interception&) = delete;
  Interception& operator=(const Interception&) = delete;

  // Asks until one refuses.
  absl::Status Before();

  // One status for each entry of a PutRecords, OK for those that nobody refuses.
  std::vector<absl::Status> BeforeEntries();

  // Lets those that were asked before change `result`.
  template <typename Response>
  void After(absl::StatusOr<Response>& result) {
    OperationOutcome outcome(context_.operation, result.status(), result.ok() ? &*result : nullptr);
    AskAfter(outcome);
    if (!outcome.status().ok()) result = outcome.status();
  }

 private:
  Interception(Account& account, const Authorizer& caller, Operation operation,
               const void* untyped_request, const Addressing& addressing, std::int64_t now_nanos);

  void FindStream(const Addressing& addressing);
  void NameShard(const std::optional<std::string>& shard_id);
  void RouteEntries(const PutRecordsRequest& request, std::int64_t now_nanos);
  // Where a put's key leads now; nothing if there is no such stream, or if it places records
  // itself.
  std::optional<ShardId> ShardOf(const std::optional<std::string_view>& partition_key,
                                 const std::optional<std::string_view>& explicit_hash_key,
                                 std::int64_t now_nanos) const;
  void AskAfter(OperationOutcome& outcome);

  Account& account_;
  std::string stream_name_;
  std::vector<std::optional<ShardId>> entry_shards_;
  OperationContext context_;
  std::size_t asked_ = 0;  // interceptors whose Before has been called
};

}  // namespace riacho::internal
