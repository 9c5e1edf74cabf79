// Random calls from a seed, of everything that changes an engine, and their answers as text: two
// engines that are alike answer alike.
//
//   RandomCalls calls(/*seed=*/7);
//   for (int i = 0; i < 100; ++i) calls.Next(world.engine, *world.kinesis, world.clock);
//
// A copy goes on with the same calls as the original.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "riacho/base/random.h"
#include "riacho/engine/engine.h"
#include "riacho/time/manual_clock.h"

namespace riacho {

class RandomCalls {
 public:
  explicit RandomCalls(std::uint64_t seed) : random_(seed) {}

  // Makes one call, or lets time pass; what it was answered.
  std::string Next(Engine& engine, Client& kinesis, ManualClock& clock);

 private:
  std::string ChangeAStream(Client& kinesis);
  std::string ChangeShards(Client& kinesis);
  std::string PutSome(Client& kinesis);
  std::string Read(Client& kinesis);
  std::string UseConsumers(Client& kinesis);
  std::string UseKeys(Engine& engine, Client& kinesis, ManualClock& clock);
  std::string Look(Client& kinesis);
  std::string AnyStream() { return "stream-" + std::to_string(random_.Uniform(3)); }
  std::string AnyShard() { return std::to_string(random_.Uniform(8)); }

  Random random_;
  std::vector<std::string> iterators_ = {};
  std::vector<std::string> consumers_ = {};  // ARNs
};

// Limits that such calls meet now and then, and changes that take a while.
EngineOptions OptionsForRandomCalls(std::uint64_t seed);

}  // namespace riacho
