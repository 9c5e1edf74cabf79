#include "riacho/client/client.h"

#include <cstddef>
#include <set>
#include <string>
#include <type_traits>

#include "absl/status/status.h"
#include "gtest/gtest.h"

#include "riacho/model/error.h"
#include "riacho/model/operation.h"

namespace riacho {
namespace {

static_assert(!std::is_copy_constructible_v<Client>);
static_assert(!std::is_default_constructible_v<Client>);

class EmptyClient : public Client {};

class PutOnlyClient : public Client {
 public:
  absl::StatusOr<PutRecordResponse> PutRecord(const PutRecordRequest&) override {
    return PutRecordResponse{.shard_id = {7}};
  }
};

// Calls each operation of a client that has none, and notes which were asked for.
class UnsupportedOperations {
 public:
  template <typename Request, typename Answer>
  void Expect(Answer (Client::*method)(const Request&)) {
    const absl::Status status = (client_.*method)(Request()).status();
    EXPECT_EQ(GetErrorCode(status), ErrorCode::kUnknownOperation) << Request::kOperation;
    EXPECT_EQ(ErrorMessage(status), std::string(OperationName(Request::kOperation)) +
                                        " is not supported by this backend.");
    asked_.insert(Request::kOperation);
  }

  std::size_t asked() const { return asked_.size(); }

 private:
  EmptyClient client_;
  std::set<Operation> asked_;
};

TEST(Client, AnswersUnknownOperationForWhatABackendLacks) {
  UnsupportedOperations unsupported;
  unsupported.Expect(&Client::CreateStream);
  unsupported.Expect(&Client::DeleteStream);
  unsupported.Expect(&Client::DescribeStream);
  unsupported.Expect(&Client::DescribeStreamSummary);
  unsupported.Expect(&Client::ListStreams);
  unsupported.Expect(&Client::UpdateStreamMode);
  unsupported.Expect(&Client::IncreaseStreamRetentionPeriod);
  unsupported.Expect(&Client::DecreaseStreamRetentionPeriod);
  unsupported.Expect(&Client::UpdateMaxRecordSize);
  unsupported.Expect(&Client::UpdateStreamWarmThroughput);
  unsupported.Expect(&Client::UpdateStreamRecordDistributionStrategy);
  unsupported.Expect(&Client::ListShards);
  unsupported.Expect(&Client::SplitShard);
  unsupported.Expect(&Client::MergeShards);
  unsupported.Expect(&Client::UpdateShardCount);
  unsupported.Expect(&Client::PutRecord);
  unsupported.Expect(&Client::PutRecords);
  unsupported.Expect(&Client::GetShardIterator);
  unsupported.Expect(&Client::GetRecords);
  unsupported.Expect(&Client::RegisterStreamConsumer);
  unsupported.Expect(&Client::DeregisterStreamConsumer);
  unsupported.Expect(&Client::DescribeStreamConsumer);
  unsupported.Expect(&Client::ListStreamConsumers);
  unsupported.Expect(&Client::SubscribeToShard);
  unsupported.Expect(&Client::AddTagsToStream);
  unsupported.Expect(&Client::RemoveTagsFromStream);
  unsupported.Expect(&Client::ListTagsForStream);
  unsupported.Expect(&Client::TagResource);
  unsupported.Expect(&Client::UntagResource);
  unsupported.Expect(&Client::ListTagsForResource);
  unsupported.Expect(&Client::PutResourcePolicy);
  unsupported.Expect(&Client::GetResourcePolicy);
  unsupported.Expect(&Client::DeleteResourcePolicy);
  unsupported.Expect(&Client::StartStreamEncryption);
  unsupported.Expect(&Client::StopStreamEncryption);
  unsupported.Expect(&Client::EnableEnhancedMonitoring);
  unsupported.Expect(&Client::DisableEnhancedMonitoring);
  unsupported.Expect(&Client::DescribeLimits);
  unsupported.Expect(&Client::DescribeAccountSettings);
  unsupported.Expect(&Client::UpdateAccountSettings);
  unsupported.Expect(&Client::CreateChannel);
  unsupported.Expect(&Client::DescribeChannel);
  unsupported.Expect(&Client::ListChannels);
  unsupported.Expect(&Client::UpdateChannel);
  unsupported.Expect(&Client::DeleteChannel);
  EXPECT_EQ(unsupported.asked(), kOperationCount);
}

TEST(Client, LetsABackendHaveASingleOperation) {
  PutOnlyClient backend;
  Client& client = backend;
  const absl::StatusOr<PutRecordResponse> put = client.PutRecord({});
  ASSERT_TRUE(put.ok());
  EXPECT_EQ(put->shard_id, ShardId{7});
  EXPECT_EQ(GetErrorCode(client.PutRecords({}).status()), ErrorCode::kUnknownOperation);
}

}  // namespace
}  // namespace riacho
