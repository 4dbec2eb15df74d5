#include "cli/observer.h"

#include <utility>

#include <fmt/format.h>

#include "core/client/fetch.h"
#include "core/comment/clock.h"

namespace comments::cli {
namespace {

using Seconds = std::chrono::duration<double>;

std::string text_of(const ServiceUrl& url) {
  return url.origin + url.prefix;
}

// Why a service that answers is not ready, and what that means.
std::string meaning_of(const Health& health) {
  if (health.status == "STARTING") {
    return "it has not started yet: look again";
  }
  if (health.status == "DRAINING") {
    return "it has been told to end, and asks to be sent nothing new";
  }
  if (!health.reads) {
    return "its store cannot be read: see the service's log";
  }
  if (!health.writes) {
    return "its store keeps nothing: lists are answered, posts are refused; see the service's log";
  }
  return "it does not call itself ready: see the service's log";
}

Result<ops::MetricsText> read_metrics(const std::optional<ServiceUrl>& admin) {
  const auto none = [](std::string message) {
    return Error{ErrorCode::unavailable, "no figures: " + std::move(message), {}};
  };
  if (!admin) {
    return none("name the service's admin port with --admin-url (COMMENTS_ADMIN_URL)");
  }
  const auto answer = fetch(*admin, "/metrics");
  if (!answer) {
    return none("the admin port is not reachable: " + answer.error().message +
                "; name it with --admin-url, or look from where the service runs");
  }
  if (answer->status != 200) {
    return none(
        fmt::format("{}/metrics answers HTTP {}: this service has no metrics, or that is "
                    "not its admin port (--admin-url)",
                    text_of(*admin), answer->status));
  }
  auto metrics = ops::parse_metrics(answer->body);
  if (metrics.samples.empty()) {
    return none(fmt::format("the answer of {}/metrics is no metrics text; check --admin-url",
                            text_of(*admin)));
  }
  return metrics;
}

}  // namespace

ops::ServiceStatus health_of(const Target& target) {
  ops::ServiceStatus status;
  status.time = system_now();
  status.url = text_of(target.service);
  status.admin_url = target.admin ? text_of(*target.admin) : "";
  const auto answer = fetch(target.service, "/health/ready");
  if (!answer) {
    status.message = answer.error().message + "; is the service running? (--url, COMMENTS_URL)";
    return status;
  }
  const auto health = parse_health(answer->body);
  if (!health) {
    status.message = fmt::format("HTTP {}: {}", answer->status, health.error().message);
    return status;
  }
  status.health = *health;
  status.verdict = ops::verdict_of(*health, answer->status);
  if (status.verdict != ops::Verdict::ready) {
    status.message = meaning_of(*health);
  }
  return status;
}

ops::ServiceStatus Observer::look() {
  auto status = health_of(target_);
  const auto before = std::exchange(before_, std::nullopt);
  if (status.verdict != ops::Verdict::unreachable) {
    add_figures(before, status);
  }
  return status;
}

void Observer::add_figures(const std::optional<Taken>& before, ops::ServiceStatus& status) {
  const auto metrics = read_metrics(target_.admin);
  if (!metrics) {
    status.figures_message = metrics.error().message;
    return;
  }
  if (metrics->refused_lines > 0) {
    status.figures_message =
        fmt::format("{} lines of {}/metrics are no metrics, and were passed over",
                    metrics->refused_lines, status.admin_url);
  }
  before_ = Taken{ops::reading_of(metrics->samples), std::chrono::steady_clock::now()};
  std::optional<ops::Earlier> earlier;
  if (before) {
    earlier = {before->reading, Seconds(before_->time - before->time).count()};
  }
  status.figures =
      ops::figures_of(before_->reading, Seconds(status.time.time_since_epoch()).count(), earlier);
}

}  // namespace comments::cli
