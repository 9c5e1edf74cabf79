// Modes and quotas: on-demand streams, records placed by the service, larger records, a committed
// account, and what is left of the quotas.
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "riacho/riacho.h"

namespace {

// Ends the program with the error's text when a call fails.
template <typename T>
T OrDie(absl::StatusOr<T> result) {
  if (result.ok()) return *std::move(result);
  std::cerr << riacho::ErrorMessage(result.status()) << "\n";
  std::abort();
}

riacho::StreamDescriptionSummary Describe(riacho::Client& kinesis, const std::string& stream) {
  return OrDie(kinesis.DescribeStreamSummary({.stream_name = stream})).stream_description_summary;
}

}  // namespace

int main() {
  riacho::ManualClock clock;
  riacho::Engine engine(clock);
  std::unique_ptr<riacho::Client> kinesis = engine.NewClient();

  // [START mode]
  // The shards stay as they are; who may change them changes.
  OrDie(kinesis->CreateStream({.stream_name = "clicks", .shard_count = 2}));
  const std::string arn = Describe(*kinesis, "clicks").stream_arn;
  OrDie(kinesis->UpdateStreamMode(
      {.stream_arn = arn, .stream_mode_details = {{riacho::StreamMode::kOnDemand}}}));
  const absl::Status scaled =
      kinesis->UpdateShardCount({.stream_name = "clicks", .target_shard_count = 4}).status();
  std::cout << riacho::ErrorMessage(scaled) << "\n";
  // [END mode]

  // [START switches]
  // Two switches a day, by the name of the stream.
  OrDie(kinesis->UpdateStreamMode(
      {.stream_arn = arn, .stream_mode_details = {{riacho::StreamMode::kProvisioned}}}));
  const absl::Status third =
      kinesis
          ->UpdateStreamMode(
              {.stream_arn = arn, .stream_mode_details = {{riacho::StreamMode::kOnDemand}}})
          .status();
  std::cout << riacho::ErrorMessage(third) << "\n";
  clock.AdvanceTime(absl::Hours(24));
  OrDie(kinesis->UpdateStreamMode(
      {.stream_arn = arn, .stream_mode_details = {{riacho::StreamMode::kOnDemand}}}));
  // [END switches]

  // [START automatic]
  // The service places the records: evenly over the open shards, with a key or without.
  OrDie(kinesis->UpdateStreamRecordDistributionStrategy(
      {.stream_arn = arn,
       .record_distribution_strategy = riacho::RecordDistributionStrategy::kAuto}));
  std::set<riacho::ShardId> shards;
  for (int i = 0; i < 2; ++i)
    shards.insert(OrDie(kinesis->PutRecord({.stream_name = "clicks", .data = "click"})).shard_id);
  std::cout << "Two records without a key went to " << shards.size() << " shards\n";
  // [END automatic]

  // [START max_record_size]
  // Records of up to 10 MiB, data and key together.
  const std::string picture(5'000'000, 'x');
  const absl::Status too_large =
      kinesis->PutRecord({.stream_name = "clicks", .data = picture}).status();
  OrDie(kinesis->UpdateMaxRecordSize({.stream_arn = arn, .max_record_size_in_kib = 10240}));
  OrDie(kinesis->PutRecord({.stream_name = "clicks", .data = picture}));
  // [END max_record_size]

  // [START commitment]
  // A committed account may keep capacity ready, and register more consumers.
  const absl::Status refused =
      kinesis->UpdateStreamWarmThroughput({.stream_name = "clicks", .warm_throughput_mibps = 100})
          .status();
  std::cout << riacho::ErrorMessage(refused) << "\n";
  using Status = riacho::MinimumThroughputBillingCommitmentStatus;
  OrDie(kinesis->UpdateAccountSettings(
      {.minimum_throughput_billing_commitment = {{.status = Status::kEnabled}}}));
  OrDie(
      kinesis->UpdateStreamWarmThroughput({.stream_name = "clicks", .warm_throughput_mibps = 100}));
  std::cout << "Warm: " << Describe(*kinesis, "clicks").warm_throughput->current_mibps
            << " MiB/s\n";
  // [END commitment]

  // [START leave]
  // It lasts 24 hours at least, and ends by itself.
  OrDie(kinesis->UpdateStreamWarmThroughput({.stream_name = "clicks", .warm_throughput_mibps = 0}));
  const auto ending = OrDie(kinesis->UpdateAccountSettings(
      {.minimum_throughput_billing_commitment = {{.status = Status::kDisabled}}}));
  std::cout << ending.minimum_throughput_billing_commitment.status << "\n";
  clock.AdvanceTime(absl::Hours(24));
  const auto ended = OrDie(kinesis->DescribeAccountSettings({}));
  std::cout << ended.minimum_throughput_billing_commitment.status << "\n";
  // [END leave]

  // [START limits]
  // The account's quotas, and what is used of them.
  const auto limits = OrDie(kinesis->DescribeLimits({}));
  std::cout << limits.open_shard_count << " of " << limits.shard_limit << " shards, "
            << limits.on_demand_stream_count << " of " << limits.on_demand_stream_count_limit
            << " on-demand streams\n";
  // [END limits]

  // [START own_quotas]
  // Each quota is a field: an account that is soon full.
  riacho::EngineOptions options;
  options.limits.on_demand_streams_per_account = 1;
  options.limits.update_stream_mode_switches_per_day = riacho::Limits::kUnlimited;
  riacho::Engine small(clock, options);
  // [END own_quotas]
  std::unique_ptr<riacho::Client> other = small.NewClient();
  OrDie(other->CreateStream(
      {.stream_name = "clicks", .stream_mode_details = {{riacho::StreamMode::kOnDemand}}}));
  const absl::Status full =
      other
          ->CreateStream(
              {.stream_name = "views", .stream_mode_details = {{riacho::StreamMode::kOnDemand}}})
          .status();
  std::cout << riacho::ErrorMessage(full) << "\n";

  using riacho::ErrorCode;
  using riacho::GetErrorCode;
  const bool as_expected =
      GetErrorCode(scaled) == ErrorCode::kValidation &&
      GetErrorCode(third) == ErrorCode::kLimitExceeded && shards.size() == 2 &&
      GetErrorCode(too_large) == ErrorCode::kValidation &&
      GetErrorCode(refused) == ErrorCode::kValidation &&
      ending.minimum_throughput_billing_commitment.status ==
          Status::kEnabledUntilEarliestAllowedEnd &&
      ended.minimum_throughput_billing_commitment.status == Status::kDisabled &&
      limits.on_demand_stream_count == 1 && GetErrorCode(full) == ErrorCode::kLimitExceeded;
  return as_expected ? 0 : 1;
}
