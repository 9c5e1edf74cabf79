// The channel operations: requests are checked, and then refused.
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "engine/settings_fixture.h"

namespace riacho {
namespace {

std::string NotYetText(const std::string& operation) {
  return operation + " is not supported yet: this engine delivers to no S3 bucket or table.";
}

TEST(Channels, AreNotSupportedYet) {
  World world;
  const auto not_yet = [](const std::string& operation) {
    return FailsWith(ErrorCode::kUnknownOperation, NotYetText(operation));
  };
  const std::string arn = "arn:aws:kinesis:us-east-1:123456789012:channel/abc";
  EXPECT_THAT(
      world.kinesis->CreateChannel(
          {.channel_name = "archive",
           .service_execution_role_arn = "arn:aws:iam::123456789012:role/archive",
           .stream_configuration_list = {{.stream_arn = StreamArnOf("clicks"),
                                          .record_configuration = {{RecordFormatType::kJson}}}}}),
      not_yet("CreateChannel"));
  EXPECT_THAT(world.kinesis->DescribeChannel({.channel_arn = arn}), not_yet("DescribeChannel"));
  EXPECT_THAT(world.kinesis->ListChannels({}), not_yet("ListChannels"));
  EXPECT_THAT(world.kinesis->UpdateChannel({.channel_arn = arn}), not_yet("UpdateChannel"));
  EXPECT_THAT(world.kinesis->DeleteChannel({.channel_arn = arn}), not_yet("DeleteChannel"));
}

TEST(Channels, RequestsAreCheckedFirst) {
  World world;
  EXPECT_THAT(world.kinesis->CreateChannel({}), FailsAs(ErrorCode::kValidation));
  EXPECT_THAT(world.kinesis->DescribeChannel({}), FailsAs(ErrorCode::kValidation));
  EXPECT_THAT(world.kinesis->ListChannels({.next_token = ""}), FailsAs(ErrorCode::kValidation));
  EXPECT_THAT(world.kinesis->UpdateChannel({}), FailsAs(ErrorCode::kValidation));
  EXPECT_THAT(world.kinesis->DeleteChannel({}), FailsAs(ErrorCode::kValidation));
}

}  // namespace
}  // namespace riacho
