#include "riacho/client/stream_requests.h"

namespace riacho {

std::ostream& operator<<(std::ostream& out, const ListStreamsResponse& response) {
  out << response.stream_names.size() << " streams";
  for (const std::string& name : response.stream_names) out << ' ' << name;
  if (response.has_more_streams) out << " and more";
  return out;
}

}  // namespace riacho
