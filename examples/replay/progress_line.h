// Where the replay stands: one line, rewritten in place on a terminal; elsewhere a line every tenth
// of the way.
#pragma once

#include <mutex>
#include <ostream>
#include <string>

namespace replay {

// Thread-safe.
class ProgressLine {
 public:
  ProgressLine(std::ostream& out, bool terminal) : out_(out), terminal_(terminal) {}
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;
  ~ProgressLine() { Clear(); }

  // True if `part` (0 to 1) differs enough from what is shown for a new line.
  bool IsDue(double part);

  // Shows `text`, cut to what fits the line of a terminal.
  void Show(double part, const std::string& text);

  // Prints a line that stays.
  void Note(const std::string& text);

  // Takes the line away.
  void Clear();

 private:
  int MarkOf(double part) const;
  void Erase();

  std::ostream& out_;
  const bool terminal_;
  std::mutex mutex_;
  int shown_mark_ = 0;
  std::string shown_;
};

}  // namespace replay
