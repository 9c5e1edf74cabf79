// A request that is refused changes nothing: for every operation and every reason to refuse it that
// comes after the validation of its members (every_constraint_test.cc has those before it), all
// that can be seen is the same before and after.
#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "engine/exported_state.h"
#include "engine/request_list.h"
#include "engine/settings_fixture.h"

namespace riacho {
namespace {

std::string PolicyFor(const std::string& arn, const std::string& action) {
  return R"({"Statement":{"Effect":"Allow","Principal":{"AWS":"999999999999"},"Action":"kinesis:)" +
         action + R"(","Resource":")" + arn + R"("}})";
}

// A request, ready to be made.
struct GoodRequest {
  Operation operation = {};
  std::function<absl::Status(Client&)> call = {};
  // The same of another stream, or its consumer "billing"; none if it names no stream by an ARN.
  std::function<absl::Status(Client&, const std::string& stream_arn)> call_of = {};
  std::function<absl::Status(Client&)> dry_run = {};  // none if there is no such member
};

template <typename Method>
GoodRequest Good(Method method, const RequestOf<Method>& request) {
  using Request = RequestOf<Method>;
  const auto call = [method](Client& client, const Request& asked) {
    return (client.*method)(asked).status();
  };
  GoodRequest good = {.operation = Request::kOperation,
                      .call = [=](Client& client) { return call(client, request); }};
  if constexpr (requires { request.resource_arn; }) {
    good.call_of = [=](Client& client, const std::string& stream_arn) {
      Request other = request;
      other.resource_arn = stream_arn;
      return call(client, other);
    };
  } else if constexpr (requires { request.consumer_arn; }) {
    good.call_of = [=](Client& client, const std::string& stream_arn) {
      Request other = request;
      other.consumer_arn = stream_arn + "/consumer/billing:1";
      return call(client, other);
    };
  } else if constexpr (requires { request.stream_arn; }) {
    good.call_of = [=](Client& client, const std::string& stream_arn) {
      Request other = request;
      if constexpr (requires { other.stream_name; }) other.stream_name.reset();
      other.stream_arn = stream_arn;
      return call(client, other);
    };
  }
  if constexpr (requires { request.dry_run; }) {
    good.dry_run = [=](Client& client) {
      Request tried = request;
      tried.dry_run = true;
      return call(client, tried);
    };
  }
  return good;
}

// Streams "orders", with records, a consumer and settings, and "clicks", ON_DEMAND.
class RefusalWorld : public SettingsWorld {
 public:
  explicit RefusalWorld(EngineOptions options = WithoutThroughputLimits())
      : SettingsWorld(std::move(options)) {
    Create("orders", 3);
    CreateOnDemand("clicks");
    billing = Register("orders", "billing");
    EXPECT_THAT(Commit(), Succeeds());
    EXPECT_THAT(AddTags("orders", {{"team", "sales"}}), Succeeds());
    EXPECT_THAT(Tag(billing, {{"team", "finance"}}), Succeeds());
    for (const std::string& arn : {orders, clicks})
      EXPECT_THAT(SetPolicy(arn, PolicyFor(arn, "PutRecord")), Succeeds());
    EXPECT_THAT(SetPolicy(billing, PolicyFor(billing, "SubscribeToShard")), Succeeds());
    EXPECT_THAT(engine.key_store().CreateKey({.key_id = "first"}), Succeeds());
    for (const std::string stream : {"orders", "clicks"}) {
      StartEncryption(stream);
      EXPECT_THAT(Enable(stream, {MetricsName::kIncomingBytes}), Succeeds());
      Advance(engine.options().lifecycle.update_stream);
      EXPECT_THAT(IncreaseRetention(stream, 48), Succeeds());
      Advance(engine.options().lifecycle.update_stream);
    }
    for (const char* key : {"a", "b", "c"}) Put("orders", key);
    iterator = Iterator("orders", 0);
  }

  absl::Status SetPolicy(const std::string& arn, const std::string& policy) {
    return kinesis->PutResourcePolicy({.resource_arn = arn, .policy = policy}).status();
  }
  void StartEncryption(const std::string& stream) {
    ASSERT_THAT(
        kinesis->StartStreamEncryption(
            {.stream_name = stream, .encryption_type = EncryptionType::kKms, .key_id = "first"}),
        Succeeds());
    Advance(engine.options().lifecycle.update_stream);
  }

  // Of every operation, but those of channels, a request that succeeds. They borrow from the world.
  std::vector<GoodRequest> GoodRequests() const;

  // ARNs.
  const std::string orders = StreamArnOf("orders");
  const std::string clicks = StreamArnOf("clicks");
  std::string billing;

  std::string iterator;  // of the first shard of "orders"
};

std::vector<GoodRequest> RefusalWorld::GoodRequests() const {
  static const std::vector<PutRecordsRequestEntry> kEntries = {{.data = "x", .partition_key = "k"}};
  const StartingPosition start = {.type = ShardIteratorType::kTrimHorizon};
  std::vector<GoodRequest> good;
  const auto add = [&good]<typename Method>(Method method, const RequestOf<Method>& request) {
    good.push_back(Good(method, request));
  };

  add(&Client::CreateStream, {.stream_name = "returns", .shard_count = 2});
  add(&Client::DeleteStream, {.stream_name = "orders", .enforce_consumer_deletion = true});
  add(&Client::DescribeStream, {.stream_name = "orders"});
  add(&Client::DescribeStreamSummary, {.stream_name = "orders"});
  add(&Client::ListStreams, {});
  add(&Client::UpdateStreamMode, {.stream_arn = orders, .stream_mode_details = kOnDemandMode});
  add(&Client::IncreaseStreamRetentionPeriod,
      {.stream_name = "orders", .retention_period_hours = 72});
  add(&Client::DecreaseStreamRetentionPeriod,
      {.stream_name = "orders", .retention_period_hours = 24});
  add(&Client::UpdateMaxRecordSize, {.stream_arn = orders, .max_record_size_in_kib = 2048});
  add(&Client::UpdateStreamWarmThroughput, {.stream_name = "clicks", .warm_throughput_mibps = 10});
  add(&Client::UpdateStreamRecordDistributionStrategy,
      {.stream_arn = clicks, .record_distribution_strategy = RecordDistributionStrategy::kAuto});

  add(&Client::ListShards, {.stream_name = "orders"});
  add(&Client::SplitShard,
      {.stream_name = "orders", .shard_to_split = "0", .new_starting_hash_key = "1000"});
  add(&Client::MergeShards,
      {.stream_name = "orders", .shard_to_merge = "0", .adjacent_shard_to_merge = "1"});
  add(&Client::UpdateShardCount, {.stream_name = "orders", .target_shard_count = 5});

  add(&Client::PutRecord, {.stream_name = "orders", .data = "x", .partition_key = "k"});
  add(&Client::PutRecords, {.records = kEntries, .stream_name = "orders"});
  add(&Client::GetShardIterator, {.stream_name = "orders",
                                  .shard_id = "0",
                                  .shard_iterator_type = ShardIteratorType::kTrimHorizon});
  add(&Client::GetRecords, {.shard_iterator = iterator, .stream_arn = orders});

  add(&Client::RegisterStreamConsumer, {.stream_arn = orders, .consumer_name = "search"});
  add(&Client::DeregisterStreamConsumer, {.consumer_arn = billing});
  add(&Client::DescribeStreamConsumer, {.consumer_arn = billing});
  add(&Client::ListStreamConsumers, {.stream_arn = orders});
  add(&Client::SubscribeToShard,
      {.consumer_arn = billing, .shard_id = "0", .starting_position = start});

  add(&Client::AddTagsToStream, {.stream_name = "orders", .tags = {{"team", "support"}}});
  add(&Client::RemoveTagsFromStream, {.stream_name = "orders", .tag_keys = {"team"}});
  add(&Client::ListTagsForStream, {.stream_name = "orders"});
  add(&Client::TagResource, {.tags = {{"team", "support"}}, .resource_arn = billing});
  add(&Client::UntagResource, {.tag_keys = {"team"}, .resource_arn = billing});
  add(&Client::ListTagsForResource, {.resource_arn = billing});
  add(&Client::PutResourcePolicy,
      {.resource_arn = orders, .policy = PolicyFor(orders, "GetRecords")});
  add(&Client::GetResourcePolicy, {.resource_arn = orders});
  add(&Client::DeleteResourcePolicy, {.resource_arn = orders});
  add(&Client::StartStreamEncryption, {.stream_name = "orders",
                                       .encryption_type = EncryptionType::kKms,
                                       .key_id = "alias/aws/kinesis"});
  add(&Client::StopStreamEncryption,
      {.stream_name = "orders", .encryption_type = EncryptionType::kKms, .key_id = "first"});
  add(&Client::EnableEnhancedMonitoring,
      {.stream_name = "orders", .shard_level_metrics = {MetricsName::kAll}});
  add(&Client::DisableEnhancedMonitoring,
      {.stream_name = "orders", .shard_level_metrics = {MetricsName::kAll}});
  add(&Client::DescribeLimits, {});
  add(&Client::DescribeAccountSettings, {});
  add(&Client::UpdateAccountSettings,
      {.minimum_throughput_billing_commitment = MinimumThroughputBillingCommitmentInput{
           .status = MinimumThroughputBillingCommitmentStatus::kDisabled}});
  return good;
}

using Codes = std::vector<ErrorCode>;
MATCHER_P(FailsAsOneOf, codes, "") {
  *result_listener << "which is " << arg.ToString();
  const std::optional<ErrorCode> code = GetErrorCode(arg);
  return code.has_value() && std::ranges::find(codes, *code) != codes.end();
}

// The call is refused with one of the codes, and nothing changes.
void ExpectRefused(RefusalWorld& world, Operation operation, const Codes& codes,
                   const std::function<absl::Status()>& call) {
  SCOPED_TRACE(OperationName(operation));
  const ExportedState before = ExportState(*world.kinesis);
  EXPECT_THAT(call(), FailsAsOneOf(codes));
  EXPECT_EQ(Difference(before, ExportState(*world.kinesis)), "");
}
template <typename Method>
void ExpectRefused(RefusalWorld& world, Method method, const RequestOf<Method>& request,
                   const Codes& codes) {
  ExpectRefused(world, RequestOf<Method>::kOperation, codes,
                [&] { return ((*world.kinesis).*method)(request).status(); });
}
template <typename Method>
void ExpectRefused(RefusalWorld& world, Method method, const RequestOf<Method>& request,
                   ErrorCode code) {
  ExpectRefused(world, method, request, Codes{code});
}

// --- The requests themselves

bool OnlyReads(Operation operation) {
  const std::string_view name = OperationName(operation);
  return name.starts_with("Describe") || name.starts_with("List") || name.starts_with("Get") ||
         operation == Operation::kSubscribeToShard;
}

TEST(RefusedRequests, WouldSucceedAndChangeSomethingIfNothingWereWrong) {
  constexpr std::size_t kOfChannels = 5;
  const std::size_t count = RefusalWorld().GoodRequests().size();
  EXPECT_EQ(count, kOperationCount - kOfChannels);
  for (std::size_t i = 0; i < count; ++i) {
    RefusalWorld world;
    const GoodRequest request = world.GoodRequests()[i];
    SCOPED_TRACE(OperationName(request.operation));
    const ExportedState before = ExportState(*world.kinesis);
    EXPECT_THAT(request.call(*world.kinesis), Succeeds());
    EXPECT_EQ(Difference(before, ExportState(*world.kinesis)).empty(),
              OnlyReads(request.operation));
  }
}

// --- Refused whatever the operation

TEST(RefusedRequests, DeniedByPoliciesChangeNothing) {
  RefusalWorld world;
  const std::unique_ptr<Client> nobody = world.NewClient(Principal::User("nobody"));
  for (const GoodRequest& request : world.GoodRequests()) {
    ExpectRefused(world, request.operation, {ErrorCode::kAccessDenied},
                  [&] { return request.call(*nobody); });
  }
}

TEST(RefusedRequests, OfAStreamThatIsNotThereChangeNothing) {
  RefusalWorld world;
  const std::string missing = StreamArnOf("missing");
  for (const GoodRequest& request : world.GoodRequests()) {
    if (!request.call_of) continue;
    const bool by_iterator = request.operation == Operation::kGetRecords;  // of another stream
    ExpectRefused(world, request.operation,
                  {by_iterator ? ErrorCode::kInvalidArgument : ErrorCode::kResourceNotFound},
                  [&] { return request.call_of(*world.kinesis, missing); });
  }
}

TEST(RefusedRequests, OfOtherAccountsAndRegionsChangeNothing) {
  RefusalWorld world;
  for (const std::string arn : {"arn:aws:kinesis:eu-west-1:123456789012:stream/orders",
                                "arn:aws:kinesis:us-east-1:999999999999:stream/orders"}) {
    for (const GoodRequest& request : world.GoodRequests()) {
      if (!request.call_of) continue;
      ExpectRefused(world, request.operation,
                    {ErrorCode::kInvalidArgument, ErrorCode::kUnrecognizedClient},
                    [&] { return request.call_of(*world.kinesis, arn); });
    }
  }
}

TEST(RefusedRequests, OnlyTriedChangeNothing) {
  RefusalWorld world;
  int operations = 0;
  for (const GoodRequest& request : world.GoodRequests()) {
    if (!request.dry_run) continue;
    ExpectRefused(world, request.operation, {ErrorCode::kDryRunOperation},
                  [&] { return request.dry_run(*world.kinesis); });
    ++operations;
  }
  EXPECT_EQ(operations, 5);
}

// --- Refused for the state that the stream is in

// Makes each good request, of `stream`, of a world of its own that `prepare` has readied. Those
// that are refused change nothing; answers how many they are.
int CountRefused(const std::function<void(RefusalWorld&)>& prepare, const std::string& stream) {
  EngineOptions options = WithoutThroughputLimits();
  options.lifecycle = Lifecycle::Service();
  const std::size_t count = RefusalWorld().GoodRequests().size();
  int refused = 0;
  for (std::size_t i = 0; i < count; ++i) {
    RefusalWorld world(options);
    const GoodRequest request = world.GoodRequests()[i];
    SCOPED_TRACE(OperationName(request.operation));
    const bool elsewhere = stream != "orders";
    if (elsewhere && !request.call_of) continue;
    prepare(world);
    const ExportedState before = ExportState(*world.kinesis);
    const absl::Status status = elsewhere ? request.call_of(*world.kinesis, StreamArnOf(stream))
                                          : request.call(*world.kinesis);
    if (status.ok()) continue;
    EXPECT_THAT(status, FailsAsOneOf(Codes{ErrorCode::kResourceInUse, ErrorCode::kResourceNotFound,
                                           ErrorCode::kInvalidArgument}));
    EXPECT_EQ(Difference(before, ExportState(*world.kinesis)), "");
    ++refused;
  }
  return refused;
}

TEST(RefusedRequests, OfAStreamThatIsCreatingChangeNothing) {
  const auto prepare = [](RefusalWorld& world) {
    ASSERT_THAT(world.kinesis->CreateStream({.stream_name = "returns", .shard_count = 2}),
                Succeeds());
  };
  EXPECT_GT(CountRefused(prepare, "returns"), 20);
}

TEST(RefusedRequests, OfAStreamThatIsUpdatingChangeNothing) {
  const auto prepare = [](RefusalWorld& world) {
    ASSERT_THAT(world.IncreaseRetention("orders", 96), Succeeds());
  };
  EXPECT_GT(CountRefused(prepare, "orders"), 10);
}

TEST(RefusedRequests, OfAStreamThatIsDeletingChangeNothing) {
  const auto prepare = [](RefusalWorld& world) {
    ASSERT_THAT(
        world.kinesis->DeleteStream({.stream_name = "orders", .enforce_consumer_deletion = true}),
        Succeeds());
  };
  EXPECT_GT(CountRefused(prepare, "orders"), 10);
}

// --- Refused for what an operation demands of its members, or for a quota

TEST(RefusedRequests, ForShardsAndStreamsThatDoNotFitChangeNothing) {
  RefusalWorld world;
  const auto refuse = [&world](auto method, const auto& request, ErrorCode code) {
    ExpectRefused(world, method, request, Codes{code});
  };
  using Split = SplitShardRequest;
  using Merge = MergeShardsRequest;
  refuse(&Client::CreateStream, CreateStreamRequest{.stream_name = "orders", .shard_count = 1},
         ErrorCode::kResourceInUse);
  refuse(&Client::DeleteStream, DeleteStreamRequest{.stream_name = "orders"},
         ErrorCode::kResourceInUse);  // it has a consumer
  refuse(&Client::SplitShard,
         Split{.stream_name = "orders", .shard_to_split = "0", .new_starting_hash_key = "0"},
         ErrorCode::kInvalidArgument);
  refuse(&Client::SplitShard,
         Split{.stream_name = "orders", .shard_to_split = "9", .new_starting_hash_key = "1"},
         ErrorCode::kResourceNotFound);
  refuse(&Client::SplitShard,
         Split{.stream_name = "clicks", .shard_to_split = "0", .new_starting_hash_key = "1000"},
         ErrorCode::kValidation);
  refuse(&Client::MergeShards,
         Merge{.stream_name = "orders", .shard_to_merge = "0", .adjacent_shard_to_merge = "2"},
         ErrorCode::kInvalidArgument);
  refuse(&Client::MergeShards,
         Merge{.stream_name = "orders", .shard_to_merge = "0", .adjacent_shard_to_merge = "9"},
         ErrorCode::kResourceNotFound);
  refuse(&Client::UpdateShardCount,
         UpdateShardCountRequest{.stream_name = "orders", .target_shard_count = 7},
         ErrorCode::kLimitExceeded);
  refuse(&Client::GetShardIterator,
         GetShardIteratorRequest{.stream_name = "orders",
                                 .shard_id = "0",
                                 .shard_iterator_type = ShardIteratorType::kAtSequenceNumber,
                                 .starting_sequence_number = "1"},
         ErrorCode::kInvalidArgument);
  refuse(&Client::RegisterStreamConsumer,
         RegisterStreamConsumerRequest{.stream_arn = StreamArnOf("orders"),
                                       .consumer_name = "billing"},
         ErrorCode::kResourceInUse);
}

TEST(RefusedRequests, ForSettingsThatDoNotFitChangeNothing) {
  RefusalWorld world;
  const std::string orders = StreamArnOf("orders");
  const auto refuse = [&world](auto method, const auto& request, ErrorCode code) {
    ExpectRefused(world, method, request, Codes{code});
  };
  refuse(
      &Client::IncreaseStreamRetentionPeriod,
      IncreaseStreamRetentionPeriodRequest{.stream_name = "orders", .retention_period_hours = 8761},
      ErrorCode::kInvalidArgument);
  refuse(
      &Client::IncreaseStreamRetentionPeriod,
      IncreaseStreamRetentionPeriodRequest{.stream_name = "orders", .retention_period_hours = 47},
      ErrorCode::kInvalidArgument);
  refuse(
      &Client::DecreaseStreamRetentionPeriod,
      DecreaseStreamRetentionPeriodRequest{.stream_name = "orders", .retention_period_hours = 23},
      ErrorCode::kInvalidArgument);
  refuse(&Client::UpdateStreamMode,
         UpdateStreamModeRequest{.stream_arn = StreamArnOf("clicks"),
                                 .stream_mode_details = StreamModeDetails{},
                                 .warm_throughput_mibps = 10},
         ErrorCode::kInvalidArgument);
  refuse(&Client::UpdateStreamWarmThroughput,
         UpdateStreamWarmThroughputRequest{.stream_name = "clicks", .warm_throughput_mibps = 10241},
         ErrorCode::kInvalidArgument);
  refuse(
      &Client::UpdateStreamRecordDistributionStrategy,
      UpdateStreamRecordDistributionStrategyRequest{
          .stream_arn = orders, .record_distribution_strategy = RecordDistributionStrategy::kAuto},
      ErrorCode::kInvalidArgument);
  refuse(&Client::AddTagsToStream,
         AddTagsToStreamRequest{.stream_name = "orders", .tags = {{"aws:own", "x"}, {"k", "v"}}},
         ErrorCode::kInvalidArgument);
  refuse(&Client::RemoveTagsFromStream,
         RemoveTagsFromStreamRequest{.stream_name = "orders", .tag_keys = {"team", "aws:own"}},
         ErrorCode::kInvalidArgument);
  refuse(&Client::PutResourcePolicy,
         PutResourcePolicyRequest{.resource_arn = orders, .policy = "{"},
         ErrorCode::kInvalidArgument);
  refuse(
      &Client::PutResourcePolicy,
      PutResourcePolicyRequest{.resource_arn = orders, .policy = PolicyFor(orders, "SplitShard")},
      ErrorCode::kInvalidArgument);
  refuse(&Client::StartStreamEncryption,
         StartStreamEncryptionRequest{
             .stream_name = "orders", .encryption_type = EncryptionType::kNone, .key_id = "first"},
         ErrorCode::kInvalidArgument);
  refuse(&Client::StartStreamEncryption,
         StartStreamEncryptionRequest{
             .stream_name = "orders", .encryption_type = EncryptionType::kKms, .key_id = "unknown"},
         ErrorCode::kKmsNotFound);
}

TEST(RefusedRequests, ForWrongTokensChangeNothing) {
  RefusalWorld world;
  const std::string orders = StreamArnOf("orders");
  ExpectRefused(world, &Client::ListStreams, {.next_token = "x"}, ErrorCode::kInvalidArgument);
  ExpectRefused(world, &Client::ListShards, {.next_token = "x"}, ErrorCode::kInvalidArgument);
  ExpectRefused(world, &Client::ListStreamConsumers, {.stream_arn = orders, .next_token = "x"},
                ErrorCode::kInvalidArgument);
  ExpectRefused(world, &Client::GetRecords, {.shard_iterator = "x"}, ErrorCode::kInvalidArgument);
  world.Advance(absl::Minutes(6));
  ExpectRefused(world, &Client::GetRecords, {.shard_iterator = world.iterator},
                ErrorCode::kExpiredIterator);
}

TEST(RefusedRequests, BeyondQuotasChangeNothing) {
  EngineOptions options = WithoutThroughputLimits();
  options.limits.shards_per_account = 3;
  options.limits.on_demand_streams_per_account = 1;
  options.limits.consumers_per_stream = 1;
  options.limits.consumers_per_stream_with_advantage = 1;
  options.limits.tags_per_resource = 1;
  options.limits.start_stream_encryption_calls_per_day = 1;
  options.limits.resource_policy_bytes = 400;
  RefusalWorld world(options);
  const std::string orders = StreamArnOf("orders");
  constexpr ErrorCode kLimit = ErrorCode::kLimitExceeded;
  ExpectRefused(world, &Client::CreateStream, {.stream_name = "returns", .shard_count = 1}, kLimit);
  ExpectRefused(world, &Client::CreateStream,
                {.stream_name = "returns", .stream_mode_details = kOnDemandMode}, kLimit);
  ExpectRefused(world, &Client::UpdateStreamMode,
                {.stream_arn = orders, .stream_mode_details = kOnDemandMode}, kLimit);
  ExpectRefused(world, &Client::SplitShard,
                {.stream_name = "orders", .shard_to_split = "0", .new_starting_hash_key = "1000"},
                kLimit);
  ExpectRefused(world, &Client::UpdateShardCount,
                {.stream_name = "orders", .target_shard_count = 4}, kLimit);
  ExpectRefused(world, &Client::RegisterStreamConsumer,
                {.stream_arn = orders, .consumer_name = "search"}, kLimit);
  ExpectRefused(
      world, &Client::StartStreamEncryption,
      {.stream_name = "orders", .encryption_type = EncryptionType::kKms, .key_id = "first"},
      kLimit);
  ExpectRefused(
      world, &Client::PutResourcePolicy,
      {.resource_arn = orders, .policy = PolicyFor(orders, "PutRecord" + std::string(400, '*'))},
      kLimit);
  ExpectRefused(world, &Client::AddTagsToStream,
                {.stream_name = "orders", .tags = {{"cost", "x"}, {"team", "y"}}},
                Codes{kLimit, ErrorCode::kInvalidArgument});
  ExpectRefused(world, &Client::TagResource,
                {.tags = {{"cost", "x"}, {"team", "y"}}, .resource_arn = world.billing},
                Codes{kLimit, ErrorCode::kInvalidArgument});
}

TEST(RefusedRequests, BeyondTheThroughputOfAShardChangeNothing) {
  EngineOptions options = WithoutThroughputLimits();
  options.limits.shard_write_records_per_second = 5;
  RefusalWorld world(options);
  while (world.TryPut("orders", "a").ok()) continue;
  ExpectRefused(world, &Client::PutRecord,
                {.stream_name = "orders", .data = "x", .partition_key = "a"},
                ErrorCode::kProvisionedThroughputExceeded);
}

TEST(RefusedRequests, WithOneBadEntryPutNoneOfTheOthers) {
  RefusalWorld world;
  const std::string data(2 * kMiB, 'x');
  const std::vector<PutRecordsRequestEntry> entries = {{.data = "x", .partition_key = "a"},
                                                       {.data = data, .partition_key = "b"}};
  ExpectRefused(world, &Client::PutRecords, {.records = entries, .stream_name = "orders"},
                Codes{ErrorCode::kInvalidArgument, ErrorCode::kValidation});
}

// --- Refused by others

TEST(RefusedRequests, ForTheirKeyChangeNothing) {
  RefusalWorld world;
  ASSERT_TRUE(world.engine.key_store().DisableKey("first").ok());
  world.Advance(absl::Minutes(5));  // the life of the data keys
  const std::string iterator = world.Iterator("orders", 0);
  const std::vector<PutRecordsRequestEntry> entries = {{.data = "x", .partition_key = "k"}};
  constexpr ErrorCode kDisabled = ErrorCode::kKmsDisabled;
  ExpectRefused(world, &Client::PutRecord,
                {.stream_name = "orders", .data = "x", .partition_key = "a"}, kDisabled);
  ExpectRefused(world, &Client::PutRecords, {.records = entries, .stream_name = "orders"},
                kDisabled);
  ExpectRefused(
      world, &Client::StartStreamEncryption,
      {.stream_name = "orders", .encryption_type = EncryptionType::kKms, .key_id = "first"},
      kDisabled);
}

TEST(RefusedRequests, OfASubscriberLeaveTheSubscriptionThatIsThere) {
  RefusalWorld world;
  const auto subscription = world.Subscribe(world.billing, 0);
  ExpectRefused(world, &Client::SubscribeToShard,
                {.consumer_arn = world.billing,
                 .shard_id = "0",
                 .starting_position = StartingPosition{.type = ShardIteratorType::kLatest}},
                ErrorCode::kResourceInUse);
  EXPECT_FALSE(subscription->ended());
  EXPECT_THAT(subscription->Poll(), Succeeds());
}

}  // namespace
}  // namespace riacho
