// The engine's behaviour tests from afar.
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
    {"EveryConstraint.*", "a number that is no enumerator has no name to be sent"},
    {"GetRecords.RefusesWhatIsNoIteratorOfThisEngine", "what is not UTF-8 cannot be sent"},
    {"MemoryBudget.ABatchHoldsItsShareOfTheBudget", "batches hold no memory of the engine's"},
    {"MemoryBudget.ARefusedPutUsesNoThroughput", "a gigabyte of puts, for one behaviour"},
    {"OnDemandStream.*", "quarters of an hour of full traffic: gigabytes of puts"},
    {"PutRecord.CountsTheBytesOfAMalformedPartitionKey", "what is not UTF-8 cannot be sent"},
    {"RecordBatchLifetime.HoldsMemoryBackOnlyAsLongAsItLives",
     "batches hold no memory of the engine's"},
    {"ShardTree.*", "ten thousand random calls, none of which is of its own kind"},
    {"SubscribeToShard.OnWakeIsCalledOnceForEachEmptyPoll", "wakes come on another thread"},
    {"SubscribeToShard.OnWakeIsCalledWhenOthersCloseTheSubscription",
     "wakes come on another thread"},
    {"Tags.ConsistOfLettersDigitsSpacesAndSomeMarks", "what is not UTF-8 cannot be sent"},
    {"WriteThroughput.IsNotPaidByRefusedPuts", "a gigabyte of puts, for one behaviour"},
};

}  // namespace

int main(int argc, char** argv) {
  riacho::client_maker = riacho::RemoteClients();
  std::string filter = "*";
  char separator = '-';
  for (const LocalTest& test : kLocalTests) {
    filter += separator;
    filter += test.name;
    separator = ':';
  }
  // A filter of the command line wins.
  GTEST_FLAG_SET(filter, filter);
  testing::InitGoogleMock(&argc, argv);
  return RUN_ALL_TESTS();
}
