// Fault plans from JSON.
#include <cstddef>
#include <fstream>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "engine/engine_fixture.h"
#include "riacho/sim/fault_plan.h"

namespace riacho {
namespace {

using testing::ElementsAre;

std::vector<FaultRule> RulesOf(const std::string& json) { return FaultPlan::Parse(json)->rules(); }

FaultRule RuleOf(const std::string& fields) {
  return RulesOf(R"({"faults": [{)" + fields + "}]}").at(0);
}

TEST(FaultPlanFile, SaysWhatThePhraseSays) {
  FaultPlan phrase(7);
  phrase.On(Operation::kPutRecords)
      .Every(10)
      .Fail(ErrorCode::kProvisionedThroughputExceeded, /*share=*/0.5)
      .On({Operation::kGetRecords, Operation::kGetShardIterator})
      .Stream("orders")
      .Shard({3})
      .Delay(absl::Seconds(1), absl::Seconds(3))
      .OnEverything()
      .Principal("arn:aws:iam::123456789012:user/alice")
      .WithChance(0.25)
      .AtMost(4)
      .LoseReply();
  EXPECT_EQ(RulesOf(R"({
    "seed": 7,
    "faults": [
      {"on": "PutRecords", "every": 10, "fail": "ProvisionedThroughputExceededException",
       "share": 0.5},
      {"on": ["GetRecords", "GetShardIterator"], "stream": "orders",
       "shard": "shardId-000000000003", "delay": ["1s", "3s"]},
      {"principal": "arn:aws:iam::123456789012:user/alice", "chance": 0.25, "at_most": 4,
       "lose_reply": true}
    ]})"),
            phrase.rules());
}

TEST(FaultPlanFile, HasEveryKindOfFault) {
  const std::vector<std::pair<std::string, FaultRule>> cases = {
      {R"("fail": "KMSDisabledException", "message": "off")",
       {.kind = FaultKind::kFail, .error = ErrorCode::kKmsDisabled, .message = "off"}},
      {R"("throttle": true, "share": 0.25)", {.kind = FaultKind::kThrottle, .share = 0.25}},
      {R"("delay": "250ms")", {.kind = FaultKind::kDelay, .delay = absl::Milliseconds(250)}},
      {R"("delay": ["1s", "1s"])",
       {.kind = FaultKind::kDelay, .delay = absl::Seconds(1), .max_delay = absl::Seconds(1)}},
      {R"("lose_request": true)", {.kind = FaultKind::kLoseRequest}},
      {R"("lose_reply": true)", {.kind = FaultKind::kLoseReply}},
      {R"("drop_subscription": 3)", {.kind = FaultKind::kDropSubscription, .events = 3}},
      {R"("end_subscription": 0)", {.kind = FaultKind::kEndSubscription}},
      {R"("answer_stale": "30s")", {.kind = FaultKind::kAnswerStale, .delay = absl::Seconds(30)}},
      {R"("deliver_again": true)", {.kind = FaultKind::kDeliverAgain}},
  };
  std::set<FaultKind> kinds;
  for (const auto& [fields, rule] : cases) {
    const FaultRule read = RuleOf(fields);
    EXPECT_EQ(read, rule) << fields;
    EXPECT_THAT(fields, testing::HasSubstr(FaultKindName(read.kind)));
    kinds.insert(read.kind);
  }
  EXPECT_EQ(kinds.size(), static_cast<std::size_t>(FaultKind::kDeliverAgain) + 1);
}

TEST(FaultPlanFile, ChoosesCallsByNumberAndTime) {
  EXPECT_EQ(RuleOf(R"("calls": 7, "throttle": true)").last_call, 7);
  EXPECT_EQ(RuleOf(R"("calls": [7, 9], "throttle": true)").first_call, 7);
  const FaultRule rule = RuleOf(
      R"("from": "2026-01-01T00:00:10Z", "until": "2026-01-01T00:00:20Z", "throttle": true)");
  EXPECT_EQ(rule.until - rule.from, absl::Seconds(10));
}

TEST(FaultPlanFile, NamesTheLineOfWhatIsNoJson) {
  EXPECT_THAT(FaultPlan::Parse("{\n  \"seed\": 1,\n  \"faults\": [}\n").status().ToString(),
              testing::AllOf(testing::HasSubstr("not JSON: parse error at line 3, column 14"),
                             testing::Not(testing::HasSubstr("json.exception"))));
}

TEST(FaultPlanFile, NamesTheFieldOfWhatIsNoPlan) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {R"([])", "expected an object, found []"},
      {R"({"sed": 1})", "sed: there is no such field"},
      {R"({"seed": -1})", "seed: expected a whole number, found -1"},
      {R"({"faults": {}})", "faults: expected a list, found {}"},
      {R"({"faults": [1]})", "faults[0]: expected an object, found 1"},
      {R"({"faults": [{"throttle": true}, {"on": "PutRecord"}]})",
       "faults[1]: does not say what happens, such as \"lose_reply\": true"},
      {R"({"faults": [{"throttle": true, "lose_reply": true}]})",
       "faults[0].lose_reply: there is \"throttle\" already; make it two faults"},
      {R"({"faults": [{"on": "PutRecrod", "throttle": true}]})",
       "faults[0].on: expected an operation such as \"PutRecord\", found \"PutRecrod\""},
      {R"({"faults": [{"on": ["PutRecord", 1], "throttle": true}]})",
       "faults[0].on[1]: expected an operation such as \"PutRecord\", found 1"},
      {R"({"faults": [{"on": [], "throttle": true}]})",
       "faults[0].on: expected an operation at least, found []"},
      {R"({"faults": [{"every": 0, "throttle": true}]})",
       "faults[0].every: expected a whole number of at least 1, found 0"},
      {R"({"faults": [{"every": 1.5, "throttle": true}]})",
       "faults[0].every: expected a whole number of at least 1, found 1.5"},
      {R"({"faults": [{"every": 18446744073709551615, "throttle": true}]})",
       "faults[0].every: expected a whole number of at least 1, found 18446744073709551615"},
      {R"({"faults": [{"calls": [3, 2], "throttle": true}]})",
       "faults[0].calls[1]: expected a whole number of at least 3, found 2"},
      {R"({"faults": [{"chance": 1.5, "throttle": true}]})",
       "faults[0].chance: expected a number from 0 to 1, found 1.5"},
      {R"({"faults": [{"shard": "x", "throttle": true}]})",
       "faults[0].shard: expected a shard id such as \"shardId-000000000000\", found \"x\""},
      {R"({"faults": [{"stream": 1, "throttle": true}]})",
       "faults[0].stream: expected a text, found 1"},
      {R"({"faults": [{"from": "noon", "throttle": true}]})",
       "faults[0].from: expected a time such as \"2026-01-01T00:00:00Z\", found \"noon\""},
      {R"({"faults": [{"delay": 2}]})",
       "faults[0].delay: expected a duration such as \"1.5s\", found 2"},
      {R"({"faults": [{"delay": ["1s", "-1s"]}]})",
       "faults[0].delay[1]: expected a duration such as \"1.5s\", found \"-1s\""},
      {R"({"faults": [{"delay": ["3s", "1s"]}]})",
       "faults[0].delay[1]: expected no less than 3s, found \"1s\""},
      {R"({"faults": [{"lose_reply": true, "share": 0.5}]})",
       "faults[0].share: goes with \"fail\" or \"throttle\", not with \"lose_reply\""},
      {R"({"faults": [{"message": "slow", "delay": "1s"}]})",
       "faults[0].message: goes with \"fail\" or \"throttle\", not with \"delay\""},
      {R"({"faults": [{"fail": "Throttled"}]})",
       "faults[0].fail: expected an exception such as \"ResourceNotFoundException\", found "
       "\"Throttled\""},
      {R"({"faults": [{"lose_reply": false}]})",
       "faults[0].lose_reply: expected true, found false"},
      {R"({"faults": [{"end_subscription": -1}]})",
       "faults[0].end_subscription: expected a whole number of at least 0, found -1"},
  };
  for (const auto& [json, error] : cases)
    EXPECT_THAT(FaultPlan::Parse(json), FailsWith(ErrorCode::kInvalidArgument, error)) << json;
}

TEST(FaultPlanFile, IsLoadedByName) {
  const std::string path = testing::TempDir() + "riacho_fault_plan_test.json";
  std::ofstream(path) << R"({"faults": [{"on": "PutRecord", "lose_reply": true}]})";
  EXPECT_THAT(FaultPlan::Load(path)->rules(),
              ElementsAre(testing::Field(&FaultRule::kind, FaultKind::kLoseReply)));
  std::ofstream(path) << R"({"faults": 1})";
  EXPECT_THAT(FaultPlan::Load(path),
              FailsWith(ErrorCode::kInvalidArgument, path + ": faults: expected a list, found 1"));
  EXPECT_THAT(FaultPlan::Load(path + ".none"),
              FailsWith(ErrorCode::kInvalidArgument, path + ".none: cannot be read"));
}

}  // namespace
}  // namespace riacho
