#include "base/return_if_error.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gtest/gtest.h"

namespace riacho::internal {
namespace {

absl::Status Forward(const absl::Status& status, int& steps) {
  RIACHO_RETURN_IF_ERROR((++steps, status));
  ++steps;
  return absl::OkStatus();
}

absl::StatusOr<int> ForwardToValue(const absl::Status& status) {
  if (true) RIACHO_RETURN_IF_ERROR(status);
  return 7;
}

TEST(ReturnIfError, GoesOnAfterOkAndEvaluatesOnce) {
  int steps = 0;
  EXPECT_TRUE(Forward(absl::OkStatus(), steps).ok());
  EXPECT_EQ(steps, 2);
}

TEST(ReturnIfError, LeavesWithTheErrorAsItIs) {
  int steps = 0;
  absl::Status error = absl::NotFoundError("stream orders");
  error.SetPayload("key", absl::Cord("value"));
  EXPECT_EQ(Forward(error, steps), error);
  EXPECT_EQ(steps, 1);
}

TEST(ReturnIfError, WorksWhereAValueIsReturned) {
  EXPECT_EQ(*ForwardToValue(absl::OkStatus()), 7);
  EXPECT_EQ(ForwardToValue(absl::AbortedError("no")).status(), absl::AbortedError("no"));
}

}  // namespace
}  // namespace riacho::internal
