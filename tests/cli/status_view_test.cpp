// What `comments status` shows of what it has seen, to people and to programs.
#include "cli/status_json.h"
#include "cli/status_text.h"
#include "core/comment/text.h"
#include "tests/support/catch.h"

namespace comments::cli {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

const Timestamp kNoon(std::chrono::sys_days(std::chrono::year(2026) / 1 / 2) + hours(12));

ops::ServiceStatus ready() {
  return {.time = kNoon,
          .url = "http://localhost:8000",
          .admin_url = "http://127.0.0.1:9464",
          .verdict = ops::Verdict::ready,
          .health = Health{"READY", "0.1.0", "88ace76fcdd1", "local", true, true},
          .message = {},
          .figures = {},
          .figures_message = {}};
}

ops::ServiceStatus busy() {
  auto status = ready();
  status.figures = ops::Figures{.uptime = 11'550,
                                .levels = {.connections = 120,
                                           .max_connections = 10'000,
                                           .active_requests = 4,
                                           .queue_depth = 3,
                                           .queue_capacity = 1'024,
                                           .followers = 17,
                                           .cache_bytes = 12e6,
                                           .max_cache_bytes = 67'108'864,
                                           .memory_bytes = 19e6,
                                           .open_files = 130,
                                           .max_files = 1'048'576},
                                .since_start = {.seconds = 11'550,
                                                .requests = 1'203'456,
                                                .requests_per_second = 104.19532467532468,
                                                .error_ratio = 0.0001,
                                                .slow_ratio = 0.0012,
                                                .p50 = 0.0004,
                                                .p99 = 0.0041,
                                                .cache_hit_ratio = 0.97,
                                                .created = 345'678,
                                                .created_per_second = 29.93,
                                                .commit_p50 = 0.001,
                                                .commit_p99 = 0.006,
                                                .log_errors = 12,
                                                .cpu_cores = 0.21},
                                .lately = ops::Activity{.seconds = 1,
                                                        .requests = 1'234,
                                                        .requests_per_second = 1'234,
                                                        .error_ratio = 0.002,
                                                        .slow_ratio = 0,
                                                        .p50 = 0.0005,
                                                        .p99 = 0.0032,
                                                        .cache_hit_ratio = 0.981,
                                                        .created = 120,
                                                        .created_per_second = 120,
                                                        .commit_p50 = 0.0009,
                                                        .commit_p99 = 0.0041,
                                                        .log_errors = 0,
                                                        .cpu_cores = 0.38}};
  return status;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    lines.push_back(line);
  }
  return lines;
}

}  // namespace

TEST_CASE("a service that is well, with its figures", "[cli]") {
  CHECK(status_text(busy(), false) ==
        R"(READY  comments 0.1.0 (88ace76), revision local, up 3 h 12 min
http://localhost:8000, figures of http://127.0.0.1:9464, 12:00:00 UTC

                      last 1.0 s  since start
requests                 1,234/s    1,203,456  connections         120 of 10,000
errors                    0.20 %       0.01 %  under way                       4
slower than 100 ms        0.00 %       0.12 %  posts waiting          3 of 1,024
p50                      0.50 ms      0.40 ms  followers                      17
p99                      3.20 ms      4.10 ms  cache        11.4 MiB of 64.0 MiB
found in the cache       98.10 %      97.00 %  memory                   18.1 MiB
comments                   120/s      345,678  open files       130 of 1,048,576
commit p50               0.90 ms      1.00 ms
commit p99               4.10 ms      6.00 ms
errors logged                  0           12
CPU                   0.38 cores   0.21 cores
)");
}

TEST_CASE("with its charts, a status fits on 80 columns and 24 lines", "[cli]") {
  History history;
  auto status = busy();
  for (int i = 0; i < 100; ++i) {
    status.figures->lately->requests_per_second = 99'000 + i;
    status.figures->lately->p99 = 0.1 + i;
    history.note(status);
  }
  const auto charts = trend_text(history);
  CHECK(charts.starts_with("\nrate  "));
  CHECK(charts.find("  max 99,099/s\np99   ") != std::string::npos);
  const auto lines = lines_of(status_text(status, false) + charts);
  CHECK(lines.size() < 24);
  for (const auto& line : lines) {
    CAPTURE(line);
    CHECK(count_code_points(line).value_or(1'000) <= 80);
  }
}

TEST_CASE("without figures, a status says why", "[cli]") {
  auto status = ready();
  status.figures_message =
      "no figures: the admin port is not reachable: cannot reach http://127.0.0.1:9464: Could not "
      "establish connection; name it with --admin-url";
  CHECK(status_text(status, false) ==
        R"(READY  comments 0.1.0 (88ace76), revision local
http://localhost:8000, 12:00:00 UTC
  no figures: the admin port is not reachable: cannot reach
  http://127.0.0.1:9464: Could not establish connection; name it with
  --admin-url
)");
}

TEST_CASE("what is not known is a dash", "[cli]") {
  auto status = ready();
  status.figures = ops::Figures{};
  const auto text = status_text(status, false);
  CHECK(text.find("\n                          lately  since start\n") != std::string::npos);
  CHECK(text.find("\nrequests                       -            -  connections") !=
        std::string::npos);
  CHECK(text.find("up ") == std::string::npos);
}

TEST_CASE("a service that is degraded says so first, and what that means", "[cli]") {
  auto status = ready();
  status.verdict = ops::Verdict::degraded;
  status.health->status = "DRAINING";
  status.message = "it has been told to end";
  CHECK(status_text(status, false) ==
        "DRAINING  comments 0.1.0 (88ace76), revision local\n"
        "http://localhost:8000, 12:00:00 UTC\n"
        "  it has been told to end\n");
  status.health->status = "READY";  // but 503
  CHECK(status_text(status, false).starts_with("NOT READY  comments"));
}

TEST_CASE("a service that is away is named with since when, where somebody was watching", "[cli]") {
  ops::ServiceStatus status{.time = kNoon, .url = "http://localhost:8000", .message = "gone"};
  CHECK(status_text(status, false) == "UNREACHABLE  http://localhost:8000\n  gone\n");
  History history;
  history.note(status);
  status.time += seconds(75);
  history.note(status);
  CHECK(status_text(status, false, history.unreachable_since) ==
        "UNREACHABLE  http://localhost:8000, since 12:00:00 UTC (1 min 15 s)\n  gone\n");
  history.note(ready());
  CHECK_FALSE(history.unreachable_since);
}

TEST_CASE("charts have gaps where nothing was known, and none begin empty", "[cli]") {
  History history;
  CHECK(trend_text(history).empty());
  history.note(ready());
  CHECK(trend_text(history).empty());
  history.note(busy());
  CHECK(trend_text(history) == "\nrate   █  max 1,234/s\np99    █  max 3.20 ms\n");
}

TEST_CASE("colour says how it is: green, yellow, red", "[cli]") {
  CHECK(status_text(ready(), true).starts_with("\x1b[1;32mREADY\x1b[0m  "));
  auto status = ready();
  status.verdict = ops::Verdict::degraded;
  status.health->status = "DEGRADED";
  CHECK(status_text(status, true).starts_with("\x1b[1;33mDEGRADED\x1b[0m  "));
  CHECK(status_text({.url = "u"}, true).starts_with("\x1b[1;31mUNREACHABLE\x1b[0m  u"));
}

TEST_CASE("figures that need attention are coloured, the others are not", "[cli]") {
  auto status = busy();
  auto text = status_text(status, true);
  CHECK(text.find("errors              \x1b[1;33m      0.20 %\x1b[0m") != std::string::npos);
  CHECK(text.find("posts waiting          3 of 1,024") != std::string::npos);
  status.figures->lately->error_ratio = 0;
  status.figures->levels.queue_depth = 1'000;
  text = status_text(status, true);
  CHECK(text.find("errors                    0.00 %") != std::string::npos);
  CHECK(text.find("posts waiting\x1b[1;33m      1,000 of 1,024\x1b[0m") != std::string::npos);
}

TEST_CASE("what a service says of itself cannot drive the terminal, nor fill it", "[cli]") {
  auto status = ready();
  status.health = Health{"READY\x1b[2J",
                         std::string(1'000, '9'),
                         "\u202E\x07"
                         "abcdefgh",
                         "two\nlines and more than that",
                         true,
                         true};
  status.message = "a\x1b]0;title\x07";
  const auto lines = lines_of(status_text(status, false));
  CHECK(lines[0] ==
        "READY\uFFFD[2J  comments 999999999999\u2026 (\uFFFD\uFFFD"
        "abcde), revision two lines and more than \u2026");
  CHECK(lines[2] == "  a\uFFFD]0;title\uFFFD");
  CHECK(lines.size() == 3);
}

TEST_CASE("for programs, a status is one object, with null for what nobody knows", "[cli]") {
  CHECK(status_json({.time = kNoon, .url = "http://localhost:8000", .message = "\x1b gone"}) ==
        "{\"admin_url\":null,\"figures\":null,\"figures_message\":null,\"format\":1,"
        "\"health\":null,\"message\":\"\\u001b gone\",\"time\":\"2026-01-02T12:00:00.000Z\","
        "\"url\":\"http://localhost:8000\",\"verdict\":\"unreachable\"}\n");
  auto status = busy();
  status.figures->lately.reset();
  status.figures->levels.followers.reset();
  CHECK(status_json(status) ==
        "{\"admin_url\":\"http://127.0.0.1:9464\",\"figures\":{\"active_requests\":4,"
        "\"cache_bytes\":12000000,\"connections\":120,\"followers\":null,\"lately\":null,"
        "\"max_cache_bytes\":67108864,\"max_connections\":10000,\"max_open_files\":1048576,"
        "\"memory_bytes\":19000000,\"open_files\":130,\"queue_capacity\":1024,\"queue_depth\":3,"
        "\"since_start\":{\"cache_hit_ratio\":0.97,\"commit_p50_seconds\":0.001,"
        "\"commit_p99_seconds\":0.006,\"cpu_cores\":0.21,\"created\":345678,"
        "\"created_per_second\":29.93,\"error_ratio\":0.0001,\"log_errors\":12,"
        "\"p50_seconds\":0.0004,\"p99_seconds\":0.0041,\"requests\":1203456,"
        "\"requests_per_second\":104.19532467532468,\"seconds\":11550,\"slow_ratio\":0.0012},"
        "\"uptime_seconds\":11550},\"figures_message\":null,\"format\":1,"
        "\"health\":{\"commit\":\"88ace76fcdd1\",\"reads\":true,\"revision_name\":\"local\","
        "\"status\":\"READY\",\"version\":\"0.1.0\",\"writes\":true},\"message\":null,"
        "\"time\":\"2026-01-02T12:00:00.000Z\",\"url\":\"http://localhost:8000\","
        "\"verdict\":\"ready\"}\n");
}

}  // namespace comments::cli
