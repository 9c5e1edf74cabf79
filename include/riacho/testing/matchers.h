// Matchers for GoogleTest: errors of the service, and records.
//
//   EXPECT_THAT(kinesis.PutRecord(…), IsThrottled());
//   EXPECT_THAT(kinesis.DescribeStream(…), IsKinesisError(ErrorCode::kResourceNotFound));
//   EXPECT_THAT(kinesis.GetRecords(…), HasRecords(ElementsAre(IsRecord("order-17", "paid"))));
//   EXPECT_THAT(everything_read, InOrderPerKey());
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "riacho/client/consumer_requests.h"
#include "riacho/client/record_requests.h"
#include "riacho/model/error.h"
#include "riacho/testing/received_record.h"

namespace riacho {

namespace internal {

// What the matchers look at: of a status, of whatever may fail, and of an entry of PutRecords.
inline const absl::Status& OutcomeOf(const absl::Status& status) { return status; }
template <typename T>
const absl::Status& OutcomeOf(const absl::StatusOr<T>& result) {
  return result.status();
}
absl::Status OutcomeOf(const PutRecordsResultEntry& entry);

// Of whatever has records; nothing if it has failed instead.
std::optional<std::vector<ReceivedRecord>> RecordsOf(const std::vector<ReceivedRecord>& records);
std::optional<std::vector<ReceivedRecord>> RecordsOf(const RecordBatch& records);
std::optional<std::vector<ReceivedRecord>> RecordsOf(const GetRecordsResponse& page);
std::optional<std::vector<ReceivedRecord>> RecordsOf(const SubscribeToShardEvent& event);
template <typename T>
std::optional<std::vector<ReceivedRecord>> RecordsOf(const std::optional<T>& event) {
  return event.has_value() ? RecordsOf(*event) : std::vector<ReceivedRecord>();
}
template <typename T>
std::optional<std::vector<ReceivedRecord>> RecordsOf(const absl::StatusOr<T>& result) {
  return result.ok() ? RecordsOf(*result) : std::nullopt;
}

// Empty if each key's records come in the order of their sequence numbers and once; else what is
// wrong first.
std::string DisorderOf(const std::vector<ReceivedRecord>& records);

bool IsThrottling(const absl::Status& status);

}  // namespace internal

// A status, an absl::StatusOr or an entry of PutRecords with this error of the service.
MATCHER_P(IsKinesisError, code, "is " + ::testing::PrintToString(code)) {
  const absl::Status status = internal::OutcomeOf(arg);
  *result_listener << "which is " << status.ToString();
  return GetErrorCode(status) == std::optional<ErrorCode>(code);
}

// The same, with a text that the matcher likes: IsKinesisError(code, HasSubstr("orders")).
MATCHER_P2(IsKinesisError, code, message,
           "is " + ::testing::PrintToString(code) + " with a message that " +
               ::testing::DescribeMatcher<std::string>(message)) {
  const absl::Status status = internal::OutcomeOf(arg);
  *result_listener << "which is " << status.ToString();
  return GetErrorCode(status) == std::optional<ErrorCode>(code) &&
         ::testing::Matches(message)(std::string(ErrorMessage(status)));
}

// Throttled in any way: kProvisionedThroughputExceeded, kLimitExceeded or kKmsThrottling.
MATCHER(IsThrottled, negation ? "is not throttled" : "is throttled") {
  const absl::Status status = internal::OutcomeOf(arg);
  *result_listener << "which is " << status.ToString();
  return internal::IsThrottling(status);
}

// A ReceivedRecord with this key and these data.
MATCHER_P2(IsRecord, partition_key, data,
           "is " + ::testing::PrintToString(data) + " of " +
               ::testing::PrintToString(partition_key)) {
  return arg.partition_key == partition_key && arg.data == data;
}

// A page of GetRecords, an event of a subscription, a RecordBatch or a list of ReceivedRecord, or
// any of them inside an absl::StatusOr, whose records, as a std::vector<ReceivedRecord>, the
// matcher likes. Of a subscription, no event has no records.
MATCHER_P(HasRecords, matcher,
          "has records that " + ::testing::DescribeMatcher<std::vector<ReceivedRecord>>(matcher)) {
  const std::optional<std::vector<ReceivedRecord>> records = internal::RecordsOf(arg);
  if (!records.has_value()) {
    *result_listener << "which has failed";
    return false;
  }
  *result_listener << "which has " << ::testing::PrintToString(*records) << " ";
  return ::testing::ExplainMatchResult(matcher, *records, result_listener);
}

// What HasRecords looks at, if the records of each key come in the order in which they were put,
// none twice: over several pages and shards too, gathered in the order in which they were read.
MATCHER(InOrderPerKey, "has the records of each key in the order of their sequence numbers") {
  const std::optional<std::vector<ReceivedRecord>> records = internal::RecordsOf(arg);
  const std::string disorder =
      records.has_value() ? internal::DisorderOf(*records) : "which has failed";
  *result_listener << disorder;
  return disorder.empty();
}

}  // namespace riacho
