// The formats of bodies, JSON 1.1 and CBOR with the same structure, and short bodies in either.
//
// The two differ in two points: bytes are text in base64 or byte strings, times are seconds with a
// fraction or milliseconds.
#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace riacho::internal {

using Document = nlohmann::json;

enum class WireFormat : unsigned char { kJson, kCbor };

// "application/x-amz-json-1.1" or "application/x-amz-cbor-1.1". Valid for the life of the program.
std::string_view ContentType(WireFormat format);

// Text that is not UTF-8 gets replacement characters in JSON, and stays as it is in CBOR.
std::string PrintBody(const Document& document, WireFormat format);

}  // namespace riacho::internal
