// flag > environment > config file > default, observed where `list` looks for its service.
#include <fstream>

#include "tests/support/catch.h"
#include "tests/support/cli_session.h"
#include "tests/support/live_service.h"
#include "tests/support/temp_folder.h"

namespace comments::tests {
namespace {

std::string config(const TempFolder& folder, const std::string& text) {
  auto path = folder.file("comments.toml");
  std::ofstream(path) << text;
  return path;
}

std::string refusal(CliSession session, const std::vector<std::string>& words) {
  CHECK(session.run(words) == 2);
  return session.err;
}

}  // namespace

TEST_CASE("a flag wins over the environment, the environment over the file", "[cli]") {
  LiveService flag;
  LiveService environment;
  LiveService file;
  must(post(flag.store(), draft("1", "from the flag's")));
  must(post(environment.store(), draft("1", "from the environment's")));
  must(post(file.store(), draft("1", "from the file's")));
  const TempFolder folder;
  const auto path = config(folder, "# where\nurl = \"" + file.url() + "\"\nport = 1234\n");

  CliSession session;
  CHECK(session.run({"list", "1", "--config", path}) == 0);
  CHECK(session.out.find("from the file's") != std::string::npos);

  session.environment = {{"COMMENTS_CONFIG", path}};
  CHECK(session.run({"list", "1"}) == 0);
  CHECK(session.out.find("from the file's") != std::string::npos);

  session.environment["COMMENTS_URL"] = environment.url();
  CHECK(session.run({"list", "1", "--config=" + path}) == 0);
  CHECK(session.out.find("from the environment's") != std::string::npos);

  CHECK(session.run({"list", "1", "--url", flag.url()}) == 0);
  CHECK(session.out.find("from the flag's") != std::string::npos);
}

TEST_CASE("a bad value is named with its source", "[cli]") {
  CHECK(refusal({.environment = {{"COMMENTS_PORT", "abc"}}}, {"serve"})
            .starts_with("comments: COMMENTS_PORT: 'abc' does not fit: "));
  CHECK(refusal({.environment = {{"PORT", "abc"}}}, {"serve"})
            .starts_with("comments: PORT: 'abc' is no port; it takes a number from 0 to 65535"));
  CHECK(refusal({.environment = {{"COMMENTS_RATE_LIMIT_ADDRESS", "60"}}}, {"serve"})
            .starts_with("comments: COMMENTS_RATE_LIMIT_ADDRESS: '60' is no rate; write 60/min"));
  CHECK(refusal({.environment = {{"COMMENTS_CORS_ORIGIN", "foo"}}}, {"serve"})
            .starts_with("comments: COMMENTS_CORS_ORIGIN: 'foo' is no origin; write https://"));
  CHECK(refusal({}, {"serve", "--rate-limit-email", "60"})
            .starts_with("comments: --rate-limit-email: '60' is no rate; write 60/min"));
  const TempFolder folder;
  const auto rates = config(folder, "rate-limit-email = \"60\"\n");
  CHECK(refusal({}, {"serve", "--config", rates})
            .starts_with("comments: " + rates + ", rate-limit-email: '60' is no rate; write"));
  const auto path = config(folder, "log-level = \"loud\"\n");
  CHECK(refusal({}, {"serve", "--config", path})
            .starts_with("comments: " + path + ", log-level: 'loud' does not fit: "));
}

TEST_CASE("a value that would break something later is refused, in one line", "[cli]") {
  CHECK(refusal({}, {"serve", "--cache-size", "-1"})
            .starts_with("comments: --cache-size: '-1' is no size; write 64MiB"));
  CHECK(refusal({}, {"serve", "--cache-entry-max=-1"})
            .starts_with("comments: --cache-entry-max: '-1' is no size; write 64MiB"));
  CHECK(refusal({}, {"serve", "--drain-delay=-1s"})
            .starts_with("comments: --drain-delay: '-1s' is no delay; write 5s"));
  CHECK(refusal({}, {"serve", "--idle-timeout=0s"})
            .starts_with("comments: --idle-timeout: '0s' is no delay; write 60s, at least 1s"));
  CHECK(refusal({}, {"serve", "--cache-control", "a\r\nb: c"})
            .starts_with("comments: --cache-control: it must be printable ASCII, on one line\n"));
  CHECK(refusal({.environment = {{"COMMENTS_CACHE_CONTROL", "a\nb: c"}}}, {"serve"})
            .starts_with("comments: COMMENTS_CACHE_CONTROL: 'a b: c' does not fit: "));
}

TEST_CASE("a setting that no command has is refused, with the nearest", "[cli]") {
  const TempFolder folder;
  const auto path = config(folder, "prot = 8000\n");
  CHECK(
      refusal({}, {"list", "1", "--config", path})
          .starts_with("comments: " + path + ": there is no setting 'prot'; did you mean 'port'?"));
}

TEST_CASE("a config file that is named must be there", "[cli]") {
  CHECK(refusal({}, {"list", "1", "--config", "/nowhere/comments.toml"})
            .starts_with("comments: the config file /nowhere/comments.toml cannot be read"));
}

TEST_CASE("sections are refused: settings are flat", "[cli]") {
  const TempFolder folder;
  const auto path = config(folder, "[serve]\nport = 8000\n");
  CHECK(refusal({}, {"serve", "--config", path})
            .find("settings have no sections; remove the [serve]") != std::string::npos);
}

}  // namespace comments::tests
