// From documents to structures, by their members.
#pragma once

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

namespace riacho::internal {

// Reads one document. What the structures only view stays in the document and in the decoder,
// which must both outlive them; record batches keep what they show.
//
// An optional member that is missing or null is absent, other members keep their default, unknown
// ones are passed over. A name that no enumerator has becomes an enumerator that has no name, for
// the service to refuse: see `unknown_names`.
class Decoder {
 public:
  explicit Decoder(WireFormat format) : format_(format) {}
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  // Errors: kSerialization for a value of another type, in the service's words.
  template <HasMembers Structure>
  absl::Status Decode(const Document& document, Structure& structure) {
    Read(document, structure);
    return status_;
  }

  // The numbers that stand for names which no enumerator has: from 255 down.
  const std::map<int, std::string>& unknown_names() const { return unknown_names_; }

 private:
  template <HasMembers Structure>
  void Read(const Document& document, Structure& structure) {
    if (!IsObject(document)) return;
    std::apply(
        [&](const auto&... row) {
          (ReadMember(document, structure.*row.member, row.name, row.blob), ...);
        },
        Members<Structure>::kRows);
  }

  template <typename Type>
  void ReadMember(const Document& document, Type& member, std::string_view name, bool blob) {
    const auto found = document.find(name);
    if (found == document.end() || found->is_null()) {
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
  void Read(const Document& value, std::optional<Type>& member) {
    Read(value, member.emplace());
  }
  template <typename Enum>
  requires std::is_enum_v<Enum>
  void Read(const Document& value, Enum& member) {
    std::string_view name;
    Read(value, name);
    if (!status_.ok()) return;
    const std::optional<Enum> known = FindEnumerator<Enum>(name);
    member = known.has_value() ? *known : static_cast<Enum>(NumberFor(name));
  }
  template <typename Element, typename Allocator>
  void Read(const Document& value, std::vector<Element, Allocator>& list) {
    if (!IsList(value)) return;
    list.resize(value.size());
    for (std::size_t i = 0; i < list.size(); ++i) {
      if (!value[i].is_null()) Read(value[i], list[i]);
    }
  }
  template <typename Element>
  void Read(const Document& value, std::span<const Element>& list) {
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
  void Read(const Document& value, Value& member) {
    std::string_view text;
    Read(value, text);
    if (!status_.ok()) return;
    const std::optional<Value> parsed = Value::Parse(text);
    if (!parsed.has_value()) return Fail("'" + std::string(text) + "' cannot be read");
    member = *parsed;
  }
  void Read(const Document& value, std::string_view& text);
  void Read(const Document& value, std::string& text);
  void Read(const Document& value, std::int64_t& number);
  void Read(const Document& value, int& number);
  void Read(const Document& value, bool& truth);
  void Read(const Document& value, absl::Time& time);
  void Read(const Document& value, std::map<std::string, std::string>& map);
  void Read(const Document& value, RecordBatch& batch);
  void ReadBytes(const Document& value, std::string_view& bytes);

  bool IsObject(const Document& value);
  bool IsList(const Document& value);
  bool IsNumber(const Document& value, std::string_view wanted);
  int NumberFor(std::string_view unknown_name);
  void FailToConvert(const Document& value, std::string_view wanted);
  void Fail(const std::string& message);

  const WireFormat format_;
  absl::Status status_;
  std::map<int, std::string> unknown_names_;
  std::vector<std::shared_ptr<void>> kept_;
};

}  // namespace riacho::internal
