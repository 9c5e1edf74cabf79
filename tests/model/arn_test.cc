#include "riacho/model/arn.h"

#include <optional>
#include <string>
#include <string_view>

#include "gtest/gtest.h"

namespace riacho {
namespace {

constexpr std::string_view kStreamArn = "arn:aws:kinesis:eu-west-1:123456789012:stream/orders";
constexpr std::string_view kConsumerArn =
    "arn:aws:kinesis:eu-west-1:123456789012:stream/orders/consumer/audit:1789780156";

TEST(Arn, OfAStreamIsReadPartByPart) {
  const std::optional<Arn> arn = Arn::Parse(kStreamArn);
  ASSERT_TRUE(arn.has_value());
  EXPECT_EQ(arn->partition, "aws");
  EXPECT_EQ(arn->region, "eu-west-1");
  EXPECT_EQ(arn->account_id, "123456789012");
  EXPECT_EQ(arn->stream_name, "orders");
  EXPECT_EQ(arn->consumer_name, "");
  EXPECT_EQ(arn->consumer_creation_seconds, 0);
}

TEST(Arn, OfAConsumerEndsInNameAndCreationSecond) {
  const std::optional<Arn> arn = Arn::Parse(kConsumerArn);
  ASSERT_TRUE(arn.has_value());
  EXPECT_EQ(arn->stream_name, "orders");
  EXPECT_EQ(arn->consumer_name, "audit");
  EXPECT_EQ(arn->consumer_creation_seconds, 1789780156);
}

TEST(Arn, ToStringUndoesParse) {
  for (const std::string_view text :
       {kStreamArn, kConsumerArn,
        std::string_view("arn:aws-cn:kinesis:cn-north-1:123456789012:stream/a.b_c-D"),
        std::string_view(
            "arn:aws-us-gov:kinesis:us-gov-west-1:123456789012:stream/s/consumer/c.d_e-F:0")}) {
    const std::optional<Arn> arn = Arn::Parse(text);
    ASSERT_TRUE(arn.has_value()) << text;
    EXPECT_EQ(arn->ToString(), text);
    EXPECT_EQ(Arn::Parse(arn->ToString()), arn);
  }
}

TEST(Arn, AStreamMayBeCalledConsumer) {
  const std::optional<Arn> arn =
      Arn::Parse("arn:aws:kinesis:eu-west-1:123456789012:stream/consumer/consumer/consumer:7");
  ASSERT_TRUE(arn.has_value());
  EXPECT_EQ(arn->stream_name, "consumer");
  EXPECT_EQ(arn->consumer_name, "consumer");
}

TEST(Arn, IsNotReadFromOtherText) {
  for (const std::string_view text :
       {"", "orders", "arn", "arn:aws:kinesis", "arn:aws:kinesis:eu-west-1:123456789012:stream",
        "arn:aws:kinesis:eu-west-1:123456789012:stream/", "arn:aws:kinesis:eu-west-1:stream/orders",
        "arn:aws:sqs:eu-west-1:123456789012:stream/orders",
        "arn:aws:kinesis:eu-west-1:123456789012:channel/orders",
        "urn:aws:kinesis:eu-west-1:123456789012:stream/orders",
        " arn:aws:kinesis:eu-west-1:123456789012:stream/orders",
        "arn:aws:kinesis:eu-west-1:123456789012:stream/orders/shard",
        "arn:aws:kinesis:eu-west-1:123456789012:stream/orders:7"}) {
    EXPECT_EQ(Arn::Parse(text), std::nullopt) << text;
  }
}

TEST(Arn, OfAConsumerIsNotReadWithoutItsParts) {
  const std::string stream(kStreamArn);
  for (const std::string_view rest :
       {"/consumer/", "/consumer/audit", "/consumer/audit:", "/consumer/:7", "/consumer/audit:x",
        "/consumer/audit:7x", "/consumer/audit:-7", "/consumer/audit:+7", "/consumer/audit: 7",
        "/consumer/audit:07", "/consumer/a/b:7", "/consumer/audit:7:7",
        "/consumer/audit:99999999999999999999"}) {
    EXPECT_EQ(Arn::Parse(stream + std::string(rest)), std::nullopt) << rest;
  }
  EXPECT_EQ(Arn::Parse("arn:aws:kinesis:eu-west-1:123456789012:stream//consumer/audit:7"),
            std::nullopt);
}

TEST(PartitionOf, FollowsTheRegion) {
  EXPECT_EQ(PartitionOf("eu-west-1"), "aws");
  EXPECT_EQ(PartitionOf("us-east-1"), "aws");
  EXPECT_EQ(PartitionOf("cn-north-1"), "aws-cn");
  EXPECT_EQ(PartitionOf("us-gov-west-1"), "aws-us-gov");
}

TEST(AccountOf, IsTheFifthFieldOfAnyArn) {
  EXPECT_EQ(AccountOf("arn:aws:iam::123456789012:user/a:b"), "123456789012");
  EXPECT_EQ(AccountOf("arn:aws:kinesis:us-east-1:123456789012"), "123456789012");
  EXPECT_EQ(AccountOf("arn:aws:s3:::bucket"), "");
  EXPECT_EQ(AccountOf("*"), "");
}

}  // namespace
}  // namespace riacho
