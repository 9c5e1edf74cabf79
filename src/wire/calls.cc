#include "wire/calls.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <type_traits>
#include <utility>

#include "base/return_if_error.h"
#include "riacho/model/error.h"
#include "wire/channel_members.h"
#include "wire/consumer_members.h"
#include "wire/decoder.h"
#include "wire/encoder.h"
#include "wire/names_as_sent.h"
#include "wire/parsed_body.h"
#include "wire/record_members.h"
#include "wire/settings_members.h"
#include "wire/shard_members.h"
#include "wire/stream_members.h"

namespace riacho::internal {
namespace {

template <typename Method>
struct MethodTraits;
template <typename Answer, typename Asked>
struct MethodTraits<absl::StatusOr<Answer> (Client::*)(const Asked&)> {
  using Request = Asked;
  using Response = Answer;
};

absl::Status InWordsOfTheCaller(const absl::Status& error, const Decoder& decoder) {
  if (decoder.unknown_names().empty() || GetErrorCode(error) != ErrorCode::kValidation)
    return error;
  return MakeError(ErrorCode::kValidation,
                   WithNamesAsSent(std::string(ErrorMessage(error)), decoder.unknown_names()));
}

template <auto kMethod>
absl::StatusOr<CallAnswer> Call(Client& client, const ParsedBody& body, WireFormat format) {
  using Traits = MethodTraits<decltype(kMethod)>;
  typename Traits::Request request;
  Decoder decoder(body, format);
  RIACHO_RETURN_IF_ERROR(decoder.Decode(request));
  absl::StatusOr<typename Traits::Response> response = (client.*kMethod)(request);
  if (!response.ok()) return InWordsOfTheCaller(response.status(), decoder);
  CallAnswer answer;
  if constexpr (std::is_same_v<typename Traits::Response, std::unique_ptr<Subscription>>) {
    answer.subscription = *std::move(response);
  } else if constexpr (!std::is_empty_v<typename Traits::Response>) {
    answer.body = Encoder(format).Encode(*response);
  }
  return answer;
}

using CallFunction = absl::StatusOr<CallAnswer> (*)(Client&, const ParsedBody&, WireFormat);
using CallTable = std::array<CallFunction, kOperationCount>;

template <auto... kMethods>
constexpr CallTable TableOf() {
  CallTable table = {};
  ((table[static_cast<std::size_t>(MethodTraits<decltype(kMethods)>::Request::kOperation)] =
        &Call<kMethods>),
   ...);
  return table;
}

constexpr CallTable kCalls =
    TableOf<&Client::AddTagsToStream, &Client::CreateChannel, &Client::CreateStream,
            &Client::DecreaseStreamRetentionPeriod, &Client::DeleteChannel,
            &Client::DeleteResourcePolicy, &Client::DeleteStream, &Client::DeregisterStreamConsumer,
            &Client::DescribeAccountSettings, &Client::DescribeChannel, &Client::DescribeLimits,
            &Client::DescribeStream, &Client::DescribeStreamConsumer,
            &Client::DescribeStreamSummary, &Client::DisableEnhancedMonitoring,
            &Client::EnableEnhancedMonitoring, &Client::GetRecords, &Client::GetResourcePolicy,
            &Client::GetShardIterator, &Client::IncreaseStreamRetentionPeriod,
            &Client::ListChannels, &Client::ListShards, &Client::ListStreamConsumers,
            &Client::ListStreams, &Client::ListTagsForResource, &Client::ListTagsForStream,
            &Client::MergeShards, &Client::PutRecord, &Client::PutRecords,
            &Client::PutResourcePolicy, &Client::RegisterStreamConsumer,
            &Client::RemoveTagsFromStream, &Client::SplitShard, &Client::StartStreamEncryption,
            &Client::StopStreamEncryption, &Client::SubscribeToShard, &Client::TagResource,
            &Client::UntagResource, &Client::UpdateAccountSettings, &Client::UpdateChannel,
            &Client::UpdateMaxRecordSize, &Client::UpdateShardCount, &Client::UpdateStreamMode,
            &Client::UpdateStreamRecordDistributionStrategy, &Client::UpdateStreamWarmThroughput>();
static_assert(std::ranges::find(kCalls, nullptr) == kCalls.end());

}  // namespace

absl::StatusOr<CallAnswer> CarryOut(Client& client, Operation operation, std::string_view body,
                                    WireFormat format) {
  const absl::StatusOr<ParsedBody> parsed = ParseBody(body, format);
  RIACHO_RETURN_IF_ERROR(parsed.status());
  return kCalls[static_cast<std::size_t>(operation)](client, *parsed, format);
}

}  // namespace riacho::internal
