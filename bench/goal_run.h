// The speed goals, one row each: measures subject and yardstick in turn, judges, keeps the table.
//
//   run.Compare({.id = "P8", .work = "fan-out to 20, a record delivered / an append",
//                .bound = AtMost(0.5)}, fan_out, append);
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <ostream>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sampling.h"

namespace riacho::bench {

struct Bound {
  enum class Kind : unsigned char { kNone, kAtMost, kAtLeast };

  Kind kind = Kind::kNone;  // none: for comparison only
  double value = 0;
};
inline Bound AtMost(double value) { return {.kind = Bound::Kind::kAtMost, .value = value}; }
inline Bound AtLeast(double value) { return {.kind = Bound::Kind::kAtLeast, .value = value}; }

struct Goal {
  std::string id = {};    // "P1"
  std::string work = {};  // what is measured, and against what
  Bound bound = {};
  std::string unit = {};  // of the bound; empty: a ratio
  std::string note = {};  // what a reader of the row must know
};

// Of an emulator of the service, records a second.
struct EmulatorSpeed {
  std::string name = {};
  double put_records = 0;  // by calls of 500
  double put_record = 0;
  double get_records = 0;  // by pages of 1,000
};

struct GoalOptions {
  bool quick = false;                       // fewer samples, smaller sizes: about a minute
  std::int64_t most_records = 10'000'000;   // of the growth rows; a hundred million need 16 GB
  std::set<std::string, std::less<>> only;  // ids of goals to measure; empty: all
  std::optional<EmulatorSpeed> emulator;    // to compare with
};

// Confined to the thread that measures.
class GoalRun {
 public:
  explicit GoalRun(GoalOptions options) : options_(std::move(options)) { PinTo(core_); }
  GoalRun(const GoalRun&) = delete;
  GoalRun& operator=(const GoalRun&) = delete;

  const GoalOptions& options() const { return options_; }
  bool quick() const { return options_.quick; }
  bool Wants(std::string_view id) const {
    return options_.only.empty() || options_.only.contains(id);
  }

  // The ratio of two works that take turns: the median of the ratios of samples taken one after the
  // other. The work runs once before it counts.
  void Compare(const Goal& goal, const Work& subject, const Work& yardstick);
  // What one work takes, in the goal's unit.
  void Measure(const Goal& goal, const Work& subject);
  // What is counted, not timed: the same each time.
  void Count(const Goal& goal, double value);
  void NotMeasured(const Goal& goal, std::string_view why);

  // The table, in Markdown.
  void Print(std::ostream& out) const;

 private:
  struct Row {
    Goal goal;
    std::optional<double> median = {};
    std::string spread = {};   // from the lower to the upper quartile
    std::string figures = {};  // of subject and yardstick
    std::string verdict = {};
    std::string note = {};
  };

  struct Round {
    Sample subject;
    Sample yardstick;

    double share() const { return std::min(subject.share, yardstick.share); }
    double ratio() const { return subject.value / yardstick.value; }
  };
  struct Rounds {
    std::vector<Round> rounds;
    int attempts = 0;
    bool noisy = false;  // some of them did not have their cores
  };

  Rounds Take(const Work& subject, const Work* yardstick);
  void Add(Row row);

  const GoalOptions options_;
  std::vector<Row> rows_;
  std::size_t core_ = 0;  // where the measuring thread runs
};

}  // namespace riacho::bench
