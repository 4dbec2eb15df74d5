#include "cli/configuration.h"

#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/store/store_url.h"
#include "core/version.h"

namespace comments::cli {
namespace {

std::string_view word_of(EmailVisibility emails) {
  switch (emails) {
    case EmailVisibility::raw:
      return "raw";
    case EmailVisibility::masked:
      return "masked";
    case EmailVisibility::hidden:
      break;
  }
  return "hidden";
}

std::string_view word_of(api::AccessLog access_log) {
  switch (access_log) {
    case api::AccessLog::errors:
      return "errors";
    case api::AccessLog::sample:
      return "sample";
    case api::AccessLog::all:
      break;
  }
  return "all";
}

std::string rate_text(int per_minute) {
  return per_minute == 0 ? "off" : fmt::format("{}/min", per_minute);
}

template <typename Number>
std::int64_t number(Number value) {
  return static_cast<std::int64_t>(value);
}

}  // namespace

void log_configuration(const ServePlan& plan) {
  const auto store = masked_store_url(plan.store.url);
  const auto per_address = rate_text(plan.api.rate_limits.per_address);
  const auto per_email = rate_text(plan.api.rate_limits.per_email);
  const auto origins = fmt::format("{}", fmt::join(plan.api.cors_origins, ","));
  log(Severity::info, "configuration",
      {{"version", kVersion},
       {"commit", kCommit},
       {"revision_name", plan.api.revision_name},
       {"store", store},
       {"store_password", plan.store.password.empty() ? "" : "***"},
       {"store_connections", number(plan.store.connections)},
       {"host", plan.server.host},
       {"port", number(plan.server.port)},
       {"admin_host", plan.admin.host},
       {"admin_port", number(plan.admin.port)},
       {"email_visibility", word_of(plan.api.emails)},
       {"cache_control", plan.api.cache_control},
       {"rate_limit_address", per_address},
       {"rate_limit_email", per_email},
       {"trusted_proxies", number(plan.api.rate_limits.trusted_proxies)},
       {"cors_origin", origins},
       {"cache_size", number(plan.api.cache.max_bytes)},
       {"cache_entry_max", number(plan.api.cache.max_entry_bytes)},
       {"log_level", comments::word_of(plan.log.least)},
       {"log_format", plan.log.format == LogFormat::json ? "json" : "text"},
       {"google_cloud_project", plan.log.project},
       {"access_log", word_of(plan.api.access_log)},
       {"drain_delay_s", plan.drain_delay.count()},
       {"idle_timeout_s",
        std::chrono::duration<double>(plan.server.reactor.connection.idle_time).count()}});
}

}  // namespace comments::cli
