// The engine's behaviour tests from afar.
//
//   --cbor     what is asked and answered is CBOR, not JSON
//   --http2    subscriptions speak HTTP/2, not HTTP/1.1
#include <algorithm>
#include <iostream>
#include <string>
#include <string_view>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "wire/remote_world.h"

namespace {

// What is not to be seen through a connection, and why.
struct LocalTest {
  std::string_view name;
  std::string_view reason;
};
constexpr LocalTest kLocalTests[] = {
    {"EveryConstraint.BrokenAtOnceIsReportedInTheOrderOfTheModel",
     "a number that is no enumerator has no name to be sent"},
    {"EveryConstraint.HasItsMessageWhenItAloneIsBroken",
     "a number that is no enumerator has no name to be sent"},
    {"GetRecords.RefusesWhatIsNoIteratorOfThisEngine", "what is not UTF-8 cannot be sent"},
    {"MemoryBudget.ABatchHoldsItsShareOfTheBudget", "batches hold no memory of the engine's"},
    {"MemoryBudget.ARefusedPutUsesNoThroughput", "a gigabyte of puts, for one behaviour"},
    {"OnDemandStream.TwoRunsAreEqual", "600,000 puts, for one behaviour"},
    {"OnDemandStream.WithoutLimitsHasNoNeedToGrow", "720,000 puts, for one behaviour"},
    {"PutRecord.CountsTheBytesOfAMalformedPartitionKey", "what is not UTF-8 cannot be sent"},
    {"RecordBatchLifetime.HoldsMemoryBackOnlyAsLongAsItLives",
     "batches hold no memory of the engine's"},
    {"SubscribeToShard.OnWakeIsCalledOnceForEachEmptyPoll", "wakes come on another thread"},
    {"SubscribeToShard.OnWakeIsCalledWhenOthersCloseTheSubscription",
     "wakes come on another thread"},
    {"Tags.ConsistOfLettersDigitsSpacesAndSomeMarks", "what is not UTF-8 cannot be sent"},
    {"WriteThroughput.IsNotPaidByRefusedPuts", "a gigabyte of puts, for one behaviour"},
};

// Many calls, none of which is of its own kind: once is enough.
constexpr std::string_view kLongTests[] = {"OnDemandStream.*", "ShardTree.*"};

// Takes its arguments out.
riacho::RemoteSpeech TakeSpeech(int& argc, char** argv) {
  riacho::RemoteSpeech speech;
  const auto is_taken = [&speech](std::string_view argument) {
    if (argument == "--cbor") speech.format = riacho::RemoteFormat::kCbor;
    if (argument == "--http2") speech.http2 = true;
    return argument == "--cbor" || argument == "--http2";
  };
  argc = static_cast<int>(std::remove_if(argv + 1, argv + argc, is_taken) - argv);
  return speech;
}

// A filter of all tests but some.
std::string Without(bool long_ones) {
  std::string filter = "*";
  char separator = '-';
  const auto leave_out = [&](std::string_view name) {
    filter += separator;
    filter += name;
    separator = ':';
  };
  for (const LocalTest& test : kLocalTests) leave_out(test.name);
  if (long_ones) std::ranges::for_each(kLongTests, leave_out);
  return filter;
}

}  // namespace

int main(int argc, char** argv) {
  const riacho::RemoteSpeech speech = TakeSpeech(argc, argv);
  riacho::client_maker = riacho::RemoteClients(speech);
  // A filter of the command line wins.
  GTEST_FLAG_SET(filter, Without(/*long_ones=*/speech != riacho::RemoteSpeech()));
  testing::InitGoogleMock(&argc, argv);
  if (argc > 1) {
    std::cerr << "What is '" << argv[1] << "'?\n";
    return 2;
  }
  return RUN_ALL_TESTS();
}
