// From bodies to structures, by their members.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"

#include "riacho/model/hash_key.h"
#include "riacho/model/record_batch.h"
#include "riacho/model/sequence_number.h"
#include "riacho/model/shard_id.h"
#include "wire/document.h"
#include "wire/enumerators.h"
#include "wire/members.h"
#include "wire/parsed_body.h"

namespace riacho::internal {

// Reads one body. What the structures only view stays in the body and in the decoder, which must
// both outlive them; record batches keep what they show.
//
// An optional member that is missing or null is absent, other members keep their default, unknown
// ones are passed over. A name that no enumerator has becomes an enumerator that has no name, for
// the service to refuse: see `unknown_names`.
class Decoder {
 public:
  // `body`, and what it was read from, must outlive the decoder.
  Decoder(const ParsedBody& body, WireFormat format) : body_(body), format_(format) {}
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  // Errors: kSerialization for a value of another type, in the service's words.
  template <HasMembers Structure>
  absl::Status Decode(Structure& structure) {
    Read(body_.root(), structure);
    return status_;
  }

  // The numbers that stand for names which no enumerator has: from 255 down.
  const std::map<int, std::string>& unknown_names() const { return unknown_names_; }

 private:
  template <HasMembers Structure>
  void Read(const BodyValue& object, Structure& structure) {
    if (!IsObject(object)) return;
    std::apply(
        [&](const auto&... row) {
          (ReadMember(object, structure.*row.member, row.name, row.blob), ...);
        },
        Members<Structure>::kRows);
  }

  template <typename Type>
  void ReadMember(const BodyValue& object, Type& member, std::string_view name, bool blob) {
    const BodyValue* const found = object.Find(name);
    if (found == nullptr || found->is_null()) {
      if constexpr (requires { member.reset(); }) member.reset();
      return;
    }
    if constexpr (std::is_same_v<Type, std::string_view>) {
      if (blob) return ReadBytes(*found, member);
    } else if constexpr (std::is_same_v<Type, std::optional<std::string_view>>) {
      if (blob) return ReadBytes(*found, member.emplace());
    }
    Read(*found, member);
  }

  template <typename Type>
  void Read(const BodyValue& value, std::optional<Type>& member) {
    Read(value, member.emplace());
  }
  template <typename Enum>
  requires std::is_enum_v<Enum>
  void Read(const BodyValue& value, Enum& member) {
    std::string_view name;
    Read(value, name);
    if (!status_.ok()) return;
    const std::optional<Enum> known = FindEnumerator<Enum>(name);
    member = known.has_value() ? *known : static_cast<Enum>(NumberFor(name));
  }
  template <typename Element, typename Allocator>
  void Read(const BodyValue& value, std::vector<Element, Allocator>& list) {
    if (!IsList(value)) return;
    list.resize(value.size());
    auto element = list.begin();
    for (const BodyValue& read : value) {
      if (!read.is_null()) Read(read, *element);
      ++element;
    }
  }
  template <typename Element>
  void Read(const BodyValue& value, std::span<const Element>& list) {
    const auto kept = std::make_shared<std::vector<Element>>();
    Read(value, *kept);
    list = *kept;
    kept_.push_back(kept);
  }
  // Shard ids and long numbers. What is none is only met in answers.
  template <typename Value>
  requires requires(std::string_view text) {
    { Value::Parse(text) } -> std::same_as<std::optional<Value>>;
  }
  void Read(const BodyValue& value, Value& member) {
    std::string_view text;
    Read(value, text);
    if (!status_.ok()) return;
    const std::optional<Value> parsed = Value::Parse(text);
    if (!parsed.has_value()) return Fail("'" + std::string(text) + "' cannot be read");
    member = *parsed;
  }
  void Read(const BodyValue& value, std::string_view& text);
  void Read(const BodyValue& value, std::string& text);
  void Read(const BodyValue& value, std::int64_t& number);
  void Read(const BodyValue& value, int& number);
  void Read(const BodyValue& value, bool& truth);
  void Read(const BodyValue& value, absl::Time& time);
  void Read(const BodyValue& value, std::map<std::string, std::string>& map);
  void Read(const BodyValue& value, RecordBatch& batch);
  void ReadBytes(const BodyValue& value, std::string_view& bytes);

  bool IsObject(const BodyValue& value);
  bool IsList(const BodyValue& value);
  bool IsNumber(const BodyValue& value, std::string_view wanted);
  int NumberFor(std::string_view unknown_name);
  void FailToConvert(const BodyValue& value, std::string_view wanted);
  void Fail(const std::string& message);

  const ParsedBody& body_;
  const WireFormat format_;
  absl::Status status_;
  std::map<int, std::string> unknown_names_;
  std::vector<std::shared_ptr<void>> kept_;
  std::unique_ptr<char[]> bytes_;  // what was in base64; room for all of the body
  std::size_t bytes_used_ = 0;
};

}  // namespace riacho::internal
