// docs/operations.md is true: it has every operation, with the errors of the service's model.
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "engine/service_model.h"
#include "riacho/model/error.h"

namespace riacho::docs {
namespace {

struct Row {
  std::string operation = {};
  std::string since = {};
  std::string errors = {};
  std::string notes = {};
};

std::vector<Row> Rows() {
  std::ifstream file(std::string(RIACHO_SOURCE_DIR) + "/docs/operations.md");
  std::vector<Row> rows;
  for (std::string line; std::getline(file, line);) {
    std::vector<std::string> cells = absl::StrSplit(line, '|');
    if (cells.size() != 6 || cells[1] == " Operation " || cells[1][0] == '-') continue;
    for (std::string& cell : cells) absl::StripAsciiWhitespace(&cell);
    rows.push_back({cells[1], cells[2], cells[3], cells[4]});
  }
  return rows;
}

TEST(OperationsPage, HasEveryOperationInOrder) {
  std::vector<std::string> operations;
  for (const Operation operation : AllOperations())
    operations.emplace_back(OperationName(operation));
  std::vector<std::string> listed;
  for (const Row& row : Rows()) listed.push_back(row.operation);
  EXPECT_EQ(listed, operations);
}

TEST(OperationsPage, NamesTheErrorsOfTheModel) {
  for (const Row& row : Rows()) {
    std::vector<std::string> errors = ErrorsOf(ParseOperation(row.operation).value());
    for (std::string& error : errors) error = std::string(absl::StripSuffix(error, "Exception"));
    EXPECT_EQ(row.errors, absl::StrJoin(errors, ", ")) << row.operation;
    EXPECT_THAT(row.since, testing::Not(testing::IsEmpty())) << row.operation;
    EXPECT_THAT(row.notes, testing::Not(testing::IsEmpty())) << row.operation;
  }
}

TEST(OperationsPage, EveryErrorOfTheModelHasACode) {
  for (const Operation operation : AllOperations()) {
    for (const std::string& error : ErrorsOf(operation))
      EXPECT_TRUE(ParseErrorCode(error).has_value()) << error;
  }
}

}  // namespace
}  // namespace riacho::docs
