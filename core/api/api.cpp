#include "core/api/api.h"

#include <chrono>

#include <fmt/format.h>

#include "core/api/call.h"
#include "core/api/feed_keeper.h"
#include "core/api/health.h"
#include "core/api/lists.h"
#include "core/api/openapi.h"
#include "core/api/page.h"
#include "core/api/posts.h"
#include "core/api/responses.h"
#include "core/api/routes.h"
#include "core/api/single_reads.h"
#include "core/api/streams.h"
#include "core/api/trail.h"
#include "core/telemetry/log.h"
#include "core/version.h"
#include "core/wire/seen.h"

namespace comments::api {
namespace {

bool is_health(Endpoint endpoint) {
  return endpoint == Endpoint::health_live || endpoint == Endpoint::health_ready ||
         endpoint == Endpoint::health_startup;
}

bool is_probe(const net::Target& target) {
  constexpr std::size_t kThread = 3;
  return target.segments.size() > kThread && is_probe_thread(target.segments[kThread]);
}

net::Response bad_target(std::string_view target, const RequestId& request_id) {
  const bool path_is_good = net::parse_target(target.substr(0, target.find('?'))).has_value();
  auto why = target.starts_with('/')
                 ? fmt::format(
                       "the {} is not percent-encoded correctly: two hex digits follow "
                       "each %; a % itself is %25",
                       path_is_good ? "query" : "path")
                 : std::string("the path must begin with /");
  return error_response({ErrorCode::bad_request, std::move(why), {}}, request_id);
}

net::Response not_found(const RequestId& request_id) {
  return error_response({ErrorCode::not_found, "no such path; /openapi.json lists them all", {}},
                        request_id);
}

net::Response other_method(const Match& match, std::string_view method,
                           const RequestId& request_id) {
  auto response =
      method == "OPTIONS"
          ? net::Response{.status = 204}
          : error_response(
                {ErrorCode::method_not_allowed, "this path takes " + allowed_methods(match), {}},
                request_id);
  response.headers.emplace_back("Allow", allowed_methods(match));
  return response;
}

}  // namespace

Api::Api(Store& store, Readiness& readiness, Options options, Metrics& metrics)
    : store_(store),
      readiness_(readiness),
      options_(std::move(options)),
      answering_(std::make_shared<Answering>(options_.cors_origins)),
      metrics_(metrics),
      post_limits_(options_.rate_limits),
      room_(options_.cache),
      feeds_(std::make_unique<Feeds>(options_.emails, stream_metrics_)),
      feed_keeper_(std::make_unique<FeedKeeper>(store_, *feeds_)),
      lists_(std::make_unique<Lists>(store_, options_, readers_, room_)) {
  store_.observe([this](const Committed& committed) {
    lists_->on_commit(committed);
    if (!feeds_->publish(committed)) {
      feed_keeper_->look_at(committed.content_id);
    }
  });
  expose();
}

Api::~Api() {
  store_.observe(nullptr);
}

void Api::handle(const net::Request& request, const net::Reply& reply) {
  dispatch(request, reply, Audience::readers);
}

std::optional<net::Response> Api::ready(const net::Request& request) {
  const bool reads = request.method == "GET" || request.method == "HEAD";
  if (!reads || is_logged_anyway()) {
    return std::nullopt;  // the long way answers the same, and logs it
  }
  const auto target = net::parse_target(request.target);
  const auto* route = target ? match(request.method, target->segments).route : nullptr;
  if (route == nullptr || route->endpoint != Endpoint::list_comments) {
    return std::nullopt;
  }
  const auto trace = trace_of(request);
  if (trace && trace->sampled) {  // somebody will look for its line
    return std::nullopt;
  }
  auto response = lists_->ready(*target, request);
  if (response) {
    if (options_.access_log == AccessLog::sample) {
      AccessSample::count();
    }
    add_trace_header(*response, trace ? &*trace : nullptr);
    answering_->cors.add_headers(*response, request.header("Origin"));
    if (!is_probe(*target)) {
      answering_->requests.answered({*route, request.method == "HEAD", response->status,
                                     std::chrono::steady_clock::now() - request.received});
    }
  }
  return response;
}

// Whether the next request on this thread has a line in the log, however it is answered.
bool Api::is_logged_anyway() const {
  return logs(Severity::debug) ||
         (logs(Severity::info) &&
          (options_.access_log == AccessLog::all ||
           (options_.access_log == AccessLog::sample && AccessSample::is_next())));
}

void Api::handle_admin(const net::Request& request, const net::Reply& reply) {
  dispatch(request, reply, Audience::operators);
}

void Api::dispatch(const net::Request& request, const net::Reply& reply, Audience audience) {
  const auto trail = std::make_shared<Trail>(request, options_.access_log);
  auto target = request.fault == 0 ? net::parse_target(request.target) : std::nullopt;
  auto found = target ? match(request.method, target->segments) : Match{};
  if (!found.at_path.empty() && !is_for(audience, found.at_path.front()->endpoint)) {
    found = {};  // it is not there, and is counted as that
  }
  if (found.route != nullptr) {
    trail->route = found.route->pattern;
    trail->is_probe = is_probe(*target);
  }
  const auto& request_id = trail->request_id;
  const net::Reply answer = [answering = answering_, reply, route = found.route,
                             trail](net::Response response) {
    answering->finish(response, *trail, route);
    reply(std::move(response));
  };

  const auto rejected = [&](Rejection reason) {
    if (audience == Audience::readers) {
      answering_->requests.rejected(reason);
    }
  };
  if (request.fault != 0) {
    rejected(rejection_of_fault(request.fault));
    return answer(fault_response(request.fault, request_id));
  }
  if (request.target == "*") {  // OPTIONS of the server as a whole
    return answer({.status = 204, .headers = {{"Allow", "GET, HEAD, POST, OPTIONS"}}});
  }
  if (!target) {
    rejected(Rejection::bad_target);
    return answer(bad_target(request.target, request_id));
  }
  if (found.at_path.empty()) {
    rejected(Rejection::no_such_path);
    return answer(not_found(request_id));
  }
  if (found.route == nullptr) {
    if (request.method != "OPTIONS") {
      rejected(Rejection::method_not_allowed);
    }
    auto response = other_method(found, request.method, request_id);
    if (Cors::is_preflight(request)) {
      answering_->cors.add_preflight_headers(response, allowed_methods(found));
    }
    return answer(std::move(response));
  }
  Call call{store_,
            options_,
            *std::move(target),
            std::string(request.header("If-None-Match")),
            std::string(request.header("Last-Event-ID")),
            request_id,
            net::accepts_gzip(request.header("Accept-Encoding")),
            parse_seen(request.header(kSeenHeader))};
  const auto endpoint = found.route->endpoint;
  switch (endpoint) {
    case Endpoint::create_comment:
      return create_comment(call, request, post_limits_, {answering_, &answering_->posts}, *trail,
                            answer);
    case Endpoint::list_comments:
      return lists_->answer(call, answer);
    case Endpoint::get_comment:
    case Endpoint::count_comments:
    case Endpoint::follow_comments:
      return read(endpoint, std::move(call), answer);
    case Endpoint::health_ready:
      if (!store_.health().reads) {  // is asked again, and may take its time
        return read(endpoint, std::move(call), answer);
      }
      [[fallthrough]];
    case Endpoint::health_live:
    case Endpoint::health_startup:
      return answer(health(call, readiness_.phase(), endpoint, lists_->keeps_any()));
    case Endpoint::openapi:
      return answer(openapi());
    case Endpoint::page_document:
      return answer(page_document(call));
    case Endpoint::page_file:
      return answer(page_file(call));
    case Endpoint::metrics:
      return answer(exposition(request.header("Accept")));
  }
}

bool Api::is_for(Audience audience, Endpoint endpoint) {
  return audience == Audience::operators ? is_health(endpoint) || endpoint == Endpoint::metrics
                                         : endpoint != Endpoint::metrics;
}

net::Response Api::exposition(std::string_view accept) const {
  const auto format = Metrics::format_for(accept);
  return {.content_type = std::string(Metrics::content_type(format)),
          .headers = {{"Cache-Control", "no-store"}},
          .body = metrics_.exposition(format)};
}

void Api::expose() {
  answering_->requests.expose(metrics_);
  answering_->posts.expose(metrics_);
  stream_metrics_.expose(metrics_);
  lists_->expose(metrics_);
  const auto gauge = [&](const char* name, const char* help, Metrics::Reading reading) {
    metrics_.gauge({name, help}, {}, std::move(reading));
  };
  metrics_.gauge(
      {"http_server_answers_bytes", "Memory of long answers, until they have left.", "bytes"}, {},
      [this] { return static_cast<double>(room_.bytes.taken()); });
  metrics_.gauge({"http_server_answers_max_bytes",
                  "What long answers may hold; further ones are refused.", "bytes"},
                 {}, [this] { return static_cast<double>(room_.bytes.most()); });
  gauge("comments_store_read_queue_depth", "Reads that wait for a thread.",
        [this] { return static_cast<double>(readers_.waiting()); });
  gauge("comments_store_read_queue_capacity",
        "How many reads may wait for a thread; further ones are refused.",
        [] { return static_cast<double>(kMaxWaitingReads); });
  gauge("comments_ready", "Whether reads are answered, as /health/ready says.", [this] {
    return is_ready(readiness_.phase(), store_.health().reads, lists_->keeps_any());
  });
  gauge("comments_reads_available", "Whether the store can be read.",
        [this] { return store_.health().reads; });
  gauge("comments_writes_available", "Whether the store can be written.",
        [this] { return store_.health().writes; });
  metrics_.gauge({"comments_build_info", "What runs here; always 1."},
                 {{"version", std::string(kVersion)},
                  {"commit", std::string(kCommit)},
                  {"revision_name", options_.revision_name}},
                 [] { return 1; });
}

// On a thread that may wait for the store: a reactor must not.
void Api::read(Endpoint endpoint, Call call, const net::Reply& reply) {
  const auto request_id = call.request_id;
  net::Workers::Task task = [this, endpoint, call = std::move(call), reply] {
    try {
      reply(endpoint == Endpoint::get_comment      ? get_comment(call)
            : endpoint == Endpoint::count_comments ? count_comments(call)
            : endpoint == Endpoint::follow_comments
                ? follow_comments(call, *feeds_, room_, stream_metrics_)
                : health(call, readiness_.phase(), endpoint, lists_->keeps_any()));
    } catch (const std::exception& bug) {  // or out of memory
      reply(fault_response(500, call.request_id, bug.what()));
    }
  };
  if (!readers_.run(task)) {
    reply(error_response({ErrorCode::overloaded, "too many reads are waiting; retry shortly", {}},
                         request_id));
  }
}

}  // namespace comments::api
