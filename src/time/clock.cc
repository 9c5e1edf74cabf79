#include "riacho/time/clock.h"

#include "absl/time/clock.h"

namespace riacho {
namespace {

class RealTimeClock final : public Clock {
 public:
  absl::Time TimeNow() override { return absl::FromUnixNanos(UnixNanosNow()); }
  std::int64_t UnixNanosNow() override { return absl::GetCurrentTimeNanos(); }

  bool WaitUntil(WakeEvent& event, absl::Time deadline) override {
    if (event.TryConsume()) return true;
    // ToUnixNanos turns an infinite deadline into the largest integer, which is
    // WakeEvent::kNoDeadline.
    const std::int64_t deadline_unix_nanos = absl::ToUnixNanos(deadline);
    while (absl::GetCurrentTimeNanos() < deadline_unix_nanos) {
      if (event.WaitUntilRealTime(deadline_unix_nanos)) return true;
    }
    return event.TryConsume();
  }
};

}  // namespace

Clock::~Clock() = default;

std::int64_t Clock::UnixNanosNow() { return absl::ToUnixNanos(TimeNow()); }

Clock& SystemClock() {
  static Clock& clock = *new RealTimeClock();
  return clock;
}

}  // namespace riacho
