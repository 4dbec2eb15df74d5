#include "core/ops/deploy/verdict.h"

#include <cmath>

#include "core/ops/deploy/canary_figures.h"
#include "tests/support/catch.h"

namespace comments::ops {
namespace {

const CanarySettings kSettings{.minimum_requests = 100,
                               .max_error_ratio = 0.01,
                               .max_p99_ratio = 1.5,
                               .max_p99_floor = std::chrono::milliseconds(100)};
const RevisionFigures kStable{.requests = 10'000, .errors = 0, .p99 = 0.02};

CanaryVerdict verdict(const RevisionFigures& candidate, const RevisionFigures& stable = kStable) {
  return judge(kSettings, candidate, stable).verdict;
}

TEST_CASE("good needs enough requests, few errors and a known time", "[ops]") {
  CHECK(verdict({1'000, 0, 0.02}) == CanaryVerdict::good);
  CHECK(verdict({100, 0, 0.02}) == CanaryVerdict::good);
  CHECK(verdict({99, 0, 0.02}) == CanaryVerdict::inconclusive);
  CHECK(verdict({0, 0, std::nullopt}) == CanaryVerdict::inconclusive);
  CHECK(verdict({1'000, 0, std::nullopt}) == CanaryVerdict::inconclusive);
}

TEST_CASE("errors are bad as soon as they are no chance", "[ops]") {
  CHECK(verdict({1'000, 50, 0.02}) == CanaryVerdict::bad);
  CHECK(verdict({10, 10, std::nullopt}) == CanaryVerdict::bad);  // without the minimum
  CHECK(verdict({10, 1, 0.02}) == CanaryVerdict::inconclusive);  // one may be chance
  CHECK(verdict({1'000, 5, 0.02}) == CanaryVerdict::good);       // 0.5 % is allowed
  CHECK(verdict({1'000, 12, 0.02}) == CanaryVerdict::inconclusive);
}

TEST_CASE("what the stable one does wrong too is not held against the new one", "[ops]") {
  const RevisionFigures ill{.requests = 10'000, .errors = 500, .p99 = 0.02};
  CHECK(verdict({1'000, 50, 0.02}, ill) == CanaryVerdict::good);
  CHECK(verdict({1'000, 100, 0.02}, ill) == CanaryVerdict::bad);
}

TEST_CASE("slow is bad beside the stable one, and above what anybody minds", "[ops]") {
  CHECK(verdict({1'000, 0, 0.09}) == CanaryVerdict::good);  // slower, but below the floor
  CHECK(verdict({1'000, 0, 0.2}) == CanaryVerdict::bad);
  CHECK(verdict({1'000, 0, 0.2}, {10'000, 0, 0.19}) == CanaryVerdict::good);
  CHECK(verdict({1'000, 0, 0.2}, {0, 0, std::nullopt}) == CanaryVerdict::inconclusive);
  CHECK(verdict({50, 0, 0.2}) == CanaryVerdict::inconclusive);
}

TEST_CASE("how likely so many errors are by chance", "[ops]") {
  CHECK(binomial_tail(0, 100, 0.01) == 1);
  CHECK(binomial_tail(1, 10, 0.01) == Approx(1 - std::pow(0.99, 10)));
  CHECK(binomial_tail(10, 10, 0.5) == Approx(std::pow(0.5, 10)));
  CHECK(binomial_tail(20, 1'000, 0.01) == Approx(0.00328).margin(5e-5));
  CHECK(binomial_tail(1, 10, 0) == 0);
  CHECK(binomial_tail(3, 2, 0.01) == 0);
  CHECK(binomial_tail(5'000, 10'000'000, 0.01) == 0.5);  // at once, and less than expected
}

Answer series(std::map<std::string, std::string> labels, double value) {
  return {.labels = std::move(labels), .value = value};
}

TEST_CASE("a revision's figures are its own", "[ops]") {
  const CanaryAnswers answers{
      .requests = {series({{"revision_name", "a"}}, 100), series({{"revision_name", "b"}}, 7)},
      .errors = {series({{"revision_name", "a"}}, 3)},
      .p99 = {series({{"revision_name", "a"}}, 0.5), series({{"revision_name", "b"}}, NAN)},
      .front = {}};
  const auto a = figures_of_revision(answers, "a");
  CHECK(a.requests == 100);
  CHECK(a.errors == 3);
  CHECK(a.p99 == 0.5);
  const auto b = figures_of_revision(answers, "b");
  CHECK(b.requests == 7);
  CHECK(b.errors == 0);
  CHECK_FALSE(b.p99);
  CHECK(figures_of_revision(answers, "c").requests == 0);
}

TEST_CASE("what a crashed instance cannot tell, the front knows", "[ops]") {
  const CanaryAnswers answers{
      .requests = {series({{"revision_name", "a"}}, 100)},
      .errors = {},
      .p99 = {},
      .front = {series({{"revision_name", "a"}, {"response_code_class", "2xx"}}, 60),
                series({{"revision_name", "a"}, {"response_code_class", "5xx"}}, 40)}};
  const auto figures = figures_of_revision(answers, "a");
  CHECK(figures.requests == 100);
  CHECK(figures.errors == 40);
}

}  // namespace
}  // namespace comments::ops
