// The examples are those of the published test suite for Signature Version 4.
#include "wire/signature.h"

#include <string>

#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace riacho::internal {
namespace {

const CredentialScope kScope = {.date = "20150830", .region = "us-east-1", .service = "service"};
constexpr char kDate[] = "20150830T123600Z";
constexpr char kSecret[] = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

SignedRequest Get(std::string_view path, std::string_view query) {
  return {.method = "GET",
          .path = path,
          .query = query,
          .headers = {{"Host", "example.amazonaws.com"}, {"X-Amz-Date", kDate}},
          .payload_hash = Sha256Hex("")};
}

std::string SignatureOf(const SignedRequest& request) {
  return Signature(kSecret, kScope, StringToSign(CanonicalRequest(request), kDate, kScope));
}

TEST(Signature, OfAPlainRequest) {
  const SignedRequest request = Get("/", "");
  EXPECT_EQ(CanonicalRequest(request),
            "GET\n/\n\nhost:example.amazonaws.com\nx-amz-date:20150830T123600Z\n\n"
            "host;x-amz-date\ne3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(StringToSign(CanonicalRequest(request), kDate, kScope),
            "AWS4-HMAC-SHA256\n20150830T123600Z\n20150830/us-east-1/service/aws4_request\n"
            "bb579772317eb040ac9ed261061d46c1f17a8133879d6129b6e1c25292927e63");
  EXPECT_EQ(Authorization({.access_key_id = "AKIDEXAMPLE", .secret_access_key = kSecret}, request,
                          kDate, kScope),
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
            "SignedHeaders=host;x-amz-date, "
            "Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
}

TEST(Signature, OfAQueryDoesNotDependOnItsOrder) {
  EXPECT_EQ(SignatureOf(Get("/", "Param2=value2&Param1=value1")),
            "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500");
  EXPECT_EQ(SignatureOf(Get("/", "Param1=value1&Param2=value2&X-Amz-Signature=00")),
            SignatureOf(Get("/", "Param2=value2&Param1=value1")));
}

TEST(Signature, OfHeadersDoesNotDependOnCaseOrderAndSpace) {
  SignedRequest request = Get("/", "");
  request.headers.insert(request.headers.begin(), {"My-Header1", "  a   b  c "});
  const std::string signature = SignatureOf(request);
  request.headers = {
      {"x-amz-date", kDate}, {"HOST", "example.amazonaws.com"}, {"my-header1", "a b c"}};
  EXPECT_EQ(SignatureOf(request), signature);
  request.headers[2].second = "a b d";
  EXPECT_NE(SignatureOf(request), signature);
}

TEST(Signature, SeveralHeadersOfANameAreOne) {
  SignedRequest request = Get("/", "");
  request.headers.push_back({"My-Header1", "value4"});
  request.headers.push_back({"My-Header1", "value1"});
  request.headers.push_back({"My-Header1", "value3"});
  request.headers.push_back({"My-Header1", "value2"});
  EXPECT_EQ(SignatureOf(request),
            "08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01");
}

TEST(Signature, PathsAreEncodedOnceMoreQueriesAsTheyAre) {
  EXPECT_TRUE(CanonicalRequest(Get("/a%20b", "n=x%2fy+z&e"))
                  .starts_with("GET\n/a%2520b\ne=&n=x%2Fy%2Bz\nhost:"));
}

TEST(Signature, DatesAreOfUtc) { EXPECT_EQ(AmzDate(absl::FromUnixSeconds(1'440'938'160)), kDate); }

TEST(Signature, ComparesWholeTexts) {
  EXPECT_TRUE(SameSignature("ab", "ab"));
  EXPECT_FALSE(SameSignature("ab", "ac"));
  EXPECT_FALSE(SameSignature("ab", "abc"));
}

}  // namespace
}  // namespace riacho::internal
