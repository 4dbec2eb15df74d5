#include "cli/status_json.h"

#include <string_view>

#include "cli/json_object.h"
#include "core/wire/timestamp_text.h"

namespace comments::cli {
namespace {

std::string json_of(const Health& health) {
  return JsonObject()
      .string("commit", health.commit)
      .flag("reads", health.reads)
      .string("revision_name", health.revision_name)
      .string("status", health.status)
      .string("version", health.version)
      .flag("writes", health.writes)
      .text();
}

std::string json_of(const ops::Activity& activity) {
  return JsonObject()
      .number("cache_hit_ratio", activity.cache_hit_ratio)
      .number("commit_p50_seconds", activity.commit_p50)
      .number("commit_p99_seconds", activity.commit_p99)
      .number("cpu_cores", activity.cpu_cores)
      .number("created", activity.created)
      .number("created_per_second", activity.created_per_second)
      .number("error_ratio", activity.error_ratio)
      .number("log_errors", activity.log_errors)
      .number("p50_seconds", activity.p50)
      .number("p99_seconds", activity.p99)
      .number("requests", activity.requests)
      .number("requests_per_second", activity.requests_per_second)
      .number("seconds", activity.seconds)
      .number("slow_ratio", activity.slow_ratio)
      .text();
}

std::string json_of(const ops::Figures& figures) {
  const auto& levels = figures.levels;
  return JsonObject()
      .number("active_requests", levels.active_requests)
      .number("cache_bytes", levels.cache_bytes)
      .number("connections", levels.connections)
      .number("followers", levels.followers)
      .json("lately", figures.lately ? json_of(*figures.lately) : "null")
      .number("max_cache_bytes", levels.max_cache_bytes)
      .number("max_connections", levels.max_connections)
      .number("max_open_files", levels.max_files)
      .number("memory_bytes", levels.memory_bytes)
      .number("open_files", levels.open_files)
      .number("queue_capacity", levels.queue_capacity)
      .number("queue_depth", levels.queue_depth)
      .json("since_start", json_of(figures.since_start))
      .number("uptime_seconds", figures.uptime)
      .text();
}

std::string_view word_of(ops::Verdict verdict) {
  switch (verdict) {
    case ops::Verdict::ready:
      return "ready";
    case ops::Verdict::degraded:
      return "degraded";
    case ops::Verdict::unreachable:
      break;
  }
  return "unreachable";
}

}  // namespace

std::string status_json(const ops::ServiceStatus& status) {
  return JsonObject()
             .string("admin_url", status.admin_url)
             .json("figures", status.figures ? json_of(*status.figures) : "null")
             .string("figures_message", status.figures_message)
             .json("format", "1")
             .json("health", status.health ? json_of(*status.health) : "null")
             .string("message", status.message)
             .string("time", timestamp_text(status.time))
             .string("url", status.url)
             .string("verdict", word_of(status.verdict))
             .text() +
         '\n';
}

}  // namespace comments::cli
