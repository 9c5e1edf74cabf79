// RegisterStreamConsumer, DeregisterStreamConsumer, DescribeStreamConsumer, ListStreamConsumers and
// SubscribeToShard.
#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "base/return_if_error.h"
#include "engine/call_metrics.h"
#include "engine/engine_client.h"
#include "engine/sealed_token.h"
#include "engine/shard_subscription.h"
#include "engine/starting_position.h"
#include "riacho/model/arn.h"

namespace riacho::internal {
namespace {

absl::Status Invalid(const std::string& message) {
  return MakeError(ErrorCode::kInvalidArgument, message);
}

// Which consumer of which stream a request means.
struct ConsumerReference {
  std::shared_ptr<Stream> stream;
  std::string name;
  std::optional<std::int64_t> creation_seconds = {};  // when the consumer's ARN was given
};

// `operation` is the one whose call rate must admit the call.
template <typename Request>
absl::StatusOr<ConsumerReference> Resolve(Account& account, const Request& request,
                                          std::int64_t now_nanos,
                                          Operation operation = Request::kOperation) {
  ConsumerReference reference;
  std::optional<std::string> stream_arn = request.stream_arn;
  if (request.consumer_arn.has_value()) {
    const std::optional<Arn> arn = Arn::Parse(*request.consumer_arn);
    if (!arn.has_value()) return Invalid("Invalid consumer ARN: " + *request.consumer_arn);
    Arn of_stream = *arn;
    of_stream.consumer_name.clear();
    of_stream.consumer_creation_seconds = 0;
    if (request.consumer_name.has_value() && *request.consumer_name != arn->consumer_name) {
      return Invalid("Input consumer name " + *request.consumer_name +
                     " doesn't match the inferred name in consumer arn " + arn->consumer_name);
    }
    if (stream_arn.has_value() && *stream_arn != of_stream.ToString()) {
      return Invalid("Input stream arn " + *stream_arn +
                     " doesn't match the inferred arn in consumer arn " + of_stream.ToString());
    }
    stream_arn = of_stream.ToString();
    reference.name = arn->consumer_name;
    reference.creation_seconds = arn->consumer_creation_seconds;
  } else if (!stream_arn.has_value() || !request.consumer_name.has_value()) {
    return Invalid("Either ConsumerARN or both StreamARN and ConsumerName must be provided.");
  } else {
    reference.name = *request.consumer_name;
  }
  absl::StatusOr<std::shared_ptr<Stream>> stream =
      account.Share(operation, std::nullopt, stream_arn, now_nanos);
  RIACHO_RETURN_IF_ERROR(stream.status());
  reference.stream = *std::move(stream);
  return reference;
}

}  // namespace

absl::StatusOr<RegisterStreamConsumerResponse> EngineClient::RegisterStreamConsumer(
    const RegisterStreamConsumerRequest& request) {
  return Run(request,
             [&](std::int64_t now_nanos) -> absl::StatusOr<RegisterStreamConsumerResponse> {
               const absl::StatusOr<std::shared_ptr<Stream>> stream =
                   account_.Share(request.kOperation, std::nullopt, request.stream_arn, now_nanos);
               RIACHO_RETURN_IF_ERROR(stream.status());
               absl::StatusOr<Consumer> consumer = (*stream)->RegisterConsumer(
                   *request.consumer_name, request.tags, account_.Committed(now_nanos), now_nanos);
               RIACHO_RETURN_IF_ERROR(consumer.status());
               return RegisterStreamConsumerResponse{.consumer = *std::move(consumer)};
             });
}

absl::StatusOr<DeregisterStreamConsumerResponse> EngineClient::DeregisterStreamConsumer(
    const DeregisterStreamConsumerRequest& request) {
  return Run(
      request, [&](std::int64_t now_nanos) -> absl::StatusOr<DeregisterStreamConsumerResponse> {
        const absl::StatusOr<ConsumerReference> reference = Resolve(account_, request, now_nanos);
        RIACHO_RETURN_IF_ERROR(reference.status());
        RIACHO_RETURN_IF_ERROR(reference->stream->DeregisterConsumer(
            reference->name, reference->creation_seconds, now_nanos));
        return DeregisterStreamConsumerResponse{};
      });
}

absl::StatusOr<DescribeStreamConsumerResponse> EngineClient::DescribeStreamConsumer(
    const DescribeStreamConsumerRequest& request) {
  return Run(
      request, [&](std::int64_t now_nanos) -> absl::StatusOr<DescribeStreamConsumerResponse> {
        const absl::StatusOr<ConsumerReference> reference = Resolve(account_, request, now_nanos);
        RIACHO_RETURN_IF_ERROR(reference.status());
        absl::StatusOr<Consumer> consumer =
            reference->stream->DescribeConsumer(reference->name, reference->creation_seconds);
        RIACHO_RETURN_IF_ERROR(consumer.status());
        return DescribeStreamConsumerResponse{
            .consumer_description = {
                .consumer_name = std::move(consumer->consumer_name),
                .consumer_arn = std::move(consumer->consumer_arn),
                .consumer_status = consumer->consumer_status,
                .consumer_creation_timestamp = consumer->consumer_creation_timestamp,
                .stream_arn = reference->stream->arn()}};
      });
}

absl::StatusOr<ListStreamConsumersResponse> EngineClient::ListStreamConsumers(
    const ListStreamConsumersRequest& request) {
  return Run(request, [&](std::int64_t now_nanos) -> absl::StatusOr<ListStreamConsumersResponse> {
    const Limits& limits = account_.options.limits;
    const absl::StatusOr<std::shared_ptr<Stream>> stream =
        account_.Share(request.kOperation, std::nullopt, request.stream_arn, now_nanos);
    RIACHO_RETURN_IF_ERROR(stream.status());
    if (request.stream_creation_timestamp.has_value() &&
        absl::ToUnixSeconds(*request.stream_creation_timestamp) != (*stream)->creation_seconds()) {
      return (*stream)->NotFound();
    }
    const std::vector<Consumer> consumers = (*stream)->ListConsumers();
    auto first = consumers.begin();
    if (request.next_token.has_value()) {
      absl::StatusOr<TokenReader> token =
          OpenNextToken(TokenKind::kListStreamConsumers, *request.next_token, account_.token_key,
                        limits, now_nanos);
      RIACHO_RETURN_IF_ERROR(token.status());
      if (token->Number() != (*stream)->incarnation()) return Invalid("Invalid NextToken.");
      first = std::ranges::upper_bound(consumers, token->Text(), {}, &Consumer::consumer_name);
    }
    const std::int64_t count =
        std::min(PageSize(request.max_results, limits.list_stream_consumers_page_consumers),
                 std::int64_t{consumers.end() - first});
    ListStreamConsumersResponse response;
    response.consumers.assign(first, first + count);
    if (first + count != consumers.end()) {
      response.next_token = NewNextToken(TokenKind::kListStreamConsumers, now_nanos)
                                .Number((*stream)->incarnation())
                                .Text(response.consumers.back().consumer_name)
                                .Seal(account_.token_key);
    }
    return response;
  });
}

absl::StatusOr<std::unique_ptr<Subscription>> EngineClient::SubscribeToShard(
    const SubscribeToShardRequest& request) {
  return Run(request, [&](std::int64_t now_nanos) -> absl::StatusOr<std::unique_ptr<Subscription>> {
    const DescribeStreamConsumerRequest consumer = {.consumer_arn = request.consumer_arn};
    const absl::StatusOr<ConsumerReference> reference =
        Resolve(account_, consumer, now_nanos, request.kOperation);
    RIACHO_RETURN_IF_ERROR(reference.status());
    const std::shared_ptr<Stream>& stream = reference->stream;
    const absl::StatusOr<Consumer> described =
        stream->DescribeConsumer(reference->name, reference->creation_seconds);
    RIACHO_RETURN_IF_ERROR(described.status());
    const absl::StatusOr<std::shared_ptr<LiveShard>> shard =
        FindNamedShard(account_, stream.get(), stream->name(), *request.shard_id);
    RIACHO_RETURN_IF_ERROR(shard.status());
    const StartingPosition& start = *request.starting_position;
    const absl::StatusOr<std::uint64_t> index = ResolvePosition(
        account_, *stream, **shard, *start.type, start.sequence_number, start.timestamp, now_nanos);
    RIACHO_RETURN_IF_ERROR(index.status());
    if (request.dry_run.value_or(false)) {
      RIACHO_RETURN_IF_ERROR(stream->CheckSubscribe(reference->name, *reference->creation_seconds,
                                                    (*shard)->shard_id(), now_nanos));
      return DryRunSucceeded(request.kOperation);
    }
    auto lease =
        stream->Subscribe(reference->name, *reference->creation_seconds, *shard, now_nanos);
    Meter* const meter = ConsumerMeterOf(*stream, reference->name);
    CountSubscribeToShard(account_, meter, *described, lease.status(), now_nanos);
    RIACHO_RETURN_IF_ERROR(lease.status());
    return std::make_unique<ShardSubscription>(account_, stream, lease->first, lease->second,
                                               *index, authorizer_, meter, now_nanos);
  });
}

}  // namespace riacho::internal
