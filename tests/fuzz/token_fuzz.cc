// Any text through the tokens that callers hand back: shard iterators and paging tokens. Nothing
// crashes; only text that was sealed with the engine's key is accepted; one made here comes back as
// it was, and is refused when a single character is changed, added or lost, under another key and
// as another kind. The same through a client: a page comes back for its token alone.
//
// The input serves as the text to open, and as a script: its first bytes are the fields of a token
// and say what is done to it, its last are the name of the stream.
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "absl/time/time.h"

#include "engine/sealed_token.h"
#include "engine/shard_iterator.h"
#include "fuzz/script.h"
#include "riacho/engine/engine.h"
#include "riacho/model/error.h"
#include "riacho/time/manual_clock.h"

namespace {

using riacho::Client;
using riacho::Engine;
using riacho::ErrorCode;
using riacho::GetErrorCode;
using riacho::Limits;
using riacho::ManualClock;
using riacho::ShardIteratorType;
using riacho::fuzz::Damage;
using riacho::fuzz::Require;
using riacho::fuzz::Script;
using riacho::internal::NewNextToken;
using riacho::internal::OpenNextToken;
using riacho::internal::ShardIterator;
using riacho::internal::TokenKind;
using riacho::internal::TokenReader;

constexpr std::uint64_t kKey = 0x123456789abcdef0;
constexpr std::array kKinds = {TokenKind::kShardIterator, TokenKind::kListStreams,
                               TokenKind::kListShards, TokenKind::kListStreamConsumers};

bool Opens(std::string_view text, std::uint64_t key) {
  bool opened = false;
  for (const TokenKind kind : kKinds) opened = TokenReader::Open(kind, text, key) || opened;
  return opened;
}

// Whatever a reader is asked for, it answers; past the end, that it could not.
void ReadAnything(TokenReader reader, Script script) {
  int left = 40000;  // fields of two bytes and more: no token of this test holds as many
  for (; reader.ok() && left != 0; --left) {
    if (script.Take(1) % 2 == 0) {
      reader.Number();
    } else {
      Require(reader.Text().size() <= std::numeric_limits<std::uint16_t>::max());
    }
  }
  Require(left != 0);
  Require(reader.Number() == 0 && reader.Text().empty() && !reader.ok());
}

void TryForeignText(std::string_view text, const Limits& limits, std::int64_t now) {
  // Text with a seal of this key is the secret of the key's owner: no input file has it.
  Require(!Opens(text, kKey));
  const auto iterator = ShardIterator::FromToken(text, kKey, limits, now);
  Require(GetErrorCode(iterator.status()) == ErrorCode::kInvalidArgument);
  Require(riacho::ErrorMessage(iterator.status()) == "Invalid ShardIterator.");
  for (const TokenKind kind : kKinds) {
    const auto token = OpenNextToken(kind, text, kKey, limits, now);
    Require(GetErrorCode(token.status()) == ErrorCode::kInvalidArgument);
    Require(riacho::ErrorMessage(token.status()) == "Invalid NextToken.");
  }
}

void TryIterator(Script script) {
  const Limits limits;
  const ShardIterator made = {.stream_name = std::string(script.Rest().substr(0, 128)),
                              .incarnation = script.Take(8),
                              .shard_id = {static_cast<std::uint32_t>(script.Take(4))},
                              .index = script.Take(8),
                              .issued_at_millis = static_cast<std::int64_t>(script.Take(5))};
  const std::string token = made.ToToken(kKey);
  Require(token.size() <= 512);
  const auto again = ShardIterator::FromToken(token, kKey, limits, made.issued_at_millis + 300'000);
  Require(again.ok());
  Require(again->stream_name == made.stream_name && again->incarnation == made.incarnation &&
          again->shard_id == made.shard_id && again->index == made.index &&
          again->issued_at_millis == made.issued_at_millis);
  Require(
      GetErrorCode(ShardIterator::FromToken(token, kKey, limits, made.issued_at_millis + 300'001)
                       .status()) == ErrorCode::kExpiredIterator);
  Require(!Opens(token, kKey + 1 + script.Take(4)));
  for (const TokenKind kind : kKinds)
    Require(TokenReader::Open(kind, token, kKey).has_value() == (kind == kKinds[0]));
  ReadAnything(*TokenReader::Open(kKinds[0], token, kKey), script);
  Require(!Opens(Damage(token, script), kKey));
}

void TryNextToken(Script script) {
  const Limits limits;
  const TokenKind kind = kKinds[1 + script.Take(1) % 3];
  const auto now = static_cast<std::int64_t>(script.Take(7));
  const std::uint64_t number = script.Take(8);
  const std::string text(script.Rest().substr(0, 65535));
  const std::string token = NewNextToken(kind, now).Number(number).Text(text).Seal(kKey);
  auto reader = OpenNextToken(kind, token, kKey, limits, now + 300'000'000'000);
  Require(reader.ok());
  Require(reader->Number() == number && reader->Text() == text && reader->ok());
  Require(GetErrorCode(OpenNextToken(kind, token, kKey, limits, now + 300'000'000'001).status()) ==
          ErrorCode::kExpiredNextToken);
  ReadAnything(*TokenReader::Open(kind, token, kKey), script);
  Require(!Opens(Damage(token, script), kKey));
}

// --- Through a client

constexpr char kOrders[] = "arn:aws:kinesis:us-east-1:123456789012:stream/orders";
using Tokens = std::array<std::string, kKinds.size()>;  // in the order of kKinds

// A stream with two shards, two consumers and a namesake, in pages of one each.
struct World {
  World() {
    for (const char* name : {"orders", "returns"})
      Require(client->CreateStream({.stream_name = name, .shard_count = 2}).ok());
    for (const char* name : {"billing", "search"}) {
      Require(client->RegisterStreamConsumer({.stream_arn = kOrders, .consumer_name = name}).ok());
    }
    expired = NewTokens();
    clock.AdvanceTime(absl::Seconds(301));
    valid = NewTokens();
  }

  Tokens NewTokens() {
    return {
        client
            ->GetShardIterator({.stream_name = "orders",
                                .shard_id = "0",
                                .shard_iterator_type = ShardIteratorType::kTrimHorizon})
            .value()
            .shard_iterator,
        client->ListStreams({.limit = 1}).value().next_token.value(),
        client->ListShards({.stream_name = "orders", .max_results = 1}).value().next_token.value(),
        client->ListStreamConsumers({.stream_arn = kOrders, .max_results = 1})
            .value()
            .next_token.value()};
  }

  // What the operation that takes tokens of kKinds[kind] says to one.
  absl::Status Use(std::size_t kind, const std::string& token) {
    switch (kKinds[kind]) {
      case TokenKind::kShardIterator:
        return client->GetRecords({.shard_iterator = token}).status();
      case TokenKind::kListStreams:
        return client->ListStreams({.next_token = token}).status();
      case TokenKind::kListShards:
        return client->ListShards({.next_token = token}).status();
      case TokenKind::kListStreamConsumers:
        return client->ListStreamConsumers({.stream_arn = kOrders, .next_token = token}).status();
    }
    std::abort();
  }

  ManualClock clock;
  Engine engine{clock, {.limits = Limits::Unlimited(), .seed = 1}};
  std::unique_ptr<Client> client = engine.NewClient();
  Tokens expired;
  Tokens valid;
};

std::string TokenOf(const World& world, Script& script) {
  const Tokens& tokens = script.Choose(2) == 0 ? world.valid : world.expired;
  std::string token = tokens[script.Choose(tokens.size())];
  for (std::size_t left = script.Choose(4); left != 0; --left)
    token = Damage(std::move(token), script);
  return token;
}

void TryThroughClient(Script script) {
  static auto* const kWorld = new World();
  const std::size_t kind = script.Choose(kKinds.size());
  const bool foreign = script.Choose(4) == 0;
  const std::string token = foreign ? std::string(script.Rest()) : TokenOf(*kWorld, script);
  const absl::Status status = kWorld->Use(kind, token);
  if (token == kWorld->valid[kind]) return Require(status.ok());
  if (token == kWorld->expired[kind]) {
    return Require(GetErrorCode(status) == (kKinds[kind] == TokenKind::kShardIterator
                                                ? ErrorCode::kExpiredIterator
                                                : ErrorCode::kExpiredNextToken));
  }
  const bool no_token = token.empty() || token.size() > 512;
  Require(GetErrorCode(status) == ErrorCode::kInvalidArgument ||
          (no_token && GetErrorCode(status) == ErrorCode::kValidation));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Script script(data, size);
  TryForeignText(script.Rest(), Limits(), 1'789'780'156'000);
  TryIterator(script);
  TryNextToken(script);
  TryThroughClient(script);
  return 0;
}
