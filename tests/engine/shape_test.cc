// What no request of today's model can show of the shapes.
#include "engine/shape.h"

#include <string>

#include <gtest/gtest.h>

#include "riacho/model/error.h"

namespace riacho::internal {
namespace {

template <typename Shape, typename Value>
std::string Explanation(const Shape& shape, const Value& value) {
  Violations violations;
  shape.Explain("member", value, violations);
  return std::string(ErrorMessage(violations.ToStatus()));
}

TEST(TextShape, AsAnElementNamesItsPatternToo) {
  const ListShape<TextShape> names = {
      .element = {.least = 1, .most = 128, .pattern = kNamePattern}};
  EXPECT_EQ(Explanation(names, std::vector<std::string>{"a", "b c"}),
            "1 validation error detected: Value '[a, b c]' at 'member' failed to satisfy "
            "constraint: Member must satisfy constraint: [Member must have length less than or "
            "equal to 128, Member must have length greater than or equal to 1, Member must "
            "satisfy regular expression pattern: [a-zA-Z0-9_.-]+]");
}

TEST(Violations, AreNoneInWhatAShapeAccepts) {
  EXPECT_TRUE(Violations().ToStatus().ok());
  EXPECT_EQ(Explanation(kStreamNameShape, "orders"), "");
  EXPECT_EQ(Explanation(kTagMapShape, std::map<std::string, std::string>{{"k", "v"}}), "");
  EXPECT_EQ(Explanation(kPageLimitShape, std::int64_t{1}), "");
}

}  // namespace
}  // namespace riacho::internal
