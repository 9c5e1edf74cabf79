// Snapshots: a whole engine as a stream of bytes, and back.
//
//   std::stringstream world;
//   absl::Status saved = riacho::SaveSnapshot(engine, world);
//   ...
//   riacho::ManualClock clock(engine_time);
//   riacho::Engine again(clock);
//   absl::Status loaded = riacho::LoadSnapshot(world, again);
//
// For fixtures that are built once, and for failures that are to be looked at again. Not a way to
// survive a crash: nothing is written until somebody asks for it. Open files in binary mode.
//
// What is in it, and what is not: docs/guide/snapshots.md. Format: docs/internals/snapshot.md.
#pragma once

#include <istream>
#include <ostream>

#include "absl/status/status.h"

#include "riacho/engine/engine.h"

namespace riacho {

// Writes all that `engine` is: streams with shards, records, consumers, tags and policies, what is
// under way and when it ends, how full each limit is, the account's settings, the seal of tokens,
// and the key store, unless the engine was given one (EngineOptions::key_store). The engine is not
// changed; the same seed and calls give the same bytes.
//
// SECRET: the data keys in use are written as they are, also when the engine was given its key
// store, and the engine's own key store with its keys: whoever can read the snapshot can read the
// records in it that these have sealed.
//
// Not written: EngineOptions (limits and interceptors among them), clients, metrics, and
// subscriptions.
//
// Others may go on calling the engine. Of each shard, all records are written whose puts returned
// before this was called, and of those that are put meanwhile a prefix in the shard's order; of
// each stream the settings, shards and consumers are those of one moment. Different streams are
// saved at different moments, and the limits of a shard may have counted a put that is not in it.
//
// Thread-safe, but not beside a load of the same engine. Costs puts and reads nothing; each
// stream's control plane waits while its shards are listed, O(shards and segments), not while
// records are written. The memory of a stream's records stays in use until they are written,
// whatever expires or is deleted meanwhile.
// Errors: kInternalFailure (`out` did not take it all; what was written is of no use).
absl::Status SaveSnapshot(const Engine& engine, std::ostream& out);

// Makes `engine` what the saved one was: with the same options it does and answers from here on
// what that one would have, at the same times: sequence numbers, shard iterators and paging tokens
// that were handed out before included, whatever the seeds. Reads up to the snapshot's end, not
// behind it.
//
// A subscription does not come back: subscribe again, as after a lost connection. When that is
// allowed depends on the lost one (Limits::subscription_takeover). Metrics begin anew.
//
// All or nothing: on an error the engine is as it was. The content is checked, against accidents,
// by checksums, not against forgery: load only what you trust.
//
// Thread-safe, but not beside a SaveSnapshot of the same engine.
// Errors: kResourceInUse (the engine has streams: load into a new engine, or delete them),
//         kSerialization (no snapshot, of another version of the format, truncated or altered; says
//         at which byte), kInvalidArgument (account or region are not the engine's; the engine's
//         clock stands before the time of the snapshot; one of the engines was given its key store
//         and the other was not), kInternalFailure (more than EngineOptions::memory_budget).
absl::Status LoadSnapshot(std::istream& in, Engine& engine);

}  // namespace riacho
