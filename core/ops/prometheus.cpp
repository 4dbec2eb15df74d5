#include "core/ops/prometheus.h"

#include <utility>

#include <fmt/format.h>

#include "core/ops/cloud/gcloud.h"
#include "core/ops/cloud/redact.h"

namespace comments::ops {
namespace {

constexpr int kUnauthorised = 401;
constexpr std::size_t kShown = 200;  // of an answer that is none

Error unavailable(std::string message) {
  return {ErrorCode::unavailable, std::move(message), {}};
}

}  // namespace

bool is_google_address(const std::string& url) {
  const auto host = url.substr(0, url.find('/', url.find("://") + 3));
  return host.starts_with("https://") && host.ends_with(".googleapis.com");
}

Prometheus::Prometheus(std::string url, Web& web, Run run)
    : url_(std::move(url)), is_google_(is_google_address(url_)), web_(web), run_(std::move(run)) {}

Result<std::vector<Answer>> Prometheus::ask(const std::string& query) {
  if (url_.empty()) {
    return unavailable("deploy.toml names no prometheus");
  }
  WebRequest request{.url = url_, .path = query_path(query)};
  std::string refused;
  for (const bool last : {false, true}) {
    if (is_google_) {
      auto fresh = token(refused);
      if (!fresh) {
        return fresh.error();
      }
      refused = *std::move(fresh);
      request.headers = {{"Authorization", "Bearer " + refused}};
    }
    const auto answer = web_.ask(request);
    if (!answer) {
      return answer.error();
    }
    if (auto series = parse_answers(answer->body)) {
      return *std::move(series);
    }
    if (answer->status != kUnauthorised || last || !is_google_) {
      return unavailable(fmt::format("{} answered {}: {}", url_, answer->status,
                                     redacted(answer->body.substr(0, kShown))));
    }
  }
  return unavailable(url_ + " does not accept this account's token");
}

Result<std::string> Prometheus::token(const std::string& refused) {
  const std::lock_guard lock(mutex_);
  if (token_.empty() || token_ == refused) {
    const auto command = gcloud::access_token();
    const auto outcome = run_(command);
    if (!outcome.ok()) {
      was_interrupted_ = outcome.end == Outcome::End::interrupted;
      return unavailable(describe(command, outcome));
    }
    token_ = outcome.out.substr(0, outcome.out.find('\n'));
  }
  return token_;
}

}  // namespace comments::ops
