// The worlds of the engine's tests from afar: their clients are RemoteClients of an Endpoint of
// their engine, so that each test runs a second time, unchanged, through both ends of the protocol.
//
// Tests on a ManualClock know at each moment what a subscription has to say; a connection is never
// done. So the two ends of a subscription keep in step: the engine's is polled when the test's is,
// once, and what it answers is waited for.
#pragma once

#include <memory>

#include "engine/engine_fixture.h"
#include "riacho/wire/remote_client.h"

namespace riacho {

// What goes over the connection.
struct RemoteSpeech {
  RemoteFormat format = RemoteFormat::kJson;
  bool http2 = false;  // for subscriptions

  friend bool operator==(const RemoteSpeech&, const RemoteSpeech&) = default;
};

// The clients of all worlds from now on.
ClientMaker RemoteClients(RemoteSpeech speech);

}  // namespace riacho
