#include <fstream>
#include <sstream>
#include <sys/stat.h>
#include <thread>

#include "tests/support/catch.h"
#include "tests/support/cli_session.h"
#include "tests/support/live_service.h"
#include "tests/support/temp_folder.h"

namespace comments::tests {
namespace {

std::string line(std::string_view thread, std::string_view comment) {
  return R"({"content_id":")" + std::string(thread) + R"(","email":"a@b","comment":")" +
         std::string(comment) + "\"}\n";
}

std::string contents(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

Texts posted(LiveService& service, std::string_view thread) {
  return texts(must(service.store().list(query(thread))));
}

}  // namespace

TEST_CASE("a posted comment's place is the result", "[cli]") {
  LiveService service;
  CliSession session;
  CHECK(session.run({"post", "a b", "--email", "a@b", "hello", "--url", service.url()}) == 0);
  CHECK(session.out == service.url() + "/api/comment/list/a%20b/1\n");
  CHECK(session.err.empty());
  CHECK(posted(service, "a b") == Texts{"hello"});
}

TEST_CASE("for programs, the result is one object", "[cli]") {
  LiveService service;
  CliSession session;
  CHECK(session.run({"post", "1", "--email", "a@b", "hello", "--json", "--url", service.url()}) ==
        0);
  CHECK(session.out == R"({"content_id":"1","format":1,"id":1,"location":")" + service.url() +
                           "/api/comment/list/1/1\"}\n");
}

TEST_CASE("a comment may come from standard input, echo's line feed left out", "[cli]") {
  LiveService service;
  CliSession session{.input = "two\nlines\n"};
  CHECK(session.run({"post", "1", "--email", "a@b", "--url", service.url()}) == 0);
  CHECK(posted(service, "1") == Texts{"two\nlines"});
}

TEST_CASE("after --, a comment may begin with a dash", "[cli]") {
  LiveService service;
  CliSession session;
  for (const auto* text : {"-x", "--config=none", "--help", "--"}) {
    CAPTURE(text);
    CHECK(session.run({"post", "1", "--email", "a@b", "--url", service.url(), "--", text}) == 0);
  }
  CHECK(session.run({"post", "--email", "a@b", "--url", service.url(), "--", "1", "- y"}) == 0);
  CHECK(posted(service, "1") == Texts{"-x", "--config=none", "--help", "--", "- y"});
}

TEST_CASE("with a key, posting twice stores once; another text is refused", "[cli]") {
  LiveService service;
  CliSession session;
  const std::vector<std::string> words{"post", "1",     "--email", "a@b",        "--key",
                                       "k",    "hello", "--url",   service.url()};
  CHECK(session.run(words) == 0);
  CHECK(session.run(words) == 0);
  CHECK(posted(service, "1") == Texts{"hello"});
  CHECK(session.run({"post", "1", "--email", "a@b", "--key", "k", "bye", "--url", service.url()}) ==
        3);
  CHECK(session.err.find("use a new key") != std::string::npos);
}

TEST_CASE("a file is posted line by line; again, it adds nothing", "[cli]") {
  LiveService service;
  const TempFolder folder;
  const auto path = folder.file("comments.ndjson");
  std::ofstream(path) << line("1", "one") << "\n" << line("1", "two") << line("2", "one");
  CliSession session;
  const std::vector<std::string> words{"post", "--from", path,         "--concurrency",
                                       "1",    "--url",  service.url()};
  CHECK(session.run(words) == 0);
  CHECK(session.run(words) == 0);
  CHECK(posted(service, "1") == Texts{"one", "two"});
  CHECK(posted(service, "2") == Texts{"one"});
  CHECK_FALSE(std::filesystem::exists(path + ".failed"));
}

TEST_CASE("the same line at two places is two comments", "[cli]") {
  LiveService service;
  CliSession session{.input = line("1", "+1") + line("1", "+1")};
  const TempFolder folder;
  CHECK(session.run({"post", "--from", "-", "--failed", folder.file("failed"), "--json", "--url",
                     service.url()}) == 0);
  CHECK(session.out == "{\"failed\":0,\"format\":1,\"posted\":2}\n");
  CHECK(posted(service, "1") == Texts{"+1", "+1"});
}

TEST_CASE("lines that are refused are kept with number and reason, the others are posted",
          "[cli]") {
  LiveService service;
  const TempFolder folder;
  const auto path = folder.file("comments.ndjson");
  std::ofstream(path) << line("1", "good") << "not JSON\n" << line("1", " ");
  CliSession session;
  CHECK(session.run({"post", "--from", path, "--concurrency", "1", "--url", service.url()}) == 3);
  CHECK(posted(service, "1") == Texts{"good"});
  CHECK(
      contents(path + ".failed") ==
      "{\"line\":2,\"reason\":\"the body is not valid JSON near byte 2\",\"text\":\"not JSON\"}\n"
      "{\"line\":3,\"reason\":\"comment must not be blank\",\"text\":"
      "\"{\\\"content_id\\\":\\\"1\\\",\\\"email\\\":\\\"a@b\\\",\\\"comment\\\":\\\" \\\"}\"}\n");
  CHECK(session.err.find("2 lines were refused; they are in " + path + ".failed") !=
        std::string::npos);
}

TEST_CASE("refused lines never go into the file that is posted, whatever its path", "[cli]") {
  LiveService service;
  const TempFolder folder;
  const auto path = folder.file("comments.ndjson");
  const auto link = folder.file("link");
  std::ofstream(path) << line("1", "one") << "not JSON\n";
  const auto before = contents(path);
  std::filesystem::create_symlink(path, link);
  for (const auto& failed : {path, folder.file("./comments.ndjson"), link}) {
    CAPTURE(failed);
    CliSession session;
    CHECK(session.run({"post", "--from", path, "--failed", failed, "--url", service.url()}) == 2);
    CHECK(session.err.find("would replace " + failed + ", the file that is posted") !=
          std::string::npos);
    CHECK(contents(path) == before);
  }
  CHECK(posted(service, "1").empty());
}

TEST_CASE("an older file of refused lines stays until a line is refused", "[cli]") {
  LiveService service;
  const TempFolder folder;
  const auto path = folder.file("comments.ndjson");
  std::ofstream(path + ".failed") << "older\n";
  CliSession session;
  const std::vector<std::string> words{"post", "--from", path, "--url", service.url()};
  std::ofstream(path) << line("1", "one");
  CHECK(session.run(words) == 0);
  CHECK(contents(path + ".failed") == "older\n");
  std::ofstream(path) << "not JSON\n";
  CHECK(session.run(words) == 3);
  CHECK(contents(path + ".failed").starts_with("{\"line\":1,"));
}

TEST_CASE("a refused line that cannot be kept ends the job as failed", "[cli]") {
  LiveService service;
  CliSession session{.input = "not JSON\n" + line("1", "never read")};
  CHECK(session.run({"post", "--from", "-", "--concurrency", "1", "--failed", "/nowhere/failed",
                     "--url", service.url()}) == 1);
  CHECK(session.err.find("the file /nowhere/failed cannot be written") != std::string::npos);
  CHECK(posted(service, "1").empty());
}

TEST_CASE("a pipe, whose size nobody knows, is posted, too, and its progress has no end", "[cli]") {
  LiveService service;
  const TempFolder folder;
  const auto pipe = folder.file("pipe");
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  std::thread writer([&] { std::ofstream(pipe) << line("1", "one") << line("1", "two"); });
  CliSession session{.terminal = true};
  CHECK(session.run({"post", "--from", pipe, "--concurrency", "1", "--url", service.url()}) == 0);
  writer.join();
  CHECK(posted(service, "1") == Texts{"one", "two"});
  CHECK(session.err.find("2 posted") != std::string::npos);
  CHECK(session.err.find('%') == std::string::npos);
}

TEST_CASE("a folder cannot be posted", "[cli]") {
  const TempFolder folder;
  CliSession session;
  CHECK(session.run({"post", "--from", folder.file(".")}) == 2);
  CHECK(session.err.find("cannot be read") != std::string::npos);
}

TEST_CASE("a file that cannot be read is a usage error", "[cli]") {
  CliSession session;
  CHECK(session.run({"post", "--from", "/nowhere/x.ndjson"}) == 2);
  CHECK(session.err.find("/nowhere/x.ndjson cannot be read") != std::string::npos);
}

}  // namespace comments::tests
