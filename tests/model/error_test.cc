#include "riacho/model/error.h"

#include <cstddef>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gtest/gtest.h"

namespace riacho {
namespace {

std::vector<ErrorCode> AllCodes() {
  std::vector<ErrorCode> codes;
  for (int i = 0; i <= static_cast<int>(ErrorCode::kValidation); ++i)
    codes.push_back(static_cast<ErrorCode>(i));
  return codes;
}

TEST(ErrorCode, HasTheServicesNames) {
  EXPECT_EQ(ErrorCodeName(ErrorCode::kAccessDenied), "AccessDeniedException");
  EXPECT_EQ(ErrorCodeName(ErrorCode::kDryRunOperation), "DryRunOperationException");
  EXPECT_EQ(ErrorCodeName(ErrorCode::kExpiredIterator), "ExpiredIteratorException");
  EXPECT_EQ(ErrorCodeName(ErrorCode::kExpiredNextToken), "ExpiredNextTokenException");
  EXPECT_EQ(ErrorCodeName(ErrorCode::kInternalFailure), "InternalFailureException");
  EXPECT_EQ(ErrorCodeName(ErrorCode::kInvalidArgument), "InvalidArgumentException");
  EXPECT_EQ(ErrorCodeName(ErrorCode::kKmsAccessDenied), "KMSAccessDeniedException");
  EXPECT_EQ(ErrorCodeName(ErrorCode::kKmsDisabled), "KMSDisabledException");
  EXPECT_EQ(ErrorCodeName(ErrorCode::kKmsInvalidState), "KMSInvalidStateException");
  EXPECT_EQ(ErrorCodeName(ErrorCode::kKmsNotFound), "KMSNotFoundException");
  EXPECT_EQ(ErrorCodeName(ErrorCode::kKmsOptInRequired), "KMSOptInRequired");
  EXPECT_EQ(ErrorCodeName(ErrorCode::kKmsThrottling), "KMSThrottlingException");
  EXPECT_EQ(ErrorCodeName(ErrorCode::kLimitExceeded), "LimitExceededException");
  EXPECT_EQ(ErrorCodeName(ErrorCode::kProvisionedThroughputExceeded),
            "ProvisionedThroughputExceededException");
  EXPECT_EQ(ErrorCodeName(ErrorCode::kResourceInUse), "ResourceInUseException");
  EXPECT_EQ(ErrorCodeName(ErrorCode::kResourceNotFound), "ResourceNotFoundException");
  EXPECT_EQ(ErrorCodeName(ErrorCode::kSerialization), "SerializationException");
  EXPECT_EQ(ErrorCodeName(ErrorCode::kUnknownOperation), "UnknownOperationException");
  EXPECT_EQ(ErrorCodeName(ErrorCode::kUnrecognizedClient), "UnrecognizedClientException");
  EXPECT_EQ(ErrorCodeName(ErrorCode::kValidation), "ValidationException");
}

TEST(ErrorCode, IsReadBackFromItsName) {
  std::set<std::string_view> names;
  for (const ErrorCode code : AllCodes()) {
    EXPECT_EQ(ParseErrorCode(ErrorCodeName(code)), code);
    names.insert(ErrorCodeName(code));
  }
  EXPECT_EQ(names.size(), AllCodes().size());
}

TEST(ErrorCode, IsNotReadFromOtherText) {
  EXPECT_EQ(ParseErrorCode(""), std::nullopt);
  EXPECT_EQ(ParseErrorCode("ValidationError"), std::nullopt);
  EXPECT_EQ(ParseErrorCode("validationException"), std::nullopt);
  EXPECT_EQ(ParseErrorCode("ValidationException "), std::nullopt);
}

TEST(ErrorCode, PrintsItsName) {
  std::ostringstream out;
  out << ErrorCode::kResourceNotFound;
  EXPECT_EQ(out.str(), "ResourceNotFoundException");
}

TEST(MakeError, CarriesTheCodeAndTheMessage) {
  for (const ErrorCode code : AllCodes()) {
    const absl::Status status =
        MakeError(code, "Stream orders under account 123456789012 not found.");
    EXPECT_FALSE(status.ok());
    EXPECT_EQ(GetErrorCode(status), code);
    EXPECT_EQ(ErrorMessage(status), "Stream orders under account 123456789012 not found.");
  }
}

TEST(MakeError, ChoosesTheNearestCanonicalCode) {
  EXPECT_EQ(MakeError(ErrorCode::kResourceNotFound, "").code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(MakeError(ErrorCode::kValidation, "").code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(MakeError(ErrorCode::kProvisionedThroughputExceeded, "").code(),
            absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(MakeError(ErrorCode::kAccessDenied, "").code(), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(MakeError(ErrorCode::kUnknownOperation, "").code(), absl::StatusCode::kUnimplemented);
  EXPECT_EQ(MakeError(ErrorCode::kInternalFailure, "").code(), absl::StatusCode::kInternal);
}

TEST(GetErrorCode, SurvivesCopiesAndStatusOr) {
  const absl::StatusOr<int> answer = MakeError(ErrorCode::kExpiredIterator, "Iterator expired.");
  // NOLINTNEXTLINE(performance-unnecessary-copy-initialization): what is tested
  const absl::Status copy = answer.status();
  EXPECT_EQ(GetErrorCode(copy), ErrorCode::kExpiredIterator);
  EXPECT_EQ(copy, MakeError(ErrorCode::kExpiredIterator, "Iterator expired."));
  EXPECT_NE(copy, MakeError(ErrorCode::kExpiredNextToken, "Iterator expired."));
}

TEST(GetErrorCode, IsEmptyForOkAndForStatusesOfOthers) {
  EXPECT_EQ(GetErrorCode(absl::OkStatus()), std::nullopt);
  EXPECT_EQ(GetErrorCode(absl::NotFoundError("no such file")), std::nullopt);
}

TEST(IsRetryable, HoldsForThrottlingAndInternalFailureOnly) {
  const std::set<ErrorCode> retryable = {ErrorCode::kProvisionedThroughputExceeded,
                                         ErrorCode::kLimitExceeded, ErrorCode::kKmsThrottling,
                                         ErrorCode::kInternalFailure};
  for (const ErrorCode code : AllCodes()) {
    EXPECT_EQ(IsRetryable(MakeError(code, "")), retryable.contains(code)) << code;
  }
  EXPECT_FALSE(IsRetryable(absl::OkStatus()));
  EXPECT_FALSE(IsRetryable(absl::NotFoundError("no such file")));
}

TEST(IsRetryable, HoldsForLostConnectionsToo) {
  EXPECT_TRUE(IsRetryable(absl::DeadlineExceededError("no reply")));
  EXPECT_TRUE(IsRetryable(absl::UnavailableError("broken")));
}

TEST(ErrorMessage, KeepsEveryByte) {
  const std::string message("nul \0 and 日本", 14);
  const absl::Status status = MakeError(ErrorCode::kInvalidArgument, message);
  EXPECT_EQ(ErrorMessage(status), message);
  EXPECT_EQ(ErrorMessage(absl::OkStatus()), "");
}

}  // namespace
}  // namespace riacho
