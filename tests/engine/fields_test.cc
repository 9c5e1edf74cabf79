// No constraint of the service's model is missing from the table of fields, and none of the table's
// is without one in the model.
#include "engine/fields.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/channel_fields.h"
#include "engine/consumer_fields.h"
#include "engine/record_fields.h"
#include "engine/request_list.h"
#include "engine/service_model.h"
#include "engine/settings_fields.h"
#include "engine/shard_fields.h"
#include "engine/stream_fields.h"

namespace riacho {
namespace {

using internal::AnyShape;
using internal::BlobShape;
using internal::EnumShape;
using internal::Field;
using internal::Fields;
using internal::kAnyLength;
using internal::ListShape;
using internal::MapShape;
using internal::NumberShape;
using internal::StructureListShape;
using internal::StructureShape;
using internal::TextShape;

std::optional<std::int64_t> LengthFrom(std::size_t least) {
  return least == 0 ? std::nullopt : std::optional<std::int64_t>(least);
}
std::optional<std::int64_t> LengthTo(std::size_t most) {
  return most == kAnyLength ? std::nullopt : std::optional<std::int64_t>(most);
}

// A shape of the table in the words of the model's.
ModelShape InModel(const AnyShape&) { return {.kind = "any"}; }
ModelShape InModel(const TextShape& shape) {
  return {.kind = "text",
          .least = LengthFrom(shape.least),
          .most = LengthTo(shape.most),
          .pattern = std::string(shape.pattern.text)};
}
ModelShape InModel(const NumberShape& shape) {
  ModelShape number = {.kind = "number", .least = shape.least, .most = shape.most};
  if (number.least == NumberShape{}.least) number.least.reset();
  if (number.most == NumberShape{}.most) number.most.reset();
  return number;
}
ModelShape InModel(const BlobShape& shape) {
  return {.kind = "blob", .most = LengthTo(shape.most)};
}
template <typename Enum, std::size_t kCount>
ModelShape InModel(const EnumShape<Enum, kCount>& shape) {
  ModelShape values = {.kind = "enum"};
  for (const Enum value : shape.values) values.values.emplace_back(shape.name(value));
  std::ranges::sort(values.values);
  return values;
}
template <typename Element>
ModelShape InModel(const ListShape<Element>& shape) {
  return {.kind = "list",
          .least = LengthFrom(shape.least),
          .most = LengthTo(shape.most),
          .of = {InModel(shape.element)}};
}
ModelShape InModel(const MapShape& shape) {
  return {.kind = "map",
          .least = LengthFrom(shape.least),
          .most = LengthTo(shape.most),
          .of = {InModel(shape.key), InModel(shape.value)}};
}
ModelShape InModel(const StructureShape&) { return {.kind = "structure"}; }
ModelShape InModel(const StructureListShape& shape) {
  return {.kind = "structures", .least = LengthFrom(shape.least), .most = LengthTo(shape.most)};
}

template <typename Structure>
void AddRows(const std::string& prefix, std::vector<ModelMember>& rows);

template <typename Structure, typename Member, typename Shape>
void AddRow(const Field<Structure, Member, Shape>& field, const std::string& prefix,
            std::vector<ModelMember>& rows) {
  const std::string path = prefix + std::string(field.name);
  rows.push_back({path, field.required, InModel(field.shape)});
  if constexpr (std::is_same_v<Shape, StructureShape>) {
    AddRows<typename Member::value_type>(path + ".", rows);
  } else if constexpr (std::is_same_v<Shape, StructureListShape>) {
    AddRows<typename Member::value_type>(path + ".N.member.", rows);
  }
}

template <typename Structure>
void AddRows(const std::string& prefix, std::vector<ModelMember>& rows) {
  std::apply([&](const auto&... field) { (AddRow(field, prefix, rows), ...); },
             Fields<Structure>::kRows);
}

// Where the table is meant to differ from the model, by section of the reference on the service.
struct Difference {
  std::string_view reason;
  std::string_view pattern;
  std::string_view printed;
};
constexpr Difference kDifferences[] = {
    {"1.4: hash keys print anchored", R"(0|([1-9]\d{0,38}))", R"(^(0|([1-9]\d{0,38}))$)"},
    {"1.4: sequence numbers print anchored", R"(0|([1-9]\d{0,128}))", R"(^(0|([1-9]\d{0,128}))$)"},
};

std::vector<ModelMember> Expected(Operation operation) {
  std::vector<ModelMember> members = MembersOf(operation);
  for (ModelMember& member : members) {
    for (const Difference& difference : kDifferences)
      if (member.shape.pattern == difference.pattern) member.shape.pattern = difference.printed;
  }
  return members;
}

TEST(Fields, AreThoseOfTheModelInItsOrderWithTheSameConstraints) {
  ForEachRequest([](auto method) {
    using Request = RequestOf<decltype(method)>;
    std::vector<ModelMember> rows;
    AddRows<Request>("", rows);
    EXPECT_THAT(rows, testing::ElementsAreArray(Expected(Request::kOperation)))
        << Request::kOperation;
  });
}

TEST(Fields, AreThereForEveryOperation) {
  std::set<Operation> operations;
  ForEachRequest(
      [&operations](auto method) { operations.insert(RequestOf<decltype(method)>::kOperation); });
  EXPECT_EQ(operations.size(), kOperationCount);
}

TEST(Fields, DifferFromTheModelOnlyWhereItStillSaysOtherwise) {
  for (const Difference& difference : kDifferences) {
    bool needed = false;
    ForEachRequest([&](auto method) {
      const std::vector<ModelMember> members = MembersOf(RequestOf<decltype(method)>::kOperation);
      needed = needed || std::ranges::any_of(members, [&difference](const ModelMember& member) {
                 return member.shape.pattern == difference.pattern;
               });
    });
    EXPECT_TRUE(needed) << difference.reason;
  }
}

// TextShape compares the shortest length with bytes.
TEST(Fields, DemandAtMostOneCharacterOfAText) {
  ForEachRequest([](auto method) {
    constexpr Operation kOperation = RequestOf<decltype(method)>::kOperation;
    for (const ModelMember& member : MembersOf(kOperation)) {
      if (member.shape.kind != "text") continue;
      EXPECT_LE(member.shape.least.value_or(0), 1) << kOperation << ' ' << member;
    }
  });
}

// A reader of the model that found nothing would make all else here pass.
TEST(ServiceModel, HasWhatTheReferenceSays) {
  EXPECT_THAT(
      MembersOf(Operation::kSubscribeToShard),
      testing::Contains(ModelMember{"startingPosition.type",
                                    true,
                                    {.kind = "enum",
                                     .values = {"AFTER_SEQUENCE_NUMBER", "AT_SEQUENCE_NUMBER",
                                                "AT_TIMESTAMP", "LATEST", "TRIM_HORIZON"}}}));
  EXPECT_THAT(
      MembersOf(Operation::kPutRecords),
      testing::IsSupersetOf(std::vector<ModelMember>{
          {"records", true, {.kind = "structures", .least = 1, .most = 500}},
          {"records.N.member.data", true, {.kind = "blob", .most = 10485760}},
          {"records.N.member.partitionKey", false, {.kind = "text", .least = 1, .most = 256}},
          {"dryRun", false, {.kind = "any"}}}));
  EXPECT_THAT(
      MembersOf(Operation::kCreateChannel),
      testing::IsSupersetOf(std::vector<ModelMember>{
          {"channelName", true, {.kind = "any"}},
          {"s3TablesDestinationConfiguration.s3TablesConfigurationList.N.member.partitionSpec."
           "partitionFields.N.member.transform",
           true,
           {.kind = "enum", .values = {"TIME_HOUR"}}}}));
}

}  // namespace
}  // namespace riacho
