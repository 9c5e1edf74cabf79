#include "riacho/sim/seed_exploration.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>

#include "base/check.h"

namespace riacho {
namespace internal {

class Explorer {
 public:
  Explorer(int runs, const std::function<void(Simulation&)>& body,
           const ExplorationOptions& options, std::uint64_t first_seed)
      : runs_(runs), body_(body), options_(options), first_seed_(first_seed) {}

  // Takes seeds until there are none left. From any thread.
  void Work() {
    for (int run = next_.fetch_add(1); run < runs_; run = next_.fetch_add(1)) {
      SimulationOptions simulation_options = options_.simulation;
      simulation_options.seed = first_seed_ + static_cast<std::uint64_t>(run);
      Simulation sim(std::move(simulation_options));
      sim.again_with_ = "RIACHO_SEED=" + std::to_string(sim.seed());
      Run(sim);
      Done(sim);
    }
  }

  Exploration Result() {
    std::ranges::sort(failures_, [](const FailedSeed& a, const FailedSeed& b) {
      return a.event_count != b.event_count ? a.event_count < b.event_count : a.seed < b.seed;
    });
    return {.runs = runs_, .failures = std::move(failures_)};
  }

 private:
  static constexpr int kProgressSteps = 20;

  // An exception is one more way to fail, of this seed alone.
  void Run(Simulation& sim) {
    try {
      body_(sim);
    } catch (const std::exception& exception) {
      sim.Check(false, std::string("threw: ") + exception.what());
    } catch (...) {
      sim.Check(false, "threw something that is no std::exception");
    }
  }

  void Done(Simulation& sim) {
    const std::lock_guard<std::mutex> lock(mutex_);
    ++done_;
    if (sim.failed()) {
      failures_.push_back(
          {.seed = sim.seed(), .event_count = sim.event_count(), .report = sim.Report()});
    }
    const int step = std::max(runs_ / kProgressSteps, 1);
    if (options_.progress && (done_ % step == 0 || done_ == runs_))
      options_.progress(done_, runs_, static_cast<int>(failures_.size()));
  }

  const int runs_;
  const std::function<void(Simulation&)>& body_;
  const ExplorationOptions& options_;
  const std::uint64_t first_seed_;
  std::atomic<int> next_ = 0;
  std::mutex mutex_;
  int done_ = 0;                      // guarded by mutex_
  std::vector<FailedSeed> failures_;  // guarded by mutex_
};

}  // namespace internal

std::string Exploration::Report() const {
  if (ok()) return "All of " + std::to_string(runs) + " seeds hold.\n";
  std::string report = std::to_string(failures.size()) + " of " + std::to_string(runs) +
                       " seeds fail. The shortest run:\n" + failures.front().report;
  if (failures.size() == 1) return report;
  constexpr std::size_t kMostListed = 10;
  report += "Others:";
  for (std::size_t i = 1; i < std::min(failures.size(), kMostListed); ++i)
    report += " " + std::to_string(failures[i].seed);
  return report + (failures.size() > kMostListed ? " …\n" : "\n");
}

Exploration ExploreSeeds(int runs, const std::function<void(Simulation&)>& body,
                         ExplorationOptions options) {
  std::uint64_t first_seed = options.first_seed;
  if (const std::optional<std::uint64_t> only = SeedFromEnvironment(); only.has_value()) {
    first_seed = *only;
    runs = 1;
  }
  int threads =
      options.threads > 0 ? options.threads : static_cast<int>(std::thread::hardware_concurrency());
  threads = std::clamp(threads, 1, std::max(runs, 1));
  RIACHO_CHECK(options.simulation.trace == nullptr || threads == 1, threads);
  internal::Explorer explorer(runs, body, options, first_seed);
  if (threads == 1) {
    explorer.Work();
  } else {
    std::vector<std::jthread> workers;
    for (int i = 0; i < threads; ++i) workers.emplace_back([&] { explorer.Work(); });
  }
  return explorer.Result();
}

}  // namespace riacho
