// Every error that the service's model lists for an operation is answered by that operation, or a
// line of docs/differences.md says why not.
//
// A scene is a small world in which one thing is wrong. For each pair of operation and error the
// operation is called in all scenes that are meant for the error, until one answers it.
#include <algorithm>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "engine/record_fixture.h"
#include "engine/service_model.h"
#include "riacho/security/key_store.h"

namespace riacho {
namespace {

using Type = ShardIteratorType;
using Commitment = MinimumThroughputBillingCommitmentStatus;

// What a call is about: everything right, unless a scene makes it wrong.
struct Target {
  std::string stream = "orders";
  std::string arn = StreamArnOf(stream);
  bool by_arn = false;  // where a request takes either
  std::string shard = "0";
  std::string consumer = "audit";
  std::string consumer_arn = {};
  std::string shard_iterator = {};
  std::optional<std::string> next_token = {};
  std::optional<bool> dry_run = {};
  std::string key_id = "alias/aws/kinesis";
  std::string new_stream = "new";
  std::map<std::string, std::string> tags = {{"team", "blue"}};
  std::optional<std::string> channel_arn = "arn:aws:kinesis:us-east-1:123456789012:channel/archive";

  Commitment commitment = Commitment::kDisabled;

  std::optional<std::string> name() const { return by_arn ? std::nullopt : std::optional(stream); }
  std::optional<std::string> either_arn() const {
    return by_arn ? std::optional(arn) : std::nullopt;
  }
};

std::string PolicyOn(const std::string& arn) {
  return R"({"Version": "2012-10-17",
             "Statement": {"Effect": "Allow", "Principal": "*", "Action": "kinesis:PutRecord",
                           "Resource": ")" +
         arn + R"("}})";
}

absl::Status Call(Operation operation, Client& kinesis, const Target& target) {
  const std::optional<std::string> name = target.name();
  const std::optional<std::string> arn = target.either_arn();
  switch (operation) {
    case Operation::kAddTagsToStream:
      return kinesis.AddTagsToStream({.stream_name = name, .tags = target.tags, .stream_arn = arn})
          .status();
    case Operation::kCreateChannel:
      return kinesis
          .CreateChannel({.channel_name = target.channel_arn,
                          .service_execution_role_arn = "arn:aws:iam::123456789012:role/archive",
                          .stream_configuration_list =
                              {{.stream_arn = target.arn,
                                .record_configuration = {{RecordFormatType::kJson}}}}})
          .status();
    case Operation::kCreateStream:
      return kinesis
          .CreateStream({.stream_name = target.new_stream, .shard_count = 1, .tags = target.tags})
          .status();
    case Operation::kDecreaseStreamRetentionPeriod:
      return kinesis
          .DecreaseStreamRetentionPeriod(
              {.stream_name = name, .retention_period_hours = 24, .stream_arn = arn})
          .status();
    case Operation::kDeleteChannel:
      return kinesis.DeleteChannel({.channel_arn = target.channel_arn}).status();
    case Operation::kDeleteResourcePolicy:
      return kinesis.DeleteResourcePolicy({.resource_arn = target.arn}).status();
    case Operation::kDeleteStream:
      return kinesis.DeleteStream({.stream_name = name, .stream_arn = arn}).status();
    case Operation::kDeregisterStreamConsumer:
      return kinesis
          .DeregisterStreamConsumer({.stream_arn = target.arn, .consumer_name = target.consumer})
          .status();
    case Operation::kDescribeAccountSettings:
      return kinesis.DescribeAccountSettings({}).status();
    case Operation::kDescribeChannel:
      return kinesis.DescribeChannel({.channel_arn = target.channel_arn}).status();
    case Operation::kDescribeLimits:
      return kinesis.DescribeLimits({}).status();
    case Operation::kDescribeStream:
      return kinesis.DescribeStream({.stream_name = name, .stream_arn = arn}).status();
    case Operation::kDescribeStreamConsumer:
      return kinesis
          .DescribeStreamConsumer({.stream_arn = target.arn, .consumer_name = target.consumer})
          .status();
    case Operation::kDescribeStreamSummary:
      return kinesis.DescribeStreamSummary({.stream_name = name, .stream_arn = arn}).status();
    case Operation::kDisableEnhancedMonitoring:
      return kinesis
          .DisableEnhancedMonitoring(
              {.stream_name = name, .shard_level_metrics = {MetricsName::kAll}, .stream_arn = arn})
          .status();
    case Operation::kEnableEnhancedMonitoring:
      return kinesis
          .EnableEnhancedMonitoring(
              {.stream_name = name, .shard_level_metrics = {MetricsName::kAll}, .stream_arn = arn})
          .status();
    case Operation::kGetRecords:
      return kinesis
          .GetRecords({.shard_iterator = target.shard_iterator,
                       .stream_arn = arn,
                       .dry_run = target.dry_run})
          .status();
    case Operation::kGetResourcePolicy:
      return kinesis.GetResourcePolicy({.resource_arn = target.arn}).status();
    case Operation::kGetShardIterator:
      return kinesis
          .GetShardIterator({.stream_name = name,
                             .shard_id = target.shard,
                             .shard_iterator_type = Type::kLatest,
                             .stream_arn = arn,
                             .dry_run = target.dry_run})
          .status();
    case Operation::kIncreaseStreamRetentionPeriod:
      return kinesis
          .IncreaseStreamRetentionPeriod(
              {.stream_name = name, .retention_period_hours = 48, .stream_arn = arn})
          .status();
    case Operation::kListChannels:
      return kinesis.ListChannels({.next_token = target.next_token}).status();
    case Operation::kListShards:
      if (target.next_token.has_value())
        return kinesis.ListShards({.next_token = target.next_token}).status();
      return kinesis.ListShards({.stream_name = name, .stream_arn = arn}).status();
    case Operation::kListStreamConsumers:
      return kinesis
          .ListStreamConsumers({.stream_arn = target.arn, .next_token = target.next_token})
          .status();
    case Operation::kListStreams:
      return kinesis.ListStreams({.next_token = target.next_token}).status();
    case Operation::kListTagsForResource:
      return kinesis.ListTagsForResource({.resource_arn = target.arn}).status();
    case Operation::kListTagsForStream:
      return kinesis.ListTagsForStream({.stream_name = name, .stream_arn = arn}).status();
    case Operation::kMergeShards:
      return kinesis
          .MergeShards({.stream_name = name,
                        .shard_to_merge = target.shard,
                        .adjacent_shard_to_merge = "1",
                        .stream_arn = arn})
          .status();
    case Operation::kPutRecord:
      return kinesis
          .PutRecord({.stream_name = name,
                      .data = "data",
                      .partition_key = "key",
                      .stream_arn = arn,
                      .dry_run = target.dry_run})
          .status();
    case Operation::kPutRecords: {
      const PutRecordsRequestEntry entry = {.data = "data", .partition_key = "key"};
      const absl::StatusOr<PutRecordsResponse> put =
          kinesis.PutRecords({.records = {&entry, 1},
                              .stream_name = name,
                              .stream_arn = arn,
                              .dry_run = target.dry_run});
      if (!put.ok()) return put.status();
      const PutRecordsResultEntry& result = put->records.front();
      if (!result.error_code.has_value()) return absl::OkStatus();
      return MakeError(*result.error_code, result.error_message);
    }
    case Operation::kPutResourcePolicy:
      return kinesis.PutResourcePolicy({.resource_arn = target.arn, .policy = PolicyOn(target.arn)})
          .status();
    case Operation::kRegisterStreamConsumer:
      return kinesis
          .RegisterStreamConsumer({.stream_arn = target.arn, .consumer_name = target.consumer})
          .status();
    case Operation::kRemoveTagsFromStream:
      return kinesis
          .RemoveTagsFromStream({.stream_name = name, .tag_keys = {"team"}, .stream_arn = arn})
          .status();
    case Operation::kSplitShard:
      return kinesis
          .SplitShard({.stream_name = name,
                       .shard_to_split = target.shard,
                       .new_starting_hash_key = "1000",
                       .stream_arn = arn})
          .status();
    case Operation::kStartStreamEncryption:
      return kinesis
          .StartStreamEncryption({.stream_name = name,
                                  .encryption_type = EncryptionType::kKms,
                                  .key_id = target.key_id,
                                  .stream_arn = arn})
          .status();
    case Operation::kStopStreamEncryption:
      return kinesis
          .StopStreamEncryption({.stream_name = name,
                                 .encryption_type = EncryptionType::kKms,
                                 .key_id = target.key_id,
                                 .stream_arn = arn})
          .status();
    case Operation::kSubscribeToShard:
      return kinesis
          .SubscribeToShard({.consumer_arn = target.consumer_arn,
                             .shard_id = target.shard,
                             .starting_position = StartingPosition{.type = Type::kTrimHorizon},
                             .dry_run = target.dry_run})
          .status();
    case Operation::kTagResource:
      return kinesis.TagResource({.tags = target.tags, .resource_arn = target.arn}).status();
    case Operation::kUntagResource:
      return kinesis.UntagResource({.tag_keys = {"team"}, .resource_arn = target.arn}).status();
    case Operation::kUpdateAccountSettings:
      return kinesis
          .UpdateAccountSettings(
              {.minimum_throughput_billing_commitment =
                   MinimumThroughputBillingCommitmentInput{.status = target.commitment}})
          .status();
    case Operation::kUpdateChannel:
      return kinesis.UpdateChannel({.channel_arn = target.channel_arn}).status();
    case Operation::kUpdateMaxRecordSize:
      return kinesis.UpdateMaxRecordSize({.stream_arn = target.arn, .max_record_size_in_kib = 2048})
          .status();
    case Operation::kUpdateShardCount:
      return kinesis
          .UpdateShardCount({.stream_name = name, .target_shard_count = 4, .stream_arn = arn})
          .status();
    case Operation::kUpdateStreamMode:
      return kinesis
          .UpdateStreamMode(
              {.stream_arn = target.arn,
               .stream_mode_details = StreamModeDetails{.stream_mode = StreamMode::kOnDemand}})
          .status();
    case Operation::kUpdateStreamRecordDistributionStrategy:
      return kinesis
          .UpdateStreamRecordDistributionStrategy(
              {.stream_arn = target.arn,
               .record_distribution_strategy = RecordDistributionStrategy::kAuto})
          .status();
    case Operation::kUpdateStreamWarmThroughput:
      return kinesis
          .UpdateStreamWarmThroughput(
              {.stream_arn = arn, .stream_name = name, .warm_throughput_mibps = 10})
          .status();
  }
  return absl::UnknownError("no such operation");
}

// A world with two shards of "orders", a consumer, and an iterator; what it lacks for an operation
// is what the scene is about.
struct Scene {
  explicit Scene(EngineOptions options = {}) : world(std::move(options)) {
    world.Create("orders", 2);
    target.consumer_arn = world.Register("orders", "audit");
    target.shard_iterator = world.Iterator("orders", 0);
    caller = world.kinesis.get();
  }

  absl::Status Do(Operation operation) { return Call(operation, *caller, target); }

  // The first answer of many calls that is this error, or the last answer.
  absl::Status Repeat(Operation operation, ErrorCode code, int most_calls) {
    absl::Status status;
    for (int i = 0; i < most_calls && GetErrorCode(status) != code; ++i) status = Do(operation);
    return status;
  }

  RecordWorld world;
  Target target;
  Client* caller = nullptr;
  std::unique_ptr<Client> other;  // may be the caller
};

absl::Status OfMissingStream(Operation operation) {
  Scene scene;
  EXPECT_THAT(scene.world.kinesis->DeleteStream(
                  {.stream_name = "orders", .enforce_consumer_deletion = true}),
              Succeeds());
  return scene.Do(operation);
}

absl::Status OfMissingShard(Operation operation) {
  Scene scene;
  scene.target.shard = "7";
  return scene.Do(operation);
}

absl::Status OfAnotherRegion(Operation operation) {
  Scene scene;
  scene.target.by_arn = true;
  scene.target.arn = "arn:aws:kinesis:eu-west-1:123456789012:stream/orders";
  scene.target.consumer_arn = scene.target.arn + "/consumer/audit:1";
  return scene.Do(operation);
}

absl::Status WithAnIteratorOrATokenThatIsNone(Operation operation) {
  Scene scene;
  scene.target.shard_iterator = "AAAA";
  scene.target.next_token = "AAAA";
  return scene.Do(operation);
}

absl::Status WithTagsOfTheSystem(Operation operation) {
  Scene scene;
  scene.target.tags = {{"aws:team", "blue"}};
  return scene.Do(operation);
}

absl::Status WhileCreating(Operation operation) {
  EngineOptions options = ServiceTimes();
  RecordWorld world(options);
  EXPECT_THAT(world.kinesis->CreateStream({.stream_name = "orders", .shard_count = 2}), Succeeds());
  return Call(operation, *world.kinesis, {});
}

absl::Status WhileUpdating(Operation operation) {
  Scene scene(ServiceTimes());
  EXPECT_THAT(scene.world.IncreaseRetention("orders", 30), Succeeds());
  return scene.Do(operation);
}

// The account is committed, and an on-demand stream has warm throughput.
absl::Status WithWarmThroughput(Operation operation, EngineOptions options) {
  Scene scene(options);
  Target committed = scene.target;
  committed.commitment = Commitment::kEnabled;
  Client& kinesis = *scene.world.kinesis;
  EXPECT_THAT(Call(Operation::kUpdateAccountSettings, kinesis, committed), Succeeds());
  scene.target.stream = "clicks";
  scene.target.arn = StreamArnOf("clicks");
  EXPECT_THAT(kinesis.CreateStream({.stream_name = "clicks",
                                    .stream_mode_details = StreamModeDetails{StreamMode::kOnDemand},
                                    .warm_throughput_mibps = 1}),
              Succeeds());
  scene.world.Advance(options.lifecycle.create_stream);
  kinesis.IncreaseStreamRetentionPeriod({.stream_name = "clicks", .retention_period_hours = 30})
      .IgnoreError();
  return scene.Do(operation);
}
absl::Status WithWarmThroughputSettled(Operation operation) {
  return WithWarmThroughput(operation, {});
}
absl::Status WithWarmThroughputUpdating(Operation operation) {
  return WithWarmThroughput(operation, ServiceTimes());
}

absl::Status TwiceInASecond(Operation operation) {
  EngineOptions options;
  options.limits.subscription_takeover = absl::Milliseconds(1);
  Scene scene(options);
  scene.Do(operation).IgnoreError();
  scene.world.Advance(absl::Milliseconds(2));
  return scene.Do(operation);
}

absl::Status OfWhatExists(Operation operation) {
  Scene scene;
  scene.target.new_stream = "orders";
  return scene.Do(operation);
}

absl::Status JustAfterTheSame(Operation operation) {
  Scene scene;
  scene.Do(operation).IgnoreError();
  return scene.Do(operation);
}

absl::Status OnAnOnDemandStream(Operation operation) {
  Scene scene;
  scene.world.CreateOnDemand("clicks");
  scene.target.stream = "clicks";
  scene.target.arn = StreamArnOf("clicks");
  return scene.Do(operation);
}

absl::Status WithABadName(Operation operation) {
  Scene scene;
  scene.target.stream = "no/name";
  scene.target.new_stream = "no/name";
  scene.target.arn = "no ARN";
  scene.target.channel_arn = std::nullopt;
  scene.target.next_token = "";
  scene.target.commitment = Commitment::kEnabledUntilEarliestAllowedEnd;
  return scene.Do(operation);
}

absl::Status ByAUserWithoutPolicies(Operation operation) {
  Scene scene;
  scene.other = scene.world.NewClient(Principal::User("mallory"));
  scene.caller = scene.other.get();
  return scene.Do(operation);
}

absl::Status TooOftenASecond(Operation operation) {
  EngineOptions options;
  options.limits.enforce_call_rates = true;
  Scene scene(options);
  return scene.Repeat(operation, ErrorCode::kLimitExceeded, 1'100);
}

absl::Status TooOftenADay(Operation operation) {
  EngineOptions options;
  options.limits.start_stream_encryption_calls_per_day = 40;  // more than the stops
  Scene scene(options);
  absl::Status status;
  for (int i = 0; i < 60 && GetErrorCode(status) != ErrorCode::kLimitExceeded; ++i) {
    status = scene.Do(operation);
    // What brings the stream back to where the operation has something to do.
    scene.world.kinesis
        ->UpdateStreamMode(
            {.stream_arn = StreamArnOf("orders"),
             .stream_mode_details = StreamModeDetails{.stream_mode = StreamMode::kProvisioned}})
        .IgnoreError();
    scene.world.kinesis
        ->StartStreamEncryption({.stream_name = "orders",
                                 .encryption_type = EncryptionType::kKms,
                                 .key_id = "alias/aws/kinesis"})
        .IgnoreError();
  }
  return status;
}

absl::Status WithoutThroughput(Operation operation) {
  Scene scene;
  return scene.Repeat(operation, ErrorCode::kProvisionedThroughputExceeded, 1'100);
}

absl::Status WithoutMemory(Operation operation) {
  EngineOptions options;
  options.memory_budget = 0;
  Scene scene(options);
  return scene.Do(operation);
}

absl::Status AfterFiveMinutes(Operation operation) {
  EngineOptions options;
  options.limits.list_shards_page_shards = 1;
  options.limits.list_streams_page_streams = 1;
  options.limits.list_stream_consumers_page_consumers = 1;
  Scene scene(options);
  Client& kinesis = *scene.world.kinesis;
  scene.world.Create("returns");
  scene.world.Register("orders", "billing");
  if (operation == Operation::kListShards)
    scene.target.next_token = kinesis.ListShards({.stream_name = "orders"})->next_token;
  if (operation == Operation::kListStreams)
    scene.target.next_token = kinesis.ListStreams({})->next_token;
  if (operation == Operation::kListStreamConsumers) {
    scene.target.next_token =
        kinesis.ListStreamConsumers({.stream_arn = scene.target.arn})->next_token;
  }
  scene.world.Advance(absl::Minutes(5) + absl::Milliseconds(1));
  return scene.Do(operation);
}

absl::Status AsADryRun(Operation operation) {
  Scene scene;
  scene.target.dry_run = true;
  return scene.Do(operation);
}

// The stream is encrypted with a key that `spoil` then does something to; the data keys that were
// in use have run out.
absl::Status WithAKeyThatIs(Operation operation,
                            const std::function<void(KeyStore&, const std::string& key)>& spoil) {
  Scene scene;
  KeyStore& keys = scene.world.engine.key_store();
  scene.target.key_id = keys.CreateKey({.alias = "alias/orders"})->key_id;
  EXPECT_THAT(scene.Do(Operation::kStartStreamEncryption), Succeeds());
  EXPECT_THAT(scene.Do(Operation::kPutRecord), Succeeds());
  scene.world.PutAt("orders", "0");
  spoil(keys, scene.target.key_id);
  scene.world.Advance(absl::Minutes(5));
  scene.target.shard_iterator = scene.world.Iterator("orders", 0);
  return scene.Do(operation);
}

using Produce = std::function<absl::Status(Operation)>;

Produce WithAKeyThat(std::function<void(KeyStore&, const std::string& key)> spoil) {
  return
      [spoil = std::move(spoil)](Operation operation) { return WithAKeyThatIs(operation, spoil); };
}

const std::multimap<ErrorCode, Produce>& Scenes() {
  static const auto* const kScenes = new std::multimap<ErrorCode, Produce>{
      {ErrorCode::kAccessDenied, ByAUserWithoutPolicies},
      {ErrorCode::kDryRunOperation, AsADryRun},
      {ErrorCode::kExpiredIterator, AfterFiveMinutes},
      {ErrorCode::kExpiredNextToken, AfterFiveMinutes},
      {ErrorCode::kInternalFailure, WithoutMemory},
      {ErrorCode::kInvalidArgument, OfAnotherRegion},
      {ErrorCode::kInvalidArgument, WithAnIteratorOrATokenThatIsNone},
      {ErrorCode::kInvalidArgument, WithTagsOfTheSystem},
      {ErrorCode::kInvalidArgument, WithWarmThroughputSettled},
      {ErrorCode::kKmsAccessDenied, WithAKeyThat([](KeyStore& keys, const std::string& key) {
         EXPECT_THAT(keys.CreateGrant(key, "arn:aws:iam::123456789012:user/alice",
                                      {KeyOperation::kDecrypt}),
                     Succeeds());
       })},
      {ErrorCode::kKmsDisabled, WithAKeyThat([](KeyStore& keys, const std::string& key) {
         EXPECT_THAT(keys.DisableKey(key), Succeeds());
       })},
      {ErrorCode::kKmsInvalidState, WithAKeyThat([](KeyStore& keys, const std::string& key) {
         EXPECT_THAT(keys.SetKeyState(key, KeyState::kUnavailable), Succeeds());
       })},
      {ErrorCode::kKmsNotFound, WithAKeyThat([](KeyStore& keys, const std::string& key) {
         EXPECT_THAT(keys.ScheduleKeyDeletion(key, absl::ZeroDuration(), absl::UnixEpoch()),
                     Succeeds());
       })},
      {ErrorCode::kKmsOptInRequired,
       WithAKeyThat([](KeyStore& keys, const std::string&) { keys.SetOptedIn(false); })},
      {ErrorCode::kKmsThrottling,
       WithAKeyThat([](KeyStore& keys, const std::string&) { keys.SetRequestQuota(0); })},
      {ErrorCode::kLimitExceeded, TooOftenASecond},
      {ErrorCode::kLimitExceeded, TooOftenADay},
      {ErrorCode::kLimitExceeded, TwiceInASecond},
      {ErrorCode::kProvisionedThroughputExceeded, WithoutThroughput},
      {ErrorCode::kResourceInUse, WhileUpdating},
      {ErrorCode::kResourceInUse, WhileCreating},
      {ErrorCode::kResourceInUse, WithWarmThroughputUpdating},
      {ErrorCode::kResourceInUse, OfWhatExists},
      {ErrorCode::kResourceInUse, JustAfterTheSame},
      {ErrorCode::kResourceNotFound, OfMissingStream},
      {ErrorCode::kResourceNotFound, OfMissingShard},
      {ErrorCode::kValidation, WithABadName},
      {ErrorCode::kValidation, OnAnOnDemandStream},
  };
  return *kScenes;
}

bool IsProduced(Operation operation, ErrorCode code) {
  const auto [first, last] = Scenes().equal_range(code);
  return std::any_of(first, last, [&](const auto& scene) {
    return GetErrorCode(scene.second(operation)) == code;
  });
}

using Pairs = std::set<std::pair<std::string, std::string>>;

// The rows of the table under this heading: | Operation, Operation | Error, Error | why |
Pairs ExcusedPairs() {
  std::ifstream file(std::string(RIACHO_SOURCE_DIR) + "/docs/differences.md");
  Pairs excused;
  bool inside = false;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("#")) inside = line == "## Errors that Riacho does not answer";
    const std::vector<std::string> cells = absl::StrSplit(line, '|');
    if (!inside || cells.size() != 5 || cells[1] == " Operation " || cells[1][0] == '-') continue;
    for (const absl::string_view operation : absl::StrSplit(cells[1], ',')) {
      for (const absl::string_view error : absl::StrSplit(cells[2], ',')) {
        excused.insert({std::string(absl::StripAsciiWhitespace(operation)),
                        std::string(absl::StripAsciiWhitespace(error))});
      }
    }
  }
  return excused;
}

class ErrorPairs : public testing::TestWithParam<Operation> {};

TEST_P(ErrorPairs, EachIsAnsweredOrExcused) {
  const std::string operation(OperationName(GetParam()));
  const Pairs excused = ExcusedPairs();
  for (const std::string& error : ErrorsOf(GetParam())) {
    const std::optional<ErrorCode> code = ParseErrorCode(error);
    ASSERT_TRUE(code.has_value()) << error;
    const bool is_excused = excused.contains({operation, error});
    if (IsProduced(GetParam(), *code)) {
      EXPECT_FALSE(is_excused) << operation << " answers " << error
                               << ": take the line out of docs/differences.md.";
    } else {
      EXPECT_TRUE(is_excused) << operation << " answered " << error
                              << " in no scene. Add one, or a line to docs/differences.md.";
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Operations, ErrorPairs, testing::ValuesIn(AllOperations()),
                         [](const auto& operation) {
                           return std::string(OperationName(operation.param));
                         });

TEST(ErrorPairs, OnlyPairsOfTheModelAreExcused) {
  Pairs of_the_model;
  for (const Operation operation : AllOperations()) {
    for (const std::string& error : ErrorsOf(operation))
      of_the_model.insert({std::string(OperationName(operation)), error});
  }
  EXPECT_THAT(ExcusedPairs(), testing::Each(testing::AnyOfArray(of_the_model)));
}

}  // namespace
}  // namespace riacho
