#include "engine/account.h"

#include <algorithm>
#include <utility>

#include "base/return_if_error.h"
#include "engine/call_metrics.h"
#include "riacho/base/random.h"
#include "riacho/model/arn.h"
#include "riacho/model/error.h"

namespace riacho::internal {
namespace {

// Engines without a seed of their own differ, and do so in the same way in every run of the
// program.
std::uint64_t NextDefaultSeed() {
  static constinit std::atomic<std::uint64_t> last = 0;
  return last.fetch_add(1, std::memory_order_relaxed) + 1;
}

}  // namespace

Account::Account(Clock& engine_clock, EngineOptions engine_options)
    : clock(engine_clock),
      options(std::move(engine_options)),
      seed(options.seed.has_value() ? *options.seed : NextDefaultSeed()),
      token_key(Random(seed).Next()),
      memory(std::make_shared<SegmentPool>(options.memory_budget)),
      key_store(
          options.key_store != nullptr
              ? options.key_store
              : std::make_shared<KeyStore>(KeyStoreOptions{
                    .account_id = options.account_id, .region = options.region, .seed = seed})),
      encryption(*key_store, options.limits.data_key_life),
      call_rates(options.limits, options.account_id),
      commitment(options.limits.minimum_commitment),
      mode_switches(options.limits),
      metrics(options.metrics),
      operation_meter(NewOperationMeter(options.metrics, metrics)) {}

std::int64_t Account::NowNanos() const {
  constexpr std::int64_t kYearNanos = std::int64_t{366} * 86'400 * 1'000'000'000;
  return std::clamp<std::int64_t>(clock.UnixNanosNow(), 0, 280 * kYearNanos);
}

std::string Account::StreamArn(std::string_view name) const {
  return Arn{.partition = std::string(PartitionOf(options.region)),
             .region = options.region,
             .account_id = options.account_id,
             .stream_name = std::string(name)}
      .ToString();
}

absl::Status Account::StreamNotFound(std::string_view name) const {
  return MakeError(ErrorCode::kResourceNotFound, "Stream " + std::string(name) + " under account " +
                                                     options.account_id + " not found.");
}

absl::Status Account::ShardNotFound(ShardId shard, std::string_view stream) const {
  return MakeError(ErrorCode::kResourceNotFound, "Shard " + shard.ToString() + " in stream " +
                                                     std::string(stream) + " under account " +
                                                     options.account_id + " does not exist");
}

absl::StatusOr<std::string> Account::NameOf(const std::optional<std::string_view>& name,
                                            const std::optional<std::string_view>& arn) const {
  if (!arn.has_value()) {
    if (!name.has_value()) {
      return MakeError(ErrorCode::kInvalidArgument,
                       "Stream arn and stream name can't be empty at the same time");
    }
    return std::string(*name);
  }
  std::optional<Arn> parsed = Arn::Parse(*arn);
  if (!parsed.has_value() || !parsed->consumer_name.empty())
    return MakeError(ErrorCode::kInvalidArgument, "Invalid ARN: " + std::string(*arn));
  if (parsed->region != options.region) {
    return MakeError(ErrorCode::kInvalidArgument, "The region specified in the ARN '" +
                                                      std::string(*arn) +
                                                      "' does not match the endpoint region");
  }
  if (parsed->account_id != options.account_id) {
    return MakeError(ErrorCode::kUnrecognizedClient, "No account found for the given parameters");
  }
  if (name.has_value() && *name != parsed->stream_name) {
    return MakeError(ErrorCode::kInvalidArgument,
                     "Input stream name " + std::string(*name) +
                         " doesn't match the inferred name in stream arn " + parsed->stream_name);
  }
  return std::move(parsed->stream_name);
}

absl::StatusOr<Stream*> Account::LocateByArn(const std::optional<std::string_view>& name,
                                             const std::optional<std::string_view>& arn,
                                             std::int64_t now_nanos) const {
  const absl::StatusOr<std::string> meant = NameOf(name, arn);
  RIACHO_RETURN_IF_ERROR(meant.status());
  Stream* const stream = streams.Find(*meant, now_nanos);
  if (stream == nullptr) return StreamNotFound(*meant);
  return stream;
}

absl::StatusOr<std::shared_ptr<Stream>> Account::Share(Operation operation,
                                                       const std::optional<std::string>& name,
                                                       const std::optional<std::string>& arn,
                                                       std::int64_t now_nanos) {
  const absl::StatusOr<std::string> meant = NameOf(name, arn);
  RIACHO_RETURN_IF_ERROR(meant.status());
  std::shared_ptr<Stream> stream = streams.Share(*meant, now_nanos);
  if (stream == nullptr) return StreamNotFound(*meant);
  RIACHO_RETURN_IF_ERROR(call_rates.AdmitToStream(operation, *meant, now_nanos));
  return stream;
}

absl::StatusOr<Account::Resource> Account::ShareResource(Operation operation,
                                                         const std::string& arn,
                                                         std::int64_t now_nanos) {
  Resource resource;
  std::string stream_arn = arn;
  if (std::optional<Arn> parsed = Arn::Parse(arn);
      parsed.has_value() && !parsed->consumer_name.empty()) {
    resource.consumer = {.name = std::exchange(parsed->consumer_name, {}),
                         .creation_seconds = parsed->consumer_creation_seconds};
    stream_arn = parsed->ToString();
  }
  absl::StatusOr<std::shared_ptr<Stream>> stream =
      Share(operation, std::nullopt, stream_arn, now_nanos);
  RIACHO_RETURN_IF_ERROR(stream.status());
  resource.stream = *std::move(stream);
  return resource;
}

absl::StatusOr<ShardId> Account::ParseShardId(std::string_view text,
                                              std::string_view stream) const {
  if (const std::optional<ShardId> id = ShardId::Parse(text); id.has_value()) return *id;
  return MakeError(ErrorCode::kResourceNotFound, "Could not find shard " + std::string(text) +
                                                     " in stream " + std::string(stream) +
                                                     " under account " + options.account_id + ".");
}

absl::StatusOr<std::shared_ptr<Stream>> Account::ShareForReshard(Operation operation,
                                                                 const std::string& name,
                                                                 std::int64_t now_nanos) {
  absl::StatusOr<std::shared_ptr<Stream>> stream = Share(operation, name, std::nullopt, now_nanos);
  if (stream.ok() && (*stream)->mode() == StreamMode::kOnDemand) {
    return MakeError(ErrorCode::kValidation, "Request is invalid. Stream " + name +
                                                 " under account " + options.account_id +
                                                 " is in On-Demand mode.");
  }
  return stream;
}

AccountUsage UsageOf(const StreamRegistry::Streams& streams, const Stream* except) {
  AccountUsage usage;
  for (const auto& [name, stream] : streams) {
    if (stream.get() == except) continue;
    if (stream->settings().CountsAs(StreamMode::kProvisioned))
      usage.shards += stream->claimed_shard_count();
    if (stream->settings().CountsAs(StreamMode::kOnDemand)) ++usage.on_demand_streams;
  }
  return usage;
}

absl::Status Account::CheckWarmThroughput(std::int64_t mibps, std::int64_t now_nanos) const {
  if (commitment.Describe(absl::FromUnixNanos(now_nanos)).status !=
      MinimumThroughputBillingCommitmentStatus::kEnabled) {
    return MakeError(ErrorCode::kValidation,
                     "Account " + options.account_id +
                         " is not enabled for minimum throughput billing commitment");
  }
  if (const std::int64_t most = options.limits.warm_throughput_mibps; mibps > most) {
    return MakeError(ErrorCode::kInvalidArgument,
                     "Maximum allowed warm throughput is " + std::to_string(most) +
                         " MiB/s. Requested warm throughput (" + std::to_string(mibps) +
                         " MiB/s) is too high.");
  }
  return absl::OkStatus();
}

void Account::ReclaimMemory(std::int64_t now_nanos) {
  for (const std::shared_ptr<Stream>& stream : streams.List(now_nanos)) stream->TrimNow(now_nanos);
  Epoch::Collect();
}

}  // namespace riacho::internal
