#include "base/check.h"

#include <string>
#include <type_traits>

#include "gtest/gtest.h"

namespace riacho::internal {
namespace {

TEST(Check, EvaluatesTheConditionOnceAndNoValueWhenItHolds) {
  int conditions = 0;
  int values = 0;
  RIACHO_CHECK(++conditions == 1, ++values);
  EXPECT_EQ(conditions, 1);
  EXPECT_EQ(values, 0);
}

TEST(Check, TakesConditionsWithCommas) {
  RIACHO_CHECK((std::is_same_v<int, int>));
  RIACHO_CHECK(true, "text", 1, 2.5);
}

TEST(CheckDeathTest, PrintsPlaceConditionAndValues) {
  const int place = 7;
  const std::string name = "orders";
  EXPECT_DEATH(RIACHO_CHECK(place < 4, place, name),
               "check_test.cc:[0-9]+: check failed: place < 4 \\(7, orders\\)");
}

TEST(CheckDeathTest, NeedsNoValues) {
  const bool sealed = false;
  EXPECT_DEATH(RIACHO_CHECK(sealed), "check failed: sealed\n");
}

}  // namespace
}  // namespace riacho::internal
