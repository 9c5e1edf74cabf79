#include "shard/interleaving/log_world.h"

#include <algorithm>
#include <string_view>

namespace riacho::internal {

LogWorld::LogWorld(std::uint32_t places, std::uint32_t frames, int most_segments)
    : source_(std::make_shared<SmallSegmentSource<CheckedAtomics, CheckedMemory>>(
          places, frames * kFrameBytes, most_segments)),
      log_(std::in_place, source_) {}

void LogWorld::Write(std::size_t writer, int count, std::int64_t arrival_millis) {
  if (judge().fault() == Fault::kSealWithoutAbandon)
    judge().LeaveOutAbandon();  // writers help a seal
  std::uint64_t last = 0;
  for (int i = 0; i < count; ++i) {
    const std::string data{static_cast<char>('a' + writer), static_cast<char>('0' + i)};
    const std::uint64_t began = judge().now();
    const AppendResult result = log_->Append("", data, arrival_millis);
    const std::uint64_t ended = judge().now();
    if (result.outcome == AppendOutcome::kNoMemory) {
      ++refused_;
      continue;
    }
    if (result.outcome == AppendOutcome::kSealed) {
      judge().Expect(seal_began_ < ended, "told 'sealed' before any seal");
      return;
    }
    judge().Expect(result.index > last, "a writer's indexes do not rise");
    last = result.index;
    Acknowledge({.writer = writer,
                 .began = began,
                 .ended = ended,
                 .arrival_millis = arrival_millis,
                 .index = result.index,
                 .data = data});
  }
}

void LogWorld::WriteGroups(std::size_t writer, const std::vector<int>& sizes,
                           std::int64_t arrival_millis) {
  if (judge().fault() == Fault::kSealWithoutAbandon)
    judge().LeaveOutAbandon();  // writers help a seal
  int number = 0;
  for (const int size : sizes) {
    std::vector<std::string> group;
    for (int i = 0; i < size; ++i, ++number)
      group.push_back({static_cast<char>('a' + writer), static_cast<char>('0' + number)});
    std::vector<std::uint64_t> indexes;
    const std::uint64_t began = judge().now();
    const AppendOutcome outcome = log_->AppendGroup(
        group.size(), [&](std::size_t i) { return NewRecord{.data = group[i]}; }, arrival_millis,
        [&](std::size_t i, std::uint64_t index) {
          judge().Expect(i == indexes.size(), "a group is not stored in its order");
          judge().Expect(indexes.empty() || indexes.back() < index,
                         "a group's indexes do not rise");
          indexes.push_back(index);
        });
    const std::uint64_t ended = judge().now();
    judge().Expect((outcome == AppendOutcome::kAppended) == (indexes.size() == group.size()),
                   "a group's outcome is not that of its last record");
    for (std::size_t i = 0; i < indexes.size(); ++i) {
      Acknowledge({.writer = writer,
                   .began = began,
                   .ended = ended,
                   .arrival_millis = arrival_millis,
                   .index = indexes[i],
                   .data = group[i]});
    }
    if (outcome == AppendOutcome::kSealed)
      judge().Expect(seal_began_ < ended, "told 'sealed' before any seal");
    if (outcome == AppendOutcome::kNoMemory) ++refused_;
    if (outcome != AppendOutcome::kAppended) return;
  }
}

void LogWorld::Acknowledge(const Written& record) {
  judge().Note("appended " + record.data + " at " + std::to_string(record.index));
  judge().Expect(record.began < sealed_at_, "an append that began after the seal succeeded");
  written_.push_back(record);
  std::vector<std::string>& data = acknowledged_data_[record.writer];
  data.push_back(record.data);
  acknowledged_[record.writer].store(static_cast<std::uint32_t>(data.size()),
                                     std::memory_order_release);
}

ScanEnd LogWorld::ScanOnce(Reader& reader, bool glance) {
  const ScanEnd end =
      log_->Scan(reader.next_index, nullptr, horizon_, glance,
                 [&reader](Segment&, std::uint64_t index, const FrameView& frame) {
                   judge().Expect(reader.seen.empty() || reader.seen.back().index < index,
                                  "read out of order, or twice");
                   reader.seen.push_back({.index = index, .data = std::string(frame.data)});
                   judge().Note("saw " + reader.seen.back().data + " at " + std::to_string(index));
                   return true;
                 });
  if (end == ScanEnd::kEndOfShard) {
    judge().Expect(seal_began_ < judge().now(), "end of a shard that nobody seals");
    reader.ended = true;
  }
  return end;
}

void LogWorld::Read(int scans, bool glance) {
  if (judge().fault() == Fault::kReadWithoutAbandon) judge().LeaveOutAbandon();
  Reader reader;
  for (int i = 0; i < scans; ++i) {
    std::vector<std::string> expected;
    for (std::size_t writer = 0; writer < kMostWriters; ++writer) {
      const std::uint32_t count = acknowledged_[writer].load(std::memory_order_acquire);
      for (std::uint32_t k = 0; k < count; ++k) expected.push_back(acknowledged_data_[writer][k]);
    }
    const ScanEnd end = ScanOnce(reader, glance);
    if ((!glance || end == ScanEnd::kEndOfShard) && horizon_ == INT64_MIN) {
      for (const std::string& data : expected) {
        judge().Expect(std::any_of(reader.seen.begin(), reader.seen.end(),
                                   [&](const Seen& seen) { return seen.data == data; }),
                       "acknowledged, but not seen by a reader that starts after");
      }
    }
    if (end == ScanEnd::kEndOfShard) break;
  }
  readers_.push_back(std::move(reader));
}

namespace {

class FlagWaiter final : public Waiter {
 public:
  explicit FlagWaiter(bool& signalled) : signalled_(signalled) {}
  void Signal() override { signalled_ = true; }

 private:
  bool& signalled_;
};

}  // namespace

void LogWorld::ReadAsleep(std::size_t count) {
  bool signalled = false;
  auto* const waiter = new FlagWaiter(signalled);
  Reader reader;
  while (reader.seen.size() < count && !reader.ended) {
    const std::size_t before = reader.seen.size();
    if (ScanOnce(reader, false) == ScanEnd::kEndOfShard || reader.seen.size() != before) continue;
    signalled = false;
    log_->AddWaiter(waiter);
    ScanOnce(reader, false);
    if (reader.seen.size() != before || reader.ended) continue;
    judge().Note("sleeps");
    judge().WaitUntil([&signalled] { return signalled; });
  }
  log_->SignalWaiters();
  waiter->Release();
  readers_.push_back(std::move(reader));
}

void LogWorld::Pin() {
  std::vector<Segment*> pins;
  std::vector<std::string_view> views;
  Reader reader;
  log_->Scan(reader.next_index, nullptr, INT64_MIN, false,
             [&](Segment& segment, std::uint64_t index, const FrameView& frame) {
               if (pins.empty() || pins.back() != &segment) {
                 if (!segment.TryPin()) return false;
                 pins.push_back(&segment);
               }
               views.push_back(frame.data);
               reader.seen.push_back({.index = index, .data = std::string(frame.data)});
               return true;
             });
  std::uint64_t index = 0;  // takes steps, in which the others may trim
  log_->Scan(index, pins.empty() ? nullptr : pins.back(), INT64_MIN, false,
             [](Segment&, std::uint64_t, const FrameView&) { return true; });
  for (std::size_t i = 0; i < views.size(); ++i) {
    CheckedAtomics::PlainRead(views[i].data(), views[i].size());
    judge().Expect(views[i] == reader.seen[i].data, "a pinned record changed");
  }
  for (Segment* const segment : pins) segment->Unpin();
  if (horizon_ == INT64_MIN) readers_.push_back(std::move(reader));
}

void LogWorld::Seal() {
  if (judge().fault() == Fault::kSealWithoutAbandon) judge().LeaveOutAbandon();
  seal_began_ = std::min(seal_began_, judge().now());
  log_->Seal();
  judge().Note("sealed");
  sealed_at_ = std::min(sealed_at_, judge().now());
  judge().Expect(log_->sealed(), "not sealed after the seal");
  const std::uint64_t end_index = log_->EndIndex();
  if (!end_index_.has_value()) end_index_ = end_index;
  judge().Expect(*end_index_ == end_index, "the end of a sealed log has moved");
}

void LogWorld::Trim(std::int64_t horizon_millis) {
  if (judge().fault() == Fault::kTrimWithoutAbandon) judge().LeaveOutAbandon();
  horizon_ = std::max(horizon_, horizon_millis);
  log_->Trim(horizon_millis);
}

void LogWorld::CheckOrder() const {
  for (const Written& a : written_) {
    judge().Expect(!end_index_.has_value() || a.index < *end_index_,
                   "a record behind the end of the sealed log");
    for (const Written& b : written_) {
      if (&a != &b) judge().Expect(a.index != b.index, "two records of one index");
      if (a.ended < b.began)
        judge().Expect(a.index < b.index, "an append that returned first stands behind");
    }
  }
}

// What a reader has passed is final: it saw exactly the records up to where it stands.
void LogWorld::CheckReader(const Reader& reader) const {
  std::vector<Written> passed;
  for (const Written& record : written_) {
    if (reader.ended || record.index < reader.next_index) passed.push_back(record);
  }
  std::sort(passed.begin(), passed.end(),
            [](const Written& a, const Written& b) { return a.index < b.index; });
  if (horizon_ != INT64_MIN) {
    // What is older than the horizon may be gone, and may have been seen before that.
    std::erase_if(passed,
                  [this](const Written& record) { return record.arrival_millis < horizon_; });
  }
  auto seen = reader.seen.begin();
  for (const Written& record : passed) {
    while (seen != reader.seen.end() && seen->index < record.index) {
      judge().Expect(horizon_ != INT64_MIN, "saw what nobody has written");
      ++seen;
    }
    const bool found =
        seen != reader.seen.end() && seen->index == record.index && seen->data == record.data;
    judge().Expect(found, "passed " + record.data + " without seeing it");
    if (found) ++seen;
  }
  judge().Expect(seen == reader.seen.end() || horizon_ != INT64_MIN, "saw what nobody has written");
}

void LogWorld::Finish() {
  CheckOrder();
  Reader late;
  const ScanEnd end = ScanOnce(late, false);
  judge().Expect((end == ScanEnd::kEndOfShard) == (sealed_at_ != UINT64_MAX), "a wrong end");
  late.next_index = UINT64_MAX;
  readers_.push_back(std::move(late));
  for (const Reader& reader : readers_) CheckReader(reader);
  if (end_index_.has_value()) {
    judge().Expect(log_->EndIndex() == *end_index_, "the end of a sealed log has moved");
    judge().Expect(log_->Append("", "late", 0).outcome == AppendOutcome::kSealed,
                   "appended behind the seal");
  }
  log_.reset();
}

}  // namespace riacho::internal
