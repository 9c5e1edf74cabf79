// Every constraint of the service's model, broken in a request of every operation: the message that
// comes back through the client is the one that the model and the service's grammar give.
//
// Requests are filled through the rows of the table, so that new members join in by themselves;
// what is expected is worked out from the model alone.
#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <regex>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/bad_values.h"
#include "engine/channel_fields.h"
#include "engine/consumer_fields.h"
#include "engine/exported_state.h"
#include "engine/record_fields.h"
#include "engine/record_fixture.h"
#include "engine/request_list.h"
#include "engine/service_model.h"
#include "engine/settings_fields.h"
#include "engine/shard_fields.h"
#include "engine/stream_fields.h"

namespace riacho {
namespace {

using internal::Fields;

template <typename Shape>
constexpr bool kIsStructure = std::is_same_v<Shape, internal::StructureShape>;
template <typename Shape>
constexpr bool kIsStructureList = std::is_same_v<Shape, internal::StructureListShape>;

// The element of a list in a request. The lists that requests borrow are this test's own.
template <typename List>
auto& First(List& list) {
  return const_cast<std::remove_const_t<typename List::value_type>&>(list[0]);
}

// Calls visit(path, field, member) for every member of a request, a structure before its own.
template <typename Structure, typename Visitor>
void VisitMembers(Structure& structure, const std::string& prefix, const Visitor& visit) {
  const auto visit_one = [&](const auto& field) {
    const std::string path = prefix + std::string(field.name);
    auto& member = structure.*field.member;
    visit(path, field, member);
    using Shape = std::remove_cvref_t<decltype(field.shape)>;
    if constexpr (kIsStructure<Shape>) {
      if (member.has_value()) VisitMembers(*member, path + ".", visit);
    } else if constexpr (kIsStructureList<Shape>) {
      if (!member.empty()) VisitMembers(First(member), path + ".1.member.", visit);
    }
  };
  std::apply([&](const auto&... field) { (visit_one(field), ...); }, Fields<Structure>::kRows);
}

// By the paths of a request whose lists have one element.
std::map<std::string, ModelMember> MembersByPath(Operation operation) {
  std::map<std::string, ModelMember> members;
  for (const ModelMember& member : MembersOf(operation))
    members[std::regex_replace(member.path, std::regex(R"(\.N\.)"), ".1.")] = member;
  return members;
}

// Values that the model accepts.
template <typename Field, typename Member>
void Fill(const Field& field, Member& member, const ModelShape& model) {
  if constexpr (std::is_same_v<Member, std::optional<std::string>> ||
                std::is_same_v<Member, std::optional<std::string_view>>) {
    SetText(member, TextOf(model));
  } else if constexpr (std::is_same_v<Member, std::optional<std::int64_t>>) {
    member = model.least.value_or(1);
  } else if constexpr (requires { field.shape.values; }) {
    member = field.shape.values[0];
  } else if constexpr (requires { field.shape.element.values; }) {
    member = {field.shape.element.values[0]};
  } else if constexpr (std::is_same_v<Member, std::vector<std::string>>) {
    member = {"k"};
  } else if constexpr (std::is_same_v<Member, Tags>) {
    member = {{"k", "v"}};
  } else if constexpr (std::is_same_v<Member, Entries>) {
    member = Keep(std::vector<PutRecordsRequestEntry>(1));
  } else if constexpr (requires { member.resize(1); }) {
    member.resize(1);
  } else {
    member.emplace();
  }
}

// A request with every member.
template <typename Request>
Request Full(const std::map<std::string, ModelMember>& members) {
  Request request;
  VisitMembers(request, "", [&](const std::string& path, const auto& field, auto& member) {
    Fill(field, member, members.at(path).shape);
  });
  return request;
}

// --- The tests

// Also that nothing changes in a world whose stream the requests address.
template <typename Test>
void ForEachOperation(Test&& test) {
  RecordWorld world(WithoutThroughputLimits());
  world.Create("a");
  world.Put("a", "key");
  ForEachRequest([&](auto method) {
    using Request = RequestOf<decltype(method)>;
    SCOPED_TRACE(OperationName(Request::kOperation));
    const ExportedState before = ExportState(*world.kinesis);
    const auto check = [&](const Request& request, const std::vector<std::string>& violations) {
      EXPECT_THAT(StatusOfCall(*world.kinesis, method, request),
                  FailsWith(ErrorCode::kValidation, MessageOf(violations)));
    };
    test(Full<Request>(MembersByPath(Request::kOperation)), check);
    EXPECT_EQ(Difference(before, ExportState(*world.kinesis)), "");
  });
}

TEST(EveryConstraint, IsKeptByARequestWithEveryMember) {
  ForEachOperation([](const auto& request, const auto&) {
    EXPECT_THAT(internal::Validate(request), Succeeds());
  });
}

TEST(EveryConstraint, HasItsMessageWhenItAloneIsBroken) {
  int checked = 0;
  ForEachOperation([&checked](auto request, const auto& check) {
    const auto members = MembersByPath(request.kOperation);
    VisitMembers(request, "", [&](const std::string& path, const auto&, auto& member) {
      const auto good = member;
      for (const auto& bad : BadValues(good, members.at(path).shape, path)) {
        member = bad.value;
        check(request, bad.violations);
        ++checked;
      }
      member = good;
    });
  });
  EXPECT_GT(checked, 500);
}

TEST(EveryConstraint, OfARequiredMemberIsBrokenByItsAbsence) {
  int checked = 0;
  ForEachOperation([&checked](auto request, const auto& check) {
    const auto members = MembersByPath(request.kOperation);
    VisitMembers(request, "", [&](const std::string& path, const auto&, auto& member) {
      const ModelMember& model = members.at(path);
      if (!model.required) return;
      const auto good = member;
      if constexpr (requires { member.reset(); }) {
        member.reset();
        check(request, {Violation("null", path, "Member must not be null")});
        ++checked;
      } else if constexpr (requires { member.empty(); }) {
        member = {};
        const std::string nothing = model.shape.kind == "map" ? "'{}'" : "'[]'";
        check(request, {Violation(nothing, path, LengthAtLeast(model.shape.least.value()))});
        ++checked;
      }
      member = good;
    });
  });
  EXPECT_GT(checked, 60);
}

TEST(EveryConstraint, BrokenAtOnceIsReportedInTheOrderOfTheModel) {
  std::size_t most = 0;
  ForEachOperation([&most](auto request, const auto& check) {
    const auto members = MembersByPath(request.kOperation);
    std::vector<std::string> violations;
    VisitMembers(request, "", [&](const std::string& path, const auto& field, auto& member) {
      using Shape = std::remove_cvref_t<decltype(field.shape)>;
      if constexpr (!kIsStructureList<Shape>) {
        auto bad = BadValues(member, members.at(path).shape, path);
        if (bad.empty()) return;
        member = bad[0].value;
        violations.insert(violations.end(), bad[0].violations.begin(), bad[0].violations.end());
      }
    });
    if (!violations.empty()) check(request, violations);
    most = std::max(most, violations.size());
  });
  EXPECT_GT(most, 10U);  // some, of which ten are spelled out
}

TEST(EveryConstraint, OfAnEmptyRequestIsThatOfItsRequiredMembers) {
  ForEachOperation([](const auto& full, const auto& check) {
    using Request = std::remove_cvref_t<decltype(full)>;
    Request request;
    const auto members = MembersByPath(request.kOperation);
    std::vector<std::string> violations;
    VisitMembers(request, "", [&](const std::string& path, const auto&, auto& member) {
      const ModelMember& model = members.at(path);
      if (!model.required) return;
      if constexpr (requires { member.has_value(); }) {
        if (!member.has_value())
          violations.push_back(Violation("null", path, "Member must not be null"));
      } else if (model.shape.kind == "map") {
        violations.push_back(Violation("'{}'", path, LengthAtLeast(1)));
      } else if (model.shape.kind.starts_with("list") || model.shape.kind == "structures") {
        violations.push_back(Violation("'[]'", path, LengthAtLeast(1)));
      }
    });
    if (violations.empty()) {
      EXPECT_THAT(internal::Validate(request), Succeeds());
    } else {
      check(request, violations);
    }
  });
}

}  // namespace
}  // namespace riacho
