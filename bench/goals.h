// The speed goals by subject; each function adds its rows to the run.
#pragma once

#include <string_view>

#include "goal_run.h"

namespace riacho::bench {

void PutGoals(GoalRun& run);          // P1, P2, P3
void AppendGoals(GoalRun& run);       // P4, P5, P6
void ReadGoals(GoalRun& run);         // P7, P8
void WakeGoals(GoalRun& run);         // P9, P10
void LimitGoals(GoalRun& run);        // P11
void MetricsGoals(GoalRun& run);      // metrics
void MemoryGoals(GoalRun& run);       // P12, P13
void GrowthGoals(GoalRun& run);       // P14
void UnitTestGoals(GoalRun& run);     // P15
void EmulatorGoals(GoalRun& run);     // P16
void InstructionGoals(GoalRun& run);  // P17

// Runs some operations of `kind` for a callgrind that watches this process. False: there is no such
// kind.
bool RunForInstructions(std::string_view kind);

}  // namespace riacho::bench
