#include "wire/http.h"

#include <algorithm>

namespace riacho::internal {

BodySource::~BodySource() = default;

std::string_view HeaderOf(const HttpHeaders& headers, std::string_view name) {
  const auto header =
      std::ranges::find_if(headers, [name](const auto& each) { return each.first == name; });
  return header == headers.end() ? std::string_view() : header->second;
}

}  // namespace riacho::internal
