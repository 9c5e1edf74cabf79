#include "wire/remote_world.h"

#include <optional>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/functional/any_invocable.h"
#include "absl/synchronization/mutex.h"

#include "riacho/client/interceptor.h"
#include "riacho/wire/endpoint.h"

namespace riacho {
namespace {

using Event = absl::StatusOr<std::optional<SubscribeToShardEvent>>;

// What both ends of a subscription know. Thread-safe.
class Steps {
 public:
  struct Step {
    bool says_something = false;  // an event or an error
    bool ends = false;
    absl::Time next_poll = absl::InfiniteFuture();
  };

  // The test's end: has the engine's polled, and returns what came of it. If the engine's is gone,
  // as its last step.
  Step Take() {
    const absl::MutexLock lock(&mutex_);
    wanted_ = true;
    if (wake_ != nullptr) wake_();
    mutex_.Await(absl::Condition(this, &Steps::IsAnswered));
    return step_;
  }
  absl::Time next_poll() {
    const absl::MutexLock lock(&mutex_);
    return step_.next_poll;
  }
  void AwaitEnd() {
    const absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(&gone_));
  }

  // The engine's end.
  Event Poll(Subscription& subscription) {
    const absl::MutexLock lock(&mutex_);
    if (!wanted_) return std::nullopt;
    Event event = subscription.Poll();
    step_ = {.says_something = !event.ok() || event->has_value(),
             .ends = subscription.ended(),
             .next_poll = subscription.next_poll()};
    wanted_ = false;
    return event;
  }
  void OnWake(absl::AnyInvocable<void()> wake) {
    const absl::MutexLock lock(&mutex_);
    wake_ = std::move(wake);
    if (wanted_) wake_();
  }
  void Begin(const Subscription& subscription) {
    const absl::MutexLock lock(&mutex_);
    step_.next_poll = subscription.next_poll();
  }
  void End() {
    const absl::MutexLock lock(&mutex_);
    wake_ = nullptr;
    gone_ = true;
  }

 private:
  bool IsAnswered() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return !wanted_ || gone_; }

  absl::Mutex mutex_;
  bool wanted_ ABSL_GUARDED_BY(mutex_) = false;
  bool gone_ ABSL_GUARDED_BY(mutex_) = false;
  Step step_ ABSL_GUARDED_BY(mutex_);
  absl::AnyInvocable<void()> wake_ ABSL_GUARDED_BY(mutex_);
};

// What the endpoint reads.
class SteppedSubscription final : public Subscription {
 public:
  SteppedSubscription(std::unique_ptr<Subscription> inner, std::shared_ptr<Steps> steps)
      : inner_(std::move(inner)), steps_(std::move(steps)) {
    steps_->Begin(*inner_);
  }
  ~SteppedSubscription() override {
    inner_.reset();
    steps_->End();
  }

  Event Poll() override { return steps_->Poll(*inner_); }
  Event Wait(absl::Time) override { return Poll(); }
  bool ended() const override { return inner_->ended(); }
  void OnWake(absl::AnyInvocable<void()> wake) override { steps_->OnWake(std::move(wake)); }
  absl::Time next_poll() const override { return inner_->next_poll(); }

 private:
  std::unique_ptr<Subscription> inner_;
  const std::shared_ptr<Steps> steps_;
};

// What the test reads.
class RemoteInStep final : public Subscription {
 public:
  RemoteInStep(std::unique_ptr<Subscription> remote, std::shared_ptr<Steps> steps)
      : remote_(std::move(remote)), steps_(std::move(steps)) {}
  // Returns when the endpoint has noticed, as a subscription in the process ends at once.
  ~RemoteInStep() override {
    remote_.reset();
    steps_->AwaitEnd();
  }

  Event Poll() override {
    if (remote_->ended()) return remote_->Poll();
    const Steps::Step step = steps_->Take();
    Event event =
        step.says_something || step.ends ? remote_->Wait(absl::InfiniteFuture()) : remote_->Poll();
    if (step.ends && !remote_->ended()) {
      const Event after = remote_->Wait(absl::InfiniteFuture());
      EXPECT_TRUE(after.ok() && !after->has_value());
    }
    return event;
  }
  // In a test of one thread nothing more can come.
  Event Wait(absl::Time) override { return Poll(); }
  bool ended() const override { return remote_->ended(); }
  void OnWake(absl::AnyInvocable<void()> wake) override { remote_->OnWake(std::move(wake)); }
  absl::Time next_poll() const override { return steps_->next_poll(); }

 private:
  std::unique_ptr<Subscription> remote_;
  const std::shared_ptr<Steps> steps_;
};

// Puts the engine's ends in. A test makes one subscription at a time; those that it makes without
// the endpoint are left as they are.
class StepKeeper final : public Interceptor {
 public:
  void After(const OperationContext&, OperationOutcome& outcome) override {
    auto* const subscription = outcome.ResponseOf<SubscribeToShardRequest>();
    const absl::MutexLock lock(&mutex_);
    if (subscription == nullptr || next_ == nullptr) return;
    *subscription = std::make_unique<SteppedSubscription>(std::move(*subscription), next_);
    next_ = nullptr;
  }

  // Of the next subscription.
  void SetNext(std::shared_ptr<Steps> steps) {
    const absl::MutexLock lock(&mutex_);
    next_ = std::move(steps);
  }

 private:
  absl::Mutex mutex_;
  std::shared_ptr<Steps> next_ ABSL_GUARDED_BY(mutex_);
};

StepKeeper* KeeperOf(const Engine& engine) {
  for (const std::shared_ptr<Interceptor>& interceptor : engine.options().interceptors) {
    if (auto* const keeper = dynamic_cast<StepKeeper*>(interceptor.get())) return keeper;
  }
  return nullptr;
}

// An engine's client, and the endpoint that serves it.
struct ServedEngine {
  ServedEngine(Engine& engine, Principal principal)
      : client(engine.NewClient(std::move(principal))), endpoint(*client) {
    const absl::Status started = endpoint.Start();
    EXPECT_TRUE(started.ok()) << started;
  }

  std::unique_ptr<Client> client;
  Endpoint endpoint;
};

RemoteSpeech remote_speech;

// Throttling is for the tests to see, so nothing is tried again.
RemoteClientOptions OptionsFor(const Endpoint& endpoint) {
  RemoteClientOptions options;
  options.endpoint = endpoint.url();
  options.region = "us-east-1";
  options.credentials = {.access_key_id = "test", .secret_access_key = "test"};
  options.retry.max_attempts = 1;
  options.format = remote_speech.format;
  options.http2_prior_knowledge = remote_speech.http2;
  return options;
}

class ClientFromAfar final : private ServedEngine, public RemoteClient {
 public:
  ClientFromAfar(Engine& engine, Principal principal)
      : ServedEngine(engine, std::move(principal)),
        RemoteClient(OptionsFor(endpoint)),
        keeper_(KeeperOf(engine)) {}

  absl::StatusOr<std::unique_ptr<Subscription>> SubscribeToShard(
      const SubscribeToShardRequest& request) override {
    const auto steps = std::make_shared<Steps>();
    keeper_->SetNext(steps);
    absl::StatusOr<std::unique_ptr<Subscription>> subscription =
        RemoteClient::SubscribeToShard(request);
    keeper_->SetNext(nullptr);
    if (!subscription.ok()) return subscription;
    return std::make_unique<RemoteInStep>(*std::move(subscription), steps);
  }

 private:
  StepKeeper* const keeper_;
};

}  // namespace

ClientMaker RemoteClients(RemoteSpeech speech) {
  remote_speech = speech;
  return {.prepare =
              [](EngineOptions options) {
                options.interceptors.push_back(std::make_shared<StepKeeper>());
                return options;
              },
          .make = [](Engine& engine, Principal principal) -> std::unique_ptr<Client> {
            return std::make_unique<ClientFromAfar>(engine, std::move(principal));
          }};
}

}  // namespace riacho
