// An endpoint in virtual time, for tests in other languages: prints its URL, then does what it
// reads, and answers each line with "ok" or with what is wrong. Ends with its input.
//
//   advance 310s
//   fail PutRecord KMSDisabledException       the next such call
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_split.h"
#include "absl/time/time.h"

#include "riacho/engine/engine.h"
#include "riacho/model/error.h"
#include "riacho/model/operation.h"
#include "riacho/sim/fault_plan.h"
#include "riacho/time/manual_clock.h"
#include "riacho/wire/endpoint.h"

namespace {

bool Advance(const std::vector<std::string>& words, riacho::ManualClock& clock) {
  absl::Duration duration;
  if (words.size() != 2 || words[0] != "advance" || !absl::ParseDuration(words[1], &duration) ||
      duration < absl::ZeroDuration()) {
    return false;
  }
  clock.AdvanceTime(duration);
  return true;
}

bool Fail(const std::vector<std::string>& words, riacho::FaultPlan& faults) {
  if (words.size() != 3 || words[0] != "fail") return false;
  const std::optional<riacho::Operation> operation = riacho::ParseOperation(words[1]);
  const std::optional<riacho::ErrorCode> error = riacho::ParseErrorCode(words[2]);
  if (!operation.has_value() || !error.has_value()) return false;
  faults.On(*operation).AtMost(1).Fail(*error);
  return true;
}

}  // namespace

int main() {
  riacho::ManualClock clock;
  const auto faults = std::make_shared<riacho::FaultPlan>();
  riacho::EngineOptions options;
  options.interceptors = {faults};
  riacho::Engine engine(clock, std::move(options));
  const std::unique_ptr<riacho::Client> kinesis = engine.NewClient();
  riacho::Endpoint endpoint(*kinesis);
  if (const absl::Status started = endpoint.Start(); !started.ok()) {
    std::cerr << started << "\n";
    return 1;
  }
  std::cout << endpoint.url() << std::endl;

  for (std::string line; std::getline(std::cin, line);) {
    const std::vector<std::string> words = absl::StrSplit(line, ' ');
    if (Advance(words, clock) || Fail(words, *faults)) {
      std::cout << "ok" << std::endl;
    } else {
      std::cout << "'" << line << "' is no command, such as: advance 310s" << std::endl;
    }
  }
  endpoint.Stop();
  return 0;
}
