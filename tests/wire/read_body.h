// Bodies as the library reads them by itself.
#pragma once

#include <string>
#include <string_view>

#include "gtest/gtest.h"

#include "wire/document.h"
#include "wire/parsed_body.h"

namespace riacho::internal {

// Discarded if it is no object, or none at all.
inline Document ReadBody(std::string_view body, WireFormat format = WireFormat::kJson) {
  Document document = format == WireFormat::kJson
                          ? Document::parse(body, nullptr, /*allow_exceptions=*/false)
                          : Document::from_cbor(body, true, /*allow_exceptions=*/false);
  return document.is_object() ? document : Document(Document::value_t::discarded);
}

// What has been read, as the library would have it.
inline Document DocumentOf(const BodyValue& value) {
  using Kind = BodyValue::Kind;
  switch (value.kind()) {
    case Kind::kNull:
      return nullptr;
    case Kind::kBool:
      return value.truth();
    case Kind::kInteger:
      return value.integer();
    case Kind::kUnsigned:
      return value.unsigned_integer();
    case Kind::kReal:
      return value.real();
    case Kind::kText:
      return std::string(value.text());
    case Kind::kBytes:
      return Document::binary({value.text().begin(), value.text().end()});
    case Kind::kList: {
      Document list = Document::array();
      for (const BodyValue& element : value) list.push_back(DocumentOf(element));
      EXPECT_EQ(list.size(), value.size());
      return list;
    }
    case Kind::kObject: {
      Document object = Document::object();
      for (const BodyValue& member : value) object[std::string(member.name())] = DocumentOf(member);
      return object;
    }
  }
  return {};
}

}  // namespace riacho::internal
