// Who decides what happens next in an execution of virtual threads: every order in turn, or chance.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "riacho/base/random.h"

namespace riacho::internal {

class Chooser {
 public:
  virtual ~Chooser() = default;

  // The thread that takes the next step: one of `enabled`. `current` took the last one; it may not
  // be among them.
  virtual std::size_t PickThread(const std::vector<std::size_t>& enabled, std::size_t current) = 0;
  // How many stores a load stays behind the newest: 0 to `most`.
  virtual std::size_t PickStaleness(std::size_t most) = 0;
};

// All executions with at most so many preemptions and stale reads, one after the other.
class ExhaustiveChooser final : public Chooser {
 public:
  ExhaustiveChooser(int most_preemptions, int most_stale_reads)
      : most_preemptions_(most_preemptions), most_stale_reads_(most_stale_reads) {
    Rewind();
  }

  // Goes back to the start of an execution that differs from all so far. False when there is none.
  bool Next();
  // Goes back to the start of the same execution.
  void Rewind();

  std::size_t PickThread(const std::vector<std::size_t>& enabled, std::size_t current) override;
  std::size_t PickStaleness(std::size_t most) override;

 private:
  struct Choice {
    std::size_t options = 0;
    std::size_t picked = 0;
  };

  std::size_t Pick(std::size_t options);

  const int most_preemptions_;
  const int most_stale_reads_;
  int preemptions_ = 0;
  int stale_reads_ = 0;
  std::vector<Choice> path_;
  std::size_t depth_ = 0;
};

// One execution drawn by a seed. Some seeds switch threads all the time, others seldom; some follow
// priorities that change a few times, so that a thread may stand still for long while the others
// work.
class RandomChooser final : public Chooser {
 public:
  explicit RandomChooser(std::uint64_t seed);

  std::size_t PickThread(const std::vector<std::size_t>& enabled, std::size_t current) override;
  std::size_t PickStaleness(std::size_t most) override;

 private:
  Random random_;
  bool by_priority_ = false;
  double switching_ = 0.0;
  double staleness_ = 0.0;
  std::vector<std::uint64_t> priorities_;
};

}  // namespace riacho::internal
