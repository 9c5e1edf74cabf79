// From structures to bodies, by their members.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>

#include "absl/time/time.h"

#include "riacho/model/hash_key.h"
#include "riacho/model/record_batch.h"
#include "riacho/model/sequence_number.h"
#include "riacho/model/shard_id.h"
#include "wire/body_writer.h"
#include "wire/document.h"
#include "wire/enumerators.h"
#include "wire/members.h"

namespace riacho::internal {

// Writes bodies of one format, a structure each.
class Encoder {
 public:
  explicit Encoder(WireFormat format) : writer_(format) {}

  // Once.
  template <HasMembers Structure>
  std::string Encode(const Structure& structure) {
    Write(structure, false);
    return writer_.TakeBody();
  }
  // Whether all its texts were UTF-8; others have been altered.
  bool faithful() const { return writer_.faithful(); }

 private:
  template <typename Structure, typename Type>
  static bool IsWritten(const Structure& structure, const MemberRow<Structure, Type>& row) {
    if (row.written != nullptr && !row.written(structure)) return false;
    const Type& value = structure.*row.member;
    if constexpr (requires { value.has_value(); }) {
      return value.has_value();
    } else if constexpr (requires { value.empty(); }) {
      return !row.unless_empty || !value.empty();
    } else {
      return true;
    }
  }

  template <typename Structure, typename Type>
  void WriteMember(const Structure& structure, const MemberRow<Structure, Type>& row) {
    if (!IsWritten(structure, row)) return;
    writer_.Name(row.name);
    const Type& value = structure.*row.member;
    if constexpr (requires { value.has_value(); }) {
      Write(*value, row.blob);
    } else {
      Write(value, row.blob);
    }
  }

  template <typename Value>
  void Write(const Value& value, bool blob) {
    if constexpr (std::is_same_v<Value, bool>) {
      writer_.Bool(value);
    } else if constexpr (std::is_integral_v<Value>) {
      writer_.Integer(value);
    } else if constexpr (std::is_enum_v<Value>) {
      writer_.Text(kNameOf<Value>(value));
    } else if constexpr (std::is_convertible_v<Value, std::string_view>) {
      blob ? writer_.Bytes(value) : writer_.Text(value);
    } else if constexpr (std::is_same_v<Value, absl::Time>) {
      writer_.Time(value);
    } else if constexpr (requires { value.ToString(); }) {  // shard ids and long numbers
      writer_.Text(value.ToString());
    } else if constexpr (HasMembers<Value>) {
      WriteStructure(value);
    } else if constexpr (requires { typename Value::mapped_type; }) {
      writer_.BeginObject(value.size());
      for (const auto& [key, text] : value) {
        writer_.Name(key);
        writer_.Text(text);
      }
      writer_.EndObject();
    } else {
      writer_.BeginList(value.size());
      for (const auto& element : value) Write(element, false);
      writer_.EndList();
    }
  }

  template <typename Structure>
  void WriteStructure(const Structure& structure) {
    std::apply(
        [&](const auto&... row) {
          writer_.BeginObject((std::size_t{0} + ... + (IsWritten(structure, row) ? 1U : 0U)));
          (WriteMember(structure, row), ...);
          writer_.EndObject();
        },
        Members<Structure>::kRows);
  }

  BodyWriter writer_;
};

}  // namespace riacho::internal
