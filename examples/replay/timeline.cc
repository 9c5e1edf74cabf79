#include "replay/timeline.h"

#include <algorithm>

namespace replay {

absl::Duration Timeline::RestFor(absl::Duration length, absl::Duration retention) {
  return std::max(retention - length / 2, absl::ZeroDuration());
}

absl::Time Timeline::StreamTime(absl::Time event_time) const {
  const absl::Duration replayed = (event_time - first_event_) / speed_up_;
  return start_ + replayed + (replayed < length_ / 2 ? absl::ZeroDuration() : rest_);
}

absl::Time Timeline::EventTime(absl::Time stream_time) const {
  absl::Duration replayed = std::min(stream_time, rest_begin()) - start_;
  if (stream_time > rest_end()) replayed += stream_time - rest_end();
  return first_event_ + std::clamp(replayed, absl::ZeroDuration(), length_) * speed_up_;
}

absl::Time Timeline::At(double part) const {
  const absl::Duration replayed = length_ * part;
  return start_ + replayed + (replayed < length_ / 2 ? absl::ZeroDuration() : rest_);
}

}  // namespace replay
