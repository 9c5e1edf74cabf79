#include "engine/stream_registry.h"

#include <utility>

#include <xxhash.h>

namespace riacho::internal {

std::size_t StreamRegistry::NameHash::operator()(std::string_view name) const {
  return static_cast<std::size_t>(XXH3_64bits(name.data(), name.size()));
}

StreamRegistry::StreamRegistry() : table_(new Table) {}

StreamRegistry::~StreamRegistry() { delete table_.load(std::memory_order_acquire); }

Stream* StreamRegistry::Find(std::string_view name, std::int64_t now_nanos) const {
  const Table& table = *table_.load(std::memory_order_acquire);  // pairs with Publish
  const auto found = table.find(name);
  if (found == table.end()) return nullptr;
  Stream* const stream = found->second.get();
  stream->Settle(now_nanos);
  return stream->gone(now_nanos) ? nullptr : stream;
}

std::shared_ptr<Stream> StreamRegistry::Share(std::string_view name, std::int64_t now_nanos) {
  const absl::MutexLock lock(&mutex_);
  const auto found = streams_.find(name);
  if (found == streams_.end()) return nullptr;
  found->second->Settle(now_nanos);
  return found->second->gone(now_nanos) ? nullptr : found->second;
}

std::vector<std::shared_ptr<Stream>> StreamRegistry::List(std::int64_t now_nanos) {
  const absl::MutexLock lock(&mutex_);
  SettleLocked(now_nanos);
  std::vector<std::shared_ptr<Stream>> streams;
  for (const auto& [name, stream] : streams_) streams.push_back(stream);
  return streams;
}

void StreamRegistry::SettleLocked(std::int64_t now_nanos) {
  for (const auto& [name, stream] : streams_) stream->Settle(now_nanos);
  if (std::erase_if(streams_,
                    [now_nanos](const auto& entry) { return entry.second->gone(now_nanos); }) != 0)
    Publish();
}

void StreamRegistry::Publish() {
  auto* const table = new Table;
  table->reserve(streams_.size());
  for (const auto& [name, stream] : streams_) table->emplace(stream->name(), stream);
  const Table* const old = table_.exchange(table, std::memory_order_acq_rel);
  Epoch::Retire(const_cast<Table*>(old), [](void* object) { delete static_cast<Table*>(object); });
}

}  // namespace riacho::internal
