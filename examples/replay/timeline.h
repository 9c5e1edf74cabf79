// When the stream sees what happened when: event time, made faster, with a rest in the middle.
#pragma once

#include "absl/time/time.h"

namespace replay {

// The events before the middle of the file come in the first half, the others in the second;
// between the halves the stream rests. Immutable, so any thread may ask.
class Timeline {
 public:
  // A rest so long that, while the second half comes in, the first half passes the age of
  // `retention`: what is being read then is new, what is being trimmed is old. No rest if the
  // replay itself takes that long.
  static absl::Duration RestFor(absl::Duration length, absl::Duration retention);

  Timeline(absl::Time start, absl::Time first_event, absl::Duration length, double speed_up,
           absl::Duration rest)
      : start_(start),
        first_event_(first_event),
        length_(length),
        speed_up_(speed_up),
        rest_(rest) {}

  absl::Time start() const { return start_; }
  absl::Time rest_begin() const { return start_ + length_ / 2; }
  absl::Time rest_end() const { return rest_begin() + rest_; }
  absl::Time end() const { return start_ + length_ + rest_; }
  absl::Duration length() const { return length_; }  // without the rest
  absl::Duration rest() const { return rest_; }

  absl::Time StreamTime(absl::Time event_time) const;
  absl::Time EventTime(absl::Time stream_time) const;

  // The time at which `part` (0 to 1) of the events' time has been replayed.
  absl::Time At(double part) const;

 private:
  absl::Time start_;
  absl::Time first_event_;
  absl::Duration length_;
  double speed_up_;
  absl::Duration rest_;
};

}  // namespace replay
