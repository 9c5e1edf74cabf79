// docs/guide/limits.md is true: it has every field of Limits.
#include <fstream>
#include <iterator>
#include <regex>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace riacho::docs {
namespace {

std::string ReadFile(const std::string& path) {
  std::ifstream file(std::string(RIACHO_SOURCE_DIR) + "/" + path);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::string> FieldsOfLimits() {
  const std::string header = ReadFile("include/riacho/model/limits.h");
  const std::regex field(R"(\n  (?:bool|std::int64_t|absl::Duration) (\w+) =)");
  std::vector<std::string> fields;
  for (std::sregex_iterator at(header.begin(), header.end(), field), end; at != end; ++at)
    fields.push_back((*at)[1]);
  return fields;
}

TEST(LimitsPage, HasEveryField) {
  const std::string page = ReadFile("docs/guide/limits.md");
  const std::vector<std::string> fields = FieldsOfLimits();
  EXPECT_GT(fields.size(), 70U);
  for (const std::string& field : fields) EXPECT_THAT(page, testing::HasSubstr("`" + field + "`"));
}

}  // namespace
}  // namespace riacho::docs
