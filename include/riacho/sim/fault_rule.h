// FaultRule: which calls go wrong, and how. A value; FaultPlan makes them from phrases or from
// JSON.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"

#include "riacho/model/error.h"
#include "riacho/model/operation.h"
#include "riacho/model/shard_id.h"

namespace riacho {

enum class FaultKind : unsigned char {
  kFail,              // the call is refused with `error`; entries of PutRecords, see `share`
  kThrottle,          // as kFail, with the error that the operation throttles with
  kDelay,             // the answer takes its time
  kLoseRequest,       // the call never arrives; the caller sees a time-out
  kLoseReply,         // the call is carried out; the caller sees a time-out
  kDropSubscription,  // the connection breaks after `events` events, with an error
  kEndSubscription,   // the subscription ends after `events` events, as after five minutes
  kAnswerStale,       // DescribeStream, DescribeStreamSummary, ListShards: an earlier answer
  kDeliverAgain,      // GetRecords: the next page is this one; SubscribeToShard: the first event
                      // comes twice
};

// The word for it in a file, such as "lose_reply". Valid for the life of the program.
std::string_view FaultKindName(FaultKind kind);
std::ostream& operator<<(std::ostream& out, FaultKind kind);

struct FaultRule {
  static constexpr std::int64_t kNoLimit = std::numeric_limits<std::int64_t>::max();

  // Which calls it is about: those that all of these fit.
  std::vector<Operation> operations = {};     // none: every operation
  std::string stream_name = {};               // empty: any
  std::optional<ShardId> shard_id = {};       // PutRecords: the entries whose key leads there
  std::string principal_arn = {};             // empty: anyone's
  absl::Time from = absl::InfinitePast();     // of the call, on the backend's clock
  absl::Time until = absl::InfiniteFuture();  // exclusive

  // Which of those go wrong: counted from 1, by this rule.
  std::int64_t first_call = 1;
  std::int64_t last_call = kNoLimit;
  std::int64_t every = 1;               // of 10: the tenth, the twentieth, …
  double chance = 1;                    // of 0.01: one in a hundred, by the plan's seed
  std::int64_t most_faults = kNoLimit;  // then the rule is spent

  // What happens.
  FaultKind kind = FaultKind::kFail;
  ErrorCode error = ErrorCode::kInternalFailure;
  std::string message = {};          // empty: one that names the rule
  std::optional<double> share = {};  // of a PutRecords: so many of its entries, one at least,
                                     // chosen by the plan's seed; absent: the call as a whole
  absl::Duration delay = absl::ZeroDuration();      // kDelay: at least; kAnswerStale: how old
  absl::Duration max_delay = absl::ZeroDuration();  // kDelay: at most, if more than `delay`
  std::int64_t events = 0;                          // subscriptions: how many come through

  friend bool operator==(const FaultRule&, const FaultRule&) = default;
};

}  // namespace riacho
