// The worlds of the engine's tests from afar: their clients are RemoteClients of an Endpoint of
// their engine, so that each test runs a second time, unchanged, through both ends of the protocol.
//
// Tests on a ManualClock know at each moment what a subscription has to say; a connection is never
// done. So the two ends of a subscription keep in step: the engine's is polled when the test's is,
// once, and what it answers is waited for.
#pragma once

#include <memory>

#include "engine/engine_fixture.h"

namespace riacho {

// The clients of all worlds from now on.
ClientMaker RemoteClients();

}  // namespace riacho
