#include "program/account_engines.h"

#include <charconv>
#include <cstdint>

namespace riacho::internal {
namespace {

// With the same seed an account would take the iterators of another.
EngineOptions OptionsOf(const EngineOptions& options, std::string_view account_id) {
  EngineOptions other = options;
  other.account_id = account_id;
  if (other.seed.has_value()) {
    std::uint64_t number = 0;
    std::from_chars(account_id.data(), account_id.data() + account_id.size(), number);
    *other.seed += number;
  }
  return other;
}

}  // namespace

bool IsAccountId(std::string_view text) {
  return text.size() == 12 && text.find_first_not_of("0123456789") == std::string_view::npos;
}

AccountEngines::AccountEngines(Clock& clock, const EngineOptions& options)
    : clock_(clock), own_(clock, options) {}

Client* AccountEngines::ClientOf(std::string_view account_id) {
  const EngineOptions& options = own_.engine.options();
  if (account_id == options.account_id) return own_.client.get();
  if (!IsAccountId(account_id)) return nullptr;
  const absl::MutexLock lock(&mutex_);
  auto found = others_.find(account_id);
  if (found == others_.end()) {
    if (others_.size() + 1 >= kMostAccounts) return nullptr;
    const EngineOptions other = OptionsOf(options, account_id);
    found = others_.try_emplace(other.account_id, clock_, other).first;
  }
  return found->second.client.get();
}

}  // namespace riacho::internal
