// The part of SideBySide that changes settings of streams and of the account, and names channels.
#include "model_based/side_by_side.h"

namespace riacho::model_based {

void SideBySide::UpdateStreamMode() {
  const std::shared_ptr<ReferenceStream> stream = choices_.Stream();
  UpdateStreamModeRequest request = {.stream_arn = choices_.ArnOf(stream.get())};
  if (!choices_.OneIn(40)) request.stream_mode_details = {.stream_mode = choices_.Mode()};
  if (choices_.OneIn(8)) request.warm_throughput_mibps = choices_.WarmThroughput();
  Say("UpdateStreamMode ", request.stream_arn);
  if (request.stream_mode_details.has_value()) Say(" ", request.stream_mode_details->stream_mode);
  Say(" warm ", request.warm_throughput_mibps);
  BothOk(client_->UpdateStreamMode(request), reference_.UpdateStreamMode(request, now_nanos_));
}

void SideBySide::UpdateMaxRecordSize() {
  const std::shared_ptr<ReferenceStream> stream = choices_.Stream();
  UpdateMaxRecordSizeRequest request = {.stream_arn = choices_.ArnOf(stream.get())};
  if (!choices_.OneIn(40)) {
    request.max_record_size_in_kib =
        choices_.OneIn(20) ? choices_.OneOf<std::int64_t>({1023, 10241, 0})
                           : choices_.OneOf<std::int64_t>({1024, 1025, 1100, 2048, 10240});
  }
  Say("UpdateMaxRecordSize ", request.stream_arn, " ", request.max_record_size_in_kib);
  BothOk(client_->UpdateMaxRecordSize(request),
         reference_.UpdateMaxRecordSize(request, now_nanos_));
}

void SideBySide::UpdateWarmThroughput() {
  const std::shared_ptr<ReferenceStream> stream = choices_.Stream();
  UpdateStreamWarmThroughputRequest request;
  choices_.AddressStream(request, stream.get());
  if (!choices_.OneIn(40)) request.warm_throughput_mibps = choices_.WarmThroughput();
  SayStream("UpdateStreamWarmThroughput", request);
  Say(" ", request.warm_throughput_mibps);
  const auto engine = client_->UpdateStreamWarmThroughput(request);
  const auto reference = reference_.UpdateStreamWarmThroughput(request, now_nanos_);
  if (!BothOk(engine, reference)) return;
  Same("arn", engine->stream_arn, reference.value.stream_arn);
  Same("name", engine->stream_name, reference.value.stream_name);
  Same("target", engine->warm_throughput.target_mibps,
       reference.value.warm_throughput.target_mibps);
  Same("current", engine->warm_throughput.current_mibps,
       reference.value.warm_throughput.current_mibps);
}

void SideBySide::UpdateStrategy() {
  const std::shared_ptr<ReferenceStream> stream = choices_.Stream();
  UpdateStreamRecordDistributionStrategyRequest request = {.stream_arn =
                                                               choices_.ArnOf(stream.get())};
  if (!choices_.OneIn(40)) {
    request.record_distribution_strategy = choices_.OneIn(3)
                                               ? RecordDistributionStrategy::kUserPartitionKey
                                               : RecordDistributionStrategy::kAuto;
  }
  Say("UpdateStreamRecordDistributionStrategy ", request.stream_arn, " ",
      request.record_distribution_strategy);
  BothOk(client_->UpdateStreamRecordDistributionStrategy(request),
         reference_.UpdateStreamRecordDistributionStrategy(request, now_nanos_));
}

template <typename Request>
void SideBySide::ChangeMetrics(
    absl::StatusOr<typename Request::Response> (Client::*call)(const Request&),
    Answer<typename Request::Response> (ReferenceService::*reference_call)(const Request&,
                                                                           std::int64_t)) {
  const std::shared_ptr<ReferenceStream> stream = choices_.Stream();
  Request request;
  choices_.AddressStream(request, stream.get());
  request.shard_level_metrics = choices_.Metrics();
  SayStream(OperationName(Request::kOperation), request);
  Say(" ", request.shard_level_metrics);
  const auto engine = (*client_.*call)(request);
  const auto reference = (reference_.*reference_call)(request, now_nanos_);
  if (!BothOk(engine, reference)) return;
  Same("name", engine->stream_name, reference.value.stream_name);
  Same("arn", engine->stream_arn, reference.value.stream_arn);
  Same("metrics before", engine->current_shard_level_metrics,
       reference.value.current_shard_level_metrics);
  Same("metrics after", engine->desired_shard_level_metrics,
       reference.value.desired_shard_level_metrics);
}

void SideBySide::EnableMonitoring() {
  ChangeMetrics(&Client::EnableEnhancedMonitoring, &ReferenceService::EnableEnhancedMonitoring);
}

void SideBySide::DisableMonitoring() {
  ChangeMetrics(&Client::DisableEnhancedMonitoring, &ReferenceService::DisableEnhancedMonitoring);
}

// --- the account ---------------------------------------------------------------------------------

void SideBySide::DescribeLimits() {
  Say("DescribeLimits");
  const auto engine = client_->DescribeLimits({});
  const auto reference = reference_.DescribeLimits({}, now_nanos_);
  if (!BothOk(engine, reference)) return;
  Same("shard limit", engine->shard_limit, reference.value.shard_limit);
  Same("open shards", engine->open_shard_count, reference.value.open_shard_count);
  Same("on-demand streams", engine->on_demand_stream_count, reference.value.on_demand_stream_count);
  Same("on-demand stream limit", engine->on_demand_stream_count_limit,
       reference.value.on_demand_stream_count_limit);
  Same("channels", engine->channel_count, reference.value.channel_count);
  Same("channel limit", engine->channel_count_limit, reference.value.channel_count_limit);
}

void SideBySide::SameCommitment(const MinimumThroughputBillingCommitmentOutput& engine,
                                const MinimumThroughputBillingCommitmentOutput& reference) {
  Same("status", engine.status, reference.status);
  Same("started at", engine.started_at, reference.started_at);
  Same("ended at", engine.ended_at, reference.ended_at);
  Same("earliest end", engine.earliest_allowed_end_at, reference.earliest_allowed_end_at);
}

void SideBySide::DescribeAccountSettings() {
  Say("DescribeAccountSettings");
  const auto engine = client_->DescribeAccountSettings({});
  const auto reference = reference_.DescribeAccountSettings({}, now_nanos_);
  if (!BothOk(engine, reference)) return;
  SameCommitment(engine->minimum_throughput_billing_commitment, reference.value);
}

void SideBySide::UpdateAccountSettings() {
  using Status = MinimumThroughputBillingCommitmentStatus;
  UpdateAccountSettingsRequest request;
  if (!choices_.OneIn(40)) {
    request.minimum_throughput_billing_commitment = {
        .status = choices_.OneIn(3) ? Status::kDisabled : Status::kEnabled};
    if (choices_.OneIn(40)) {
      request.minimum_throughput_billing_commitment->status =
          Status::kEnabledUntilEarliestAllowedEnd;
    }
    if (choices_.OneIn(40)) request.minimum_throughput_billing_commitment->status.reset();
  }
  Say("UpdateAccountSettings");
  if (request.minimum_throughput_billing_commitment.has_value()) {
    Say(" ", request.minimum_throughput_billing_commitment->status);
  }
  const auto engine = client_->UpdateAccountSettings(request);
  const auto reference = reference_.UpdateAccountSettings(request, now_nanos_);
  if (!BothOk(engine, reference)) return;
  SameCommitment(engine->minimum_throughput_billing_commitment, reference.value);
}

// --- channels ------------------------------------------------------------------------------------

template <typename Request>
void SideBySide::Channel(absl::StatusOr<typename Request::Response> (Client::*call)(const Request&),
                         const Request& request, std::int64_t per_second) {
  Say(OperationName(Request::kOperation));
  BothOk((*client_.*call)(request).status(),
         reference_.RefuseChannel(request, per_second, now_nanos_));
}

void SideBySide::CreateChannel() {
  const std::shared_ptr<ReferenceStream> stream = choices_.Stream();
  CreateChannelRequest request = {
      .channel_name = "archive",
      .service_execution_role_arn = "arn:aws:iam::123456789012:role/archive",
      .stream_configuration_list = {
          {.stream_arn = reference_.ArnOf(stream == nullptr ? "absent" : stream->name),
           .record_configuration = {{RecordFormatType::kJson}}}}};
  if (choices_.OneIn(8)) request.channel_name.reset();
  if (choices_.OneIn(8)) request.stream_configuration_list.clear();
  Channel(&Client::CreateChannel, request, limits_.create_channel_calls_per_second);
}

void SideBySide::DescribeChannel() {
  Channel(&Client::DescribeChannel, DescribeChannelRequest{.channel_arn = choices_.ChannelArn()},
          limits_.describe_channel_calls_per_second);
}

void SideBySide::ListChannels() {
  Channel(&Client::ListChannels, ListChannelsRequest{.max_results = choices_.Limit()},
          limits_.list_channels_calls_per_second);
}

void SideBySide::UpdateChannel() {
  Channel(&Client::UpdateChannel, UpdateChannelRequest{.channel_arn = choices_.ChannelArn()},
          limits_.update_channel_calls_per_second);
}

void SideBySide::DeleteChannel() {
  Channel(&Client::DeleteChannel, DeleteChannelRequest{.channel_arn = choices_.ChannelArn()},
          limits_.delete_channel_calls_per_second);
}

}  // namespace riacho::model_based
