// Expected values by hand, from the definition of Prometheus' histogram_quantile.
#include "core/ops/quantile.h"

#include <cmath>

#include "tests/support/catch.h"

namespace comments::ops {
namespace {

constexpr double kInf = INFINITY;

// So that doubles can be compared: in billionths.
std::optional<std::int64_t> billionths(double share, const Buckets& buckets) {
  const auto value = quantile(share, buckets);
  return value ? std::optional(std::llround(*value * 1e9)) : std::nullopt;
}

}  // namespace

TEST_CASE("a quantile is interpolated within its bucket", "[ops]") {
  const Buckets buckets{{0.1, 20}, {0.2, 60}, {0.5, 90}, {1, 100}, {kInf, 100}};
  CHECK(billionths(0.5, buckets) == 175'000'000);   // 0.1 + 0.1 × (50 - 20) / 40
  CHECK(billionths(0.9, buckets) == 500'000'000);   // the end of its bucket
  CHECK(billionths(0.99, buckets) == 950'000'000);  // 0.5 + 0.5 × (99 - 90) / 10
  CHECK(billionths(1, buckets) == 1'000'000'000);
}

TEST_CASE("the first bucket begins at 0", "[ops]") {
  CHECK(billionths(0.5, {{0.1, 10}, {kInf, 10}}) == 50'000'000);
  CHECK(billionths(0, {{0.1, 0}, {0.2, 10}, {kInf, 10}}) == 100'000'000);
}

TEST_CASE("an empty bucket is passed over", "[ops]") {
  CHECK(billionths(0.75, {{0.1, 50}, {0.2, 50}, {0.4, 100}, {kInf, 100}}) == 300'000'000);
}

TEST_CASE("beyond the last bound, a quantile is that bound", "[ops]") {
  CHECK(billionths(0.99, {{0.1, 90}, {10, 95}, {kInf, 100}}) == 10'000'000'000);
  CHECK(billionths(0.5, {{0.1, 0}, {kInf, 4}}) == 100'000'000);
}

TEST_CASE("without observations, or without all its buckets, there is no quantile", "[ops]") {
  CHECK_FALSE(quantile(0.5, {}));
  CHECK_FALSE(quantile(0.5, {{0.1, 0}, {kInf, 0}}));
  CHECK_FALSE(quantile(0.5, {{kInf, 5}}));
  CHECK_FALSE(quantile(0.5, {{0.1, 5}, {0.2, 5}}));
  CHECK_FALSE(quantile(0.5, {{-1, 5}, {kInf, 5}}));
}

TEST_CASE("buckets that were counted while they grew are taken as if they only grew", "[ops]") {
  CHECK(billionths(0.5, {{0.1, 10}, {0.2, 9}, {0.4, 20}, {kInf, 20}}) == 100'000'000);
  CHECK(billionths(0.75, {{0.1, 10}, {0.2, 9}, {0.4, 20}, {kInf, 19}}) == 300'000'000);
}

}  // namespace comments::ops
