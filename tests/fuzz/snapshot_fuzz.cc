// Any bytes through LoadSnapshot: it answers, an engine that refuses them is as it was, and one
// that takes them can be used and saved.
//
// The input serves twice. As it is, it is refused by its header or a checksum. As a script, it
// changes, cuts and lengthens the blocks of a snapshot of an engine with a bit of everything, whose
// checksums are then made right: what the blocks say is checked too.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"

#include "engine/snapshot_blocks.h"
#include "fuzz/script.h"
#include "riacho/engine/engine.h"
#include "riacho/engine/snapshot.h"
#include "riacho/model/error.h"
#include "riacho/time/manual_clock.h"

namespace {

using riacho::Client;
using riacho::Engine;
using riacho::EngineOptions;
using riacho::ErrorCode;
using riacho::GetErrorCode;
using riacho::Lifecycle;
using riacho::ManualClock;
using riacho::ShardIteratorType;
using riacho::fuzz::Require;
using riacho::fuzz::Script;
using riacho::internal::BlockKind;
using riacho::internal::BlockReader;
using riacho::internal::BlockWriter;

struct Block {
  BlockKind kind = BlockKind::kEnd;
  std::string content = {};
};

EngineOptions Options() {
  EngineOptions options = {.lifecycle = Lifecycle::Service(), .memory_budget = 64 << 20, .seed = 1};
  options.limits.enforce_call_rates = true;
  return options;
}

std::string SnapshotOf(const Engine& engine) {
  std::ostringstream out;
  Require(riacho::SaveSnapshot(engine, out).ok());
  return out.str();
}

// Streams of both modes, a reshard under way, consumers, sealed and large records.
std::string RichSnapshot(absl::Time& saved_at) {
  ManualClock clock;
  Engine engine(clock, Options());
  const std::unique_ptr<Client> client = engine.NewClient();
  const std::string arn = "arn:aws:kinesis:us-east-1:123456789012:stream/orders";
  Require(client->CreateStream({.stream_name = "orders", .shard_count = 2}).ok());
  Require(client
              ->CreateStream(
                  {.stream_name = "clicks",
                   .stream_mode_details =
                       riacho::StreamModeDetails{.stream_mode = riacho::StreamMode::kOnDemand}})
              .ok());
  clock.AdvanceTime(absl::Minutes(2));
  const std::string large(20'000, 'l');
  for (const std::string_view data : {std::string_view("data"), std::string_view(large)}) {
    for (const char* const stream : {"orders", "clicks"}) {
      Require(
          client->PutRecord({.stream_name = stream, .data = data, .partition_key = "key"}).ok());
    }
  }
  const auto consumer =
      client->RegisterStreamConsumer({.stream_arn = arn, .consumer_name = "billing"});
  Require(consumer.ok());
  Require(client
              ->StartStreamEncryption({.stream_name = "orders",
                                       .encryption_type = riacho::EncryptionType::kKms,
                                       .key_id = "alias/aws/kinesis"})
              .ok());
  clock.AdvanceTime(absl::Minutes(1));
  Require(
      client->PutRecord({.stream_name = "orders", .data = "sealed", .partition_key = "k"}).ok());
  Require(client
              ->SubscribeToShard(
                  {.consumer_arn = consumer->consumer.consumer_arn,
                   .shard_id = "0",
                   .starting_position =
                       riacho::StartingPosition{.type = ShardIteratorType::kTrimHorizon}})
              .ok());
  Require(client->UpdateShardCount({.stream_name = "orders", .target_shard_count = 3}).ok());
  saved_at = clock.TimeNow();
  return SnapshotOf(engine);
}

// The blocks of a snapshot, by their heads.
std::vector<Block> BlocksOf(const std::string& snapshot) {
  std::vector<Block> blocks;
  std::istringstream in(snapshot);
  BlockReader reader(in);
  Require(reader.ReadHeader().ok());
  do {
    const auto kind = static_cast<BlockKind>(
        static_cast<unsigned char>(snapshot[static_cast<std::size_t>(in.tellg())]));
    const auto content = reader.Read(kind);
    Require(content.ok());
    blocks.push_back({.kind = kind, .content = std::string(*content)});
  } while (blocks.back().kind != BlockKind::kEnd);
  return blocks;
}

std::string SnapshotOf(const std::vector<Block>& blocks) {
  std::ostringstream out;
  BlockWriter writer(out);
  for (const Block& block : blocks) {
    writer.content() = block.content;
    Require(writer.Write(block.kind).ok());
  }
  return out.str();
}

void Change(std::vector<Block>& blocks, Script& script) {
  std::string& content = blocks[script.Choose(blocks.size())].content;
  const std::size_t at = content.empty() ? 0 : script.Take(2) % content.size();
  switch (content.empty() ? 3 : script.Choose(5)) {
    case 0:
      content[at] = static_cast<char>(script.Take(1));
      break;
    case 1:
      content[at] = static_cast<char>(content[at] + 1);
      break;
    case 2:
      content.resize(at);
      break;
    case 3:
      content += script.TakeText(1 + script.Choose(8));
      break;
    default:  // a whole number
      for (std::size_t i = at; i < content.size() && i < at + 8; ++i)
        content[i] = static_cast<char>(script.Take(1));
  }
}

// Whatever is in the engine: calls answer.
void Use(Engine& engine, Client& client, ManualClock& clock) {
  for (const absl::Duration by : {absl::ZeroDuration(), absl::Minutes(1), absl::Hours(30)}) {
    clock.AdvanceTime(by);
    for (const char* const stream : {"orders", "clicks"}) {
      (void)client.PutRecord({.stream_name = stream, .data = "more", .partition_key = "key"});
      (void)client.DescribeStream({.stream_name = stream});
      for (const char* const shard : {"0", "1", "2"}) {
        const auto iterator =
            client.GetShardIterator({.stream_name = stream,
                                     .shard_id = shard,
                                     .shard_iterator_type = ShardIteratorType::kTrimHorizon});
        if (!iterator.ok()) continue;
        (void)client.GetRecords({.shard_iterator = iterator->shard_iterator});
      }
    }
    engine.Settle();
  }
  SnapshotOf(engine);
}

void TryToLoad(const std::string& snapshot, absl::Time now) {
  ManualClock clock(now);
  Engine engine(clock, Options());
  const std::string before = SnapshotOf(engine);
  std::istringstream in(snapshot);
  const absl::Status loaded = riacho::LoadSnapshot(in, engine);
  if (loaded.ok()) return Use(engine, *engine.NewClient(), clock);
  const std::optional<ErrorCode> code = GetErrorCode(loaded);
  Require(code == ErrorCode::kSerialization || code == ErrorCode::kInvalidArgument ||
          code == ErrorCode::kInternalFailure);
  Require(SnapshotOf(engine) == before);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static absl::Time saved_at;
  static const auto* const kBlocks = new std::vector<Block>(BlocksOf(RichSnapshot(saved_at)));
  Script script(data, size);
  TryToLoad(std::string(script.Rest()), saved_at);
  std::vector<Block> blocks = *kBlocks;
  while (!script.done()) Change(blocks, script);
  TryToLoad(SnapshotOf(blocks), saved_at);
  return 0;
}
