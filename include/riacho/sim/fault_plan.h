// FaultPlan: makes a service fail on purpose, by script or by chance, in the same way each time.
//
//   auto plan = std::make_shared<riacho::FaultPlan>(/*seed=*/42);
//   plan->On(riacho::Operation::kPutRecords).Every(10).Throttle(/*share=*/0.5)
//       .On(riacho::Operation::kPutRecord).WithChance(0.01).LoseReply()
//       .On(riacho::Operation::kGetRecords).Stream("orders").Delay(absl::Seconds(2));
//   riacho::Engine engine(clock, {.interceptors = {plan}});
//
// A Simulation takes a plan as it is, and knows what to do with delays. To cut a process off, to
// crash it or to stop it for a while prefer Process.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <initializer_list>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "riacho/base/random.h"
#include "riacho/client/client.h"
#include "riacho/client/interceptor.h"
#include "riacho/sim/fault_rule.h"

namespace riacho {

// A call as it came and went, for assertions after the fact.
struct CapturedCall {
  struct Record {
    std::string partition_key = {};
    std::string data = {};
    std::optional<std::string> explicit_hash_key = {};
    std::optional<std::string> sequence_number_for_ordering = {};  // of PutRecord

    friend bool operator==(const Record&, const Record&) = default;
  };

  Operation operation = Operation::kListStreams;
  absl::Time at = {};
  std::string principal_arn = {};
  std::string stream_name = {};
  std::optional<ShardId> shard_id = {};
  std::vector<Record> records = {};                  // of PutRecord and PutRecords, copied
  absl::Status status = {};                          // what the caller was answered
  std::shared_ptr<const void> untyped_request = {};  // see As; shared with copies of this

  // The request, copied with all that it views, if it is one of these, else null:
  // call.As<CreateStreamRequest>().
  template <typename Request>
  const Request* As() const {
    return Request::kOperation == operation ? static_cast<const Request*>(untyped_request.get())
                                            : nullptr;
  }
};

// Thread-safe. A copy has the same rules and goes on with their counts as they are.
//
// Every rule looks at every call, in the order of the rules; if several refuse a call, the first
// one's error is answered, and delays add up. The same seed and the same calls have the same
// faults; what one rule does is not changed by rules that stand beside it.
class FaultPlan final : public Interceptor {
 public:
  class Phrase;

  explicit FaultPlan(std::uint64_t seed = 0);
  FaultPlan(const FaultPlan& other);
  FaultPlan& operator=(const FaultPlan&) = delete;
  ~FaultPlan() override;

  // Reads a plan from JSON:
  //   {"seed": 42, "faults": [
  //     {"on": "PutRecords", "every": 10, "fail": "ProvisionedThroughputExceededException",
  //      "share": 0.5},
  //     {"on": ["GetRecords", "GetShardIterator"], "stream": "orders", "delay": ["1s", "3s"]}]}
  // Errors: kInvalidArgument, which names the line of what is no JSON, or the field of what is no
  //         plan, and what was expected there.
  static absl::StatusOr<FaultPlan> Parse(std::string_view json);

  // The same from a file. Errors: as Parse, with the file's name; kInvalidArgument (not readable).
  static absl::StatusOr<FaultPlan> Load(const std::string& path);

  // Begins a rule for calls of these operations; the phrase's last word adds it to the plan.
  Phrase On(Operation operation);
  Phrase On(std::initializer_list<Operation> operations);
  Phrase OnEverything();

  FaultPlan& Add(FaultRule rule);

  // Ends all rules: from here on nothing fails.
  void Clear();

  // Who makes time pass when an answer is delayed. A Simulation sets it; with a ManualClock of your
  // own: plan->set_sleep([&](absl::Duration d) { clock.AdvanceTime(d); }). Without it a call that
  // would be delayed fails with absl::StatusCode::kFailedPrecondition.
  void set_sleep(std::function<void(absl::Duration)> sleep);

  // Keeps the last `most_calls` calls of these operations, of all if there are none.
  void Capture(std::vector<Operation> operations = {}, std::size_t most_calls = 10'000);
  std::vector<CapturedCall> captured() const;

  std::vector<FaultRule> rules() const;

  // How often each rule has made something fail; entries of one PutRecords count as one.
  std::vector<std::int64_t> fault_counts() const;
  std::int64_t fault_count() const;

  absl::Status Before(const OperationContext& call) override;
  void BeforeEntries(const OperationContext& call, std::span<absl::Status> refusals) override;
  void After(const OperationContext& call, OperationOutcome& outcome) override;

 private:
  using Answer =
      std::variant<DescribeStreamResponse, DescribeStreamSummaryResponse, ListShardsResponse>;
  struct RememberedAnswer {
    absl::Time at;
    Answer answer;
  };
  struct ActiveRule {
    FaultRule rule;
    Random random;
    std::int64_t calls = 0;
    std::int64_t faults = 0;
    std::map<std::string, std::deque<RememberedAnswer>> remembered = {};  // by request
  };
  struct Capturing {
    std::vector<Operation> operations;
    std::size_t most_calls;
  };

  // With mutex_ held.
  bool Fires(ActiveRule& active, const OperationContext& call);
  void RefuseShare(ActiveRule& active, const OperationContext& call,
                   std::span<absl::Status> refusals);
  void AnswerStale(ActiveRule& active, const OperationContext& call, OperationOutcome& outcome);
  template <typename Request>
  void AnswerStaleAs(ActiveRule& active, const OperationContext& call, OperationOutcome& outcome);
  void BreakSubscription(ActiveRule& active, const OperationContext& call,
                         OperationOutcome& outcome);
  void KeepCall(const OperationContext& call, const absl::Status& status);
  absl::Status ErrorOf(const ActiveRule& active, Operation operation) const;

  std::atomic<bool> idle_ = true;  // no rules and no capture: calls need not take the mutex
  mutable std::mutex mutex_;
  const std::uint64_t seed_;  // what follows is guarded by mutex_
  std::vector<ActiveRule> rules_;
  std::function<void(absl::Duration)> sleep_;
  std::optional<Capturing> capturing_;
  std::deque<CapturedCall> captured_;
};

// One rule in words: which calls, which of them, and at last what happens to those. Lives as long
// as the expression that says it.
class FaultPlan::Phrase {
 public:
  Phrase(const Phrase&) = delete;
  Phrase& operator=(const Phrase&) = delete;

  // Which calls.
  Phrase& Stream(std::string name);
  Phrase& Shard(ShardId shard_id);
  Phrase& Principal(std::string arn);
  Phrase& Between(absl::Time from, absl::Time until);
  Phrase& From(absl::Time from);

  // Which of them. Numbers below 1 count as 1.
  Phrase& Call(std::int64_t number);
  Phrase& Calls(std::int64_t first, std::int64_t last);
  Phrase& Every(std::int64_t n);
  Phrase& WithChance(double chance);
  Phrase& AtMost(std::int64_t faults);

  // What happens, as FaultKind says.
  FaultPlan& Fail(ErrorCode error, std::optional<double> share = std::nullopt);
  FaultPlan& FailWith(ErrorCode error, std::string message);
  FaultPlan& Throttle(std::optional<double> share = std::nullopt);
  FaultPlan& Delay(absl::Duration delay);
  FaultPlan& Delay(absl::Duration least, absl::Duration most);
  FaultPlan& LoseRequest();
  FaultPlan& LoseReply();
  FaultPlan& DropSubscription(std::int64_t after_events = 0);
  FaultPlan& EndSubscription(std::int64_t after_events = 0);
  FaultPlan& AnswerStale(absl::Duration age);
  FaultPlan& DeliverAgain();

 private:
  friend class FaultPlan;
  Phrase(FaultPlan& plan, std::vector<Operation> operations);

  FaultPlan& Done(FaultKind kind);

  FaultPlan& plan_;
  FaultRule rule_;
};

}  // namespace riacho
