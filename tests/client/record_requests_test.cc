#include "riacho/client/record_requests.h"

#include <string>

#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace riacho {
namespace {

TEST(ShardIteratorType, HasTheServicesNames) {
  EXPECT_EQ(ShardIteratorTypeName(ShardIteratorType::kAtSequenceNumber), "AT_SEQUENCE_NUMBER");
  EXPECT_EQ(ShardIteratorTypeName(ShardIteratorType::kAfterSequenceNumber),
            "AFTER_SEQUENCE_NUMBER");
  EXPECT_EQ(ShardIteratorTypeName(ShardIteratorType::kTrimHorizon), "TRIM_HORIZON");
  EXPECT_EQ(ShardIteratorTypeName(ShardIteratorType::kLatest), "LATEST");
  EXPECT_EQ(ShardIteratorTypeName(ShardIteratorType::kAtTimestamp), "AT_TIMESTAMP");
}

TEST(PutRecordsResponse, PrintsTheFateOfEachEntry) {
  const PutRecordsResponse response = {
      .failed_record_count = 1,
      .records = {{.shard_id = {3}},
                  {.error_code = ErrorCode::kProvisionedThroughputExceeded,
                   .error_message = "Rate exceeded."}},
  };
  EXPECT_EQ(::testing::PrintToString(response),
            "1 of 2 records failed\n"
            "  shardId-000000000003 0\n"
            "  ProvisionedThroughputExceededException: Rate exceeded.");
}

TEST(GetRecordsResponse, PrintsItsRecordsInUtc) {
  GetRecordsResponse response = {.millis_behind_latest = 2000};
  response.records.Add({.approximate_arrival_timestamp = absl::FromUnixMillis(1789780156007),
                        .data = "paid",
                        .partition_key = "order-17"});
  EXPECT_EQ(::testing::PrintToString(response),
            "1 records, 2000 ms behind latest, end of shard\n"
            "  0 at 2026-09-19T01:09:16.007+00:00 key 'order-17' 4 B");
}

}  // namespace
}  // namespace riacho
