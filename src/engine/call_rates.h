// How often each operation may be called: the API quotas, when they are enforced.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"

#include "flow/token_bucket.h"
#include "riacho/model/limits.h"
#include "riacho/model/operation.h"

namespace riacho::internal {

// Thread-safe; takes a mutex only when rates are enforced and the operation has one.
class CallRates {
 public:
  CallRates(const Limits& limits, std::string account_id)
      : limits_(limits), account_id_(std::move(account_id)) {}

  // OK, or kLimitExceeded. For operations whose quota is the account's.
  absl::Status AdmitToAccount(Operation operation, std::int64_t now_nanos);
  // The same for operations whose quota is each stream's.
  absl::Status AdmitToStream(Operation operation, std::string_view stream, std::int64_t now_nanos);

  // How full the buckets that have been used are.
  struct Bucket {
    Operation operation = Operation();
    std::string stream = {};    // empty: of the account
    std::uint64_t full_at = 0;  // see TokenBucket::Save
  };
  std::vector<Bucket> Save();
  void Restore(const std::vector<Bucket>& buckets);

 private:
  std::int64_t RateOf(const Bucket& bucket) const;
  bool Take(Operation operation, std::string_view stream, std::int64_t per_second,
            std::int64_t now_nanos);

  const Limits limits_;
  const std::string account_id_;
  absl::Mutex mutex_;
  std::map<std::pair<Operation, std::string>, std::unique_ptr<TokenBucket>> buckets_
      ABSL_GUARDED_BY(mutex_);
};

}  // namespace riacho::internal
