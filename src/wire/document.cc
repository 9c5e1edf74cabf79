#include "wire/document.h"

namespace riacho::internal {

std::string_view ContentType(WireFormat format) {
  return format == WireFormat::kJson ? "application/x-amz-json-1.1" : "application/x-amz-cbor-1.1";
}

std::string PrintBody(const Document& document, WireFormat format) {
  if (format == WireFormat::kJson)
    return document.dump(-1, ' ', false, Document::error_handler_t::replace);
  std::string body;
  Document::to_cbor(document, body);
  return body;
}

}  // namespace riacho::internal
