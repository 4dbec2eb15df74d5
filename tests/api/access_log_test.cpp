#include "core/api/access_log.h"

#include <thread>

#include "tests/support/catch.h"

namespace comments::tests {
namespace {

using api::access_severity;
using api::AccessLog;

constexpr std::array kPolicies{AccessLog::errors, AccessLog::sample, AccessLog::all};

}  // namespace

TEST_CASE("a failure has a line, whatever is asked for", "[api]") {
  for (const auto policy : kPolicies) {
    CHECK(access_severity(policy, {.status = 500}) == Severity::error);
    CHECK(access_severity(policy, {.status = 501}) == Severity::error);
    CHECK(access_severity(policy, {.status = 503}) == Severity::warning);
    CHECK(access_severity(policy, {.status = 500, .took = std::chrono::hours(1)}) ==
          Severity::error);
  }
}

TEST_CASE("what takes more than 250 ms has a line, whatever is asked for", "[api]") {
  for (const auto policy : kPolicies) {
    CHECK(access_severity(policy, {.took = std::chrono::milliseconds(251)}) == Severity::warning);
    CHECK(access_severity(policy, {.took = std::chrono::milliseconds(250)}) <= Severity::info);
  }
}

TEST_CASE("a trace that its caller keeps leads to a line, whatever is asked for", "[api]") {
  for (const auto policy : kPolicies) {
    CHECK(access_severity(policy, {.traced = true}) == Severity::info);
  }
}

TEST_CASE("the others have one by policy", "[api]") {
  for (const int status : {200, 304, 400, 404, 429}) {
    CHECK(access_severity(AccessLog::errors, {.status = status}) == Severity::debug);
    CHECK(access_severity(AccessLog::errors, {.status = status, .in_sample = true}) ==
          Severity::debug);
    CHECK(access_severity(AccessLog::sample, {.status = status}) == Severity::debug);
    CHECK(access_severity(AccessLog::sample, {.status = status, .in_sample = true}) ==
          Severity::info);
    CHECK(access_severity(AccessLog::all, {.status = status}) == Severity::info);
  }
}

TEST_CASE("the sample has one request in a hundred of each thread", "[api]") {
  std::vector<int> places;
  bool foretold = true;
  std::thread([&] {
    for (int request = 1; request <= 300; ++request) {
      const bool next = api::AccessSample::is_next();
      const bool counted = api::AccessSample::count();
      foretold = foretold && next == counted;
      if (counted) {
        places.push_back(request);
      }
    }
  }).join();
  CHECK(places == std::vector{100, 200, 300});
  CHECK(foretold);
}

}  // namespace comments::tests
