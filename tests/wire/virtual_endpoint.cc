// An endpoint in virtual time, for tests in other languages: prints its URL, then does what it
// reads, and answers each line with "ok" or with what is wrong. Ends with its input.
//
//   advance 310s
#include <iostream>
#include <memory>
#include <string>

#include "absl/time/time.h"

#include "riacho/engine/engine.h"
#include "riacho/time/manual_clock.h"
#include "riacho/wire/endpoint.h"

int main() {
  riacho::ManualClock clock;
  riacho::Engine engine(clock);
  const std::unique_ptr<riacho::Client> kinesis = engine.NewClient();
  riacho::Endpoint endpoint(*kinesis);
  if (const absl::Status started = endpoint.Start(); !started.ok()) {
    std::cerr << started << "\n";
    return 1;
  }
  std::cout << endpoint.url() << std::endl;

  const std::string advance = "advance ";
  for (std::string line; std::getline(std::cin, line);) {
    absl::Duration duration;
    if (line.starts_with(advance) && absl::ParseDuration(line.substr(advance.size()), &duration) &&
        duration >= absl::ZeroDuration()) {
      clock.AdvanceTime(duration);
      std::cout << "ok" << std::endl;
    } else {
      std::cout << "'" << line << "' is no command, such as: advance 310s" << std::endl;
    }
  }
  endpoint.Stop();
  return 0;
}
