// What riacho-endpoint understands on its command line, and what it says of what it does not.
#include "program/endpoint_arguments.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "riacho/model/error.h"

namespace riacho::internal {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

EndpointArguments Parsed(const std::vector<const char*>& arguments) {
  absl::StatusOr<EndpointArguments> parsed = ParseEndpointArguments(arguments);
  EXPECT_TRUE(parsed.ok()) << parsed.status();
  return parsed.value_or(EndpointArguments());
}

std::string Refusal(const std::vector<const char*>& arguments) {
  const absl::StatusOr<EndpointArguments> parsed = ParseEndpointArguments(arguments);
  if (parsed.ok()) return "";
  EXPECT_TRUE(absl::IsInvalidArgument(parsed.status())) << parsed.status();
  return std::string(ErrorMessage(parsed.status()));
}

TEST(EndpointArguments, NoneServeOneAccountOnLoopbackWithTheServicesLimits) {
  const EndpointArguments arguments = Parsed({});
  EXPECT_EQ(arguments.address, "127.0.0.1");
  EXPECT_EQ(arguments.port, 4567);
  EXPECT_FALSE(arguments.tls);
  EXPECT_FALSE(arguments.log);
  EXPECT_THAT(arguments.streams, IsEmpty());
  EXPECT_THAT(arguments.credentials, IsEmpty());
  EXPECT_EQ(arguments.engine.limits, Limits::Service());
  EXPECT_EQ(arguments.engine.lifecycle, Lifecycle());
  EXPECT_EQ(arguments.engine.account_id, "123456789012");
  EXPECT_EQ(arguments.engine.region, "us-east-1");
}

TEST(EndpointArguments, AValueFollowsItsOptionOrAnEqualsSign) {
  EXPECT_EQ(Parsed({"--port", "0"}).port, 0);
  EXPECT_EQ(Parsed({"--port=65535"}).port, 65535);
  EXPECT_EQ(Parsed({"--tls-key=a=b", "--tls-certificate", "c"}).tls_private_key, "a=b");
}

TEST(EndpointArguments, TheLastOneCounts) {
  EXPECT_EQ(Parsed({"--port=1", "--port", "2"}).port, 2);
  EXPECT_EQ(Parsed({"--limits=off", "--limits=service"}).engine.limits, Limits::Service());
}

TEST(EndpointArguments, StreamsAreProvisionedOrOnDemand) {
  EXPECT_THAT(Parsed({"--stream", "orders:2", "--stream=clicks"}).streams,
              ElementsAre(StreamArgument{.name = "orders", .shard_count = 2},
                          StreamArgument{.name = "clicks"}));
}

TEST(EndpointArguments, SetTheEngine) {
  const EndpointArguments arguments =
      Parsed({"--limits", "off", "--lifecycle", "service", "--memory-budget", "512MiB", "--seed",
              "18446744073709551615", "--account", "000000000000", "--region", "eu-west-1"});
  EXPECT_EQ(arguments.engine.limits, Limits::Unlimited());
  EXPECT_EQ(arguments.engine.lifecycle, Lifecycle::Service());
  EXPECT_EQ(arguments.engine.memory_budget, 512 * 1024 * 1024);
  EXPECT_EQ(arguments.engine.seed, 18446744073709551615U);
  EXPECT_EQ(arguments.engine.account_id, "000000000000");
  EXPECT_EQ(arguments.engine.region, "eu-west-1");
}

TEST(EndpointArguments, MemoryIsInBytesOrBinaryMultiples) {
  EXPECT_EQ(Parsed({"--memory-budget=65536"}).engine.memory_budget, 65536);
  EXPECT_EQ(Parsed({"--memory-budget=3KiB"}).engine.memory_budget, 3072);
  EXPECT_EQ(Parsed({"--memory-budget=2GiB"}).engine.memory_budget, std::int64_t{1} << 31);
  EXPECT_EQ(Parsed({"--memory-budget=8589934591GiB"}).engine.memory_budget,
            std::int64_t{8589934591} << 30);
  for (const char* const wrong : {"--memory-budget=0", "--memory-budget=-1", "--memory-budget=MiB",
                                  "--memory-budget=1MB", "--memory-budget=8589934592GiB"}) {
    EXPECT_THAT(Refusal({wrong}), HasSubstr("Give a number of bytes, or of KiB, MiB or GiB"));
  }
}

TEST(EndpointArguments, ASecretMayHaveColons) {
  EXPECT_THAT(
      Parsed({"--credentials", "AKID:a:b/c+", "--credentials=111122223333:s"}).credentials,
      ElementsAre(CredentialArgument{.access_key_id = "AKID", .secret_access_key = "a:b/c+"},
                  CredentialArgument{.access_key_id = "111122223333", .secret_access_key = "s"}));
}

TEST(EndpointArguments, ASecretIsNotRepeatedInMessages) {
  EXPECT_EQ(Refusal({"--credentials", "hunter2"}),
            "--credentials has no colon with text on both sides of it. Give ACCESS_KEY:SECRET.");
  EXPECT_THAT(Refusal({"--credentials=:hunter2"}), testing::Not(HasSubstr("hunter2")));
}

TEST(EndpointArguments, WhateverNamesACertificateTurnsTlsOn) {
  EXPECT_TRUE(Parsed({"--tls"}).tls);
  EXPECT_TRUE(Parsed({"--tls-certificate-out=ca.pem"}).tls);
  EXPECT_TRUE(Parsed({"--tls-certificate=c.pem", "--tls-key=k.pem"}).tls);
}

TEST(EndpointArguments, CertificateAndKeyBelongTogether) {
  const std::string message =
      "--tls-certificate and --tls-key belong together. Give both, or --tls alone to have a "
      "certificate made.";
  EXPECT_EQ(Refusal({"--tls-certificate=c.pem"}), message);
  EXPECT_EQ(Refusal({"--tls", "--tls-key=k.pem"}), message);
}

TEST(EndpointArguments, AreRefusedByNameWithWhatToDo) {
  EXPECT_EQ(Refusal({"--prot=1"}),
            "'--prot=1' is no option. Those that are: riacho-endpoint --help.");
  EXPECT_EQ(Refusal({"orders"}), "'orders' is no option. Those that are: riacho-endpoint --help.");
  EXPECT_EQ(Refusal({""}), "'' is no option. Those that are: riacho-endpoint --help.");
  EXPECT_EQ(Refusal({"--log=yes"}), "--log takes no value. Leave it away.");
  EXPECT_EQ(Refusal({"--port"}), "--port needs a value. Which: riacho-endpoint --help.");
  EXPECT_EQ(Refusal({"--port="}), "--port needs a value. Which: riacho-endpoint --help.");
  EXPECT_EQ(Refusal({"--port", "--log"}), "--port needs a value. Which: riacho-endpoint --help.");
  for (const char* const port : {"-1", "65536", "x", "80x", "99999999999999999999"}) {
    EXPECT_EQ(Refusal({"--port", port}),
              "--port is '" + std::string(port) +
                  "'. Give a number from 0 to 65535; 0 is any port that is free.");
  }
  EXPECT_EQ(Refusal({"--threads=0"}), "--threads is '0'. Give a number from 1 to 256.");
  EXPECT_EQ(Refusal({"--limits=none"}),
            "--limits is 'none'. Give service, for the service's quotas, or off, for none.");
  EXPECT_EQ(Refusal({"--lifecycle=slow"}),
            "--lifecycle is 'slow'. Give service, for changes that take as long as on the service, "
            "or instant.");
  EXPECT_EQ(Refusal({"--seed=-1"}),
            "--seed is '-1'. Give a whole number from 0 to 18446744073709551615.");
  EXPECT_EQ(Refusal({"--account=12"}), "--account is '12'. Give the twelve digits of an account.");
  EXPECT_EQ(Refusal({"--region=Mars"}), "--region is 'Mars'. Give a region, such as us-east-1.");
}

TEST(EndpointArguments, AStreamNeedsANameAndAPlausibleNumber) {
  for (const char* const stream : {":2", "orders:", "orders:0", "orders:two", "orders:2:3"}) {
    EXPECT_EQ(Refusal({"--stream", stream}),
              "--stream is '" + std::string(stream) +
                  "'. Give NAME:SHARDS, such as orders:2, or a name alone for an on-demand "
                  "stream.");
  }
  EXPECT_EQ(Refusal({"--stream=orders:2", "--stream=orders"}),
            "--stream is 'orders'. Give each stream once.");
}

TEST(EndpointArguments, AreAllInTheHelp) {
  const std::string help(EndpointHelp());
  for (const char* const option :
       {"--port", "--address", "--threads", "--tls ", "--tls-certificate ", "--tls-key",
        "--tls-certificate-out", "--stream", "--limits", "--lifecycle", "--memory-budget", "--seed",
        "--account", "--region", "--credentials", "--log", "--help", "--version"}) {
    EXPECT_THAT(help, HasSubstr(option));
  }
}

}  // namespace
}  // namespace riacho::internal
