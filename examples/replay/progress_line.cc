#include "replay/progress_line.h"

namespace replay {
namespace {

constexpr int kMarksOnTerminal = 500;
constexpr int kMarksElsewhere = 10;
constexpr std::size_t kColumns = 79;  // a line that reaches the edge could not be taken back

}  // namespace

int ProgressLine::MarkOf(double part) const {
  return static_cast<int>(part * (terminal_ ? kMarksOnTerminal : kMarksElsewhere));
}

bool ProgressLine::IsDue(double part) {
  const std::lock_guard lock(mutex_);
  return MarkOf(part) != shown_mark_;
}

void ProgressLine::Show(double part, const std::string& text) {
  const std::lock_guard lock(mutex_);
  shown_mark_ = MarkOf(part);
  if (!terminal_) {
    out_ << text << std::endl;
    return;
  }
  Erase();
  shown_ = text.substr(0, kColumns);
  out_ << shown_ << std::flush;
}

void ProgressLine::Note(const std::string& text) {
  const std::lock_guard lock(mutex_);
  const std::string shown = shown_;
  Erase();
  out_ << text << "\n" << shown << std::flush;
  shown_ = shown;
}

void ProgressLine::Clear() {
  const std::lock_guard lock(mutex_);
  Erase();
  out_ << std::flush;
}

void ProgressLine::Erase() {
  if (!shown_.empty()) out_ << "\r" << std::string(shown_.size(), ' ') << "\r";
  shown_.clear();
}

}  // namespace replay
