// All that an account is besides its streams, as plain values.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/call_rates.h"
#include "engine/commitment.h"
#include "engine/record_encryption.h"
#include "security/key_store_state.h"

namespace riacho::internal {

struct AccountState {
  std::string account_id = {};
  std::string region = {};
  std::int64_t saved_at_nanos = 0;  // Unix
  std::uint64_t token_key = 0;
  std::uint64_t last_incarnation = 0;
  bool has_resource_policies = false;
  std::vector<CallRates::Bucket> call_rates = {};
  Commitment::State commitment = {};
  std::map<std::string, std::vector<std::int64_t>> mode_switches = {};
  RecordEncryption::State encryption = {};
  std::optional<KeyStoreState> key_store = {};  // without one: it was somebody else's
  std::uint32_t stream_count = 0;
};

// Why no account can be in such a state; empty when one can.
std::string WhatIsWrong(const AccountState& state);

}  // namespace riacho::internal
