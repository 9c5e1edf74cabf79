#include "riacho/engine/snapshot.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/time/time.h"

#include "base/epoch.h"
#include "base/return_if_error.h"
#include "engine/account.h"
#include "engine/call_metrics.h"
#include "engine/snapshot_blocks.h"
#include "engine/snapshot_format.h"
#include "riacho/model/error.h"
#include "shard/log_cut.h"

namespace riacho {
namespace internal {
namespace {

template <typename State>
void PutState(BlockWriter& writer, State& state) {
  FieldWriter fields(writer.content());
  Field(fields, state);
}

// Reads a snapshot and makes all that it holds beside the engine, which Install alone changes.
class Loader {
 public:
  Loader(std::istream& in, Account& account) : blocks_(in), account_(account) {}

  absl::Status Read();
  absl::Status Install();

 private:
  template <typename State>
  absl::Status ReadState(BlockKind kind, State& state);
  absl::Status CheckAccount() const;
  absl::Status ReadStream();
  absl::StatusOr<std::shared_ptr<LiveShard>> ReadShard(const ShardState& state,
                                                       std::int64_t largest_record_bytes);
  absl::Status NoMemory() const;

  BlockReader blocks_;
  Account& account_;
  AccountState state_;
  StreamRegistry::Streams streams_;
};

absl::Status EngineNotEmpty(const Account& account) {
  return MakeError(ErrorCode::kResourceInUse,
                   "The engine of account " + account.options.account_id +
                       " has streams. Load the snapshot into a new engine, or delete them first.");
}

template <typename State>
absl::Status Loader::ReadState(BlockKind kind, State& state) {
  const absl::StatusOr<std::string_view> content = blocks_.Read(kind);
  RIACHO_RETURN_IF_ERROR(content.status());
  FieldReader fields(*content);
  Field(fields, state);
  if (!fields.done()) return blocks_.Malformed("the block does not hold what it should");
  if (const std::string wrong = WhatIsWrong(state); !wrong.empty())
    return blocks_.Malformed("it holds what no engine can be in: " + wrong);
  return absl::OkStatus();
}

absl::Status Loader::Read() {
  RIACHO_RETURN_IF_ERROR(blocks_.ReadHeader());
  RIACHO_RETURN_IF_ERROR(ReadState(BlockKind::kAccount, state_));
  RIACHO_RETURN_IF_ERROR(CheckAccount());
  for (std::uint32_t i = 0; i < state_.stream_count; ++i) RIACHO_RETURN_IF_ERROR(ReadStream());
  const absl::StatusOr<std::string_view> end = blocks_.Read(BlockKind::kEnd);
  RIACHO_RETURN_IF_ERROR(end.status());
  return end->empty() ? absl::OkStatus() : blocks_.Malformed("the end has content");
}

absl::Status Loader::CheckAccount() const {
  const auto refuse = [](const std::string& why) {
    return MakeError(ErrorCode::kInvalidArgument, why);
  };
  const EngineOptions& options = account_.options;
  if (state_.account_id != options.account_id || state_.region != options.region) {
    return refuse("The snapshot is of account " + state_.account_id + " in " + state_.region +
                  ", the engine of account " + options.account_id + " in " + options.region +
                  ": make it with that account_id and region.");
  }
  if (const std::int64_t now = account_.NowNanos(); now < state_.saved_at_nanos) {
    const auto text = [](std::int64_t nanos) {
      return absl::FormatTime(absl::FromUnixNanos(nanos), absl::UTCTimeZone());
    };
    return refuse("The engine's clock stands at " + text(now) + ", before the snapshot's " +
                  text(state_.saved_at_nanos) + ": set it to that time, or later.");
  }
  if (state_.key_store.has_value() && options.key_store != nullptr) {
    return refuse(
        "The snapshot has a key store, and the engine was given one: make it without "
        "EngineOptions::key_store.");
  }
  if (!state_.key_store.has_value() && options.key_store == nullptr) {
    return refuse(
        "The snapshot is of an engine that was given its key store, which is not in it: give it to "
        "the engine, as EngineOptions::key_store.");
  }
  return absl::OkStatus();
}

absl::Status Loader::NoMemory() const {
  return MakeError(ErrorCode::kInternalFailure,
                   "The records of the snapshot do not fit the engine's memory budget of " +
                       std::to_string(account_.options.memory_budget) + " bytes.");
}

absl::Status Loader::ReadStream() {
  StreamState state;
  RIACHO_RETURN_IF_ERROR(ReadState(BlockKind::kStream, state));
  if (streams_.contains(state.name))
    return blocks_.Malformed("there are two streams " + state.name);
  if (state.incarnation > state_.last_incarnation)
    return blocks_.Malformed("stream " + state.name + " is younger than its account");
  std::vector<std::shared_ptr<LiveShard>> shards;
  for (const ShardState& shard_state : state.shards) {
    absl::StatusOr<std::shared_ptr<LiveShard>> shard =
        ReadShard(shard_state, std::int64_t{state.settings.max_record_size_in_kib} * 1024);
    RIACHO_RETURN_IF_ERROR(shard.status());
    shards.push_back(*std::move(shard));
  }
  StreamOptions options = {.name = state.name,
                           .arn = account_.StreamArn(state.name),
                           .account_id = account_.options.account_id,
                           .region = account_.options.region,
                           .limits = account_.options.limits,
                           .lifecycle = account_.options.lifecycle,
                           .memory = account_.memory,
                           .meter = NewStreamMeter(account_, state.name),
                           .incarnation = state.incarnation};
  streams_.emplace(state.name, std::make_shared<Stream>(std::move(options), state, shards,
                                                        state_.saved_at_nanos));
  return absl::OkStatus();
}

absl::StatusOr<std::shared_ptr<LiveShard>> Loader::ReadShard(const ShardState& state,
                                                             std::int64_t largest_record_bytes) {
  auto shard = std::make_shared<LiveShard>(state, account_.options.limits, largest_record_bytes,
                                           state_.saved_at_nanos, account_.memory);
  LogRestorer log(shard->log, *account_.memory, state.first_index, RecordCipher::kSealBytes);
  for (std::uint64_t i = 0; i < state.segment_count; ++i) {
    const absl::StatusOr<std::string_view> content = blocks_.Read(BlockKind::kSegment);
    RIACHO_RETURN_IF_ERROR(content.status());
    switch (log.AddSegment(*content)) {
      case RestoreOutcome::kRestored:
        break;
      case RestoreOutcome::kMalformed:
        return blocks_.Malformed("the segment of " + state.identity.shard_id.ToString() +
                                 " does not hold what it should");
      case RestoreOutcome::kNoMemory:
        return NoMemory();
    }
  }
  log.Finish(state.sealed);
  return shard;
}

absl::Status Loader::Install() {
  const bool empty = account_.streams.Fill(account_.NowNanos(), std::move(streams_),
                                           [this] { account_.Restore(state_); });
  return empty ? absl::OkStatus() : EngineNotEmpty(account_);
}

}  // namespace

AccountState Account::Save() {
  const std::int64_t now_nanos = NowNanos();
  AccountState state = {.account_id = options.account_id,
                        .region = options.region,
                        .saved_at_nanos = now_nanos,
                        .token_key = token_key,
                        .last_incarnation = last_incarnation,
                        .has_resource_policies = has_resource_policies,
                        .call_rates = call_rates.Save(),
                        .commitment = commitment.Save(),
                        .mode_switches = mode_switches.Save(),
                        .encryption = encryption.Save()};
  if (options.key_store == nullptr) state.key_store = key_store->Save();
  return state;
}

void Account::Restore(const AccountState& state) {
  token_key = state.token_key;
  last_incarnation = state.last_incarnation;
  has_resource_policies = state.has_resource_policies;
  call_rates.Restore(state.call_rates);
  commitment.Restore(state.commitment);
  mode_switches.Restore(state.mode_switches);
  encryption.Restore(state.encryption);
  if (state.key_store.has_value()) key_store->Restore(*state.key_store);
}

}  // namespace internal

absl::Status SaveSnapshot(const Engine& engine, std::ostream& out) {
  using internal::BlockKind;
  internal::Account& account = *engine.account_;
  // Records first, then the keys that have sealed them.
  std::vector<internal::Stream::Saved> streams;
  for (const auto& [name, stream] : account.streams.Unsettled()) streams.push_back(stream->Save());
  internal::AccountState state = account.Save();
  state.stream_count = static_cast<std::uint32_t>(streams.size());

  internal::BlockWriter writer(out);
  internal::PutState(writer, state);
  RIACHO_RETURN_IF_ERROR(writer.Write(BlockKind::kAccount));
  for (internal::Stream::Saved& next : streams) {
    internal::Stream::Saved stream = std::move(next);  // to be released when it is written
    internal::PutState(writer, stream.state);
    RIACHO_RETURN_IF_ERROR(writer.Write(BlockKind::kStream));
    for (internal::LogCut& log : stream.logs) {
      for (std::size_t i = 0; i < log.segment_count(); ++i) {
        log.SaveSegment(i, writer.content());
        RIACHO_RETURN_IF_ERROR(writer.Write(BlockKind::kSegment));
      }
    }
  }
  RIACHO_RETURN_IF_ERROR(writer.Write(BlockKind::kEnd));
  if (out.flush().good()) return absl::OkStatus();
  return MakeError(ErrorCode::kInternalFailure, "Snapshot: the stream could not be flushed.");
}

absl::Status LoadSnapshot(std::istream& in, Engine& engine) {
  internal::Account& account = *engine.account_;
  if (!account.streams.List(account.NowNanos()).empty()) return internal::EngineNotEmpty(account);
  absl::Status loaded;
  {
    internal::Loader loader(in, account);
    loaded = loader.Read();
    if (loaded.ok()) loaded = loader.Install();
  }
  if (!loaded.ok()) internal::Epoch::Collect();  // what was read for nothing
  return loaded;
}

}  // namespace riacho
