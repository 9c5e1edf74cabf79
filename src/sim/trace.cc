#include "sim/trace.h"

#include <array>

#include "absl/time/time.h"
#include <xxhash.h>

#include "riacho/model/error.h"

namespace riacho::internal {
namespace {

// "ok", or what went wrong.
std::string_view WordFor(const absl::Status& status) {
  if (status.ok()) return "ok";
  if (const std::optional<ErrorCode> code = GetErrorCode(status); code.has_value())
    return ErrorCodeName(*code);
  return absl::IsDeadlineExceeded(status) ? "timed out" : "failed";
}

std::string Line(std::int64_t unix_nanos, const std::string& who, std::string_view text) {
  return absl::FormatTime(absl::RFC3339_full, absl::FromUnixNanos(unix_nanos),
                          absl::UTCTimeZone()) +
         "  " + who + ": " + std::string(text) + "\n";
}

}  // namespace

void Trace::Run(std::int64_t unix_nanos, std::uint32_t process) { Mix(unix_nanos, process, {}); }

void Trace::Call(std::int64_t unix_nanos, std::uint32_t process, const std::string& who,
                 Operation operation, const absl::Status& status) {
  const std::string_view outcome = WordFor(status);
  Mix(unix_nanos, process, OperationName(operation));
  Mix(unix_nanos, process, outcome);
  Keep(unix_nanos, who, OperationName(operation), outcome);
}

void Trace::Note(std::int64_t unix_nanos, std::uint32_t process, const std::string& who,
                 std::string_view text) {
  Mix(unix_nanos, process, text);
  Keep(unix_nanos, who, {}, text);
}

void Trace::Mix(std::int64_t unix_nanos, std::uint32_t process, std::string_view text) {
  const std::array<std::uint64_t, 3> words = {static_cast<std::uint64_t>(unix_nanos), process,
                                              text.size()};
  hash_ = XXH64(words.data(), sizeof(words), hash_);
  if (!text.empty()) hash_ = XXH64(text.data(), text.size(), hash_);
}

void Trace::Keep(std::int64_t unix_nanos, const std::string& who, std::string_view operation,
                 std::string_view text) {
  if (kept_ == 0 && lines_ == nullptr) return;
  Event* event = nullptr;
  if (events_.size() < kept_ || events_.empty()) {
    event = &events_.emplace_back();
  } else {
    event = &events_[oldest_];
    oldest_ = (oldest_ + 1) % events_.size();
  }
  event->unix_nanos = unix_nanos;
  event->who = &who;
  event->text = operation;
  if (!operation.empty()) event->text += ": ";
  event->text += text;
  if (lines_ != nullptr) *lines_ << Line(unix_nanos, who, event->text);
}

std::string Trace::LastEvents() const {
  std::string lines;
  for (std::size_t i = 0; i < events_.size(); ++i) {
    const Event& event = events_[(oldest_ + i) % events_.size()];
    lines += Line(event.unix_nanos, *event.who, event.text);
  }
  return lines;
}

}  // namespace riacho::internal
