#include "riacho/model/operation.h"

#include <cstddef>
#include <optional>
#include <set>
#include <sstream>
#include <string_view>

#include "gtest/gtest.h"

namespace riacho {
namespace {

TEST(Operation, IsReadBackFromItsName) {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < kOperationCount; ++i) {
    const auto operation = static_cast<Operation>(i);
    EXPECT_EQ(ParseOperation(OperationName(operation)), operation);
    names.insert(OperationName(operation));
  }
  EXPECT_EQ(names.size(), kOperationCount);
}

TEST(Operation, HasTheServicesNames) {
  EXPECT_EQ(OperationName(Operation::kAddTagsToStream), "AddTagsToStream");
  EXPECT_EQ(OperationName(Operation::kDescribeStreamSummary), "DescribeStreamSummary");
  EXPECT_EQ(OperationName(Operation::kPutRecord), "PutRecord");
  EXPECT_EQ(OperationName(Operation::kPutRecords), "PutRecords");
  EXPECT_EQ(OperationName(Operation::kSubscribeToShard), "SubscribeToShard");
  EXPECT_EQ(OperationName(Operation::kUpdateStreamWarmThroughput), "UpdateStreamWarmThroughput");
}

TEST(Operation, IsNotReadFromOtherText) {
  for (const std::string_view text :
       {"", "A", "putRecord", "PutRecord ", "PutRecordX", "Kinesis_20131202.PutRecord", "Zzz"}) {
    EXPECT_EQ(ParseOperation(text), std::nullopt) << text;
  }
}

TEST(PlaneOf, IsDataForTheFiveThatMoveRecords) {
  const std::set<std::string_view> data = {"GetRecords", "GetShardIterator", "PutRecord",
                                           "PutRecords", "SubscribeToShard"};
  for (std::size_t i = 0; i < kOperationCount; ++i) {
    const auto operation = static_cast<Operation>(i);
    EXPECT_EQ(PlaneOf(operation),
              data.contains(OperationName(operation)) ? Plane::kData : Plane::kControl)
        << operation;
  }
}

TEST(Operation, PrintsItsNameAndItsPlane) {
  std::ostringstream out;
  out << Operation::kGetRecords << ' ' << PlaneOf(Operation::kGetRecords) << ' '
      << PlaneOf(Operation::kListShards);
  EXPECT_EQ(out.str(), "GetRecords data control");
}

}  // namespace
}  // namespace riacho
