// What an episode's world is like: quotas, and how long changes take.
#pragma once

#include "model_based/choices.h"
#include "riacho/model/lifecycle.h"
#include "riacho/model/limits.h"

namespace riacho::model_based {

Limits ChooseLimits(Dice dice);
Lifecycle ChooseLifecycle(Dice dice);

}  // namespace riacho::model_based
