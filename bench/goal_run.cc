#include "goal_run.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <iomanip>
#include <iostream>
#include <sstream>
#include <utility>

namespace riacho::bench {
namespace {

constexpr double kLeastShare = 0.93;
constexpr std::size_t kFewestRounds = 7;
constexpr double kTolerance = 1e-9;  // a goal of 2 allocations is met by 2

// About three significant digits, and every digit before the point; a whole number as such.
std::string Number(double value) {
  const double size = std::abs(value);
  int decimals = 0;
  if (size > 0 && size < 0.01) {
    decimals = 6;
  } else if (size < 10 && size > 0) {
    decimals = 2;
  } else if (size < 100 && size > 0) {
    decimals = 1;
  }
  std::ostringstream out;
  out << std::fixed << std::setprecision(decimals) << value;
  return out.str();
}

// 118 ns, 15.5 us, 1.2 s.
std::string Time(double nanos) {
  if (nanos < 10'000) return Number(nanos) + " ns";
  if (nanos < 10'000'000) return Number(nanos / 1000) + " us";
  return Number(nanos / 1'000'000) + " ms";
}

std::string WithUnit(double value, const std::string& unit) {
  return Number(value) + (unit.empty() ? "" : " " + unit);
}

std::string BoundText(const Goal& goal) {
  if (goal.bound.kind == Bound::Kind::kNone) return "";
  return (goal.bound.kind == Bound::Kind::kAtMost ? "<= " : ">= ") +
         WithUnit(goal.bound.value, goal.unit);
}

std::string Verdict(const Goal& goal, double value) {
  switch (goal.bound.kind) {
    case Bound::Kind::kNone:
      return "-";
    case Bound::Kind::kAtMost:
      return value <= goal.bound.value + kTolerance ? "yes" : "**no**";
    case Bound::Kind::kAtLeast:
      return value >= goal.bound.value - kTolerance ? "yes" : "**no**";
  }
  return "";
}

std::string Joined(const std::string& first, const std::string& second) {
  return first + (first.empty() || second.empty() ? "" : "; ") + second;
}

}  // namespace

// Rounds whose threads had their cores, as many as are wanted; when the machine does not give them
// in time, the best others stand in.
GoalRun::Rounds GoalRun::Take(const Work& subject, const Work* yardstick) {
  const std::size_t wanted = quick() ? 11 : 31;
  const double most_nanos = quick() ? 1e9 : 10e9;
  subject();
  if (yardstick != nullptr) (*yardstick)();
  Rounds taken;
  std::vector<Round> poor;
  const std::int64_t start = NowNanos();
  while (taken.rounds.size() < wanted &&
         (taken.attempts < 3 || static_cast<double>(NowNanos() - start) < most_nanos)) {
    Round round = {.subject = {}, .yardstick = {.value = 1}};
    const bool yardstick_first = taken.attempts++ % 2 == 1;
    if (yardstick != nullptr && yardstick_first) round.yardstick = (*yardstick)();
    round.subject = subject();
    if (yardstick != nullptr && !yardstick_first) round.yardstick = (*yardstick)();
    if (round.share() >= kLeastShare) {
      taken.rounds.push_back(round);
    } else {
      poor.push_back(round);
      PinTo(++core_);  // somebody else is here
    }
  }
  if (taken.rounds.size() < kFewestRounds) {
    taken.noisy = true;
    std::ranges::sort(poor, std::ranges::greater{}, &Round::share);
    poor.resize(std::min(poor.size(), kFewestRounds - taken.rounds.size()));
    taken.rounds.insert(taken.rounds.end(), poor.begin(), poor.end());
  }
  return taken;
}

void GoalRun::Compare(const Goal& goal, const Work& subject, const Work& yardstick) {
  const Rounds taken = Take(subject, &yardstick);
  std::vector<double> ratios;
  std::vector<double> subjects;
  std::vector<double> yardsticks;
  for (const Round& round : taken.rounds) {
    ratios.push_back(round.ratio());
    subjects.push_back(round.subject.value);
    yardsticks.push_back(round.yardstick.value);
  }
  const double median = Quantile(ratios, 0.5);
  Add({.goal = goal,
       .median = median,
       .spread = Number(Quantile(ratios, 0.25)) + " - " + Number(Quantile(ratios, 0.75)),
       .figures = Time(Quantile(subjects, 0.5)) + " / " + Time(Quantile(yardsticks, 0.5)),
       .verdict = Verdict(goal, median),
       .note = taken.noisy ? "noisy: the cores were busy" : ""});
}

void GoalRun::Measure(const Goal& goal, const Work& subject) {
  const Rounds taken = Take(subject, nullptr);
  std::vector<double> values;
  for (const Round& round : taken.rounds) values.push_back(round.subject.value);
  const double median = Quantile(values, 0.5);
  Add({.goal = goal,
       .median = median,
       .spread = Number(Quantile(values, 0.25)) + " - " + Number(Quantile(values, 0.75)),
       .verdict = Verdict(goal, median),
       .note = taken.noisy ? "noisy: the cores were busy" : ""});
}

void GoalRun::Count(const Goal& goal, double value) {
  Add({.goal = goal, .median = value, .verdict = Verdict(goal, value)});
}

void GoalRun::NotMeasured(const Goal& goal, std::string_view why) {
  Add({.goal = goal, .verdict = "not measured", .note = std::string(why)});
}

void GoalRun::Add(Row row) {
  row.note = Joined(row.goal.note, row.note);
  std::cerr << row.goal.id << "  " << row.goal.work << ": "
            << (row.median ? WithUnit(*row.median, row.goal.unit) : row.verdict)
            << (row.goal.bound.kind == Bound::Kind::kNone ? "" : "  (" + BoundText(row.goal) + ")")
            << (row.note.empty() ? "" : "  " + row.note) << std::endl;
  rows_.push_back(std::move(row));
}

void GoalRun::Print(std::ostream& out) const {
  using Line = std::array<std::string, 7>;
  std::vector<Line> lines = {
      {"#", "Work", "Goal", "Measured", "Quartiles", "Subject / yardstick", "Met"}};
  for (const Row& row : rows_) {
    lines.push_back({row.goal.id, row.goal.work + (row.note.empty() ? "" : " (" + row.note + ")"),
                     BoundText(row.goal), row.median ? WithUnit(*row.median, row.goal.unit) : "",
                     row.spread, row.figures, row.verdict});
  }
  std::array<std::size_t, 7> widths = {};
  for (const Line& line : lines) {
    for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], line[i].size());
  }
  for (std::size_t i = 0; i < lines.size(); ++i) {
    out << "|";
    for (std::size_t column = 0; column < widths.size(); ++column) {
      out << " " << std::left << std::setw(static_cast<int>(widths[column])) << lines[i][column]
          << " |";
    }
    out << "\n";
    if (i > 0) continue;
    out << "|";
    for (const std::size_t width : widths) out << std::string(width + 2, '-') << "|";
    out << "\n";
  }
}

}  // namespace riacho::bench
