#include "cli/suggest.h"

#include "tests/support/catch.h"

namespace comments::cli {

TEST_CASE("a mistyped word finds the nearest one", "[cli]") {
  const std::vector<std::string> commands{"serve", "post", "list"};
  CHECK(did_you_mean("serv", commands) == "; did you mean 'serve'?");
  CHECK(did_you_mean("sevre", commands) == "; did you mean 'serve'?");
  CHECK(did_you_mean("lsit", commands) == "; did you mean 'list'?");
  CHECK(did_you_mean("pots", commands) == "; did you mean 'post'?");
}

TEST_CASE("a word that is like none suggests none", "[cli]") {
  CHECK(did_you_mean("deploy", {"serve", "post", "list"}).empty());
  CHECK(did_you_mean("x", {}).empty());
}

}  // namespace comments::cli
