#include "riacho/engine/engine.h"

#include <utility>

#include "engine/account.h"
#include "telemetry/metric_table.h"

namespace riacho {

Engine::Engine(Clock& clock, EngineOptions options)
    : account_(std::make_unique<internal::Account>(clock, std::move(options))) {}

Engine::~Engine() = default;

void Engine::Settle() {
  account_->ReclaimMemory(account_->NowNanos());
  account_->metrics.table()->Collect();
}

std::int64_t Engine::memory_used() const { return account_->memory->used_bytes(); }

KeyStore& Engine::key_store() const { return *account_->key_store; }

Metrics& Engine::metrics() const { return account_->metrics; }

const EngineOptions& Engine::options() const { return account_->options; }

}  // namespace riacho
