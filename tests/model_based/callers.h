// Who calls in an episode, and the policies that they have or put.
#pragma once

#include <vector>

#include "model_based/choices.h"
#include "riacho/security/principal.h"
#include "security/naive_evaluator.h"

namespace riacho::model_based {

// The account itself first, then users, each with one of a few policies or none.
std::vector<NaiveCaller> ChooseCallers(Dice dice);

// The same caller for an engine.
Principal PrincipalOf(const NaiveCaller& caller);

}  // namespace riacho::model_based
