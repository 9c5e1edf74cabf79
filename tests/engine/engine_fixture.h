// A small world for tests of the engine: a clock, an engine and a client, and short words for what
// most tests do first.
//
//   World world;
//   world.Create("orders", 2);
//   EXPECT_THAT(world.Split("orders", "0", "1"), FailsWith(ErrorCode::kInvalidArgument, "…"));
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "riacho/engine/engine.h"
#include "riacho/model/error.h"
#include "riacho/security/principal.h"
#include "riacho/testing/matchers.h"
#include "riacho/time/manual_clock.h"

namespace riacho {

inline const absl::Status& StatusOf(const absl::Status& status) { return status; }
template <typename T>
const absl::Status& StatusOf(const absl::StatusOr<T>& result) {
  return result.status();
}

// A status, or a StatusOr, that carries this exception with exactly this text.
inline auto FailsWith(ErrorCode code, std::string_view text) {
  return IsKinesisError(code, std::string(text));
}

// The same with any text.
inline auto FailsAs(ErrorCode code) { return IsKinesisError(code); }

MATCHER(Succeeds, "") {
  *result_listener << "which is " << StatusOf(arg).ToString();
  return StatusOf(arg).ok();
}

// The text of a violation of the service's model.
inline std::string OneViolation(std::string_view what) {
  return "1 validation error detected: " + std::string(what);
}

inline std::string StreamNotFoundText(std::string_view stream) {
  return "Stream " + std::string(stream) + " under account 123456789012 not found.";
}

inline std::string NotActiveText(std::string_view stream, std::string_view state) {
  return "Stream " + std::string(stream) +
         " under account 123456789012 not ACTIVE, instead in state " + std::string(state);
}

inline std::string StreamRateText(std::string_view stream) {
  return "Rate exceeded for stream " + std::string(stream) + " under account 123456789012.";
}

inline std::string StreamArnOf(std::string_view stream) {
  return "arn:aws:kinesis:us-east-1:123456789012:stream/" + std::string(stream);
}

// Of a shard that SplitShard or MergeShards has had.
inline std::string ClosedShardText(std::string_view stream, std::string_view shard) {
  return "Shard " + std::string(shard) + " in stream " + std::string(stream) +
         " under account 123456789012 has already been merged or split, and thus is not eligible "
         "for merging or splitting.";
}

// Of the account's quota of shards.
inline std::string ShardLimitText(std::int64_t present, std::int64_t limit,
                                  std::int64_t additional) {
  return "This request would exceed the shard limit for the account 123456789012 in us-east-1. "
         "Current shard count for the account: " +
         std::to_string(present) + ". Limit: " + std::to_string(limit) +
         ". Number of additional shards that would have resulted from this request: " +
         std::to_string(additional) +
         ". Refer to the AWS Service Limits page "
         "(http://docs.aws.amazon.com/general/latest/gr/aws_service_limits.html) for current "
         "limits and how to request higher limits.";
}

// An engine whose asynchronous changes last as long as the service's.
inline EngineOptions ServiceTimes() {
  EngineOptions options;
  options.lifecycle = Lifecycle::Service();
  return options;
}

// Where worlds get their clients from. The same tests run a second time with another one: see
// wire/remote_world.h.
struct ClientMaker {
  EngineOptions (*prepare)(EngineOptions) = [](EngineOptions options) { return options; };
  std::unique_ptr<Client> (*make)(Engine&, Principal) = [](Engine& engine, Principal principal) {
    return engine.NewClient(std::move(principal));
  };
};
inline ClientMaker client_maker;

class World {
 public:
  explicit World(EngineOptions options = {})
      : engine(clock, client_maker.prepare(std::move(options))), kinesis(NewClient()) {}

  ManualClock clock;
  Engine engine;
  std::unique_ptr<Client> kinesis;

  std::unique_ptr<Client> NewClient(Principal principal = Principal::Root()) {
    return client_maker.make(engine, std::move(principal));
  }
  void Advance(absl::Duration by) { clock.AdvanceTime(by); }
  std::int64_t NowSeconds() { return absl::ToUnixSeconds(clock.TimeNow()); }

  // A stream that is ACTIVE when this returns, whatever the lifecycle says.
  void Create(const std::string& name, std::int64_t shards = 1) {
    ASSERT_THAT(kinesis->CreateStream({.stream_name = name, .shard_count = shards}), Succeeds());
    Advance(engine.options().lifecycle.create_stream);
  }
  void CreateOnDemand(const std::string& name) {
    ASSERT_THAT(
        kinesis->CreateStream(
            {.stream_name = name,
             .stream_mode_details = StreamModeDetails{.stream_mode = StreamMode::kOnDemand}}),
        Succeeds());
    Advance(engine.options().lifecycle.create_stream);
  }

  StreamDescription Describe(const std::string& name) {
    return kinesis->DescribeStream({.stream_name = name}).value().stream_description;
  }
  StreamDescriptionSummary Summary(const std::string& name) {
    return kinesis->DescribeStreamSummary({.stream_name = name}).value().stream_description_summary;
  }
  StreamStatus Status(const std::string& name) { return Summary(name).stream_status; }

  // All listed shards, over all pages.
  std::vector<Shard> Shards(const std::string& name) {
    ListShardsResponse page = kinesis->ListShards({.stream_name = name}).value();
    std::vector<Shard> shards = std::move(page.shards);
    while (page.next_token.has_value()) {
      page = kinesis->ListShards({.next_token = page.next_token}).value();
      shards.insert(shards.end(), page.shards.begin(), page.shards.end());
    }
    return shards;
  }
  // The open ones among them, ascending by range.
  std::vector<Shard> OpenShards(const std::string& name) {
    std::vector<Shard> open = Shards(name);
    std::erase_if(open, [](const Shard& shard) {
      return shard.sequence_number_range.ending_sequence_number.has_value();
    });
    std::ranges::sort(open, {},
                      [](const Shard& shard) { return shard.hash_key_range.starting_hash_key; });
    return open;
  }

  absl::Status Split(const std::string& stream, const std::string& shard, const std::string& key) {
    return kinesis
        ->SplitShard({.stream_name = stream, .shard_to_split = shard, .new_starting_hash_key = key})
        .status();
  }
  // Splits a shard in the middle.
  absl::Status Halve(const std::string& stream, const Shard& shard) {
    const absl::uint128 start = shard.hash_key_range.starting_hash_key.value;
    const absl::uint128 middle = start + (shard.hash_key_range.ending_hash_key.value - start) / 2;
    return Split(stream, shard.shard_id.ToString(), HashKey{middle}.ToString());
  }
  absl::Status Merge(const std::string& stream, const std::string& lower,
                     const std::string& adjacent) {
    return kinesis
        ->MergeShards(
            {.stream_name = stream, .shard_to_merge = lower, .adjacent_shard_to_merge = adjacent})
        .status();
  }
  absl::StatusOr<UpdateShardCountResponse> Scale(const std::string& stream, std::int64_t target) {
    return kinesis->UpdateShardCount({.stream_name = stream, .target_shard_count = target});
  }
  absl::Status IncreaseRetention(const std::string& stream, std::int64_t hours) {
    return kinesis
        ->IncreaseStreamRetentionPeriod({.stream_name = stream, .retention_period_hours = hours})
        .status();
  }
  absl::Status DecreaseRetention(const std::string& stream, std::int64_t hours) {
    return kinesis
        ->DecreaseStreamRetentionPeriod({.stream_name = stream, .retention_period_hours = hours})
        .status();
  }

  PutRecordResponse Put(const std::string& stream, std::string_view key,
                        std::string_view data = "data") {
    return kinesis->PutRecord({.stream_name = stream, .data = data, .partition_key = key}).value();
  }
  // The data of the records that a reader from TRIM_HORIZON gets of a shard now.
  std::vector<std::string> ReadAll(const std::string& stream, const std::string& shard) {
    std::optional<std::string> iterator =
        kinesis
            ->GetShardIterator({.stream_name = stream,
                                .shard_id = shard,
                                .shard_iterator_type = ShardIteratorType::kTrimHorizon})
            .value()
            .shard_iterator;
    std::vector<std::string> data;
    for (bool more = true; more && iterator.has_value();) {
      const GetRecordsResponse page = kinesis->GetRecords({.shard_iterator = *iterator}).value();
      for (const Record& record : page.records) data.emplace_back(record.data);
      more = !page.records.empty();
      iterator = page.next_shard_iterator;
    }
    return data;
  }
};

inline std::vector<std::uint32_t> NumbersOf(const std::vector<Shard>& shards) {
  std::vector<std::uint32_t> numbers;
  for (const Shard& shard : shards) numbers.push_back(shard.shard_id.number);
  return numbers;
}

inline bool IsOpen(const Shard& shard) {
  return !shard.sequence_number_range.ending_sequence_number.has_value();
}

}  // namespace riacho
