// From structures to documents, by their members.
#pragma once

#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/time/time.h"

#include "riacho/model/hash_key.h"
#include "riacho/model/record_batch.h"
#include "riacho/model/sequence_number.h"
#include "riacho/model/shard_id.h"
#include "wire/document.h"
#include "wire/enumerators.h"
#include "wire/members.h"

namespace riacho::internal {

// Makes documents of one format.
class Encoder {
 public:
  explicit Encoder(WireFormat format) : format_(format) {}

  template <HasMembers Structure>
  Document Encode(const Structure& structure) const {
    Document document = Document::object();
    std::apply([&](const auto&... row) { (EncodeMember(document, structure, row), ...); },
               Members<Structure>::kRows);
    return document;
  }

 private:
  template <typename Structure, typename Type>
  void EncodeMember(Document& document, const Structure& structure,
                    const MemberRow<Structure, Type>& row) const {
    const Type& value = structure.*row.member;
    if (row.written != nullptr && !row.written(structure)) return;
    if constexpr (requires { value.has_value(); }) {
      if (value.has_value()) document[row.name] = EncodeValue(*value, row.blob);
    } else {
      if constexpr (requires { value.empty(); }) {
        if (row.unless_empty && value.empty()) return;
      }
      document[row.name] = EncodeValue(value, row.blob);
    }
  }

  template <typename Value>
  Document EncodeValue(const Value& value, bool blob) const {
    if constexpr (std::is_convertible_v<Value, std::string_view>) {
      if (blob) return EncodeBytes(value);
    }
    return EncodeValue(value);
  }

  template <typename Value>
  Document EncodeValue(const Value& value) const {
    if constexpr (std::is_same_v<Value, bool> || std::is_integral_v<Value>) {
      return value;
    } else if constexpr (std::is_enum_v<Value>) {
      return std::string(kNameOf<Value>(value));
    } else if constexpr (std::is_convertible_v<Value, std::string_view>) {
      return std::string(std::string_view(value));
    } else if constexpr (std::is_same_v<Value, absl::Time>) {
      const std::int64_t millis = absl::ToUnixMillis(value);
      if (format_ == WireFormat::kCbor) return millis;
      return static_cast<double>(millis) / 1000;
    } else if constexpr (requires { value.ToString(); }) {  // shard ids and long numbers
      return value.ToString();
    } else if constexpr (HasMembers<Value>) {
      return Encode(value);
    } else if constexpr (requires { typename Value::mapped_type; }) {
      Document map = Document::object();
      for (const auto& [key, text] : value) map[key] = text;
      return map;
    } else {
      Document list = Document::array();
      for (const auto& element : value) list.push_back(EncodeValue(element));
      return list;
    }
  }

  Document EncodeBytes(std::string_view bytes) const {
    if (format_ == WireFormat::kJson) return absl::Base64Escape({bytes.data(), bytes.size()});
    return Document::binary({bytes.begin(), bytes.end()});
  }

  WireFormat format_;
};

}  // namespace riacho::internal
