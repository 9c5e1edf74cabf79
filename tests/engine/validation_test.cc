// What the service's model demands of control operations, with the exact messages (sections 1.1 and
// 1.4), and that it is looked at before anything else (1.3).
#include <map>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "engine/engine_fixture.h"
#include "engine/validate.h"

namespace riacho {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kNamePattern[] = "[a-zA-Z0-9_.-]+";

auto Violates(const std::string& what) {
  return FailsWith(ErrorCode::kValidation, OneViolation(what));
}

std::string Constraint(const std::string& value, const std::string& path, const std::string& rule) {
  return "Value " + value + " at '" + path + "' failed to satisfy constraint: " + rule;
}

std::string Missing(const std::string& path) {
  return Constraint("null", path, "Member must not be null");
}

std::string BadName(const std::string& value, const std::string& path) {
  return Constraint("'" + value + "'", path,
                    std::string("Member must satisfy regular expression pattern: ") + kNamePattern);
}

TEST(Validation, MissingMembers) {
  World world;
  world.Create("orders");
  EXPECT_THAT(world.kinesis->CreateStream({.shard_count = 1}), Violates(Missing("streamName")));
  EXPECT_THAT(world.kinesis->SplitShard({.stream_name = "orders", .new_starting_hash_key = "5"}),
              Violates(Missing("shardToSplit")));
  EXPECT_THAT(world.kinesis->SplitShard({.stream_name = "orders", .shard_to_split = "0"}),
              Violates(Missing("newStartingHashKey")));
  EXPECT_THAT(world.kinesis->MergeShards({.stream_name = "orders", .adjacent_shard_to_merge = "0"}),
              Violates(Missing("shardToMerge")));
  EXPECT_THAT(world.kinesis->MergeShards({.stream_name = "orders", .shard_to_merge = "0"}),
              Violates(Missing("adjacentShardToMerge")));
  EXPECT_THAT(world.kinesis->UpdateShardCount({.stream_name = "orders"}),
              Violates(Missing("targetShardCount")));
  EXPECT_THAT(world.kinesis->UpdateShardCount(
                  {.stream_name = "orders", .target_shard_count = 2, .scaling_type = std::nullopt}),
              Violates(Missing("scalingType")));
  EXPECT_THAT(world.kinesis->IncreaseStreamRetentionPeriod({.stream_name = "orders"}),
              Violates(Missing("retentionPeriodHours")));
  EXPECT_THAT(world.kinesis->DecreaseStreamRetentionPeriod({.stream_name = "orders"}),
              Violates(Missing("retentionPeriodHours")));
  EXPECT_THAT(world.kinesis->ListShards({.stream_name = "orders", .shard_filter = ShardFilter{}}),
              Violates(Missing("shardFilter.type")));
}

TEST(Validation, NamesHaveTheirCharacters) {
  World world;
  for (const std::string name : {"a b", "a/b", "ä", "a\n", "a:b"}) {
    EXPECT_THAT(world.kinesis->CreateStream({.stream_name = name, .shard_count = 1}),
                Violates(BadName(name, "streamName")));
    EXPECT_THAT(world.kinesis->DescribeStream({.stream_name = name}),
                Violates(BadName(name, "streamName")));
    EXPECT_THAT(
        world.kinesis->DescribeStream({.stream_name = "orders", .exclusive_start_shard_id = name}),
        Violates(BadName(name, "exclusiveStartShardId")));
    EXPECT_THAT(world.kinesis->ListStreams({.exclusive_start_stream_name = name}),
                Violates(BadName(name, "exclusiveStartStreamName")));
    EXPECT_THAT(world.Split("orders", name, "5"), Violates(BadName(name, "shardToSplit")));
    EXPECT_THAT(world.Merge("orders", name, "0"), Violates(BadName(name, "shardToMerge")));
    EXPECT_THAT(world.Merge("orders", "0", name), Violates(BadName(name, "adjacentShardToMerge")));
    EXPECT_THAT(
        world.kinesis->ListShards(
            {.stream_name = "orders",
             .shard_filter = ShardFilter{.type = ShardFilterType::kAtLatest, .shard_id = name}}),
        Violates(BadName(name, "shardFilter.shardId")));
  }
  EXPECT_THAT(world.kinesis->ListStreams({}).value().stream_names, IsEmpty());
  EXPECT_THAT(world.kinesis->CreateStream({.stream_name = "aZ09_.-", .shard_count = 1}),
              Succeeds());
}

TEST(Validation, NamesHaveOneToAHundredAndTwentyEightCharacters) {
  World world;
  EXPECT_THAT(world.kinesis->CreateStream({.stream_name = std::string(128, 'x'), .shard_count = 1}),
              Succeeds());
  const std::string long_name(129, 'x');
  EXPECT_THAT(world.kinesis->CreateStream({.stream_name = long_name, .shard_count = 1}),
              Violates(Constraint("'" + long_name + "'", "streamName",
                                  "Member must have length less than or equal to 128")));
  EXPECT_THAT(world.kinesis->CreateStream({.stream_name = "", .shard_count = 1}),
              FailsWith(ErrorCode::kValidation,
                        "2 validation errors detected: " + BadName("", "streamName") + "; " +
                            Constraint("''", "streamName",
                                       "Member must have length greater than or equal to 1")));
}

TEST(Validation, CountsArePositive) {
  World world;
  const std::string positive = "Member must have value greater than or equal to 1";
  for (const int count : {0, -1}) {
    const std::string value = "'" + std::to_string(count) + "'";
    EXPECT_THAT(world.kinesis->CreateStream({.stream_name = "orders", .shard_count = count}),
                Violates(Constraint(value, "shardCount", positive)));
    EXPECT_THAT(world.Scale("orders", count),
                Violates(Constraint(value, "targetShardCount", positive)));
  }
  EXPECT_THAT(world.kinesis->ListStreams({}).value().stream_names, IsEmpty());
}

TEST(Validation, PageLimitsAreOneToTenThousand) {
  World world;
  world.Create("orders");
  const std::string least = "Member must have value greater than or equal to 1";
  const std::string most = "Member must have value less than or equal to 10000";
  EXPECT_THAT(world.kinesis->DescribeStream({.stream_name = "orders", .limit = 0}),
              Violates(Constraint("'0'", "limit", least)));
  EXPECT_THAT(world.kinesis->DescribeStream({.stream_name = "orders", .limit = 10001}),
              Violates(Constraint("'10001'", "limit", most)));
  EXPECT_THAT(world.kinesis->ListStreams({.limit = 0}),
              Violates(Constraint("'0'", "limit", least)));
  EXPECT_THAT(world.kinesis->ListStreams({.limit = 10001}),
              Violates(Constraint("'10001'", "limit", most)));
  EXPECT_THAT(world.kinesis->ListShards({.stream_name = "orders", .max_results = 0}),
              Violates(Constraint("'0'", "maxResults", least)));
  EXPECT_THAT(world.kinesis->ListShards({.stream_name = "orders", .max_results = 10001}),
              Violates(Constraint("'10001'", "maxResults", most)));
}

TEST(Validation, HashKeysAreDecimalWithoutLeadingZeros) {
  World world;
  world.Create("orders");
  for (const std::string key : {"-1", "01", "", "1.5", "0x10", " 5", "5 ", "five",
                                "1000000000000000000000000000000000000000"}) {
    EXPECT_THAT(world.Split("orders", "0", key),
                Violates(Constraint(
                    "'" + key + "'", "newStartingHashKey",
                    R"(Member must satisfy regular expression pattern: ^(0|([1-9]\d{0,38}))$)")));
  }
}

TEST(Validation, TokensHaveACharacterAtLeast) {
  World world;
  const auto violates =
      Violates(Constraint("''", "nextToken", "Member must have length greater than or equal to 1"));
  EXPECT_THAT(world.kinesis->ListStreams({.next_token = ""}), violates);
  EXPECT_THAT(world.kinesis->ListShards({.next_token = ""}), violates);
}

TEST(Validation, TokensHaveAMebiCharacterAtMost) {
  World world;
  const std::string longest(1048576, 'A');
  EXPECT_THAT(world.kinesis->ListStreams({.next_token = longest}),
              FailsWith(ErrorCode::kInvalidArgument, "Invalid NextToken."));
  const absl::Status status = world.kinesis->ListStreams({.next_token = longest + "A"}).status();
  EXPECT_THAT(status, FailsAs(ErrorCode::kValidation));
  EXPECT_THAT(std::string(ErrorMessage(status)),
              HasSubstr("Member must have length less than or equal to 1048576"));
}

TEST(Validation, MaxRecordSizeHasItsRange) {
  World world;
  const auto create = [&world](int kib) {
    return world.kinesis->CreateStream(
        {.stream_name = "orders", .shard_count = 1, .max_record_size_in_kib = kib});
  };
  EXPECT_THAT(create(1023),
              Violates(Constraint("'1023'", "maxRecordSizeInKiB",
                                  "Member must have value greater than or equal to 1024")));
  EXPECT_THAT(create(10241),
              Violates(Constraint("'10241'", "maxRecordSizeInKiB",
                                  "Member must have value less than or equal to 10240")));
}

TEST(Validation, WarmThroughputIsNotNegative) {
  World world;
  EXPECT_THAT(world.kinesis->CreateStream({.stream_name = "orders", .warm_throughput_mibps = -1}),
              Violates(Constraint("'-1'", "warmThroughputMiBps",
                                  "Member must have value greater than or equal to 0")));
}

TEST(Validation, TagsHaveKeysAndValuesOfTheirLengths) {
  World world;
  const auto create = [&world](std::map<std::string, std::string> tags) {
    return world.kinesis->CreateStream(
        {.stream_name = "orders", .shard_count = 1, .tags = std::move(tags)});
  };
  EXPECT_THAT(create({{"", "v"}}),
              Violates(Constraint("'{=v}'", "tags",
                                  "Map keys must satisfy constraint: [Member must have length less "
                                  "than or equal to 128, Member must have length greater than or "
                                  "equal to 1]")));
  const std::string key(129, 'k');
  EXPECT_THAT(create({{key, ""}}),
              Violates(Constraint("'{" + key + "=}'", "tags",
                                  "Map keys must satisfy constraint: [Member must have length less "
                                  "than or equal to 128, Member must have length greater than or "
                                  "equal to 1]")));
  const std::string value(257, 'v');
  EXPECT_THAT(create({{"a", "b"}, {"k", value}}),
              Violates(Constraint("'{a=b, k=" + value + "}'", "tags",
                                  "Map value must satisfy constraint: [Member must have length "
                                  "less than or equal to 256, Member must have length greater than "
                                  "or equal to 0]")));
  std::map<std::string, std::string> many;
  for (int i = 0; i < 201; ++i) many["k" + std::to_string(i)] = "";
  const absl::Status status = create(many).status();
  EXPECT_THAT(status, FailsAs(ErrorCode::kValidation));
  EXPECT_THAT(std::string(ErrorMessage(status)),
              HasSubstr("at 'tags' failed to satisfy constraint: Member must have length less than "
                        "or equal to 200"));
  // Lengths count characters: 128 of three bytes each pass.
  std::string wide;
  for (int i = 0; i < 128; ++i) wide += "日";
  EXPECT_THAT(create({{wide, ""}}), Succeeds());
}

TEST(Validation, ArnsHaveTheirForm) {
  World world;
  const std::string pattern =
      R"(Member must satisfy regular expression pattern: arn:aws.*:kinesis:.*:\d{12}:stream/\S+)";
  for (const std::string arn : {"orders", "arn:aws:kinesis:us-east-1:123456789012:stream/",
                                "arn:aws:kinesis:us-east-1:123456789012:stream/a b",
                                "arn:aws:s3:us-east-1:123456789012:stream/orders",
                                "arn:aws:kinesis:us-east-1:12345678901x:stream/orders",
                                "arn:aws:kinesis:us-east-1:123456789012:table/orders"}) {
    EXPECT_THAT(world.kinesis->DescribeStream({.stream_arn = arn}),
                Violates(Constraint("'" + arn + "'", "streamARN", pattern)));
  }
  const std::string long_arn = StreamArnOf(std::string(2048, 'x'));
  EXPECT_THAT(world.kinesis->DescribeStream({.stream_arn = long_arn}),
              Violates(Constraint("'" + long_arn + "'", "streamARN",
                                  "Member must have length less than or equal to 2048")));
}

TEST(Validation, AnEnumeratorThatAMemberDoesNotTakeHasItsName) {
  EXPECT_THAT(
      internal::Validate(UpdateAccountSettingsRequest{
          .minimum_throughput_billing_commitment =
              MinimumThroughputBillingCommitmentInput{
                  .status =
                      MinimumThroughputBillingCommitmentStatus::kEnabledUntilEarliestAllowedEnd}}),
      Violates(Constraint("'ENABLED_UNTIL_EARLIEST_ALLOWED_END'",
                          "minimumThroughputBillingCommitment.status",
                          "Member must satisfy enum value set: [ENABLED, DISABLED]")));
}

TEST(Validation, WideCharactersCountOneEach) {
  std::string wide;
  for (int i = 0; i < 128; ++i) wide += "日";
  EXPECT_THAT(internal::Validate(
                  UntagResourceRequest{.tag_keys = {wide}, .resource_arn = StreamArnOf("orders")}),
              Succeeds());
  EXPECT_THAT(internal::Validate(UntagResourceRequest{.tag_keys = {wide + "日"},
                                                      .resource_arn = StreamArnOf("orders")}),
              FailsAs(ErrorCode::kValidation));
}

// The second of twelve entries is fine.
TEST(Validation, TenOfElevenViolationsAreSpelledOut) {
  World world;
  std::vector<PutRecordsRequestEntry> entries(12, {.data = "x", .partition_key = ""});
  entries[1].partition_key = "k";
  std::string expected = "11 validation errors detected: ";
  for (const int entry : {1, 3, 4, 5, 6, 7, 8, 9, 10, 11}) {
    if (entry != 1) expected += "; ";
    expected += Constraint("''", "records." + std::to_string(entry) + ".member.partitionKey",
                           "Member must have length greater than or equal to 1");
  }
  EXPECT_THAT(world.kinesis->PutRecords({.records = entries, .stream_name = "orders"}),
              FailsWith(ErrorCode::kValidation, expected));
}

TEST(Validation, EntriesWithoutDataAreNamedOneByOne) {
  World world;
  const std::vector<PutRecordsRequestEntry> entries = {
      {.partition_key = "k"}, {.data = "", .partition_key = "k"}, {.partition_key = ""}};
  EXPECT_THAT(world.kinesis->PutRecords({.records = entries, .stream_name = "orders"}),
              FailsWith(ErrorCode::kValidation,
                        "3 validation errors detected: " + Missing("records.1.member.data") + "; " +
                            Missing("records.3.member.data") + "; " +
                            Constraint("''", "records.3.member.partitionKey",
                                       "Member must have length greater than or equal to 1")));
}

TEST(Validation, SeveralViolationsComeInOneMessage) {
  World world;
  EXPECT_THAT(
      world.kinesis->MergeShards({.stream_name = "a b", .shard_to_merge = "x/"}),
      FailsWith(ErrorCode::kValidation,
                "3 validation errors detected: " + BadName("a b", "streamName") + "; " +
                    BadName("x/", "shardToMerge") + "; " + Missing("adjacentShardToMerge")));
}

TEST(Validation, ComesBeforeArgumentsExistenceAndState) {
  World world(ServiceTimes());
  ASSERT_THAT(world.kinesis->CreateStream({.stream_name = "orders", .shard_count = 1}), Succeeds());
  EXPECT_THAT(world.kinesis->CreateStream({.stream_name = "orders", .shard_count = 0}),
              FailsAs(ErrorCode::kValidation));
  for (const std::string stream : {"orders", "unknown"}) {
    EXPECT_THAT(world.Split(stream, "0", "-1"), FailsAs(ErrorCode::kValidation));
    EXPECT_THAT(world.Merge(stream, "0", " "), FailsAs(ErrorCode::kValidation));
    EXPECT_THAT(world.Scale(stream, 0), FailsAs(ErrorCode::kValidation));
    EXPECT_THAT(world.kinesis->DescribeStream({.stream_name = stream, .limit = 0}),
                FailsAs(ErrorCode::kValidation));
    EXPECT_THAT(world.kinesis->ListShards({.stream_name = stream, .max_results = 0}),
                FailsAs(ErrorCode::kValidation));
  }
  EXPECT_THAT(world.kinesis->SplitShard({}),
              FailsAs(ErrorCode::kValidation));  // names no stream either
  EXPECT_THAT(world.kinesis->ListStreams(
                  {.limit = 0, .exclusive_start_stream_name = "a", .next_token = "b"}),
              FailsAs(ErrorCode::kValidation));
}

TEST(Validation, RefusedRequestsChangeNothing) {
  World world;
  world.Create("orders", 2);
  const StreamDescription before = world.Describe("orders");
  EXPECT_FALSE(world.Split("orders", "0", "01").ok());
  EXPECT_FALSE(world.Split("orders", "0", "1").ok());
  EXPECT_FALSE(world.Split("orders", "9", "5").ok());
  EXPECT_FALSE(world.Merge("orders", "1", "0").ok());
  EXPECT_FALSE(world.Merge("orders", "0", "9").ok());
  EXPECT_FALSE(world.Scale("orders", 5).ok());
  EXPECT_FALSE(world.Scale("orders", 0).ok());
  EXPECT_FALSE(world.IncreaseRetention("orders", 8761).ok());
  EXPECT_FALSE(world.IncreaseRetention("orders", 23).ok());
  EXPECT_FALSE(world.DecreaseRetention("orders", 25).ok());
  EXPECT_FALSE(
      world.kinesis->DeleteStream({.stream_name = "orders", .stream_arn = StreamArnOf("x")}).ok());
  EXPECT_FALSE(world.kinesis->CreateStream({.stream_name = "orders", .shard_count = 9}).ok());
  EXPECT_EQ(world.Describe("orders"), before);
  EXPECT_EQ(world.kinesis->ListStreams({}).value().stream_names.size(), 1U);
}

}  // namespace
}  // namespace riacho
