// Fills requests with what a script says: mostly values that fit the member, sometimes values at
// the edge of what its shape accepts, and sometimes anything.
//
//   RequestFiller filler(script, known, now);
//   PutRecordRequest request;
//   filler.Fill(request);   // it borrows from the filler
//
// It walks the table that validation walks, so a new member is filled without being named here. A
// script that is used up leaves optional members absent and takes the first value of all others.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/time/time.h"

#include "engine/channel_fields.h"
#include "engine/consumer_fields.h"
#include "engine/record_fields.h"
#include "engine/settings_fields.h"
#include "engine/shard_fields.h"
#include "engine/stream_fields.h"
#include "fuzz/known_texts.h"
#include "fuzz/script.h"

namespace riacho::fuzz {

class RequestFiller {
 public:
  RequestFiller(Script& script, const KnownTexts& known, absl::Time now)
      : script_(script), known_(known), now_(now) {}
  RequestFiller(const RequestFiller&) = delete;
  RequestFiller& operator=(const RequestFiller&) = delete;

  template <typename Structure>
  void Fill(Structure& structure) {
    std::apply([&](const auto&... row) { (FillRow(row, structure.*row.member), ...); },
               internal::Fields<Structure>::kRows);
  }

 private:
  enum class Kind : unsigned char { kFitting, kOfAnother, kDamaged, kAnything, kEdge };

  template <typename Row, typename Member>
  void FillRow(const Row& row, Member& member) {
    const std::uint64_t how = script_.Take(1);
    if (row.required ? how == 0xff : how < 0x70) return;
    const Kind kind = KindOf(how % 16);
    if constexpr (requires {
                    member.emplace();
                    member.has_value();
                  }) {
      FillValue(row.name, row.shape, kind, member.emplace());
    } else {
      FillValue(row.name, row.shape, kind, member);
    }
  }

  static Kind KindOf(std::uint64_t sixteenth) {
    switch (sixteenth) {
      case 12:
        return Kind::kOfAnother;
      case 13:
        return Kind::kDamaged;
      case 14:
        return Kind::kAnything;
      case 15:
        return Kind::kEdge;
      default:
        return Kind::kFitting;
    }
  }

  // --- Values, by the type of the member

  template <typename Shape>
  void FillValue(std::string_view name, const Shape& shape, Kind kind, std::string& value) {
    value = Text(name, shape, kind);
  }

  template <typename Shape>
  void FillValue(std::string_view name, const Shape& shape, Kind kind, std::string_view& value) {
    if constexpr (std::is_same_v<Shape, internal::BlobShape>) {
      value = Data(kind);
    } else {
      value = texts_.emplace_back(Text(name, shape, kind));
    }
  }

  template <typename Shape>
  void FillValue(std::string_view, const Shape& shape, Kind kind, std::int64_t& value) {
    constexpr auto kLeast = std::numeric_limits<std::int64_t>::min();
    constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
    std::int64_t least = kLeast;
    std::int64_t most = kMost;
    if constexpr (std::is_same_v<Shape, internal::NumberShape>) {
      least = shape.least;
      most = shape.most;
    }
    if (kind == Kind::kAnything || kind == Kind::kOfAnother) {
      value = static_cast<std::int64_t>(script_.Take(8));
    } else if (kind == Kind::kEdge) {
      const std::array edges = {least,
                                least == kLeast ? least : least - 1,
                                most,
                                most == kMost ? most : most + 1,
                                std::int64_t{0},
                                std::int64_t{-1},
                                kLeast,
                                kMost};
      value = edges[script_.Choose(edges.size())];
    } else {
      constexpr std::array<std::int64_t, 16> kNumbers = {1,  2,  3,  4,  5,   6,    8,    10,
                                                         23, 24, 25, 48, 168, 1024, 2048, 8760};
      value = std::clamp(kNumbers[script_.Choose(kNumbers.size())], least, most);
    }
  }

  template <typename Shape, typename Enum>
  requires std::is_enum_v<Enum>
  void FillValue(std::string_view, const Shape& shape, Kind kind, Enum& value) {
    value = EnumValue<Enum>(shape.values, kind);
  }

  template <typename Shape>
  void FillValue(std::string_view, const Shape&, Kind, bool& value) {
    value = script_.Choose(2) != 0;
  }

  template <typename Shape>
  void FillValue(std::string_view, const Shape&, Kind kind, absl::Time& value) {
    const auto seconds = static_cast<std::int64_t>(script_.Take(3));
    if (kind == Kind::kAnything) {
      value = absl::FromUnixNanos(static_cast<std::int64_t>(script_.Take(8)));
    } else if (kind == Kind::kEdge) {
      const std::array edges = {absl::UnixEpoch(),
                                absl::InfinitePast(),
                                absl::InfiniteFuture(),
                                absl::UnixEpoch() - absl::Nanoseconds(1),
                                now_,
                                now_ + absl::Milliseconds(1)};
      value = edges[static_cast<std::size_t>(seconds) % edges.size()];
    } else {
      value = now_ - absl::Seconds(seconds % 128 == 0 ? seconds : seconds % 128);
    }
  }

  template <typename Shape>
  void FillValue(std::string_view name, const Shape& shape, Kind kind,
                 std::map<std::string, std::string>& value) {
    for (std::size_t left = Count(shape, kind); left != 0; --left) {
      std::string key = Text(name, shape.key, left > 3 ? Kind::kFitting : kind);
      if (left > 3) key += std::to_string(left);
      value[std::move(key)] = Text(name, shape.value, left > 3 ? Kind::kFitting : kind);
    }
  }

  template <typename Shape>
  void FillValue(std::string_view name, const Shape& shape, Kind kind,
                 std::vector<std::string>& value) {
    for (std::size_t left = Count(shape, kind); left != 0; --left)
      value.push_back(Text(name, shape.element, left > 3 ? Kind::kFitting : kind));
  }

  template <typename Shape, typename Enum>
  requires std::is_enum_v<Enum>
  void FillValue(std::string_view, const Shape& shape, Kind kind, std::vector<Enum>& value) {
    for (std::size_t left = Count(shape, kind); left != 0; --left)
      value.push_back(EnumValue<Enum>(shape.element.values, kind));
  }

  void FillValue(std::string_view, const internal::StructureListShape& shape, Kind kind,
                 std::span<const PutRecordsRequestEntry>& value) {
    std::vector<PutRecordsRequestEntry>& entries = entries_.emplace_back(Count(shape, kind));
    for (std::size_t i = 0; i < entries.size() && i < 8; ++i) Fill(entries[i]);
    value = entries;
  }

  template <typename Structure>
  requires std::is_class_v<Structure>
  void FillValue(std::string_view, const internal::StructureListShape& shape, Kind kind,
                 std::vector<Structure>& value) {
    value.resize(std::min<std::size_t>(Count(shape, kind), 8));
    for (Structure& structure : value) Fill(structure);
  }

  template <typename Structure>
  void FillValue(std::string_view, const internal::StructureShape&, Kind, Structure& value) {
    Fill(value);
  }

  // --- Parts of values

  template <typename Shape>
  std::string Text(std::string_view name, const Shape& shape, Kind kind) {
    switch (kind) {
      case Kind::kFitting:
        return known_.Of(name, script_.Choose(256));
      case Kind::kOfAnother:
        return known_.OfAnyKind(script_.Take(2));
      case Kind::kDamaged:
        return Damage(known_.Of(name, script_.Choose(256)), script_);
      case Kind::kAnything:
        return script_.TakeText(script_.Choose(32));
      case Kind::kEdge:
        break;
    }
    if constexpr (requires { shape.most; }) {
      if (shape.most != internal::kAnyLength) {
        const std::uint64_t edge = script_.Take(1);
        const std::size_t most = std::min(shape.most, kLongestText) + (edge >> 6) % 2;
        std::string text;
        const std::string_view character = edge >= 128 ? "\xe6\x97\xa5" : "1";
        if (edge % 4 != 0)
          for (std::size_t i = 0; i < most; ++i) text += character;
        return text;
      }
    }
    return "";
  }

  // Sizes about the limits of a record and of the model are rare: they are slow.
  std::string_view Data(Kind kind) {
    static const auto* const kBytes = new std::string(kMostBytes + 1, 'x');
    constexpr std::size_t kMiB = 1024 * 1024;
    const std::uint64_t size = script_.Take(1);
    if (kind == Kind::kAnything) return texts_.emplace_back(script_.TakeText(size));
    if (kind != Kind::kEdge) return std::string_view(*kBytes).substr(0, size);
    const std::array edges = {kMiB, kMiB + 1, kMiB - 1, kMostBytes, kMostBytes + 1, size, size};
    return std::string_view(*kBytes).substr(0, edges[size % edges.size()]);
  }

  template <typename Enum, typename Values>
  Enum EnumValue(const Values& values, Kind kind) {
    const std::uint64_t choice = script_.Take(1);
    if (kind == Kind::kAnything || kind == Kind::kEdge) return static_cast<Enum>(choice);
    return values[choice % values.size()];
  }

  template <typename Shape>
  std::size_t Count(const Shape& shape, Kind kind) {
    if (kind != Kind::kEdge) return 1 + script_.Choose(3);
    const std::size_t most = std::min<std::size_t>(shape.most, 600);
    const std::array edges = {std::size_t{0}, shape.least, most, most + 1};
    return edges[script_.Choose(edges.size())];
  }

  static constexpr std::size_t kLongestText = 3000;
  static constexpr std::size_t kMostBytes = internal::kDataShape.most;

  Script& script_;
  const KnownTexts& known_;
  const absl::Time now_;
  // What requests borrow.
  std::deque<std::string> texts_;
  std::deque<std::vector<PutRecordsRequestEntry>> entries_;
};

}  // namespace riacho::fuzz
