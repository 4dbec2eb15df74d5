// What is typed wrong: one line that says what, and the remedy.
#include "tests/support/catch.h"
#include "tests/support/cli_session.h"

namespace comments::tests {
namespace {

// The error of a usage that is refused before anything is done.
std::string refusal(const std::vector<std::string>& words) {
  CliSession session;
  CHECK(session.run(words) == 2);
  CHECK(session.out.empty());
  return session.err;
}

}  // namespace

TEST_CASE("a mistyped command or option suggests the nearest", "[cli]") {
  CHECK(refusal({"sevre"}) == "comments: there is no command 'sevre'; did you mean 'serve'?\n");
  CHECK(refusal({"frobnicate"}) == "comments: there is no command 'frobnicate'\n");
  CHECK(refusal({"serve", "--prot=1"}) ==
        "comments: there is no option --prot; did you mean '--port'?\n"
        "comments: see 'comments serve --help'\n");
}

TEST_CASE("a word too many is named", "[cli]") {
  CHECK(refusal({"post", "1", "--email", "a@b", "hello", "world"}) ==
        "comments: 'world' is one word too many; quote a text with spaces\n"
        "comments: see 'comments post --help'\n");
}

TEST_CASE("a word too many after -- is no option, whatever it begins with", "[cli]") {
  CHECK(refusal({"post", "1", "--email", "a@b", "--", "-x", "-y"}) ==
        "comments: '-y' is one word too many; quote a text with spaces\n"
        "comments: see 'comments post --help'\n");
  CHECK(refusal({"post", "1", "-x", "--", "text"}).starts_with("comments: there is no option -x"));
}

TEST_CASE("a value that does not fit is named with its rule", "[cli]") {
  CHECK(refusal({"serve", "--port", "70000"}).find("70000 not in range") != std::string::npos);
  CHECK(refusal({"serve", "--log-level", "loud"}).find("loud") != std::string::npos);
  CHECK(refusal({"list", "a/b"}).find("content_id must not contain '/'") != std::string::npos);
  CHECK(refusal({"list", "1", "--url", "localhost:8000"}).find("is no service URL") !=
        std::string::npos);
  CHECK(refusal({"list"}).find("CONTENT_ID is required") != std::string::npos);
  CHECK(refusal({"post", "1", "text"}).find("name the thread and yourself") != std::string::npos);
  CHECK(refusal({"post", "1", "--email", "alice", "text"}).find("one @ with text on both sides") !=
        std::string::npos);
  CHECK(refusal({"serve", "--store", "mysql:x"}).find("'mysql:x' is no store; use sqlite:PATH") !=
        std::string::npos);
}

TEST_CASE("status asks one service or one environment, not both", "[cli]") {
  for (const auto& more : {std::vector<std::string>{"--url", "http://localhost:1"},
                           {"--admin-url", "http://localhost:1"},
                           {"--quiet"}}) {
    auto words = std::vector<std::string>{"status", "--env", "prod"};
    words.insert(words.end(), more.begin(), more.end());
    CHECK(refusal(words).find("leave out --url, --admin-url and --quiet, or --env") !=
          std::string::npos);
  }
  for (const auto* option : {"--explain", "--no-drift"}) {
    CHECK(refusal({"status", option}).find("--explain and --no-drift belong to --env") !=
          std::string::npos);
  }
  CHECK(refusal({"status", "--env", "prod", "--watch", "--interval", "1s"})
            .find("--interval is at least 5s with --env") != std::string::npos);
  CHECK(refusal({"status", "--env", "prod", "--config-dir", "/nowhere"})
            .find("--config-dir /nowhere is no folder") != std::string::npos);
}

TEST_CASE("where settings name an environment, a typed address wins", "[cli]") {
  CliSession session;
  session.environment["COMMENTS_ENV"] = "prod";
  CHECK(session.run({"status", "--url", "http://127.0.0.1:1"}) == 4);
  CHECK(session.out.starts_with("UNREACHABLE  http://127.0.0.1:1\n"));
}

TEST_CASE("without a command, the help says what there is", "[cli]") {
  CHECK(refusal({}).find("Usage: comments COMMAND") != std::string::npos);
}

TEST_CASE("the version is a result", "[cli]") {
  CliSession session;
  CHECK(session.run({"--version"}) == 0);
  CHECK(session.out.starts_with("comments 0."));
}

}  // namespace comments::tests
