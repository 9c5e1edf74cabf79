// What happened in a simulation: a hash of everything, and the last events to look at.
#pragma once

#include <cstddef>
#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"

#include "riacho/model/operation.h"

namespace riacho::internal {

// Thread-compatible.
class Trace {
 public:
  // Keeps the last `kept` events; writes each to `lines`, if that is not null.
  Trace(std::size_t kept, std::ostream* lines) : kept_(kept), lines_(lines) {}

  // A process runs: counts for the hash, and is not kept. Numbers of processes begin at 1; 0 is
  // the test.
  void Run(std::int64_t unix_nanos, std::uint32_t process);
  // `who` must outlive the trace.
  void Call(std::int64_t unix_nanos, std::uint32_t process, const std::string& who,
            Operation operation, const absl::Status& status);
  void Note(std::int64_t unix_nanos, std::uint32_t process, const std::string& who,
            std::string_view text);

  std::uint64_t hash() const { return hash_; }

  // The events that are kept, a line each, oldest first.
  std::string LastEvents() const;

 private:
  struct Event {
    std::int64_t unix_nanos = 0;
    const std::string* who = nullptr;
    std::string text = {};
  };

  void Mix(std::int64_t unix_nanos, std::uint32_t process, std::string_view text);
  void Keep(std::int64_t unix_nanos, const std::string& who, std::string_view operation,
            std::string_view text);

  const std::size_t kept_;
  std::ostream* const lines_;
  std::uint64_t hash_ = 0;
  std::vector<Event> events_;  // a ring once it is full
  std::size_t oldest_ = 0;
};

}  // namespace riacho::internal
