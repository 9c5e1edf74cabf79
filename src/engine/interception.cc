#include "engine/interception.h"

#include <utility>

#include "base/epoch.h"
#include "engine/sealed_token.h"
#include "engine/shard_iterator.h"
#include "riacho/model/arn.h"

namespace riacho::internal {

Interception::Interception(Account& account, const Authorizer& caller, Operation operation,
                           const void* untyped_request, const Addressing& addressing,
                           std::int64_t now_nanos)
    : account_(account),
      context_{.operation = operation,
               .now = absl::FromUnixNanos(now_nanos),
               .principal_arn = caller.arn(),
               .untyped_request = untyped_request} {
  FindStream(addressing);
  context_.stream_name = stream_name_;
}

void Interception::FindStream(const Addressing& addressing) {
  if (addressing.stream_name.has_value()) {
    stream_name_ = *addressing.stream_name;
    return;
  }
  for (const std::optional<std::string_view>& text :
       {addressing.stream_arn, addressing.consumer_arn, addressing.resource_arn}) {
    if (!text.has_value()) continue;
    if (std::optional<Arn> arn = Arn::Parse(*text)) stream_name_ = std::move(arn->stream_name);
    return;
  }
  // Whatever the age of a token, it says what it is about.
  const Limits ageless = {.shard_iterator_life = absl::InfiniteDuration(),
                          .next_token_life = absl::InfiniteDuration()};
  if (addressing.shard_iterator.has_value()) {
    absl::StatusOr<ShardIterator> iterator =
        ShardIterator::FromToken(*addressing.shard_iterator, account_.token_key, ageless, 0);
    if (!iterator.ok()) return;
    stream_name_ = std::move(iterator->stream_name);
    context_.shard_id = iterator->shard_id;
  } else if (addressing.next_token.has_value() && context_.operation == Operation::kListShards) {
    absl::StatusOr<TokenReader> token = OpenNextToken(
        TokenKind::kListShards, *addressing.next_token, account_.token_key, ageless, 0);
    if (token.ok()) stream_name_ = token->Text();
  }
}

void Interception::NameShard(const std::optional<std::string>& shard_id) {
  if (shard_id.has_value()) context_.shard_id = ShardId::Parse(*shard_id);
}

void Interception::RouteEntries(const PutRecordsRequest& request, std::int64_t now_nanos) {
  entry_shards_.reserve(request.records.size());
  for (const PutRecordsRequestEntry& entry : request.records)
    entry_shards_.push_back(ShardOf(entry.partition_key, entry.explicit_hash_key, now_nanos));
  context_.entry_shards = entry_shards_;
}

std::optional<ShardId> Interception::ShardOf(
    const std::optional<std::string_view>& partition_key,
    const std::optional<std::string_view>& explicit_hash_key, std::int64_t now_nanos) const {
  if (!partition_key.has_value()) return std::nullopt;
  const EpochGuard guard;
  const Stream* const stream = account_.streams.Find(stream_name_, now_nanos);
  if (stream == nullptr || stream->status() == StreamStatus::kCreating ||
      stream->settings().record_distribution_strategy() == RecordDistributionStrategy::kAuto) {
    return std::nullopt;
  }
  const std::optional<HashKey> hash_key =
      explicit_hash_key.has_value() ? HashKey::Parse(*explicit_hash_key) : std::nullopt;
  return stream->Route(*partition_key, hash_key).shard_id();
}

absl::Status Interception::Before() {
  for (const std::shared_ptr<Interceptor>& interceptor : account_.options.interceptors) {
    ++asked_;
    if (absl::Status status = interceptor->Before(context_); !status.ok()) return status;
  }
  return absl::OkStatus();
}

std::vector<absl::Status> Interception::BeforeEntries() {
  std::vector<absl::Status> refusals(entry_shards_.size());
  for (const std::shared_ptr<Interceptor>& interceptor : account_.options.interceptors)
    interceptor->BeforeEntries(context_, refusals);
  return refusals;
}

void Interception::AskAfter(OperationOutcome& outcome) {
  for (; asked_ > 0; --asked_) account_.options.interceptors[asked_ - 1]->After(context_, outcome);
}

}  // namespace riacho::internal
