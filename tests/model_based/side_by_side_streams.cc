// The part of SideBySide that creates, describes, reshards and deletes streams.
#include <algorithm>

#include "absl/strings/str_cat.h"

#include "model_based/side_by_side.h"

namespace riacho::model_based {

template <typename Item>
void SideBySide::KeepToken(std::vector<HeldToken>& held, const std::optional<std::string>& engine,
                           const ReferenceList<Item>& reference) {
  Same("has a next token", engine.has_value(), reference.next.has_value());
  if (!engine.has_value() || !reference.next.has_value()) return;
  if (held.size() == 8) held.erase(held.begin());
  held.push_back({*engine, *reference.next});
}

void SideBySide::CreateStream() {
  CreateStreamRequest request = {.stream_name = choices_.NewStreamName()};
  if (choices_.OneIn(5)) {
    request.stream_mode_details = {.stream_mode = StreamMode::kOnDemand};
    if (choices_.OneIn(8)) request.shard_count = 2;
  } else if (!choices_.OneIn(40)) {
    request.shard_count = choices_.OneIn(10) ? choices_.Between(0, 21) : choices_.Between(1, 6);
  }
  if (choices_.OneIn(12)) request.max_record_size_in_kib = choices_.Between(1023, 1030);
  const bool provisioned = !request.stream_mode_details.has_value();
  if (choices_.OneIn(provisioned ? 60 : 3)) {
    request.record_distribution_strategy = choices_.OneIn(4)
                                               ? RecordDistributionStrategy::kUserPartitionKey
                                               : RecordDistributionStrategy::kAuto;
  }
  if (choices_.OneIn(provisioned ? 60 : 4)) {
    request.warm_throughput_mibps = choices_.WarmThroughput();
  }
  if (choices_.OneIn(6)) request.tags = choices_.Tags();
  Say("CreateStream ", *request.stream_name, " shards ", request.shard_count, " KiB ",
      request.max_record_size_in_kib, " warm ", request.warm_throughput_mibps, " strategy ",
      request.record_distribution_strategy, provisioned ? "" : " on demand");
  BothOk(client_->CreateStream(request), reference_.CreateStream(request, now_nanos_));
}

void SideBySide::DeleteStream() {
  const std::shared_ptr<ReferenceStream> stream = choices_.Stream();
  DeleteStreamRequest request;
  choices_.AddressStream(request, stream.get());
  if (choices_.OneIn(2)) request.enforce_consumer_deletion = choices_.OneIn(2);
  SayStream("DeleteStream", request);
  Say(" enforce ", request.enforce_consumer_deletion);
  BothOk(client_->DeleteStream(request), reference_.DeleteStream(request, now_nanos_));
}

void SideBySide::DescribeStream() {
  const std::shared_ptr<ReferenceStream> stream = choices_.Stream();
  DescribeStreamRequest request;
  choices_.AddressStream(request, stream.get());
  request.limit = choices_.Limit();
  if (choices_.OneIn(4)) {
    request.exclusive_start_shard_id = choices_.TextOf(choices_.ShardOf(stream.get()));
  }
  SayStream("DescribeStream", request);
  Say(" limit ", request.limit, " after ", request.exclusive_start_shard_id);
  const auto engine = client_->DescribeStream(request);
  const auto reference = reference_.DescribeStream(request, now_nanos_);
  if (!BothOk(engine, reference)) return;
  const StreamDescription& theirs = engine->stream_description;
  const StreamDescription& ours = reference.value;
  Same("name", theirs.stream_name, ours.stream_name);
  Same("arn", theirs.stream_arn, ours.stream_arn);
  Same("status", theirs.stream_status, ours.stream_status);
  Same("shards", theirs.shards, ours.shards);
  Same("has more shards", theirs.has_more_shards, ours.has_more_shards);
  Same("retention", theirs.retention_period_hours, ours.retention_period_hours);
  Same("creation", theirs.stream_creation_timestamp, ours.stream_creation_timestamp);
  Same("all of the description", theirs == ours, true);
}

void SideBySide::DescribeStreamSummary() {
  const std::shared_ptr<ReferenceStream> stream = choices_.Stream();
  DescribeStreamSummaryRequest request;
  choices_.AddressStream(request, stream.get());
  SayStream("DescribeStreamSummary", request);
  const auto engine = client_->DescribeStreamSummary(request);
  const auto reference = reference_.DescribeStreamSummary(request, now_nanos_);
  if (!BothOk(engine, reference)) return;
  const StreamDescriptionSummary& theirs = engine->stream_description_summary;
  const StreamDescriptionSummary& ours = reference.value;
  Same("status", theirs.stream_status, ours.stream_status);
  Same("mode", theirs.stream_mode_details.stream_mode, ours.stream_mode_details.stream_mode);
  Same("strategy", theirs.record_distribution_strategy, ours.record_distribution_strategy);
  Same("has warm throughput", theirs.warm_throughput.has_value(), ours.warm_throughput.has_value());
  Same("retention", theirs.retention_period_hours, ours.retention_period_hours);
  Same("open shards", theirs.open_shard_count, ours.open_shard_count);
  Same("consumers", theirs.consumer_count, ours.consumer_count);
  Same("largest record", theirs.max_record_size_in_kib, ours.max_record_size_in_kib);
  Same("all of the summary", theirs == ours, true);
}

void SideBySide::ListStreams() {
  ListStreamsRequest request;
  request.limit = choices_.Limit();
  const ReferenceToken* const token = ChooseToken(stream_tokens_, request.next_token);
  if (choices_.OneIn(token == nullptr ? 3 : 12)) {
    request.exclusive_start_stream_name = absl::StrCat("stream-", choices_.Between(0, 4));
  }
  Say("ListStreams limit ", request.limit, " after ", request.exclusive_start_stream_name,
      request.next_token.has_value() ? std::string_view(" by token") : "");
  const auto engine = client_->ListStreams(request);
  const auto reference = reference_.ListStreams(request, token, now_nanos_);
  if (!BothOk(engine, reference)) return;
  std::vector<std::string> names;
  for (const StreamSummary& summary : reference.value.items) names.push_back(summary.stream_name);
  Same("names", engine->stream_names, names);
  Same("all of the summaries", engine->stream_summaries == reference.value.items, true);
  Same("has more streams", engine->has_more_streams, reference.value.next.has_value());
  KeepToken(stream_tokens_, engine->next_token, reference.value);
}

template <typename Request>
void SideBySide::ChangeRetention(
    absl::StatusOr<typename Request::Response> (Client::*call)(const Request&),
    Answer<Done> (ReferenceService::*reference_call)(const Request&, std::int64_t)) {
  const std::shared_ptr<ReferenceStream> stream = choices_.Stream();
  Request request;
  choices_.AddressStream(request, stream.get());
  if (!choices_.OneIn(50)) request.retention_period_hours = choices_.RetentionHours(stream.get());
  SayStream(OperationName(Request::kOperation), request);
  Say(" hours ", request.retention_period_hours);
  BothOk((*client_.*call)(request), (reference_.*reference_call)(request, now_nanos_));
}

void SideBySide::IncreaseRetention() {
  ChangeRetention(&Client::IncreaseStreamRetentionPeriod,
                  &ReferenceService::IncreaseStreamRetentionPeriod);
}

void SideBySide::DecreaseRetention() {
  ChangeRetention(&Client::DecreaseStreamRetentionPeriod,
                  &ReferenceService::DecreaseStreamRetentionPeriod);
}

void SideBySide::ListShards() {
  const std::shared_ptr<ReferenceStream> stream = choices_.Stream();
  ListShardsRequest request;
  request.max_results = choices_.Limit();
  const ReferenceToken* const token = ChooseToken(shard_tokens_, request.next_token);
  if (token == nullptr || choices_.OneIn(12)) choices_.AddressStream(request, stream.get());
  const std::uint64_t seldom = token == nullptr ? 2 : 16;
  if (choices_.OneIn(8 * seldom)) {
    const std::int64_t off_by = choices_.OneIn(3) ? 1 : 0;
    request.stream_creation_timestamp =
        absl::FromUnixSeconds(stream == nullptr ? 0 : stream->creation_seconds + off_by);
  }
  const ReferenceShard* const shard = choices_.ShardOf(stream.get());
  if (choices_.OneIn(3 * seldom)) request.exclusive_start_shard_id = choices_.TextOf(shard);
  if (choices_.OneIn(seldom)) {
    request.shard_filter =
        ShardFilter{.type = choices_.OneOf<ShardFilterType>(
                        {ShardFilterType::kAfterShardId, ShardFilterType::kAtTrimHorizon,
                         ShardFilterType::kFromTrimHorizon, ShardFilterType::kAtLatest,
                         ShardFilterType::kAtTimestamp, ShardFilterType::kFromTimestamp})};
    if (choices_.OneIn(50)) request.shard_filter->type.reset();
    if (choices_.OneIn(3)) request.shard_filter->shard_id = choices_.TextOf(shard);
    if (!choices_.OneIn(4)) request.shard_filter->timestamp = choices_.Timestamp(shard, now_nanos_);
  }
  SayStream("ListShards", request);
  Say(" most ", request.max_results, " after ", request.exclusive_start_shard_id, " filter ",
      request.shard_filter, request.next_token.has_value() ? std::string_view(" by token") : "");
  const auto engine = client_->ListShards(request);
  const auto reference = reference_.ListShards(request, token, now_nanos_);
  if (!BothOk(engine, reference)) return;
  Same("shards", engine->shards, reference.value.items);
  KeepToken(shard_tokens_, engine->next_token, reference.value);
}

void SideBySide::SplitShard() {
  const std::shared_ptr<ReferenceStream> stream = choices_.Stream();
  const ReferenceShard* const shard =
      choices_.OneIn(8) ? choices_.ShardOf(stream.get()) : choices_.OpenShardOf(stream.get());
  SplitShardRequest request = {.shard_to_split = choices_.TextOf(shard),
                               .new_starting_hash_key = choices_.SplitKey(shard)};
  choices_.AddressStream(request, stream.get());
  SayStream("SplitShard", request);
  Say(" ", request.shard_to_split, " at ", request.new_starting_hash_key);
  BothOk(client_->SplitShard(request), reference_.SplitShard(request, now_nanos_));
}

void SideBySide::MergeShards() {
  const std::shared_ptr<ReferenceStream> stream = choices_.Stream();
  const ReferenceShard* lower = choices_.OpenShardOf(stream.get());
  const ReferenceShard* upper = choices_.ShardOf(stream.get());
  if (stream != nullptr && !choices_.OneIn(6)) {
    for (const auto& [number, shard] : stream->shards) {
      if (shard->listed && !shard->end_seconds.has_value() &&
          shard->range.starting_hash_key.value == lower->range.ending_hash_key.value + 1) {
        upper = shard.get();
      }
    }
  }
  if (choices_.OneIn(16)) std::swap(lower, upper);
  MergeShardsRequest request = {.shard_to_merge = choices_.TextOf(lower),
                                .adjacent_shard_to_merge = choices_.TextOf(upper)};
  choices_.AddressStream(request, stream.get());
  SayStream("MergeShards", request);
  Say(" ", request.shard_to_merge, " and ", request.adjacent_shard_to_merge);
  BothOk(client_->MergeShards(request), reference_.MergeShards(request, now_nanos_));
}

void SideBySide::UpdateShardCount() {
  const std::shared_ptr<ReferenceStream> stream = choices_.Stream();
  UpdateShardCountRequest request = {.target_shard_count = choices_.TargetShardCount(stream.get())};
  choices_.AddressStream(request, stream.get());
  SayStream("UpdateShardCount", request);
  Say(" to ", request.target_shard_count);
  const auto engine = client_->UpdateShardCount(request);
  const auto reference = reference_.UpdateShardCount(request, now_nanos_);
  if (!BothOk(engine, reference)) return;
  Same("shards before", engine->current_shard_count, reference.value);
  Same("target", engine->target_shard_count, *request.target_shard_count);
}

void SideBySide::RegisterConsumer() {
  const std::shared_ptr<ReferenceStream> stream = choices_.Stream();
  RegisterStreamConsumerRequest request = {.stream_arn = choices_.ArnOf(stream.get()),
                                           .consumer_name = choices_.ConsumerName(nullptr)};
  if (choices_.OneIn(6)) request.tags = choices_.Tags();
  Say("RegisterStreamConsumer ", request.stream_arn, " ", request.consumer_name);
  const auto engine = client_->RegisterStreamConsumer(request);
  const auto reference = reference_.RegisterStreamConsumer(request, now_nanos_);
  if (!BothOk(engine, reference)) return;
  Same("arn", engine->consumer.consumer_arn, reference.value.consumer_arn);
  Same("status", engine->consumer.consumer_status, reference.value.consumer_status);
  Same("all of the consumer", engine->consumer == reference.value, true);
}

void SideBySide::DeregisterConsumer() {
  const std::shared_ptr<ReferenceStream> stream = choices_.Stream();
  DeregisterStreamConsumerRequest request;
  if (!choices_.OneIn(3)) request.consumer_arn = choices_.ConsumerArn(stream.get());
  if (!request.consumer_arn.has_value() || choices_.OneIn(4)) {
    request.stream_arn = choices_.ArnOf(stream.get());
    if (!choices_.OneIn(20)) request.consumer_name = choices_.ConsumerName(stream.get());
  }
  Say("DeregisterStreamConsumer ", request.consumer_arn, " ", request.stream_arn, " ",
      request.consumer_name);
  BothOk(client_->DeregisterStreamConsumer(request),
         reference_.DeregisterStreamConsumer(request, now_nanos_));
}

void SideBySide::DescribeConsumer() {
  const std::shared_ptr<ReferenceStream> stream = choices_.Stream();
  DescribeStreamConsumerRequest request;
  if (choices_.OneIn(2)) request.consumer_arn = choices_.ConsumerArn(stream.get());
  if (!request.consumer_arn.has_value() || choices_.OneIn(4)) {
    request.stream_arn = choices_.ArnOf(stream.get());
    if (!choices_.OneIn(20)) request.consumer_name = choices_.ConsumerName(stream.get());
  }
  Say("DescribeStreamConsumer ", request.consumer_arn, " ", request.stream_arn, " ",
      request.consumer_name);
  const auto engine = client_->DescribeStreamConsumer(request);
  const auto reference = reference_.DescribeStreamConsumer(request, now_nanos_);
  if (!BothOk(engine, reference)) return;
  Same("status", engine->consumer_description.consumer_status, reference.value.consumer_status);
  Same("all of the consumer", engine->consumer_description == reference.value, true);
}

void SideBySide::ListConsumers() {
  const std::shared_ptr<ReferenceStream> stream = choices_.Stream();
  ListStreamConsumersRequest request = {.stream_arn = choices_.ArnOf(stream.get()),
                                        .max_results = choices_.Limit()};
  const ReferenceToken* const token = ChooseToken(consumer_tokens_, request.next_token);
  if (token != nullptr && !choices_.OneIn(4)) request.stream_arn = token->stream->arn;
  Say("ListStreamConsumers ", request.stream_arn, " most ", request.max_results,
      request.next_token.has_value() ? std::string_view(" by token") : "");
  const auto engine = client_->ListStreamConsumers(request);
  const auto reference = reference_.ListStreamConsumers(request, token, now_nanos_);
  if (!BothOk(engine, reference)) return;
  Same("consumers", engine->consumers == reference.value.items, true);
  KeepToken(consumer_tokens_, engine->next_token, reference.value);
}

}  // namespace riacho::model_based
