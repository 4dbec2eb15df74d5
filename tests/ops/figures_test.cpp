#include "core/ops/figures.h"

#include <cmath>

#include <fmt/format.h>

#include "tests/support/catch.h"

namespace comments::ops {
namespace {

Reading reading(std::string_view text) {
  const auto parsed = parse_metrics(text);
  CHECK(parsed.refused_lines == 0);
  return reading_of(parsed.samples);
}

// `good` fast answers, `bad` slow ones of 500, from a process that started then.
std::string traffic(int good, int bad, double started = 1'000) {
  return fmt::format(
      "process_start_time_seconds {}\n"
      "http_server_request_duration_seconds_bucket{{http_response_status_code=\"200\",le=\"0.1\"}} "
      "{}\n"
      "http_server_request_duration_seconds_bucket{{http_response_status_code=\"200\",le=\"+Inf\"}}"
      " "
      "{}\n"
      "http_server_request_duration_seconds_count{{http_response_status_code=\"200\"}} {}\n"
      "http_server_request_duration_seconds_bucket{{http_response_status_code=\"500\",le=\"0.1\"}} "
      "0\n"
      "http_server_request_duration_seconds_bucket{{http_response_status_code=\"500\",le=\"+Inf\"}}"
      " "
      "{}\n"
      "http_server_request_duration_seconds_count{{http_response_status_code=\"500\"}} {}\n",
      started, good, good, good, bad, bad);
}

Activity lately(const std::string& before, const std::string& after, double seconds = 10) {
  return figures_of(reading(after), 2'000, Earlier{reading(before), seconds}).lately.value();
}

}  // namespace

TEST_CASE("a rate is what was added between two looks, over the time between them", "[ops]") {
  const auto now = lately(traffic(100, 0), traffic(150, 0));
  CHECK(now.requests == 50);
  CHECK(now.requests_per_second == 5);
  CHECK(now.error_ratio == 0);
  CHECK(now.seconds == 10);
}

TEST_CASE("since the start, everything counts", "[ops]") {
  const auto figures = figures_of(reading(traffic(100, 25)), 1'050);
  CHECK(figures.uptime == 50);
  CHECK(figures.since_start.requests == 125);
  CHECK(figures.since_start.requests_per_second == 2.5);
  CHECK(figures.since_start.error_ratio == 0.2);
  CHECK_FALSE(figures.lately);
}

TEST_CASE("errors are 5xx, what nobody expected, and who was turned away for our reasons",
          "[ops]") {
  std::string text;
  for (const auto* status : {"200", "304", "404", "422", "429", "500", "503", "_OTHER"}) {
    text += fmt::format(
        "http_server_request_duration_seconds_count{{http_response_status_code=\"{}\"}} 1\n",
        status);
  }
  for (const auto* reason : {"connections", "internal", "malformed", "timeout", "no_such_path"}) {
    text += fmt::format("http_server_rejected_total{{reason=\"{}\"}} 1\n", reason);
  }
  const auto ever = figures_of(reading(text), 0).since_start;
  CHECK(ever.requests == 10);
  CHECK(ever.error_ratio == 0.5);
}

TEST_CASE("latency is of what did not fail, and slow is above 100 ms", "[ops]") {
  const auto with_errors = lately(traffic(0, 0), traffic(100, 900));
  CHECK(with_errors.p99 == 0.099);
  CHECK(with_errors.slow_ratio == 0);
  const auto slow = reading(
      "http_server_request_duration_seconds_bucket{le=\"0.1\"} 3\n"
      "http_server_request_duration_seconds_bucket{le=\"1\"} 4\n"
      "http_server_request_duration_seconds_bucket{le=\"+Inf\"} 4\n");
  CHECK(figures_of(slow, 0).since_start.slow_ratio == 0.25);
}

TEST_CASE("quantiles are over all routes together", "[ops]") {
  std::string text;
  const auto add = [&](const char* route, const char* bound, int count) {
    text += fmt::format(
        "http_server_request_duration_seconds_bucket{{http_route=\"{}\",le=\"{}\"}} {}\n", route,
        bound, count);
  };
  for (const auto* bound : {"0.1", "0.2", "+Inf"}) {
    add("/", bound, 10);
    add("/openapi.json", bound, std::string_view(bound) == "0.1" ? 0 : 10);
  }
  const auto ever = figures_of(reading(text), 0).since_start;
  CHECK(ever.p50 == 0.1);
  CHECK(std::lround(*ever.p99 * 1000) == 198);
}

TEST_CASE("a restart between two looks: all that the new process counted is new", "[ops]") {
  const auto less = lately(traffic(100, 50), traffic(20, 0, 1'900));
  CHECK(less.requests == 20);
  CHECK(less.error_ratio == 0);
  CHECK(less.p50 == 0.05);
  const auto more = lately(traffic(100, 50), traffic(200, 0, 1'900));  // no count is smaller
  CHECK(more.requests == 200);
  CHECK(more.error_ratio == 0);
}

TEST_CASE("a count that is smaller has begun anew, whatever the process says of its start",
          "[ops]") {
  const auto now = lately(traffic(100, 50), traffic(20, 5));
  CHECK(now.requests == 25);
  CHECK(now.error_ratio == 0.2);
  CHECK(now.p50 == 0.05);
}

TEST_CASE("a share of nothing is unknown, and so is what the service does not say", "[ops]") {
  const auto idle = lately(traffic(7, 0), traffic(7, 0));
  CHECK(idle.requests_per_second == 0);
  CHECK_FALSE(idle.error_ratio);
  CHECK_FALSE(idle.slow_ratio);
  CHECK_FALSE(idle.p99);
  CHECK_FALSE(idle.cache_hit_ratio);
  CHECK_FALSE(idle.created);
  const auto figures = figures_of(reading("something_else 1\n"), 2'000);
  CHECK_FALSE(figures.uptime);
  CHECK_FALSE(figures.since_start.requests);
  CHECK_FALSE(figures.since_start.requests_per_second);
  CHECK_FALSE(figures.levels.memory_bytes);
}

TEST_CASE("no figure is negative, infinite or no number, whatever the service says", "[ops]") {
  const auto figures = figures_of(reading("process_start_time_seconds 5000\n"
                                          "comments_created_total -5\n"
                                          "comments_stream_followers NaN\n"
                                          "process_cpu_seconds_total +Inf\n"
                                          "process_resident_memory_bytes{a=\"1\"} 1e308\n"
                                          "process_resident_memory_bytes{a=\"2\"} 1e308\n"
                                          "http_server_cache_hits_total 1e308\n"
                                          "http_server_cache_misses_total 1e308\n"),
                                  2'000);
  CHECK(figures.uptime == 0);
  CHECK_FALSE(figures.since_start.created);
  CHECK_FALSE(figures.since_start.cpu_cores);
  CHECK_FALSE(figures.since_start.cache_hit_ratio);
  CHECK_FALSE(figures.levels.followers);
  CHECK_FALSE(figures.levels.memory_bytes);
}

TEST_CASE("every figure has its metric", "[ops]") {
  const auto text = [](int n) {
    return fmt::format(
        "comments_created_total {0}\nhttp_server_cache_hits_total {1}\n"
        "http_server_cache_misses_total {0}\nprocess_cpu_seconds_total {0}\n"
        "log_messages_total{{severity=\"error\"}} {0}\nlog_messages_total{{severity=\"info\"}} 99\n"
        "http_server_open_connections 1\nhttp_server_max_connections 2\n"
        "http_server_active_requests 3\ncomments_store_queue_depth 4\n"
        "comments_store_queue_capacity 5\ncomments_stream_followers 6\n"
        "http_server_cache_bytes 7\nhttp_server_cache_max_bytes 8\n"
        "process_resident_memory_bytes 9\nprocess_open_fds 10\nprocess_max_fds 11\n"
        "comments_store_commit_duration_seconds_bucket{{le=\"0.5\"}} {0}\n"
        "comments_store_commit_duration_seconds_bucket{{le=\"+Inf\"}} {0}\n",
        n, 3 * n);
  };
  const auto figures = figures_of(reading(text(10)), 0, Earlier{reading(text(8)), 4});
  CHECK(figures.lately->created == 2);
  CHECK(figures.lately->created_per_second == 0.5);
  CHECK(figures.lately->cache_hit_ratio == 0.75);
  CHECK(figures.lately->cpu_cores == 0.5);
  CHECK(figures.lately->log_errors == 2);
  CHECK(figures.lately->commit_p50 == 0.25);
  CHECK(figures.lately->commit_p99 == 0.495);
  CHECK(figures.since_start.log_errors == 10);
  const auto& now = figures.levels;
  const std::vector<std::optional<double>> levels{
      now.connections,    now.max_connections, now.active_requests, now.queue_depth,
      now.queue_capacity, now.followers,       now.cache_bytes,     now.max_cache_bytes,
      now.memory_bytes,   now.open_files,      now.max_files};
  for (std::size_t i = 0; i < levels.size(); ++i) {
    CAPTURE(i);
    CHECK(levels[i] == static_cast<double>(i + 1));
  }
}

}  // namespace comments::ops
