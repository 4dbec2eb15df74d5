#include "tests/support/catch.h"
#include "tests/support/cli_session.h"
#include "tests/support/live_service.h"

namespace comments::tests {
namespace {

std::unique_ptr<Store> at_noon() {
  return make_memory_store([] {
    return Timestamp(std::chrono::sys_days(std::chrono::year(2026) / 1 / 2) +
                     std::chrono::hours(12));
  });
}

}  // namespace

TEST_CASE("a thread is readable, newest last", "[cli]") {
  LiveService service(at_noon());
  must(post(service.store(), draft("1", "first post!")));
  must(post(service.store(), draft("1", "two\nlines", "", "bob@example.com")));
  CliSession session;
  CHECK(session.run({"list", "1", "--url", service.url()}) == 0);
  CHECK(session.out ==
        "#1 alice@example.com  2026-01-02 12:00:00\n"
        "  first post!\n"
        "\n"
        "#2 bob@example.com  2026-01-02 12:00:00\n"
        "  two\n"
        "  lines\n"
        "\n");
}

TEST_CASE("an empty thread is no failure", "[cli]") {
  LiveService service;
  CliSession session;
  CHECK(session.run({"list", "1", "--url", service.url()}) == 0);
  CHECK(session.out == "no comments yet\n");
  CHECK(session.run({"list", "1", "--json", "--url", service.url()}) == 0);
  CHECK(session.out == "[]\n");
}

TEST_CASE("for programs, a list is an array in the full view", "[cli]") {
  LiveService service(at_noon());
  must(post(service.store(), draft("1", "one")));
  must(post(service.store(), draft("1", "two")));
  CliSession session;
  CHECK(session.run({"list", "1", "--json", "--url", service.url()}) == 0);
  CHECK(session.out ==
        "[{\"comment\":\"one\",\"content_id\":\"1\",\"created_at\":\"2026-01-02T12:00:00.000Z\","
        "\"email\":\"alice@example.com\",\"id\":1},\n"
        " {\"comment\":\"two\",\"content_id\":\"1\",\"created_at\":\"2026-01-02T12:00:00.000Z\","
        "\"email\":\"alice@example.com\",\"id\":2}]\n");
}

TEST_CASE("a list has limits, a beginning and an order, across pages", "[cli]") {
  LiveService service;
  for (int i = 1; i <= 2'100; ++i) {
    must(post(service.store(), draft("1", "c")));
  }
  const auto listed = [&](std::vector<std::string> options) {
    options.insert(options.begin(), {"list", "1", "--url", service.url()});
    CliSession session;
    CHECK(session.run(options) == 0);
    Ids ids;
    std::istringstream lines(session.out);
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with('#')) {
        ids.push_back(std::stoll(line.substr(1)));
      }
    }
    return ids;
  };
  CHECK(listed({}).size() == 2'100);
  CHECK(listed({"--order", "desc"}).size() == 2'100);
  CHECK(listed({"--limit", "2"}) == Ids{1, 2});
  CHECK(listed({"--limit", "2", "--order", "desc"}) == Ids{2'100, 2'099});
  CHECK(listed({"--after", "2097"}) == Ids{2'098, 2'099, 2'100});
  CHECK(listed({"--after", "2097", "--order", "desc"}) == Ids{2'100, 2'099, 2'098});
  CHECK(listed({"--limit", "1500"}).size() == 1'500);
}

TEST_CASE("colour is for terminals that want it", "[cli]") {
  LiveService service;
  must(post(service.store(), draft("1", "hello \x1b[31mred")));
  CliSession terminal{.terminal = true};
  CHECK(terminal.run({"list", "1", "--url", service.url()}) == 0);
  CHECK(terminal.out.find("\x1b[1m#1") != std::string::npos);
  CHECK(terminal.out.find("\x1b[31m") == std::string::npos);
  terminal.environment = {{"NO_COLOR", "1"}};
  CHECK(terminal.run({"list", "1", "--url", service.url()}) == 0);
  CHECK(terminal.out.find('\x1b') == std::string::npos);
}

TEST_CASE("hidden addresses are shown as hidden", "[cli]") {
  LiveService service(make_memory_store(), {.emails = EmailVisibility::hidden});
  must(post(service.store(), draft("1", "hello")));
  CliSession session;
  CHECK(session.run({"list", "1", "--url", service.url()}) == 0);
  CHECK(session.out.starts_with("#1 (hidden)  "));
}

TEST_CASE("a service that is not there is exit code 4", "[cli]") {
  const auto url = LiveService().url();  // gone again
  CliSession session;
  CHECK(session.run({"list", "1", "--url", url}) == 4);
  CHECK(session.out.empty());
  CHECK(session.err.starts_with("comments: cannot reach " + url));
}

}  // namespace comments::tests
