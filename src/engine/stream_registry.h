// The streams of an account by name.
//
// Progress: Find is lock-free and costs one hash, or none for a name that the thread has found
// before; what changes the registry takes its mutex and
// replaces the table that readers look at.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"

#include "base/epoch.h"
#include "stream/stream.h"

namespace riacho::internal {

class StreamRegistry {
 public:
  using Streams = std::map<std::string, std::shared_ptr<Stream>, std::less<>>;

  StreamRegistry();
  StreamRegistry(const StreamRegistry&) = delete;
  StreamRegistry& operator=(const StreamRegistry&) = delete;
  ~StreamRegistry();

  // The stream of that name, settled; null when there is none or its deletion is complete. The
  // caller holds an EpochGuard for as long as it uses the stream.
  Stream* Find(std::string_view name, std::int64_t now_nanos) const;

  // The same by ARN, exactly as the stream's own.
  Stream* FindArn(std::string_view arn, std::int64_t now_nanos) const;

  // The same for those who keep it: null, or shared ownership.
  std::shared_ptr<Stream> Share(std::string_view name, std::int64_t now_nanos);

  // Calls make(streams), with all streams there are, settled, under the registry's mutex; adds the
  // stream it answers.
  template <typename Make>
  absl::Status Add(std::int64_t now_nanos, Make&& make) {
    const absl::MutexLock lock(&mutex_);
    SettleLocked(now_nanos);
    absl::StatusOr<std::shared_ptr<Stream>> stream = make(streams_);
    if (!stream.ok()) return stream.status();
    streams_.insert_or_assign((*stream)->name(), std::move(*stream));
    Publish();
    return absl::OkStatus();
  }

  // Calls body(streams) in the same way and answers what it answers: for what depends on the
  // account's other streams, and must not be overtaken by a change of them.
  template <typename Body>
  auto Visit(std::int64_t now_nanos, Body&& body) {
    const absl::MutexLock lock(&mutex_);
    SettleLocked(now_nanos);
    return body(std::as_const(streams_));
  }

  // All streams, settled, ascending by name.
  std::vector<std::shared_ptr<Stream>> List(std::int64_t now_nanos);

  // All streams as they are, those included that are about to be forgotten.
  Streams Unsettled() {
    const absl::MutexLock lock(&mutex_);
    return streams_;
  }

  // Takes these streams, which nobody finds before install() has been called; false, and nothing
  // done, when there are streams already.
  template <typename Install>
  bool Fill(std::int64_t now_nanos, Streams streams, Install&& install) {
    const absl::MutexLock lock(&mutex_);
    SettleLocked(now_nanos);
    if (!streams_.empty()) return false;
    install();
    streams_ = std::move(streams);
    Publish();
    return true;
  }

 private:
  static Stream* Settled(Stream* stream, std::int64_t now_nanos) {
    stream->Settle(now_nanos);
    return stream->gone(now_nanos) ? nullptr : stream;
  }

  struct NameHash {
    std::size_t operator()(std::string_view name) const;
  };
  using Table = absl::flat_hash_map<std::string_view, std::shared_ptr<Stream>,
                                    NameHash>;  // keys: the streams' names

  void SettleLocked(std::int64_t now_nanos) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Publish() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  std::atomic<const Table*> table_;
  // Names what table_ shows, among the tables of all registries; stored after it.
  std::atomic<std::uint64_t> version_;
  absl::Mutex mutex_;  // taken before a stream's
  Streams streams_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace riacho::internal
