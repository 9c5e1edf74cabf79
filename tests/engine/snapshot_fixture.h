// Saves and loads in a word.
#pragma once

#include <sstream>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "engine/engine_fixture.h"
#include "riacho/engine/snapshot.h"

namespace riacho {

inline std::string SnapshotOf(const Engine& engine) {
  std::ostringstream out;
  EXPECT_THAT(SaveSnapshot(engine, out), Succeeds());
  return out.str();
}

inline absl::Status Load(const std::string& snapshot, Engine& engine) {
  std::istringstream in(snapshot);
  return LoadSnapshot(in, engine);
}

// A world that goes on where the other one is.
template <typename AnyWorld>
void GoOn(AnyWorld& from, AnyWorld& here) {
  here.clock.SetTime(from.clock.TimeNow());
  ASSERT_THAT(Load(SnapshotOf(from.engine), here.engine), Succeeds());
}

}  // namespace riacho
