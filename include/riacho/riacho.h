// What a first test needs: an engine, a clock one can move, and the door between them and your
// code.
//
//   riacho::ManualClock clock;
//   riacho::Engine engine(clock);
//   std::unique_ptr<riacho::Client> kinesis = engine.NewClient();
#pragma once

#include "riacho/client/client.h"         // IWYU pragma: export
#include "riacho/engine/engine.h"         // IWYU pragma: export
#include "riacho/engine/snapshot.h"       // IWYU pragma: export
#include "riacho/flow/retry_policy.h"     // IWYU pragma: export
#include "riacho/model/error.h"           // IWYU pragma: export
#include "riacho/security/decision.h"     // IWYU pragma: export
#include "riacho/security/key_store.h"    // IWYU pragma: export
#include "riacho/sim/fault_plan.h"        // IWYU pragma: export
#include "riacho/sim/seed_exploration.h"  // IWYU pragma: export
#include "riacho/sim/simulation.h"        // IWYU pragma: export
#include "riacho/telemetry/alarm.h"       // IWYU pragma: export
#include "riacho/telemetry/metrics.h"     // IWYU pragma: export
#include "riacho/time/agent_runner.h"     // IWYU pragma: export
#include "riacho/time/clock.h"            // IWYU pragma: export
#include "riacho/time/manual_clock.h"     // IWYU pragma: export
#include "riacho/time/schedule.h"         // IWYU pragma: export
