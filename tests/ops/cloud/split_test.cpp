#include "core/ops/cloud/split.h"

#include <numeric>

#include "tests/support/catch.h"

namespace comments::ops {
namespace {

TEST_CASE("the others keep their proportions when a candidate gets its share", "[ops]") {
  CHECK(with_candidate({{"a", 100}}, "c", 5) == Split{{"a", 95}, {"c", 5}});
  CHECK(with_candidate({{"a", 70}, {"b", 30}}, "c", 50) == Split{{"a", 35}, {"b", 15}, {"c", 50}});
  CHECK(with_candidate({{"a", 70}, {"b", 30}}, "c", 100) == Split{{"c", 100}});
  CHECK(with_candidate({}, "c", 100) == Split{{"c", 100}});
}

TEST_CASE("a candidate that has a share already gets the new one", "[ops]") {
  CHECK(with_candidate({{"a", 95}, {"c", 5}}, "c", 25) == Split{{"a", 75}, {"c", 25}});
  CHECK(with_candidate({{"c", 100}}, "c", 5) == Split{{"c", 100}});
}

TEST_CASE("whatever the split, all add up to 100 and nobody has nothing", "[ops]") {
  for (int first = 1; first < 100; ++first) {
    for (const int percent : {1, 5, 25, 33, 99, 100}) {
      const auto split = with_candidate({{"a", first}, {"b", 100 - first}}, "c", percent);
      const auto sum =
          std::accumulate(split.begin(), split.end(), 0,
                          [](int total, const Share& share) { return total + share.percent; });
      INFO(first << " " << percent);
      CHECK(sum == 100);
      CHECK(split.back() == Share{"c", percent});
      for (const auto& share : split) {
        CHECK(share.percent > 0);
      }
    }
  }
}

TEST_CASE("the stable revision is the one with most readers", "[ops]") {
  CHECK(stable_revision({{"a", 30}, {"b", 70}}) == "b");
  CHECK(stable_revision({{"a", 50}, {"b", 50}}) == "a");
  CHECK(stable_revision({}).empty());
}

TEST_CASE("a split is the same in any order", "[ops]") {
  CHECK(is_same_split({{"a", 70}, {"b", 30}}, {{"b", 30}, {"a", 70}}));
  CHECK_FALSE(is_same_split({{"a", 70}, {"b", 30}}, {{"a", 30}, {"b", 70}}));
  CHECK_FALSE(is_same_split({{"a", 100}}, {}));
}

}  // namespace
}  // namespace comments::ops
