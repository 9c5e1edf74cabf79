// The table of floors in ARCHITECTURE.md is the law, and this test its court: it reads who includes
// whom, and fails on any arrow that the table does not have. Whoever changes one changes the other.

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tidy/source_tree.h"

namespace riacho::tidy {
namespace {

// What a module may include. An entry is a module, or one header of it if only that is open.
struct Row {
  int floor = 0;
  std::set<std::string> may_include;
};

const std::map<std::string, Row>& Table() {
  static const auto* const kTable = new std::map<std::string, Row>{
      {"base", {1, {}}},
      {"time", {2, {"base"}}},
      {"model", {2, {"base"}}},
      {"client", {3, {"model"}}},
      {"flow", {3, {"base", "model"}}},
      {"shard", {4, {"flow", "model"}}},
      {"security", {4, {"flow", "model", "base"}}},
      {"telemetry",
       {4,
        {"riacho/client/interceptor.h", "riacho/client/record_requests.h", "riacho/time/agent.h",
         "riacho/time/clock.h", "model", "base"}}},
      {"wire", {4, {"client", "flow", "time", "base"}}},
      {"stream", {5, {"shard", "riacho/security/policy.h", "flow", "model"}}},
      {"producer", {5, {"client", "flow", "telemetry", "riacho/time/agent.h", "model"}}},
      {"worker", {5, {"client", "flow", "telemetry", "riacho/time/agent.h", "model"}}},
      {"report", {5, {"client", "telemetry", "model", "base"}}},
      {"engine",
       {6,
        {"stream", "shard", "client", "security", "telemetry", "flow", "time", "model", "base"}}},
      {"function", {6, {"worker", "flow", "riacho/time/agent.h", "base"}}},
      {"delivery", {6, {"worker", "flow", "riacho/time/agent.h", "model"}}},
      {"analytics", {6, {"worker", "riacho/time/agent.h", "base"}}},
      {"patterns", {6, {"worker", "client", "flow"}}},
      {"sim", {7, {"engine", "client", "time", "base"}}},
      {"testing", {8, {"sim", "engine", "client", "time", "base"}}},
      {"program", {8, {"wire", "engine", "telemetry", "client", "time", "base"}}},
  };
  return *kTable;
}

// The module that a quoted include leads to: "shard" for "shard/shard_log.h" and
// "riacho/shard/x.h"; empty for "riacho/riacho.h"; nothing for other people's headers.
std::optional<std::string> ModuleOf(const std::string& target) {
  const bool is_public = target.starts_with("riacho/");
  const std::string path = is_public ? target.substr(std::string("riacho/").size()) : target;
  const size_t slash = path.find('/');
  if (slash == std::string::npos) return is_public ? std::optional<std::string>("") : std::nullopt;
  const std::string module = path.substr(0, slash);
  if (!is_public && !Table().contains(module)) return std::nullopt;
  return module;
}

bool IsAllowed(const std::string& from, const std::string& target) {
  const std::optional<std::string> to = ModuleOf(target);
  if (!to.has_value() || *to == from) return true;
  if (!Table().contains(from) || !Table().contains(*to)) return false;
  const Row& row = Table().at(from);
  const bool open_to_all_above =
      (*to == "base" || *to == "model") && row.floor > Table().at(*to).floor;
  return open_to_all_above || row.may_include.contains(*to) || row.may_include.contains(target);
}

// The arrows of `files` that the table does not have, as "file:line: ...".
std::vector<std::string> ForbiddenArrows(const std::vector<SourceFile>& files) {
  std::vector<std::string> arrows;
  for (const SourceFile& file : files) {
    if (file.path == "include/riacho/riacho.h") continue;  // Gathers the public interface.
    for (const Include& include : QuotedIncludes(file)) {
      const std::string where = absl::StrCat(file.path, ":", include.line, ": ");
      if (!IsAllowed(file.Module(), include.target)) {
        arrows.push_back(absl::StrCat(where, file.Module(), " may not include ", include.target));
      }
      if (file.Folder() == "include" && ModuleOf(include.target) &&
          !include.target.starts_with("riacho/")) {
        arrows.push_back(
            absl::StrCat(where, "a public header may not include the private ", include.target));
      }
    }
  }
  return arrows;
}

SourceFile FileThatIncludes(const std::string& path, const std::string& target) {
  return {.path = path, .lines = {"#pragma once", "#include \"" + target + "\""}};
}

TEST(Layering, EveryArrowIsInTheTable) {
  EXPECT_THAT(ForbiddenArrows(ReadSources({"include", "src"})), testing::IsEmpty());
}

TEST(Layering, EveryFolderIsAModuleOfTheTable) {
  for (const SourceFile& file : ReadSources({"include", "src"})) {
    if (file.path == "include/riacho/riacho.h") continue;
    EXPECT_TRUE(Table().contains(file.Module()))
        << file.path << ": '" << file.Module() << "' is no module";
  }
}

TEST(Layering, NoArrowOfTheTableLeadsUpwardOrSideways) {
  for (const auto& [module, row] : Table()) {
    for (const std::string& entry : row.may_include) {
      const std::string to = ModuleOf(entry).value_or(entry);
      ASSERT_TRUE(Table().contains(to)) << module << " names the unknown module " << to;
      EXPECT_LT(Table().at(to).floor, row.floor) << module << " -> " << to;
    }
  }
}

TEST(LayeringTable, AnArrowThatIsNotThereIsFound) {
  EXPECT_THAT(ForbiddenArrows({FileThatIncludes("src/shard/shard_log.h", "stream/shard_map.h")}),
              testing::ElementsAre(testing::StartsWith("src/shard/shard_log.h:2: ")));
  EXPECT_THAT(ForbiddenArrows(
                  {FileThatIncludes("include/riacho/flow/retry_policy.h", "riacho/time/clock.h")}),
              testing::SizeIs(1));
  EXPECT_THAT(ForbiddenArrows({FileThatIncludes("src/engine/engine.cc", "riacho/riacho.h")}),
              testing::SizeIs(1));
  EXPECT_THAT(ForbiddenArrows({FileThatIncludes("src/base/check.cc", "time/clock.h")}),
              testing::SizeIs(1));
}

TEST(LayeringTable, BaseAndModelAreOpenToAllFloorsAboveThem) {
  EXPECT_THAT(ForbiddenArrows({FileThatIncludes("src/wire/http.cc", "riacho/model/error.h")}),
              testing::IsEmpty());
  EXPECT_THAT(ForbiddenArrows({FileThatIncludes("src/patterns/saga.cc", "base/check.h")}),
              testing::IsEmpty());
  EXPECT_THAT(ForbiddenArrows({FileThatIncludes("src/base/md5.cc", "riacho/model/error.h")}),
              testing::SizeIs(1));
}

TEST(LayeringTable, AnArrowToOneHeaderOpensNoOther) {
  EXPECT_THAT(
      ForbiddenArrows({FileThatIncludes("include/riacho/worker/worker.h", "riacho/time/agent.h")}),
      testing::IsEmpty());
  EXPECT_THAT(
      ForbiddenArrows({FileThatIncludes("include/riacho/worker/worker.h", "riacho/time/clock.h")}),
      testing::SizeIs(1));
}

TEST(LayeringTable, APublicHeaderSeesNoPrivateOne) {
  EXPECT_THAT(ForbiddenArrows({FileThatIncludes("include/riacho/base/random.h", "base/check.h")}),
              testing::SizeIs(1));
}

TEST(LayeringTable, OtherPeoplesHeadersAreFree) {
  EXPECT_THAT(ForbiddenArrows({FileThatIncludes("src/base/md5.h", "absl/status/status.h")}),
              testing::IsEmpty());
}

}  // namespace
}  // namespace riacho::tidy
