// The engine: the streams of one account in one region, in this process.
//
//   riacho::ManualClock clock;
//   riacho::Engine engine(clock);
//   std::unique_ptr<riacho::Client> kinesis = engine.NewClient();
//
// The engine owns no thread, never sleeps, and reads no clock but the one it is given: whatever
// should have happened by now is settled when somebody calls an operation. Two engines share
// nothing.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "riacho/client/client.h"
#include "riacho/client/interceptor.h"
#include "riacho/model/lifecycle.h"
#include "riacho/model/limits.h"
#include "riacho/security/key_store.h"
#include "riacho/security/principal.h"
#include "riacho/telemetry/metrics.h"
#include "riacho/time/clock.h"

namespace riacho {

namespace internal {
class Account;
}  // namespace internal

struct EngineOptions {
  static constexpr std::int64_t kNoMemoryBudget = std::numeric_limits<std::int64_t>::max();

  std::string account_id = "123456789012";  // twelve digits; part of ARNs and messages
  std::string region = "us-east-1";
  Limits limits = {};
  Lifecycle lifecycle = {};  // by default asynchronous changes take no time

  // The most memory that stored records may take, in bytes, with what surrounds them: segments of 4
  // KiB, for the first of a shard, to 2 MiB. A put that does not fit after everything expired has
  // been freed is refused with kInternalFailure, which names the budget; nothing is lost. Raise it,
  // shorten the retention or delete streams.
  std::int64_t memory_budget = kNoMemoryBudget;

  // What the engine's random choices and the seals of its tokens come from: with the same seed, the
  // same calls at the same times have the same answers, byte for byte. An iterator of one engine is
  // refused by another with a different seed. Without a seed, each engine of the process has its
  // own.
  std::optional<std::uint64_t> seed = {};

  // UpdateShardCount, UpdateStreamMode, EnableEnhancedMonitoring and DisableEnhancedMonitoring have
  // no resource type in the service's table of actions: only "Resource": "*" allows or denies them.
  // If true, they are authorised on the stream's ARN, as their neighbours are.
  bool lenient_resource_level = false;
  // Asked around every operation of every client, in this order. Without them an operation pays one
  // branch. Shared, so that the caller may go on talking to them: they live as long as the engine.
  std::vector<std::shared_ptr<Interceptor>> interceptors = {};

  // The keys that streams may be encrypted with; by default a store of the engine's own, seeded as
  // the engine is. Shared, so that several engines may have the same keys, and that whoever keeps
  // them need not outlive any of the engines.
  std::shared_ptr<KeyStore> key_store = {};
  // What is counted of calls, and how long it is kept.
  MetricsOptions metrics = {};
};

// Thread-safe. Must outlive its clients and its subscriptions; record batches may outlive it.
class Engine {
 public:
  // `clock` must outlive the engine.
  explicit Engine(Clock& clock, EngineOptions options = {});
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;
  ~Engine();

  // A client of this account, for whoever calls. As many as you like; each is thread-safe.
  //
  // Every operation is authorised after its members have been validated and before anything is
  // looked up: kAccessDenied, with the service's text. The account's root, which calls if nobody
  // else is named, may do everything but what a resource policy denies. Principals of other
  // accounts reach a stream by its ARN, if its resource policy and their own policies allow.
  std::unique_ptr<Client> NewClient(Principal principal = Principal::Root());

  // Applies everything that is due, frees what has left the retention period, in all streams, and
  // collects what has been counted. Optional: every operation does it for the stream it looks at.
  // For those who watch memory.
  void Settle();

  // Memory of stored records now, in bytes: what `memory_budget` bounds.
  std::int64_t memory_used() const;

  // The keys that streams are encrypted with: those of the options, or the engine's own.
  KeyStore& key_store() const;

  // What has been counted: the metrics of AWS/Kinesis, and what is put beside them.
  Metrics& metrics() const;

  const EngineOptions& options() const;

 private:
  std::unique_ptr<internal::Account> account_;
};

}  // namespace riacho
