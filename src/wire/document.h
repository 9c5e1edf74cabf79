// Bodies of requests and responses as documents: JSON 1.1, or CBOR with the same structure.
//
// The two differ in two points: bytes are text in base64 or byte strings, times are seconds with a
// fraction or milliseconds.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include <nlohmann/json.hpp>

namespace riacho::internal {

using Document = nlohmann::json;

enum class WireFormat : unsigned char { kJson, kCbor };

// "application/x-amz-json-1.1" or "application/x-amz-cbor-1.1". Valid for the life of the program.
std::string_view ContentType(WireFormat format);

// What deeper bodies nest is no request of the service.
inline constexpr int kDeepestBody = 32;
// The longest answers have some sixty thousand.
inline constexpr int kMostValues = 1'000'000;

// Errors: kSerialization for what is not one whole object of the format, nests deeper than
// kDeepestBody, or has more than kMostValues values in it. Memory is bounded by the length of the
// body and by these, whatever lengths it announces.
absl::StatusOr<Document> ParseBody(std::string_view body, WireFormat format);

// Text that is not UTF-8 gets replacement characters.
std::string PrintBody(const Document& document, WireFormat format);

}  // namespace riacho::internal
