// Records on their way to a reader, without a copy.
//
//   for (const Record& record : response->records) Handle(record.partition_key, record.data);
//
// The batch keeps alive what its records point to: they stay valid until the batch is destroyed,
// even if the records have been trimmed, the shard closed, the stream deleted or the engine
// destroyed in the meantime. Copy the bytes out of what must live longer.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "riacho/base/recycled_allocator.h"
#include "riacho/model/record.h"

namespace riacho {

// Move-only. Thread-compatible: a batch may be read from several threads at once and destroyed on
// any.
class RecordBatch {
 public:
  using value_type = Record;
  using const_iterator = const Record*;
  using iterator = const_iterator;

  RecordBatch() = default;
  RecordBatch(RecordBatch&& other) noexcept;
  RecordBatch& operator=(RecordBatch&& other) noexcept;
  RecordBatch(const RecordBatch&) = delete;
  RecordBatch& operator=(const RecordBatch&) = delete;
  ~RecordBatch();

  std::size_t size() const { return records_.size(); }
  bool empty() const { return records_.empty(); }
  const Record& operator[](std::size_t i) const { return records_[i]; }
  const Record& front() const { return records_.front(); }
  const Record& back() const { return records_.back(); }
  const_iterator begin() const { return records_.data(); }
  const_iterator end() const { return records_.data() + records_.size(); }
  std::span<const Record> records() const { return records_; }

  // For those who fill batches: room for `count` records; one more record; other data for record
  // `i`; an object that the records point into, released by release(object) when the batch is
  // destroyed.
  void Reserve(std::size_t count) { records_.reserve(count); }
  void Add(const Record& record) { records_.push_back(record); }
  void SetData(std::size_t i, std::string_view data) { records_[i].data = data; }
  void Keep(void* object, void (*release)(void* object));

 private:
  struct Pin {
    void* object = nullptr;
    void (*release)(void* object) = nullptr;
  };

  void ReleaseAll();

  std::vector<Record, RecycledAllocator<Record>> records_;
  std::array<Pin, 2> first_pins_ =
      {};  // most pages lie in one or two segments: no allocation for those
  std::size_t pin_count_ = 0;
  std::vector<Pin> more_pins_;
};

}  // namespace riacho
