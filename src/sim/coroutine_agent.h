// A coroutine as an agent: polled, it goes on from where it waits.
#pragma once

#include <coroutine>
#include <functional>

#include "absl/time/time.h"

#include "riacho/sim/task.h"
#include "riacho/time/agent.h"

namespace riacho::internal {

// Confined, as agents are.
class CoroutineAgent final : public Agent {
 public:
  // The function is called by the first poll, and must outlive the agent.
  CoroutineAgent(const std::function<Task<>()>& begin, absl::Duration idle_step)
      : begin_(begin), idle_step_(idle_step) {}

  // Throws what the coroutine has thrown.
  absl::Time Poll(absl::Time now) override;

  // The coroutine, or one that it awaits, waits until `due`, and if there is a predicate at most
  // until that holds. The predicate stays alive as long as the coroutine waits.
  void Wait(std::coroutine_handle<> coroutine, absl::Time due,
            const std::function<bool()>* predicate);

  bool finished() const { return finished_; }

 private:
  const std::function<Task<>()>& begin_;
  const absl::Duration idle_step_;
  bool begun_ = false;
  bool finished_ = false;
  Task<> task_;
  std::coroutine_handle<> waiting_ = nullptr;
  absl::Time due_ = absl::InfinitePast();
  const std::function<bool()>* predicate_ = nullptr;
};

}  // namespace riacho::internal
