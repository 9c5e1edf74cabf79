// Any request with any members through the clients of an engine. Nothing crashes and nothing is an
// internal failure; every error has a text and is one that the operation may answer; a request that
// is refused, and one that only reads, changes nothing of what can be seen: streams, shards,
// records, consumers, tags, policies, settings and whether a subscription has ended.
//
// The input is a script: what the engine is like, then the calls, each with who calls and what its
// members are, and between them the passing of time, polls and changes of keys.
//
// Throughput of reading is not limited and rates of calls are not enforced, so that the state can
// be read at any time. Keys have no quota of requests for the same reason: reading sealed records
// counts, and so do calls that are refused.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/time/time.h"

#include "engine/exported_state.h"
#include "engine/request_list.h"
#include "engine/service_model.h"
#include "fuzz/known_texts.h"
#include "fuzz/request_filler.h"
#include "fuzz/script.h"
#include "riacho/engine/engine.h"
#include "riacho/model/error.h"
#include "riacho/time/manual_clock.h"

namespace riacho::fuzz {
namespace {

constexpr std::size_t kMostSteps = 24;
constexpr std::size_t kMostSubscriptions = 4;
constexpr char kOrders[] = "arn:aws:kinesis:us-east-1:123456789012:stream/orders";

// Small quotas and pages, so that a few calls are at their ends.
EngineOptions OptionsOf(Script& script) {
  EngineOptions options;
  const std::uint64_t choice = script.Take(1);
  if (choice % 2 != 0) options.lifecycle = Lifecycle::Service();
  options.lenient_resource_level = choice / 2 % 2 != 0;
  options.seed = 1;
  options.limits = Limits::Unlimited();
  options.limits.shard_write_bytes_per_second = Limits::kMiB;
  options.limits.shard_write_records_per_second = 20;
  options.limits.subscribe_to_shard_calls_per_second = 1;
  options.limits.describe_stream_page_shards = 2;
  options.limits.list_streams_page_streams = 2;
  options.limits.list_shards_page_shards = 2;
  options.limits.list_stream_consumers_page_consumers = 1;
  options.limits.shards_per_account = 10;
  options.limits.on_demand_streams_per_account = 2;
  options.limits.streams_in_creating = 2;
  options.limits.consumers_per_stream = 3;
  options.limits.consumers_in_creating = 2;
  options.limits.update_shard_count_target = 8;
  options.limits.update_shard_count_calls_per_day = 4;
  options.limits.update_stream_mode_switches_per_day = 2;
  options.limits.start_stream_encryption_calls_per_day = 2;
  options.limits.stop_stream_encryption_calls_per_day = 2;
  options.limits.warm_throughput_mibps = 16;
  options.limits.shards_per_on_demand_stream = 16;
  options.limits.tags_per_resource = 5;
  return options;
}

Policy Allowing(std::string_view actions) {
  return Policy::Parse(R"({"Statement":{"Effect":"Allow","Action":)" + std::string(actions) +
                       R"(,"Resource":"*"}})")
      .value();
}

std::string ResourcePolicy(std::string_view effect, std::string_view who, std::string_view action,
                           std::string_view resource) {
  return R"({"Version":"2012-10-17","Statement":[{"Effect":")" + std::string(effect) +
         R"(","Principal":)" + std::string(who) + R"(,"Action":"kinesis:)" + std::string(action) +
         R"(","Resource":")" + std::string(resource) + R"("}]})";
}

bool OnlyReads(Operation operation) {
  const std::string_view name = OperationName(operation);
  return name.starts_with("Describe") || name.starts_with("List") || name.starts_with("Get");
}

bool MayAnswer(Operation operation, ErrorCode code) {
  static const auto* const kErrors = [] {
    auto* const errors = new std::array<std::vector<ErrorCode>, kOperationCount>;
    for (const Operation each : AllOperations()) {
      for (const std::string& error : ErrorsOf(each))
        (*errors)[static_cast<std::size_t>(each)].push_back(ParseErrorCode(error).value());
    }
    return errors;
  }();
  // Those that no operation lists: anybody's members may be wrong, and anybody's call be denied.
  if (code == ErrorCode::kValidation || code == ErrorCode::kAccessDenied ||
      code == ErrorCode::kUnrecognizedClient) {
    return true;
  }
  // The engine has no channels yet.
  if (code == ErrorCode::kUnknownOperation)
    return OperationName(operation).find("Channel") != std::string_view::npos;
  const std::vector<ErrorCode>& errors = (*kErrors)[static_cast<std::size_t>(operation)];
  return code != ErrorCode::kInternalFailure && std::ranges::find(errors, code) != errors.end();
}

// Aborts with a text, for whoever reads what the fuzzer found.
void Require(bool condition, std::string_view operation, const std::string& what) {
  if (condition) return;
  std::fprintf(stderr, "%s: %s\n", std::string(operation).c_str(), what.c_str());
  std::abort();
}

class RequestWorld {
 public:
  explicit RequestWorld(Script& script) : script_(script), engine_(clock_, OptionsOf(script)) {
    AddKnownTexts();
    Require(engine_.key_store().CreateKey({.key_id = "first", .alias = "alias/first"}).ok(),
            "CreateKey", "refused");
    Must(root().CreateStream({.stream_name = "orders", .shard_count = 2}));
    Must(root().CreateStream(
        {.stream_name = "clicks",
         .stream_mode_details = StreamModeDetails{.stream_mode = StreamMode::kOnDemand}}));
    clock_.AdvanceTime(absl::Minutes(1));
    const auto billing =
        root().RegisterStreamConsumer({.stream_arn = kOrders, .consumer_name = "billing"});
    Require(billing.ok(), "Beginning", billing.status().ToString());
    const std::string& arn = billing->consumer.consumer_arn;
    known_.AddForGood(TextKind::kConsumerArn, arn);
    known_.AddForGood(TextKind::kStreamArn, arn);  // for a ResourceARN
    known_.AddForGood(TextKind::kPolicy, ResourcePolicy("Allow", "\"*\"", "SubscribeToShard", arn));
    clock_.AdvanceTime(absl::Minutes(1));
  }

  void Step() {
    const std::size_t what = script_.Choose(256);
    if (what >= 5 * kOperationCount) return LetHappen(what);
    const std::size_t who = script_.Choose(8);
    Client& client = *clients_[who < clients_.size() ? who : 0];
    std::size_t i = 0;
    ForEachRequest([&](auto method) {
      if (i++ == what % kOperationCount) Call(client, method);
    });
  }

 private:
  Client& root() { return *clients_[0]; }

  // --- Calls

  template <typename Method>
  void Call(Client& client, Method method) {
    using Request = RequestOf<Method>;
    constexpr Operation kOperation = Request::kOperation;
    Request request;
    RequestFiller filler(script_, known_, clock_.TimeNow());
    filler.Fill(request);
    if (!state_.has_value()) state_ = ExportState(root());
    const std::vector<bool> ended = Ended();
    auto answer = (client.*method)(request);
    if (answer.ok()) {
      Learn(*answer);
      if (!OnlyReads(kOperation)) return state_.reset();
    } else {
      CheckError(kOperation, answer.status());
    }
    ExportedState after = ExportState(root());
    const std::string difference = Difference(*state_, after);
    Require(difference.empty(), OperationName(kOperation), "has changed " + difference);
    Require(Ended() == ended, OperationName(kOperation), "has ended a subscription");
    state_ = std::move(after);
  }

  static void CheckError(Operation operation, const absl::Status& status) {
    const std::optional<ErrorCode> code = GetErrorCode(status);
    Require(code.has_value() && !ErrorMessage(status).empty() && MayAnswer(operation, *code),
            OperationName(operation), status.ToString());
  }

  std::vector<bool> Ended() const {
    std::vector<bool> ended;
    for (const auto& subscription : subscriptions_) ended.push_back(subscription->ended());
    return ended;
  }

  template <typename Answer>
  static void Must(const absl::StatusOr<Answer>& answer) {
    Require(answer.ok(), "Beginning", answer.status().ToString());
  }

  // --- What answers tell

  template <typename Response>
  void Learn(Response& response) {
    if constexpr (requires { response.next_token; })
      LearnIfPresent(TextKind::kNextToken, response.next_token);
    if constexpr (requires { response.shard_iterator; })
      known_.Learn(TextKind::kShardIterator, response.shard_iterator);
    if constexpr (requires { response.next_shard_iterator; })
      LearnIfPresent(TextKind::kShardIterator, response.next_shard_iterator);
    if constexpr (requires { response.sequence_number; })
      known_.Learn(TextKind::kSequenceNumber, response.sequence_number.ToString());
    if constexpr (requires { response.consumer; }) {
      known_.Learn(TextKind::kConsumerArn, response.consumer.consumer_arn);
      known_.Learn(TextKind::kStreamArn, response.consumer.consumer_arn);  // for a ResourceARN
    }
    if constexpr (requires { response.shards; }) {
      for (const Shard& shard : response.shards) {
        known_.Learn(TextKind::kSequenceNumber,
                     shard.sequence_number_range.starting_sequence_number.ToString());
      }
    }
  }
  void Learn(std::unique_ptr<Subscription>& subscription) {
    if (subscriptions_.size() == kMostSubscriptions) subscriptions_.erase(subscriptions_.begin());
    subscriptions_.push_back(std::move(subscription));
  }
  void LearnIfPresent(TextKind kind, const std::optional<std::string>& text) {
    if (text.has_value()) known_.Learn(kind, *text);
  }

  void AddKnownTexts() {
    const std::string prefix = "arn:aws:kinesis:us-east-1:123456789012:stream/";
    for (const std::string name : {"orders", "clicks", "returns"}) {
      known_.AddForGood(TextKind::kStreamName, name);
      known_.AddForGood(TextKind::kStreamArn, prefix + name);
    }
    known_.AddForGood(TextKind::kStreamArn, "arn:aws:kinesis:us-east-1:999999999999:stream/orders");
    known_.AddForGood(TextKind::kStreamArn, "arn:aws:kinesis:eu-west-1:123456789012:stream/orders");
    for (const char* name : {"billing", "search"}) known_.AddForGood(TextKind::kConsumerName, name);
    known_.AddForGood(TextKind::kConsumerArn, std::string(kOrders) + "/consumer/search:1");
    for (const char* id : {"shardId-000000000000", "shardId-000000000001", "2", "3", "9"})
      known_.AddForGood(TextKind::kShardId, id);
    known_.AddForGood(TextKind::kSequenceNumber, "0");
    for (const char* key :
         {"0", "85070591730234615865843651857942052864", "170141183460469231731687303715884105728",
          "255211775190703847597530955573826158592", "340282366920938463463374607431768211455",
          "340282366920938463463374607431768211456"}) {
      known_.AddForGood(TextKind::kHashKey, key);
    }
    for (const char* key : {"a", "b", "c"}) known_.AddForGood(TextKind::kPartitionKey, key);
    for (const char* key : {"first", "alias/first", "alias/aws/kinesis", "second"})
      known_.AddForGood(TextKind::kKeyId, key);
    for (const char* key : {"team", "cost", "aws:own"}) known_.AddForGood(TextKind::kTagKey, key);
    known_.AddForGood(TextKind::kPolicy, ResourcePolicy("Allow", "\"*\"", "PutRecord*", kOrders));
    known_.AddForGood(TextKind::kPolicy, ResourcePolicy("Deny", "\"*\"", "GetRecords", kOrders));
    known_.AddForGood(TextKind::kPolicy,
                      ResourcePolicy("Allow", R"({"AWS":"999999999999"})", "ListShards", kOrders));
  }

  // --- What happens between calls

  void LetHappen(std::size_t what) {
    state_.reset();
    switch (what % 4) {
      case 0:
        return Advance();
      case 1:
        return Poll();
      case 2:
        if (!subscriptions_.empty())
          subscriptions_.erase(subscriptions_.begin() +
                               static_cast<std::ptrdiff_t>(script_.Choose(subscriptions_.size())));
        return;
      default:
        return engine_.key_store()
            .SetKeyState("first", script_.Choose(2) == 0 ? KeyState::kEnabled : KeyState::kDisabled)
            .IgnoreError();
    }
  }

  void Advance() {
    constexpr std::array kSteps = {absl::Seconds(1),  absl::Milliseconds(1), absl::Seconds(6),
                                   absl::Seconds(30), absl::Minutes(6),      absl::Hours(1),
                                   absl::Hours(25),   absl::Hours(24 * 40)};
    clock_.AdvanceTime(kSteps[script_.Choose(kSteps.size())]);
  }

  void Poll() {
    for (const std::unique_ptr<Subscription>& subscription : subscriptions_) {
      const auto event = subscription->Poll();
      if (event.ok()) continue;
      const std::optional<ErrorCode> code = GetErrorCode(event.status());
      Require(code.has_value() && *code != ErrorCode::kInternalFailure && subscription->ended(),
              "Poll", event.status().ToString());
    }
  }

  Script& script_;
  ManualClock clock_;
  Engine engine_;
  const std::array<std::unique_ptr<Client>, 4> clients_ = {
      engine_.NewClient(), engine_.NewClient(Principal::User("alice", {Allowing("\"kinesis:*\"")})),
      engine_.NewClient(Principal::User("bob", {Allowing(R"(["kinesis:Get*","kinesis:List*"])")})),
      engine_.NewClient([] {
        Principal stranger = Principal::User("carol", {Allowing("\"*\"")});
        stranger.account_id = "999999999999";
        return stranger;
      }())};
  KnownTexts known_;
  std::vector<std::unique_ptr<Subscription>> subscriptions_;
  std::optional<ExportedState> state_;  // what it is now, if that is known
};

}  // namespace
}  // namespace riacho::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  riacho::fuzz::Script script(data, size);
  riacho::fuzz::RequestWorld world(script);
  for (std::size_t i = 0; i < riacho::fuzz::kMostSteps && !script.done(); ++i) world.Step();
  return 0;
}
