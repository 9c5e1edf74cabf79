#include "sim/coroutine_agent.h"

#include <algorithm>
#include <utility>

namespace riacho::internal {

absl::Time CoroutineAgent::Poll(absl::Time now) {
  if (finished_) return absl::InfiniteFuture();
  if (now < due_ && !(predicate_ != nullptr && (*predicate_)()))
    return predicate_ != nullptr ? std::min(due_, now + idle_step_) : due_;
  if (!begun_) {
    begun_ = true;
    task_ = begin_();
    waiting_ = task_.handle();
  }
  predicate_ = nullptr;
  std::exchange(waiting_, nullptr).resume();
  if (task_.done()) {
    finished_ = true;
    task_.Result();
    return absl::InfiniteFuture();
  }
  return predicate_ != nullptr ? std::min(due_, now + idle_step_) : due_;
}

void CoroutineAgent::Wait(std::coroutine_handle<> coroutine, absl::Time due,
                          const std::function<bool()>* predicate) {
  waiting_ = coroutine;
  due_ = due;
  predicate_ = predicate;
}

}  // namespace riacho::internal
