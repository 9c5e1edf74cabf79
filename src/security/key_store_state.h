// All that a key store is, as plain values. With the secret that its keys are derived from: who has
// the state has the keys.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "riacho/security/key_store.h"

namespace riacho::internal {

struct StoredKey {
  std::string key_id = {};
  KeyState state = KeyState::kEnabled;
  bool service_managed = false;
  bool gone = false;
  std::optional<std::int64_t> deletion_nanos = {};  // Unix; INT64_MAX: never
  std::uint64_t version = 0;
  // By principal: a bit for each KeyOperation.
  std::optional<std::map<std::string, std::uint8_t>> grants = {};
};

struct KeyStoreState {
  std::string secret = {};
  std::vector<StoredKey> keys = {};
  std::map<std::string, std::uint32_t> aliases = {};  // to places among the keys
  std::uint64_t data_keys = 0;
  bool opted_in = true;
  std::int64_t requests_per_second = 0;
  std::optional<std::uint64_t> requests = {};  // of the bucket, once it is used
  std::array<std::int64_t, kKeyOperationCount> request_counts = {};
};

// Why no key store can be in such a state; empty when one can.
std::string WhatIsWrong(const KeyStoreState& state);

}  // namespace riacho::internal
