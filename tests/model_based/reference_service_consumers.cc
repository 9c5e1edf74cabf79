// The part of ReferenceService that keeps consumers and their subscriptions.
#include <algorithm>
#include <cstddef>

#include "absl/strings/numbers.h"
#include "absl/time/time.h"

#include "model_based/reference_service.h"

namespace riacho::model_based {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

}  // namespace

template <typename Request>
Answer<ReferenceService::ConsumerAnswer> ReferenceService::FindConsumer(const Request& request,
                                                                        std::int64_t per_second,
                                                                        std::int64_t now_nanos) {
  std::optional<std::string> stream_arn = request.stream_arn;
  std::optional<std::string> name = request.consumer_name;
  std::optional<std::int64_t> creation_seconds;
  if (request.consumer_arn.has_value()) {  // STREAM-ARN/consumer/NAME:SECONDS
    const std::string& arn = *request.consumer_arn;
    const std::size_t middle = arn.find("/consumer/");
    const std::size_t colon = arn.rfind(':');
    const std::string of_stream = arn.substr(0, middle);
    const std::string of_consumer = arn.substr(middle + 10, colon - middle - 10);
    std::int64_t seconds = 0;
    if (!absl::SimpleAtoi(arn.substr(colon + 1), &seconds)) return ErrorCode::kInvalidArgument;
    if (stream_arn.value_or(of_stream) != of_stream || name.value_or(of_consumer) != of_consumer) {
      return ErrorCode::kInvalidArgument;
    }
    stream_arn = of_stream;
    name = of_consumer;
    creation_seconds = seconds;
  }
  if (!stream_arn.has_value() || !name.has_value()) return ErrorCode::kInvalidArgument;
  const StreamAnswer stream = Find(std::nullopt, stream_arn);
  if (!stream.ok()) return *stream.error;
  if (!Admit(Request::kOperation, stream.value->name, per_second, now_nanos)) {
    return ErrorCode::kLimitExceeded;
  }
  const auto consumer = stream.value->consumers.find(*name);
  if (consumer == stream.value->consumers.end() ||
      creation_seconds.value_or(consumer->second.creation_seconds) !=
          consumer->second.creation_seconds) {
    return ErrorCode::kResourceNotFound;
  }
  return ConsumerAnswer{.stream = stream.value, .consumer = &consumer->second};
}

Answer<Consumer> ReferenceService::RegisterStreamConsumer(
    const RegisterStreamConsumerRequest& request, std::int64_t now_nanos) {
  if (const Refusal refusal = Refuse(request, now_nanos)) return *refusal;
  const StreamAnswer stream =
      FindForControl(request, limits_.register_stream_consumer_calls_per_second, now_nanos);
  if (!stream.ok()) return *stream.error;
  return stream.value->RegisterConsumer(*request.consumer_name, request.tags, Committed(now_nanos),
                                        now_nanos);
}

Answer<Done> ReferenceService::DeregisterStreamConsumer(
    const DeregisterStreamConsumerRequest& request, std::int64_t now_nanos) {
  if (const Refusal refusal = Refuse(request, now_nanos)) return *refusal;
  const Answer<ConsumerAnswer> found =
      FindConsumer(request, limits_.deregister_stream_consumer_calls_per_second, now_nanos);
  if (!found.ok()) return *found.error;
  return found.value.stream->DeregisterConsumer(*found.value.consumer, now_nanos);
}

Answer<ConsumerDescription> ReferenceService::DescribeStreamConsumer(
    const DescribeStreamConsumerRequest& request, std::int64_t now_nanos) {
  if (const Refusal refusal = Refuse(request, now_nanos)) return *refusal;
  const Answer<ConsumerAnswer> found =
      FindConsumer(request, limits_.describe_stream_consumer_calls_per_second, now_nanos);
  if (!found.ok()) return *found.error;
  const Consumer consumer = found.value.stream->Describe(*found.value.consumer);
  return ConsumerDescription{.consumer_name = consumer.consumer_name,
                             .consumer_arn = consumer.consumer_arn,
                             .consumer_status = consumer.consumer_status,
                             .consumer_creation_timestamp = consumer.consumer_creation_timestamp,
                             .stream_arn = found.value.stream->arn};
}

Answer<ReferenceList<Consumer>> ReferenceService::ListStreamConsumers(
    const ListStreamConsumersRequest& request, const ReferenceToken* token,
    std::int64_t now_nanos) {
  if (const Refusal refusal = Refuse(request, now_nanos)) return *refusal;
  const StreamAnswer stream =
      FindForControl(request, limits_.list_stream_consumers_calls_per_second, now_nanos);
  if (!stream.ok()) return *stream.error;
  if (request.stream_creation_timestamp.has_value() &&
      absl::ToUnixSeconds(*request.stream_creation_timestamp) != stream.value->creation_seconds) {
    return ErrorCode::kResourceNotFound;
  }
  std::string after;
  if (request.next_token.has_value()) {
    if (token == nullptr) return ErrorCode::kInvalidArgument;
    if (now_nanos - token->made_nanos > absl::ToInt64Nanoseconds(limits_.next_token_life)) {
      return ErrorCode::kExpiredNextToken;
    }
    if (token->stream != stream.value) return ErrorCode::kInvalidArgument;
    after = token->after_name;
  }
  std::vector<Consumer> all;
  for (const auto& [name, consumer] : stream.value->consumers) {
    all.push_back(stream.value->Describe(consumer));
  }
  ReferenceList<Consumer> list;
  bool more = false;
  list.items =
      Page(all, PageSize(request.max_results, limits_.list_stream_consumers_page_consumers), more,
           [&after](const Consumer& consumer) { return consumer.consumer_name <= after; });
  if (more) {
    list.next = {.made_nanos = now_nanos,
                 .after_name = list.items.back().consumer_name,
                 .stream = stream.value};
  }
  return list;
}

Answer<ReferenceSubscription> ReferenceService::SubscribeToShard(
    const SubscribeToShardRequest& request, std::int64_t now_nanos) {
  if (const Refusal refusal = Refuse(request, now_nanos)) return *refusal;
  const DescribeStreamConsumerRequest reference = {.consumer_arn = request.consumer_arn};
  const Answer<ConsumerAnswer> found = FindConsumer(reference, Limits::kUnlimited, now_nanos);
  if (!found.ok()) return *found.error;
  const std::shared_ptr<ReferenceStream>& stream = found.value.stream;
  ReferenceConsumer& consumer = *found.value.consumer;
  const std::optional<std::uint32_t> number = ShardNumberIn(*request.shard_id);
  const ReferenceShard* const shard = number.has_value() ? stream->FindShard(*number) : nullptr;
  if (shard == nullptr || stream->status == StreamStatus::kCreating) {
    return ErrorCode::kResourceNotFound;
  }
  const StartingPosition& start = *request.starting_position;
  const Answer<ReferencePosition> position =
      stream->Locate(*shard, *start.type, start.sequence_number, start.timestamp, now_nanos);
  if (!position.ok()) return *position.error;
  if (stream->status == StreamStatus::kDeleting) return ErrorCode::kResourceNotFound;
  if (consumer.status != ConsumerStatus::kActive) return ErrorCode::kResourceInUse;
  std::int64_t takeover = absl::ToInt64Nanoseconds(limits_.subscription_takeover);
  if (mistake_ == Mistake::kTakeoverOneSecondEarly) takeover -= kSecond;
  const auto held = consumer.leases.find(*number);
  if (held != consumer.leases.end() && now_nanos - held->second->taken_at_nanos < takeover) {
    return ErrorCode::kResourceInUse;
  }
  if (request.dry_run.value_or(false)) return ErrorCode::kDryRunOperation;
  if (held == consumer.leases.end()) {
    const std::int64_t calls = limits_.subscribe_to_shard_calls_per_second;
    const std::int64_t bytes = limits_.subscription_bytes_per_second;
    consumer.leases[*number] = std::make_shared<ReferenceLease>(
        ReferenceLease{.calls = ExactBucket(calls, calls, now_nanos),
                       .budget = ExactBucket(bytes, bytes, now_nanos)});
  }
  const std::shared_ptr<ReferenceLease> lease = consumer.leases[*number];
  if (!lease->calls.Take(1, now_nanos)) return ErrorCode::kLimitExceeded;
  lease->holder = ++last_ticket_;
  lease->taken_at_nanos = now_nanos;
  return ReferenceSubscription{
      .stream = stream,
      .shard = stream->shards.at(*number),
      .lease = lease,
      .caller = caller_,
      .ticket = last_ticket_,
      .position = position.value,
      .ends_at_nanos = now_nanos + absl::ToInt64Nanoseconds(limits_.subscription_life),
      .last_event_nanos = now_nanos};
}

Answer<std::optional<ReferenceEvent>> ReferenceService::Poll(ReferenceSubscription& subscription,
                                                             std::int64_t now_nanos) {
  const std::optional<ReferenceEvent> nothing;
  if (subscription.ended) return nothing;
  if (subscription.lease->holder != subscription.ticket) {
    subscription.ended = true;
    return subscription.lease->holder == 0 ? ErrorCode::kResourceNotFound
                                           : ErrorCode::kResourceInUse;
  }
  if (now_nanos >= subscription.ends_at_nanos) {
    subscription.ended = true;
    return nothing;
  }
  if (!subscription.lease->budget.InCredit(now_nanos)) return nothing;
  const ReferenceShard& shard = *subscription.shard;
  ReferenceEvent event;
  event.page =
      subscription.stream->Read(shard, subscription.position, limits_.subscription_event_records,
                                limits_.subscription_event_bytes, now_nanos);
  const Answer<Done> opened =
      keys_.Open(event.page.records, *subscription.stream, subscription.caller, now_nanos);
  if (!opened.ok()) {
    subscription.ended = true;
    return *opened.error;
  }
  if (event.page.end_of_shard) {
    subscription.ended = true;
    event.child_shards = shard.children;
  } else if (event.page.records.empty() &&
             now_nanos - subscription.last_event_nanos <
                 absl::ToInt64Nanoseconds(limits_.subscription_idle_event)) {
    return nothing;
  }
  if (!event.page.records.empty()) {
    subscription.lease->budget.Charge(event.page.bytes, now_nanos);
  }
  subscription.last_event_nanos = now_nanos;
  return std::optional(event);
}

}  // namespace riacho::model_based
