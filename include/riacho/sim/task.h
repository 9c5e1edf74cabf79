// Task: a coroutine that a Simulation runs as a process, or that such a process waits for.
//
//   riacho::Task<bool> Put(riacho::Simulation& sim, std::string_view data) {
//     for (int attempt = 0; attempt < 3; ++attempt) {
//       if (sim.client().PutRecord({.stream_name = "orders", .data = data, …}).ok()) co_return
//       true; co_await sim.Sleep(absl::Seconds(1));
//     }
//     co_return false;
//   }
//
// What a lambda captures lives as long as the lambda, not as long as its coroutine: capture only
// where the lambda stays, as it does in Simulation::Spawn; give other coroutines their parameters,
// by value or by references that outlive them.
#pragma once

#include <coroutine>
#include <exception>
#include <optional>
#include <utility>

namespace riacho {

namespace internal {

// What the promises of all tasks have in common.
class TaskPromiseBase {
 public:
  std::suspend_always initial_suspend() noexcept { return {}; }

  // Goes on with whoever waits for the task.
  auto final_suspend() noexcept {
    struct Awaiter {
      std::coroutine_handle<> waiting;
      bool await_ready() noexcept { return false; }
      std::coroutine_handle<> await_suspend(std::coroutine_handle<> /*done*/) noexcept {
        return waiting;
      }
      void await_resume() noexcept {}
    };
    return Awaiter{waiting_};
  }
  void unhandled_exception() noexcept { exception_ = std::current_exception(); }

  void set_waiting(std::coroutine_handle<> waiting) { waiting_ = waiting; }
  void RethrowIfThrown() const {
    if (exception_ != nullptr) std::rethrow_exception(exception_);
  }

 private:
  std::coroutine_handle<> waiting_ = std::noop_coroutine();
  std::exception_ptr exception_;
};

template <typename T>
class TaskPromise : public TaskPromiseBase {
 public:
  template <typename Value>
  void return_value(Value&& value) {
    value_.emplace(std::forward<Value>(value));
  }
  T Result() {
    RethrowIfThrown();
    return *std::move(value_);
  }

 private:
  std::optional<T> value_;
};

template <>
class TaskPromise<void> : public TaskPromiseBase {
 public:
  void return_void() noexcept {}
  void Result() const { RethrowIfThrown(); }
};

}  // namespace internal

// Begins when it is first awaited, or when the simulation runs its process. Owns the coroutine:
// destroyed with the task, wherever it stands, with all that lives in it. Move-only; confined to
// the thread of its simulation. An exception that leaves the coroutine comes out where it is
// awaited, of a process out of the simulation's Run….
template <typename T = void>
class [[nodiscard]] Task {
 public:
  class promise_type : public internal::TaskPromise<T> {
   public:
    Task get_return_object() {
      return Task(std::coroutine_handle<promise_type>::from_promise(*this));
    }
  };

  Task() = default;
  Task(Task&& other) noexcept : coroutine_(std::exchange(other.coroutine_, nullptr)) {}
  Task& operator=(Task&& other) noexcept {
    std::swap(coroutine_, other.coroutine_);
    return *this;
  }
  Task(const Task&) = delete;
  Task& operator=(const Task&) = delete;
  ~Task() {
    if (coroutine_) coroutine_.destroy();
  }

  // co_await std::move(task), or of a call: co_await Put(sim, "paid").
  bool await_ready() const noexcept { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> waiting) noexcept {
    coroutine_.promise().set_waiting(waiting);
    return coroutine_;
  }
  T await_resume() { return coroutine_.promise().Result(); }

  // For those who run tasks themselves. The handle may be resumed once, to begin.
  std::coroutine_handle<> handle() const { return coroutine_; }
  bool done() const { return coroutine_.done(); }
  T Result() { return coroutine_.promise().Result(); }

 private:
  explicit Task(std::coroutine_handle<promise_type> coroutine) : coroutine_(coroutine) {}

  std::coroutine_handle<promise_type> coroutine_ = nullptr;
};

}  // namespace riacho
