#include "riacho/model/record_batch.h"

#include <utility>

namespace riacho {

RecordBatch::RecordBatch(RecordBatch&& other) noexcept
    : records_(std::move(other.records_)),
      first_pins_(other.first_pins_),
      pin_count_(std::exchange(other.pin_count_, 0)),
      more_pins_(std::move(other.more_pins_)) {
  other.records_.clear();
  other.more_pins_.clear();
}

RecordBatch& RecordBatch::operator=(RecordBatch&& other) noexcept {
  if (this == &other) return *this;
  ReleaseAll();
  records_ = std::move(other.records_);
  first_pins_ = other.first_pins_;
  pin_count_ = std::exchange(other.pin_count_, 0);
  more_pins_ = std::move(other.more_pins_);
  other.records_.clear();
  other.more_pins_.clear();
  return *this;
}

RecordBatch::~RecordBatch() { ReleaseAll(); }

void RecordBatch::Keep(void* object, void (*release)(void* object)) {
  const Pin pin = {.object = object, .release = release};
  if (pin_count_ < first_pins_.size()) {
    first_pins_[pin_count_++] = pin;
  } else {
    more_pins_.push_back(pin);
  }
}

void RecordBatch::ReleaseAll() {
  for (std::size_t i = 0; i < pin_count_; ++i) first_pins_[i].release(first_pins_[i].object);
  for (const Pin& pin : more_pins_) pin.release(pin.object);
}

}  // namespace riacho
