// The requests of all operations, for tests that do the same with each.
//
//   ForEachRequest([&](auto method) { using Request = RequestOf<decltype(method)>; ... });
#pragma once

#include <tuple>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "engine/validate.h"
#include "riacho/client/client.h"
#include "riacho/model/error.h"

namespace riacho {

inline constexpr std::tuple kMethods = {
    &Client::AddTagsToStream,
    &Client::CreateChannel,
    &Client::CreateStream,
    &Client::DecreaseStreamRetentionPeriod,
    &Client::DeleteChannel,
    &Client::DeleteResourcePolicy,
    &Client::DeleteStream,
    &Client::DeregisterStreamConsumer,
    &Client::DescribeAccountSettings,
    &Client::DescribeChannel,
    &Client::DescribeLimits,
    &Client::DescribeStream,
    &Client::DescribeStreamConsumer,
    &Client::DescribeStreamSummary,
    &Client::DisableEnhancedMonitoring,
    &Client::EnableEnhancedMonitoring,
    &Client::GetRecords,
    &Client::GetResourcePolicy,
    &Client::GetShardIterator,
    &Client::IncreaseStreamRetentionPeriod,
    &Client::ListChannels,
    &Client::ListShards,
    &Client::ListStreamConsumers,
    &Client::ListStreams,
    &Client::ListTagsForResource,
    &Client::ListTagsForStream,
    &Client::MergeShards,
    &Client::PutRecord,
    &Client::PutRecords,
    &Client::PutResourcePolicy,
    &Client::RegisterStreamConsumer,
    &Client::RemoveTagsFromStream,
    &Client::SplitShard,
    &Client::StartStreamEncryption,
    &Client::StopStreamEncryption,
    &Client::SubscribeToShard,
    &Client::TagResource,
    &Client::UntagResource,
    &Client::UpdateAccountSettings,
    &Client::UpdateChannel,
    &Client::UpdateMaxRecordSize,
    &Client::UpdateShardCount,
    &Client::UpdateStreamMode,
    &Client::UpdateStreamRecordDistributionStrategy,
    &Client::UpdateStreamWarmThroughput,
};

template <typename Method>
struct MethodTraits;
template <typename Answer, typename Asked>
struct MethodTraits<absl::StatusOr<Answer> (Client::*)(const Asked&)> {
  using Request = Asked;
};
template <typename Method>
using RequestOf = typename MethodTraits<Method>::Request;

template <typename Visitor>
void ForEachRequest(Visitor&& visit) {
  std::apply([&visit](auto... method) { (visit(method), ...); }, kMethods);
}

// What the client says to a request; of an operation that its backend does not have, what the
// validation of the engine says.
template <typename Method>
absl::Status StatusOfCall(Client& client, Method method, const RequestOf<Method>& request) {
  const absl::Status status = (client.*method)(request).status();
  return GetErrorCode(status) == ErrorCode::kUnknownOperation ? internal::Validate(request)
                                                              : status;
}

}  // namespace riacho
