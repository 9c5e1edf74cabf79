#include "replay/runners.h"

#include <algorithm>
#include <barrier>
#include <cstddef>
#include <list>
#include <thread>

namespace replay {
namespace {

constexpr absl::Duration kBetweenLooks = absl::Milliseconds(200);

}  // namespace

void RunInVirtualTime(const Crew& crew, riacho::ManualClock& clock,
                      absl::AnyInvocable<absl::Duration(absl::Time now)> step,
                      absl::AnyInvocable<bool(absl::Time now)> done) {
  // Each thread writes its own place between the barriers, this thread reads all of them after.
  std::vector<absl::Time> next_due(crew.size());
  bool stop = false;
  std::barrier<> begin(static_cast<std::ptrdiff_t>(crew.size()) + 1);
  std::barrier<> end(static_cast<std::ptrdiff_t>(crew.size()) + 1);
  std::vector<std::jthread> threads;
  for (std::size_t i = 0; i < crew.size(); ++i) {
    threads.emplace_back([&, i] {
      riacho::Schedule schedule;
      for (riacho::Agent* agent : crew[i]) schedule.Add(*agent);
      for (;;) {
        begin.arrive_and_wait();
        if (stop) return;
        schedule.RunDue(clock.TimeNow());
        next_due[i] = schedule.NextDue();
        end.arrive_and_wait();
      }
    });
  }
  while (!stop) {
    begin.arrive_and_wait();
    end.arrive_and_wait();
    const absl::Time now = clock.TimeNow();
    stop = done(now);
    const absl::Time least = now + step(now);
    if (!stop) clock.SetTime(std::max(least, *std::ranges::min_element(next_due)));
  }
  begin.arrive_and_wait();
}

void RunInRealTime(const Crew& crew, absl::AnyInvocable<bool(absl::Time now)> done) {
  riacho::Clock& clock = riacho::SystemClock();
  std::list<riacho::AgentRunner> runners;
  for (const std::vector<riacho::Agent*>& agents : crew) {
    runners.emplace_back(clock);
    for (riacho::Agent* agent : agents) runners.back().Add(*agent);
  }
  riacho::WakeEvent never;
  while (!done(clock.TimeNow())) clock.WaitUntil(never, clock.TimeNow() + kBetweenLooks);
  for (riacho::AgentRunner& runner : runners) runner.Stop();
}

}  // namespace replay
