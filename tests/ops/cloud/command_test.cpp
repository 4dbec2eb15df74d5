#include "core/ops/cloud/command.h"

#include "core/ops/cloud/redact.h"
#include "core/ops/cloud/runner.h"
#include "tests/support/catch.h"

namespace comments::ops {
namespace {

TEST_CASE("a command is shown as one would type it", "[ops]") {
  CHECK(shell_quoted({.words = {"gcloud", "run", "--image=a/b@sha256:1"}}) ==
        "gcloud run --image=a/b@sha256:1");
  CHECK(shell_quoted({.words = {"x", "two words", "it's", "", "a#b", "$HOME", "*"}}) ==
        R"(x 'two words' 'it'\''s' '' 'a#b' '$HOME' '*')");
}

TEST_CASE("a failure is told with the tool's last words", "[ops]") {
  const Command command{.words = {"gcloud", "run"}, .deadline = std::chrono::seconds(30)};
  CHECK(describe(command, {.exit_code = 1, .err = "ERROR: no\n"}) ==
        "`gcloud run` ended with 1:\nERROR: no");
  CHECK(describe(command, {.exit_code = 2}) == "`gcloud run` ended with 2");
  CHECK(describe(command, {.end = Outcome::End::deadline}) ==
        "`gcloud run` was ended after 30 s without an answer");
  const auto cut =
      describe(command, {.exit_code = 1, .err = std::string(5'000, 'x') + "\nthe end"});
  CHECK(cut.size() < 1'000);
  CHECK(cut.ends_with("the end"));
}

TEST_CASE("what looks like a secret is masked", "[ops]") {
  const auto [text, masked] = GENERATE(table<std::string, std::string>({
      {"token ya29.a0Af_H-x.y here", "token … here"},
      {"Authorization: Bearer abc.def", "Authorization: Bearer …"},
      {"postgres://user:secret@host/db", "postgres://user:…@host/db"},
      {R"({"password": "p w", "user": "u"})", R"({"password": …, "user": "u"})"},
      {"COMMENTS_STORE_PASSWORD=hunter2 x", "COMMENTS_STORE_PASSWORD=… x"},
      {"secret_data = \"abc\"", "secret_data = …"},
      {"-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----", "…"},
      {"gcloud auth print-access-token", "gcloud auth print-access-token"},
      {"https://host:8000/path", "https://host:8000/path"},
  }));
  CHECK(redacted(text) == masked);
}

TEST_CASE("a failure shows no secret", "[ops]") {
  CHECK(describe({.words = {"x"}}, {.exit_code = 1, .err = "bad token ya29.abc"}) ==
        "`x` ended with 1:\nbad token …");
}

}  // namespace
}  // namespace comments::ops
