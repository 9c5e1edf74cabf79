#include "riacho/model/operation.h"

#include <algorithm>
#include <array>

namespace riacho {
namespace {

// In the order of the enumerators.
constexpr std::array<std::string_view, kOperationCount> kNames = {
    "AddTagsToStream",
    "CreateChannel",
    "CreateStream",
    "DecreaseStreamRetentionPeriod",
    "DeleteChannel",
    "DeleteResourcePolicy",
    "DeleteStream",
    "DeregisterStreamConsumer",
    "DescribeAccountSettings",
    "DescribeChannel",
    "DescribeLimits",
    "DescribeStream",
    "DescribeStreamConsumer",
    "DescribeStreamSummary",
    "DisableEnhancedMonitoring",
    "EnableEnhancedMonitoring",
    "GetRecords",
    "GetResourcePolicy",
    "GetShardIterator",
    "IncreaseStreamRetentionPeriod",
    "ListChannels",
    "ListShards",
    "ListStreamConsumers",
    "ListStreams",
    "ListTagsForResource",
    "ListTagsForStream",
    "MergeShards",
    "PutRecord",
    "PutRecords",
    "PutResourcePolicy",
    "RegisterStreamConsumer",
    "RemoveTagsFromStream",
    "SplitShard",
    "StartStreamEncryption",
    "StopStreamEncryption",
    "SubscribeToShard",
    "TagResource",
    "UntagResource",
    "UpdateAccountSettings",
    "UpdateChannel",
    "UpdateMaxRecordSize",
    "UpdateShardCount",
    "UpdateStreamMode",
    "UpdateStreamRecordDistributionStrategy",
    "UpdateStreamWarmThroughput",
};
static_assert(std::is_sorted(kNames.begin(), kNames.end()));
static_assert(static_cast<std::size_t>(Operation::kUpdateStreamWarmThroughput) + 1 ==
              kOperationCount);

}  // namespace

std::string_view OperationName(Operation operation) {
  return kNames[static_cast<std::size_t>(operation)];
}

std::optional<Operation> ParseOperation(std::string_view name) {
  const auto at = std::lower_bound(kNames.begin(), kNames.end(), name);
  if (at == kNames.end() || *at != name) return std::nullopt;
  return static_cast<Operation>(at - kNames.begin());
}

Plane PlaneOf(Operation operation) {
  switch (operation) {
    case Operation::kGetRecords:
    case Operation::kGetShardIterator:
    case Operation::kPutRecord:
    case Operation::kPutRecords:
    case Operation::kSubscribeToShard:
      return Plane::kData;
    default:
      return Plane::kControl;
  }
}

std::ostream& operator<<(std::ostream& out, Operation operation) {
  return out << OperationName(operation);
}

std::ostream& operator<<(std::ostream& out, Plane plane) {
  return out << (plane == Plane::kData ? "data" : "control");
}

}  // namespace riacho
