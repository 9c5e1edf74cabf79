#include "telemetry/meter.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/synchronization/mutex.h"

#include "base/check.h"

namespace riacho::internal {
namespace {

StatisticSet SamplesOf(const StatisticSet& taken, MeterRow::Sample sample) {
  const double count = taken.sample_count;
  switch (sample) {
    case MeterRow::Sample::kValue:
      return taken;
    case MeterRow::Sample::kOne:
      return {.sample_count = count, .sum = count, .minimum = 1, .maximum = 1};
    case MeterRow::Sample::kZero:
      return {.sample_count = count};
  }
  return taken;
}

}  // namespace

StatisticSet Tally::Take() {
  const std::int64_t count = count_.load(std::memory_order_acquire);  // pairs with Add
  const std::int64_t sum = sum_.load(std::memory_order_relaxed);
  if (count == taken_count_) return {};
  const auto as_double = [](std::int64_t value) { return static_cast<double>(value); };
  return {.sample_count = as_double(count - std::exchange(taken_count_, count)),
          .sum = as_double(sum - std::exchange(taken_sum_, sum)),
          .minimum = as_double(minimum_.load(std::memory_order_relaxed)),
          .maximum = as_double(maximum_.load(std::memory_order_relaxed))};
}

void Tally::Clear() {
  count_.store(0, std::memory_order_relaxed);
  sum_.store(0, std::memory_order_relaxed);
  minimum_.store(INT64_MAX, std::memory_order_relaxed);
  maximum_.store(INT64_MIN, std::memory_order_relaxed);
  taken_count_ = 0;
  taken_sum_ = 0;
}

Meter::Meter(std::shared_ptr<MetricTable> table, std::span<const MeterRow> rows,
             std::string_view metric_namespace, std::vector<Dimension> dimensions,
             std::span<const std::string_view> latency_names)
    : table_(std::move(table)),
      rows_(rows),
      latency_names_(latency_names),
      tallies_(rows.empty() ? 0 : rows.back().tally + 1),
      metric_namespace_(metric_namespace),
      dimensions_(std::move(dimensions)),
      series_(rows.size() + latency_names.size(), nullptr) {
  const absl::MutexLock lock(&table_->mutex());
  table_->Attach(*this);
}

Meter::~Meter() {
  {
    const absl::MutexLock lock(&table_->mutex());
    if (!table_->closed()) Report();
    table_->Detach(*this);
    for (Series* const series : series_) {
      if (series != nullptr) --series->meters;
    }
  }
  VisitPlaces([](const Place& place) { DeleteChain(place.present.load()); });
  for (const std::atomic<Place*>& row : far_) delete[] row.load();
}

Meter::Place& Meter::FindPlace(std::uint32_t slot) {
  if (slot < kNear) return near_[slot];
  const auto row = static_cast<std::size_t>(std::bit_width(slot / kNear) - 1);
  RIACHO_CHECK(row < kFarRows, slot);
  const std::uint32_t length = kNear << row;
  Place* places = far_[row].load(std::memory_order_acquire);
  if (places == nullptr) {
    auto made = std::make_unique<Place[]>(length);
    if (far_[row].compare_exchange_strong(places, made.get(), std::memory_order_acq_rel))
      places = made.release();
  }
  return places[slot - length];
}

template <typename Visit>
void Meter::VisitPlaces(Visit&& visit) {
  for (Place& place : near_) visit(place);
  for (std::size_t row = 0; row < kFarRows; ++row) {
    Place* const places = far_[row].load(std::memory_order_acquire);
    for (std::size_t i = 0; places != nullptr && i < (std::size_t{kNear} << row); ++i)
      visit(places[i]);
  }
}

Meter::Block* Meter::SpareOrNewBlock(Block* present) const {
  Block* const spare =
      present == nullptr
          ? nullptr
          : present->spares.exchange(nullptr, std::memory_order_acquire);  // pairs with Recycle
  if (spare == nullptr) {
    return new Block{.tallies = std::make_unique<Tally[]>(tallies_),
                     .latencies = latency_names_.empty()
                                      ? nullptr
                                      : std::make_unique<LatencyTally[]>(latency_names_.size())};
  }
  spare->spares.store(spare->older.load(std::memory_order_relaxed), std::memory_order_relaxed);
  std::for_each_n(spare->tallies.get(), tallies_, [](Tally& tally) { tally.Clear(); });
  std::for_each_n(spare->latencies.get(), latency_names_.size(),
                  [](LatencyTally& tally) { tally.Clear(); });
  return spare;
}

void Meter::BeginMinute(Place& mine, std::int64_t now_nanos) {
  Block* const older = mine.present.load(std::memory_order_relaxed);
  Block* const block = SpareOrNewBlock(older);
  block->begin_nanos = now_nanos - now_nanos % kNanosPerMinute;
  block->older.store(older, std::memory_order_relaxed);
  mine.begin_nanos = block->begin_nanos;
  mine.tallies = block->tallies.get();
  mine.present.store(block, std::memory_order_release);  // pairs with ReportPlace
  const bool several = older != nullptr && older->older.load(std::memory_order_relaxed) != nullptr;
  if (several && table_->mutex().TryLock()) {
    ReportPlace(mine);
    table_->mutex().Unlock();
  }
}

void Meter::Report() {
  VisitPlaces([this](const Place& place) {
    table_->mutex().AssertHeld();
    ReportPlace(place);
  });
}

Series& Meter::SeriesAt(std::size_t place) {
  if (series_[place] == nullptr) {
    const bool latency = place >= rows_.size();
    const std::string_view name =
        latency ? latency_names_[place - rows_.size()] : rows_[place].metric_name;
    series_[place] =
        &table_->SeriesOf({.metric = {.metric_namespace = metric_namespace_,
                                      .metric_name = std::string(name),
                                      .dimensions = dimensions_},
                           .unit = latency ? StandardUnit::kMilliseconds : rows_[place].unit});
    ++series_[place]->meters;
  }
  return *series_[place];
}

void Meter::ReportPlace(const Place& place) {
  Block* const present = place.present.load(std::memory_order_acquire);  // pairs with BeginMinute
  if (present == nullptr) return;
  Block* const older = present->older.exchange(nullptr, std::memory_order_relaxed);
  for (const Block* block = older; block != nullptr; block = block->older) ReportBlock(*block);
  ReportBlock(*present);
  Recycle(older, *present);
}

void Meter::ReportBlock(const Block& block) {
  const std::int64_t minute = block.begin_nanos / kNanosPerMinute;
  StatisticSet taken;
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    const MeterRow& row = rows_[i];
    if (i == 0 || row.tally != rows_[i - 1].tally) taken = block.tallies[row.tally].Take();
    if (taken.sample_count != 0) table_->Add(SeriesAt(i), minute, SamplesOf(taken, row.sample));
  }
  for (std::size_t i = 0; i < latency_names_.size(); ++i) {
    const LatencyHistogram latencies = block.latencies[i].Take();
    if (latencies.count() != 0) table_->Add(SeriesAt(rows_.size() + i), minute, latencies);
  }
}

// Keeps two of the blocks, which are nobody's any more: as many as a thread needs that reports
// every other minute.
void Meter::Recycle(Block* blocks, Block& present) {
  if (blocks == nullptr) return;
  for (Block* block = blocks; block != nullptr; block = block->older)
    DeleteChain(block->spares.exchange(nullptr, std::memory_order_relaxed));
  if (Block* const second = blocks->older.load(std::memory_order_relaxed); second != nullptr)
    DeleteChain(second->older.exchange(nullptr, std::memory_order_relaxed));
  Block* none = nullptr;
  if (!present.spares.compare_exchange_strong(none, blocks, std::memory_order_release,
                                              std::memory_order_relaxed)) {
    DeleteChain(blocks);
  }
}

void Meter::DeleteChain(Block* block) {
  while (block != nullptr) {
    Block* const older = block->older.load(std::memory_order_relaxed);
    DeleteChain(block->spares.load(std::memory_order_relaxed));
    delete block;
    block = older;
  }
}

}  // namespace riacho::internal
