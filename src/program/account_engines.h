// An engine for each account that calls, made when it first does.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

#include "riacho/client/client.h"
#include "riacho/engine/engine.h"
#include "riacho/time/clock.h"

namespace riacho::internal {

// Twelve digits.
bool IsAccountId(std::string_view text);

// Thread-safe.
class AccountEngines {
 public:
  // More have no engine.
  static constexpr std::size_t kMostAccounts = 1000;

  // The engine of the account that `options` name is made at once; those of others differ from it
  // in the account, and in the seed if there is one. `clock` must outlive this.
  AccountEngines(Clock& clock, const EngineOptions& options);
  AccountEngines(const AccountEngines&) = delete;
  AccountEngines& operator=(const AccountEngines&) = delete;

  // Of the account that the options name.
  Engine& engine() { return own_.engine; }
  Client& client() { return *own_.client; }

  // Lives as long as this. Null for what is no account's number, and beyond kMostAccounts.
  Client* ClientOf(std::string_view account_id) ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  struct Served {
    Served(Clock& clock, const EngineOptions& options)
        : engine(clock, options), client(engine.NewClient()) {}

    Engine engine;
    std::unique_ptr<Client> client;
  };

  Clock& clock_;
  Served own_;
  absl::Mutex mutex_;
  std::map<std::string, Served, std::less<>> others_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace riacho::internal
