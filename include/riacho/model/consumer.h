// Registered consumers: the readers of enhanced fan-out.
#pragma once

#include <ostream>
#include <string>
#include <string_view>

#include "absl/time/time.h"

namespace riacho {

enum class ConsumerStatus : unsigned char { kCreating, kActive, kDeleting };

// The wire name, such as "ACTIVE". Valid for the life of the program.
std::string_view ConsumerStatusName(ConsumerStatus status);
std::ostream& operator<<(std::ostream& out, ConsumerStatus status);

// Source: API Reference, "Consumer".
struct Consumer {
  std::string consumer_name = {};
  std::string consumer_arn = {};  // ends in the creation second
  ConsumerStatus consumer_status = ConsumerStatus::kCreating;
  absl::Time consumer_creation_timestamp = {};  // whole seconds

  friend bool operator==(const Consumer&, const Consumer&) = default;
};

// Source: API Reference, "ConsumerDescription".
struct ConsumerDescription {
  std::string consumer_name = {};
  std::string consumer_arn = {};
  ConsumerStatus consumer_status = ConsumerStatus::kCreating;
  absl::Time consumer_creation_timestamp = {};  // whole seconds
  std::string stream_arn = {};

  friend bool operator==(const ConsumerDescription&, const ConsumerDescription&) = default;
};

}  // namespace riacho
