#include "riacho/sim/simulation.h"

#include <algorithm>
#include <atomic>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <limits>

#include "base/check.h"
#include "sim/coroutine_agent.h"
#include "sim/faulty_subscription.h"
#include "sim/lost_calls.h"
#include "sim/trace.h"

namespace riacho {
namespace {

constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

// Whoever is not a process.
const std::string& Test() {
  static const std::string* const kTest = new std::string("test");
  return *kTest;
}

std::int64_t After(std::int64_t nanos, absl::Duration duration) {
  return absl::ToUnixNanos(absl::FromUnixNanos(nanos) + duration);
}

}  // namespace

// The engine's. To wait on it is to look once: nobody else could signal or move time in this
// thread, so to block would be for ever.
class Simulation::TrueClock final : public Clock {
 public:
  explicit TrueClock(absl::Time start) : nanos_(absl::ToUnixNanos(start)) {}

  absl::Time TimeNow() override { return absl::FromUnixNanos(UnixNanosNow()); }
  std::int64_t UnixNanosNow() override { return nanos_.load(std::memory_order_relaxed); }
  bool WaitUntil(WakeEvent& event, absl::Time /*deadline*/) override { return event.TryConsume(); }

  void MoveTo(std::int64_t nanos) { nanos_.store(nanos, std::memory_order_relaxed); }

 private:
  std::atomic<std::int64_t> nanos_;  // orders nothing: it is moved while nobody else looks
};

// What clocks show depends on who looks.
class Simulation::LocalClock final : public Clock {
 public:
  explicit LocalClock(Simulation& simulation) : simulation_(simulation) {}

  absl::Time TimeNow() override { return simulation_.Now(); }

  bool WaitUntil(WakeEvent& event, absl::Time /*deadline*/) override { return event.TryConsume(); }

 private:
  Simulation& simulation_;
};

// The way between processes and the engine: lets nothing through from those that are cut off or
// have crashed, has the rest fail as planned, and keeps the trace. The test itself is spared.
class Simulation::Connection final : public Interceptor {
 public:
  explicit Connection(Simulation& simulation) : simulation_(simulation) {}

  void AddCallerSide(std::shared_ptr<Interceptor> interceptor) {
    caller_side_.push_back(std::move(interceptor));
  }

  absl::Status Before(const OperationContext& call) override {
    for (asked_ = 0; asked_ < caller_side_.size();) {
      if (absl::Status status = caller_side_[asked_++]->Before(call); !status.ok()) return status;
    }
    if (simulation_.current_ == nullptr) return absl::OkStatus();
    if (IsCut(*simulation_.current_)) return internal::TimedOut(call.operation);
    return simulation_.faults_.Before(call);
  }

  void BeforeEntries(const OperationContext& call, std::span<absl::Status> refusals) override {
    for (const std::shared_ptr<Interceptor>& interceptor : caller_side_)
      interceptor->BeforeEntries(call, refusals);
    if (simulation_.current_ != nullptr) simulation_.faults_.BeforeEntries(call, refusals);
  }

  void After(const OperationContext& call, OperationOutcome& outcome) override {
    ArriveBack(call, outcome);
    for (; asked_ > 0; --asked_) caller_side_[asked_ - 1]->After(call, outcome);
  }

 private:
  void ArriveBack(const OperationContext& call, OperationOutcome& outcome) {
    Process* const caller = simulation_.current_;
    if (caller != nullptr) simulation_.faults_.After(call, outcome);
    simulation_.trace_->Call(simulation_.NowNanos(), caller != nullptr ? caller->number_ : 0,
                             caller != nullptr ? caller->name_ : Test(), call.operation,
                             outcome.status());
    auto* const subscription = outcome.ResponseOf<SubscribeToShardRequest>();
    if (subscription == nullptr || caller == nullptr) return;
    const auto gate = [caller] {
      return IsCut(*caller) ? absl::UnavailableError("The connection of the subscription broke.")
                            : absl::OkStatus();
    };
    *subscription = std::make_unique<internal::FaultySubscription>(
        std::move(*subscription), internal::SubscriptionFaults{.gate = gate});
  }

  static bool IsCut(const Process& process) {
    return process.partitioned_ || process.state_ == ProcessState::kCrashed;
  }

  Simulation& simulation_;
  std::vector<std::shared_ptr<Interceptor>> caller_side_;
  std::size_t asked_ = 0;  // of those, about the present call: there is but one at a time
};

std::optional<std::uint64_t> SeedFromEnvironment() {
  const char* const text = std::getenv("RIACHO_SEED");
  if (text == nullptr) return std::nullopt;
  std::uint64_t seed = 0;
  const char* const end = text + std::strlen(text);
  const auto [stop, error] = std::from_chars(text, end, seed);
  if (error == std::errc() && stop == end) return seed;
  std::cerr << "RIACHO_SEED is no number, and is ignored: " << text << "\n";
  return std::nullopt;
}

Simulation::Simulation(SimulationOptions options)
    : seed_(options.seed.has_value() ? *options.seed : SeedFromEnvironment().value_or(1)),
      again_with_(options.seed.has_value() ? "{.seed = " + std::to_string(seed_) + "}"
                                           : "RIACHO_SEED=" + std::to_string(seed_)),
      idle_step_nanos_(std::max<std::int64_t>(absl::ToInt64Nanoseconds(options.idle_step), 1)),
      random_(seed_),
      ties_(random_.Next()),
      true_clock_(std::make_unique<TrueClock>(options.start)),
      trace_(std::make_unique<internal::Trace>(options.kept_events, options.trace)),
      local_clock_(std::make_unique<LocalClock>(*this)),
      faults_(random_.Next()),
      connection_(std::make_shared<Connection>(*this)) {
  for (FaultRule& rule : options.faults) faults_.Add(std::move(rule));
  faults_.set_sleep(
      [this](absl::Duration delay) { current_->delay_nanos_ += absl::ToInt64Nanoseconds(delay); });
  options.engine.interceptors.insert(options.engine.interceptors.begin(), connection_);
  if (!options.engine.seed.has_value()) options.engine.seed = random_.Next();
  engine_ = std::make_unique<Engine>(*true_clock_, std::move(options.engine));
  client_ = engine_->NewClient();
}

Simulation::~Simulation() {
  for (auto process = processes_.rbegin(); process != processes_.rend(); ++process)
    (*process)->Destroy();
}

void Simulation::AddInterceptor(std::shared_ptr<Interceptor> interceptor) {
  connection_->AddCallerSide(std::move(interceptor));
}

Clock& Simulation::clock() { return *local_clock_; }

absl::Time Simulation::Now() { return current_ != nullptr ? current_->Now() : TrueNow(); }

absl::Time Simulation::TrueNow() { return true_clock_->TimeNow(); }

std::int64_t Simulation::NowNanos() { return true_clock_->UnixNanosNow(); }

Process& Simulation::Spawn(std::string name, Agent& agent) {
  return Add(std::move(name), &agent, nullptr);
}

Process& Simulation::Spawn(std::string name, std::function<std::unique_ptr<Agent>()> make_agent) {
  return Add(std::move(name), nullptr, std::move(make_agent));
}

Process& Simulation::Spawn(std::string name, std::function<Task<>()> begin) {
  // The function stands still here: what the coroutine's lambda has captured must.
  const auto kept = std::make_shared<const std::function<Task<>()>>(std::move(begin));
  return Add(std::move(name), nullptr, [this, kept] {
    return std::make_unique<internal::CoroutineAgent>(*kept, absl::Nanoseconds(idle_step_nanos_));
  });
}

Process& Simulation::Add(std::string name, Agent* agent, Process::AgentFactory factory) {
  const auto number = static_cast<std::uint32_t>(processes_.size() + 1);
  processes_.push_back(std::unique_ptr<Process>(
      new Process(*this, std::move(name), number, agent, std::move(factory))));
  Process& process = *processes_.back();
  process.Start();
  return process;
}

Process* Simulation::Find(std::string_view name) {
  const auto found = std::find_if(processes_.rbegin(), processes_.rend(),
                                  [&](const auto& process) { return process->name_ == name; });
  return found == processes_.rend() ? nullptr : found->get();
}

std::vector<Process*> Simulation::processes() {
  std::vector<Process*> all;
  for (const std::unique_ptr<Process>& process : processes_) all.push_back(process.get());
  return all;
}

Simulation::SleepAwaiter Simulation::Sleep(absl::Duration duration) { return {*this, duration}; }

Simulation::UntilAwaiter Simulation::Until(std::function<bool()> predicate, absl::Duration limit) {
  return {*this, std::move(predicate), limit};
}

void Simulation::Wait(std::coroutine_handle<> coroutine, absl::Duration duration,
                      const std::function<bool()>* predicate) {
  internal::CoroutineAgent* const agent = current_ != nullptr ? current_->coroutine_ : nullptr;
  RIACHO_CHECK(agent != nullptr, "Sleep or Until was awaited by a coroutine that is no process");
  agent->Wait(coroutine, current_->Now() + duration, predicate);
}

void Simulation::Push(Process& process) {
  process.ticket_ = ++pushed_;
  queue_.push_back({process.due_nanos_, ties_.Next(), process.ticket_, &process});
  std::ranges::push_heap(queue_, std::less<>());
}

std::int64_t Simulation::NextDue() {
  while (!queue_.empty()) {
    const Entry& next = queue_.front();
    if (next.ticket == next.process->ticket_ && next.process->state_ == ProcessState::kRunning) {
      return next.due_nanos;
    }
    std::ranges::pop_heap(queue_, std::less<>());  // overtaken by another, or not to run
    queue_.pop_back();
  }
  return kNever;
}

void Simulation::RunNext() {
  std::ranges::pop_heap(queue_, std::less<>());
  const Entry next = queue_.back();
  queue_.pop_back();
  MoveTo(next.due_nanos);
  ++event_count_;
  trace_->Run(next.due_nanos, next.process->number_);
  next.process->Run();
}

void Simulation::MoveTo(std::int64_t nanos) {
  if (nanos > NowNanos()) true_clock_->MoveTo(nanos);
}

void Simulation::RunFor(absl::Duration duration) {
  const std::int64_t end = After(NowNanos(), duration);
  while (!failed() && NextDue() <= end && NextDue() != kNever) RunNext();
  if (!failed()) MoveTo(end);
}

bool Simulation::RunUntil(const std::function<bool()>& predicate, absl::Duration limit) {
  const std::int64_t end = After(NowNanos(), limit);
  while (!failed() && !predicate()) {
    if (NowNanos() >= end) return false;
    const std::int64_t look = std::min(end, NowNanos() + idle_step_nanos_);
    if (const std::int64_t due = NextDue(); due <= look) {
      RunNext();
    } else {
      MoveTo(look);
    }
  }
  return !failed();
}

bool Simulation::RunToIdle(absl::Duration limit) {
  const std::int64_t end = After(NowNanos(), limit);
  while (!failed()) {
    const std::int64_t due = NextDue();
    if (due == kNever) return true;
    if (due > end) {
      MoveTo(end);
      return false;
    }
    RunNext();
  }
  return false;
}

void Simulation::Note(std::string_view text) {
  trace_->Note(NowNanos(), current_ != nullptr ? current_->number_ : 0,
               current_ != nullptr ? current_->name_ : Test(), text);
}

bool Simulation::Check(bool holds, std::string_view what) {
  if (holds || failed()) return holds;
  Note("check failed: " + std::string(what));
  failure_ = what;
  return false;
}

std::string Simulation::Report() {
  const std::string time = absl::FormatTime(absl::RFC3339_full, TrueNow(), absl::UTCTimeZone());
  return (failure_.has_value() ? "Check failed: " + *failure_ + "\n" : std::string()) + "Seed " +
         std::to_string(seed_) + ", " + time + ", after " + std::to_string(event_count_) +
         " events. The last of them:\n" + trace_->LastEvents() + "Again with " + again_with_ + "\n";
}

std::uint64_t Simulation::trace_hash() const { return trace_->hash(); }

}  // namespace riacho
