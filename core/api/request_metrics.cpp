#include "core/api/request_metrics.h"

#include <algorithm>

#include <fmt/format.h>

namespace comments::api {
namespace {

// OpenTelemetry's, with three finer ones below; 0.1 is the edge of the objective for latency.
constexpr std::array kSeconds{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1,
                              0.25,   0.5,   0.75,   1.0,   2.5,  5.0,   7.5,  10.0};

constexpr std::array kReasons{"malformed",       "timeout",        "body_too_large",
                              "target_too_long", "head_too_large", "not_implemented",
                              "version",         "connections",    "internal",
                              "bad_target",      "no_such_path",   "method_not_allowed"};

// With what an endpoint may answer, as openapi.json says, and 500 where it asks the store; nothing
// where its durations are not kept.
std::vector<int> statuses_of(Endpoint endpoint) {
  switch (endpoint) {
    case Endpoint::create_comment:
      return {200, 400, 413, 415, 422, 429, 500, 503};
    case Endpoint::list_comments:
    case Endpoint::get_comment:
      return {200, 304, 400, 404, 413, 500, 503};
    case Endpoint::count_comments:
      return {200, 400, 413, 500, 503};
    case Endpoint::page_document:
      return {200, 304};
    case Endpoint::page_file:
      return {200, 304, 404};
    case Endpoint::openapi:
      return {200};
    default:
      return {};
  }
}

std::size_t place_of(const std::vector<int>& statuses, int status) {
  const auto found = std::find(statuses.begin(), statuses.end() - 1, status);
  return static_cast<std::size_t>(found - statuses.begin());
}

// A status that nobody expected is a bug, whatever its number.
std::string status_text(int status) {
  return status == 0 ? "_OTHER" : fmt::format("{}", status);
}

}  // namespace

Rejection rejection_of_fault(int http_status) {
  switch (http_status) {
    case 408:
      return Rejection::timeout;
    case 413:
      return Rejection::body_too_large;
    case 414:
      return Rejection::target_too_long;
    case 431:
      return Rejection::head_too_large;
    case 500:
      return Rejection::internal;
    case 501:
      return Rejection::not_implemented;
    case 503:
      return Rejection::connections;
    case 505:
      return Rejection::version;
    default:
      return Rejection::malformed;
  }
}

RequestMetrics::RequestMetrics() : stream_statuses_{200, 400, 413, 500, 503, 0} {
  const auto prepare = [](Answers& answers, Endpoint endpoint) {
    answers.statuses = statuses_of(endpoint);
    answers.statuses.push_back(0);
    for (std::size_t i = 0; i < answers.statuses.size(); ++i) {
      answers.durations.emplace_back(kSeconds);
    }
  };
  for (std::size_t i = 0; i < kRoutes.size(); ++i) {
    if (!statuses_of(kRoutes.at(i).endpoint).empty()) {
      prepare(answers_.at(i), kRoutes.at(i).endpoint);
      if (kRoutes.at(i).method == "GET") {
        prepare(head_answers_.at(i), kRoutes.at(i).endpoint);
      }
    }
  }
  for (std::size_t i = 0; i < stream_statuses_.size(); ++i) {
    streams_.emplace_back();
  }
}

void RequestMetrics::expose(Metrics& metrics) const {
  const auto expose_answers = [&](const Answers& answers, const Route& route,
                                  std::string_view method) {
    for (std::size_t i = 0; i < answers.durations.size(); ++i) {
      metrics.histogram({"http_server_request_duration_seconds",
                         "From the last byte of a request to its answer, without streams, health "
                         "and probes.",
                         "seconds"},
                        {{"http_request_method", std::string(method)},
                         {"http_route", std::string(route.pattern)},
                         {"http_response_status_code", status_text(answers.statuses.at(i))}},
                        answers.durations.at(i));
    }
  };
  for (std::size_t i = 0; i < kRoutes.size(); ++i) {
    expose_answers(answers_.at(i), kRoutes.at(i), kRoutes.at(i).method);
    expose_answers(head_answers_.at(i), kRoutes.at(i), "HEAD");
  }
  for (std::size_t i = 0; i < kRejections; ++i) {
    metrics.counter(
        {"http_server_rejected", "Requests that were refused before they reached a route."},
        {{"reason", kReasons.at(i)}}, rejections_.at(i));
  }
  for (std::size_t i = 0; i < stream_statuses_.size(); ++i) {
    metrics.counter({"comments_stream_requests", "Requests to follow a thread, by first answer."},
                    {{"http_response_status_code", status_text(stream_statuses_.at(i))}},
                    streams_.at(i));
  }
}

void RequestMetrics::answered(const Answer& answer) {
  if (answer.route.endpoint == Endpoint::follow_comments) {
    streams_.at(place_of(stream_statuses_, answer.status)).add();
    return;
  }
  const auto route = static_cast<std::size_t>(&answer.route - kRoutes.data());
  auto& answers = (answer.head_only ? head_answers_ : answers_).at(route);
  if (answers.durations.empty()) {
    return;
  }
  auto& durations = answers.durations.at(place_of(answers.statuses, answer.status));
  const auto seconds = std::chrono::duration<double>(answer.took).count();
  if (answer.trace != nullptr) {
    durations.observe(seconds, answer.trace->trace_id(), answer.trace->span_id());
  } else {
    durations.observe(seconds);
  }
}

void RequestMetrics::rejected(Rejection reason) {
  rejections_.at(static_cast<std::size_t>(reason)).add();
}

}  // namespace comments::api
