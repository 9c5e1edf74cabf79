#include "security/key_store_state.h"

#include <algorithm>

namespace riacho::internal {
namespace {

constexpr std::size_t kSecretBytes = 32;

}  // namespace

std::string WhatIsWrong(const KeyStoreState& state) {
  if (state.secret.size() != kSecretBytes) return "secret";
  if (state.keys.empty() || !state.keys.front().service_managed) return "service-managed key";
  if (std::ranges::any_of(state.aliases, [&state](const auto& alias) {
        return alias.second >= state.keys.size();
      })) {
    return "aliases";
  }
  if (state.requests_per_second < 0 ||
      (state.requests.has_value() && state.requests_per_second == 0)) {
    return "request quota";
  }
  return "";
}

}  // namespace riacho::internal
