#include "engine/stream_registry.h"

#include <utility>

#include <xxhash.h>

namespace riacho::internal {

std::size_t StreamRegistry::NameHash::operator()(std::string_view name) const {
  return static_cast<std::size_t>(XXH3_64bits(name.data(), name.size()));
}

namespace {

// Where a thread has found a stream. Valid as long as the registry shows the same version.
struct Remembered {
  std::uint64_t version = 0;
  Stream* stream = nullptr;
};
constexpr std::size_t kRemembered = 64;
constinit thread_local Remembered t_remembered[kRemembered] = {};

// Names that are alike differ at their ends, if anywhere.
std::size_t SlotOf(std::string_view name) {
  if (name.empty()) return 0;
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(name[i]); };
  return (name.size() + at(name.size() - 1) + 7U * at(name.size() / 2)) % kRemembered;
}

std::uint64_t NextVersion() {
  static constinit std::atomic<std::uint64_t> last = 0;
  return last.fetch_add(1, std::memory_order_relaxed) + 1;
}

}  // namespace

StreamRegistry::StreamRegistry() : table_(new Table), version_(NextVersion()) {}

StreamRegistry::~StreamRegistry() { delete table_.load(std::memory_order_acquire); }

Stream* StreamRegistry::Find(std::string_view name, std::int64_t now_nanos) const {
  // Acquire: whoever sees a version sees its table, or a later one. While a version is seen inside
  // a guard, the streams of its table are there.
  const std::uint64_t version = version_.load(std::memory_order_acquire);
  Remembered& remembered = t_remembered[SlotOf(name)];
  Stream* stream = remembered.stream;
  if (remembered.version != version || stream == nullptr || stream->name() != name) {
    const Table& table = *table_.load(std::memory_order_acquire);  // pairs with Publish
    const auto found = table.find(name);
    if (found == table.end()) return nullptr;
    stream = found->second.get();
    remembered = {.version = version, .stream = stream};
  }
  return Settled(stream, now_nanos);
}

Stream* StreamRegistry::FindArn(std::string_view arn, std::int64_t now_nanos) const {
  const std::uint64_t version = version_.load(std::memory_order_acquire);  // as in Find
  Remembered& remembered = t_remembered[SlotOf(arn)];
  Stream* stream = remembered.stream;
  if (remembered.version != version || stream == nullptr || stream->arn() != arn) {
    stream = Find(arn.substr(arn.rfind('/') + 1), now_nanos);
    if (stream == nullptr || stream->arn() != arn) return nullptr;
    remembered = {.version = version, .stream = stream};
  }
  return Settled(stream, now_nanos);
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
  version_.store(NextVersion(), std::memory_order_release);
  Epoch::Retire(const_cast<Table*>(old), [](void* object) { delete static_cast<Table*>(object); });
}

}  // namespace riacho::internal
