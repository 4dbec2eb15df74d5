#include "core/ops/deploy/canary_figures.h"

#include <cmath>

#include <fmt/format.h>

namespace comments::ops {
namespace {

double sum(const std::vector<Answer>& answers, const std::string& revision,
           const std::string& only_class = {}) {
  double total = 0;
  for (const auto& answer : answers) {
    const auto name = answer.labels.find("revision_name");
    const auto code = answer.labels.find("response_code_class");
    const bool wanted =
        name != answer.labels.end() && name->second == revision &&
        (only_class.empty() || (code != answer.labels.end() && code->second == only_class));
    if (wanted && std::isfinite(answer.value)) {
      total += answer.value;
    }
  }
  return total;
}

std::optional<double> quantile_of(const std::vector<Answer>& answers, const std::string& revision) {
  for (const auto& answer : answers) {
    const auto name = answer.labels.find("revision_name");
    if (name != answer.labels.end() && name->second == revision && std::isfinite(answer.value)) {
      return answer.value;
    }
  }
  return std::nullopt;
}

}  // namespace

CanaryQueries canary_queries(const std::string& service, int seconds) {
  // An instance tells its revision in comments_build_info alone.
  const auto of_revision = [&](std::string_view metric, std::string_view filter,
                               std::string_view by) {
    return fmt::format(R"(sum by ({}) (increase({}{{job="comments"{}}}[{}s]) * on (job, instance) )"
                       R"(group_left (revision_name) comments_build_info{{job="comments"}}))",
                       by, metric, filter, seconds);
  };
  constexpr std::string_view kMetric = "http_server_request_duration_seconds";
  constexpr std::string_view kFailed = R"(,http_response_status_code=~"5..|_OTHER")";
  constexpr std::string_view kGood = R"(,http_response_status_code!~"5..|_OTHER")";
  return {
      .requests = of_revision(fmt::format("{}_count", kMetric), "", "revision_name"),
      .errors = of_revision(fmt::format("{}_count", kMetric), kFailed, "revision_name"),
      .p99 =
          fmt::format("histogram_quantile(0.99, {})",
                      of_revision(fmt::format("{}_bucket", kMetric), kGood, "revision_name, le")),
      .front = fmt::format(R"(sum by (revision_name, response_code_class) )"
                           R"((increase(run_googleapis_com:request_count{{)"
                           R"(monitored_resource="cloud_run_revision",service_name="{}"}}[{}s])))",
                           service, seconds)};
}

RevisionFigures figures_of_revision(const CanaryAnswers& answers, const std::string& revision) {
  const RevisionFigures application{.requests = sum(answers.requests, revision),
                                    .errors = sum(answers.errors, revision),
                                    .p99 = quantile_of(answers.p99, revision)};
  const RevisionFigures front{.requests = sum(answers.front, revision),
                              .errors = sum(answers.front, revision, "5xx"),
                              .p99 = application.p99};
  return front.errors > application.errors || application.requests == 0 ? front : application;
}

}  // namespace comments::ops
