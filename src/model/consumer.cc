#include "riacho/model/consumer.h"

namespace riacho {

std::string_view ConsumerStatusName(ConsumerStatus status) {
  switch (status) {
    case ConsumerStatus::kCreating:
      return "CREATING";
    case ConsumerStatus::kActive:
      return "ACTIVE";
    case ConsumerStatus::kDeleting:
      return "DELETING";
  }
  return "UNKNOWN";
}

std::ostream& operator<<(std::ostream& out, ConsumerStatus status) {
  return out << ConsumerStatusName(status);
}

}  // namespace riacho
