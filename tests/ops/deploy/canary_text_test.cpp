// The canary of kubernetes/ asks what `comments deploy` asks.
#include <fstream>
#include <sstream>

#include "core/ops/deploy/canary_figures.h"
#include "tests/support/catch.h"

namespace comments::ops {
namespace {

std::string text_of_template() {
  const std::ifstream file(COMMENTS_ANALYSIS_TEMPLATE);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

int occurrences(const std::string& text, const std::string& part) {
  int found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++found;
  }
  return found;
}

TEST_CASE("the canary on Kubernetes asks for what a canary on Cloud Run is judged by", "[ops]") {
  constexpr int kBake = 300;  // canary-bake of terraform/environments/prod/deploy.toml
  const auto queries = canary_queries("comments", kBake);
  const auto text = text_of_template();
  CHECK(occurrences(text, queries.requests) > 0);
  CHECK(occurrences(text, queries.errors) > 0);
  CHECK(occurrences(text, queries.p99) > 0);
  // And for nothing else: every question of the application's is one of these.
  CHECK(occurrences(text, "increase(") == occurrences(text, queries.requests) +
                                              occurrences(text, queries.errors) +
                                              occurrences(text, queries.p99));
}

}  // namespace
}  // namespace comments::ops
