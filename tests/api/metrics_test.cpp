#include "tests/support/api_calls.h"
#include "tests/support/catch.h"

namespace comments::tests {
namespace {

constexpr std::string_view kTraceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

// What a sample is now; -1 where there is none.
double sample(ApiCalls& api, const std::string& name) {
  const auto text = api.admin("/metrics").body;
  const auto at = text.find("\n" + name + " ");
  return at == std::string::npos ? -1 : std::stod(text.substr(at + name.size() + 2));
}

// How many answers the durations know of a route.
double answers(ApiCalls& api, const std::string& method, const std::string& route, int status) {
  return sample(api, "http_server_request_duration_seconds_count{http_request_method=\"" + method +
                         "\",http_route=\"" + route + "\",http_response_status_code=\"" +
                         std::to_string(status) + "\"}");
}

// How many they know of all routes.
double all_answers(ApiCalls& api) {
  constexpr std::string_view kCount = "\nhttp_server_request_duration_seconds_count{";
  const auto text = api.admin("/metrics").body;
  double sum = 0;
  for (auto at = text.find(kCount); at != std::string::npos; at = text.find(kCount, at + 1)) {
    sum += std::stod(text.substr(text.find("} ", at) + 2));
  }
  return sum;
}

double rejected(ApiCalls& api, const std::string& reason) {
  return sample(api, "http_server_rejected_total{reason=\"" + reason + "\"}");
}

double refused(ApiCalls& api, const std::string& reason) {
  return sample(api, "comments_rejected_total{reason=\"" + reason + "\"}");
}

constexpr auto kList = "/api/comment/list/{content_id}";

}  // namespace

TEST_CASE("metrics are for operators: readers find no such path", "[api]") {
  ApiCalls api;
  CHECK(api.get("/metrics").status == 404);
  CHECK(api.admin("/metrics").status == 200);
  CHECK(api.admin("/metrics").content_type == "text/plain; version=0.0.4; charset=utf-8");
  CHECK(api.admin("/api/comment/list/1").status == 404);
}

TEST_CASE("an answer is counted under its route, its method and its status", "[api]") {
  ApiCalls api;
  api.say("first");
  api.get("/api/comment/list/1");  // made
  api.get("/api/comment/list/1");  // ready
  api.send({.method = "HEAD", .target = "/api/comment/list/1"});
  api.get("/api/comment/list/none");
  api.get("/api/comment/list/1/1");
  api.get("/api/comment/list/1/2");
  api.get("/api/comment/count?content_id=1");
  api.get("/openapi.json");
  api.get("/");
  CHECK(answers(api, "POST", "/api/comment/new", 200) == 1);
  CHECK(answers(api, "GET", kList, 200) == 2);
  CHECK(answers(api, "HEAD", kList, 200) == 1);
  CHECK(answers(api, "GET", kList, 404) == 1);
  CHECK(answers(api, "GET", "/api/comment/list/{content_id}/{id}", 200) == 1);
  CHECK(answers(api, "GET", "/api/comment/list/{content_id}/{id}", 404) == 1);
  CHECK(answers(api, "GET", "/api/comment/count", 200) == 1);
  CHECK(answers(api, "GET", "/openapi.json", 200) == 1);
  CHECK(answers(api, "GET", "/", 200) == 1);
  CHECK(all_answers(api) == 10);
}

TEST_CASE("no reader waits for health, a monitor's thread or the end of a stream", "[api]") {
  ApiCalls api;
  api.say("so that there is a thread");
  const auto before = all_answers(api);
  for (const auto* target :
       {"/health/live", "/health/ready", "/health/startup", "/api/comment/list/_probe",
        "/api/comment/list/_probe/1", "/api/comment/list/_probe-0123456789ab",
        "/api/comment/stream/1", "/nowhere"}) {
    api.get(target);
  }
  api.post(R"({"email":"a@b","content_id":"_probe","comment":"probe"})");
  api.post(R"({"email":"a@b","content_id":"_probe-0123456789ab","comment":"a rollout's"})");
  api.get("/api/comment/list/_probe");
  api.get("/api/comment/list/_probe");  // from memory
  api.admin("/metrics");
  CHECK(all_answers(api) == before);
  api.get("/api/comment/list/_probes");  // a reader's
  CHECK(all_answers(api) == before + 1);
}

TEST_CASE("what reaches no route is counted by its reason", "[api]") {
  ApiCalls api;
  api.get("/nowhere");
  api.get("/%zz");
  api.send({.method = "DELETE", .target = "/api/comment/new"});
  api.send({.method = "OPTIONS", .target = "/api/comment/new"});  // is answered, not rejected
  CHECK(rejected(api, "no_such_path") == 1);
  CHECK(rejected(api, "bad_target") == 1);
  CHECK(rejected(api, "method_not_allowed") == 1);
  const auto [fault, reason] = GENERATE(table<int, std::string>({
      {400, "malformed"},
      {408, "timeout"},
      {413, "body_too_large"},
      {414, "target_too_long"},
      {431, "head_too_large"},
      {500, "internal"},
      {501, "not_implemented"},
      {503, "connections"},
      {505, "version"},
  }));
  api.send({.fault = fault});
  CHECK(rejected(api, reason) == 1);
}

TEST_CASE("what operators ask for wrongly is no reader's trouble", "[api]") {
  ApiCalls api;
  for (const auto* target : {"/nowhere", "/", "/api/comment/list/1", "/api/comment/count",
                             "/openapi.json", "/api/comment/stream/1"}) {
    CHECK(api.admin(target).status == 404);
  }
  CHECK(rejected(api, "no_such_path") == 0);
  CHECK(all_answers(api) == 0);
  CHECK(sample(api, "comments_stream_requests_total{http_response_status_code=\"_OTHER\"}") == 0);
}

TEST_CASE("a thread's name that is too long is the asker's fault, not ours", "[api]") {
  ApiCalls api;
  const std::string long_name(300, 'x');
  for (const auto* path : {"/api/comment/list/", "/api/comment/count?content_id="}) {
    CHECK(api.get(path + long_name).status == 413);
  }
  CHECK(api.get("/api/comment/list/" + long_name + "/1").status == 413);
  CHECK(api.get("/api/comment/stream/" + long_name).status == 413);
  CHECK(answers(api, "GET", kList, 413) == 1);
  CHECK(answers(api, "GET", "/api/comment/list/{content_id}/{id}", 413) == 1);
  CHECK(answers(api, "GET", "/api/comment/count", 413) == 1);
  CHECK(sample(api, "comments_stream_requests_total{http_response_status_code=\"413\"}") == 1);
}

TEST_CASE("posts are counted by what becomes of them", "[api]") {
  ApiCalls api(make_memory_store(), {.rate_limits = {.per_email = 3}});
  const auto say = [&](std::string_view key) {
    api.post(R"({"email":"a@b","content_id":1,"comment":"x"})", {{"Idempotency-Key", key}});
  };
  say("one");
  say("one");
  api.post(R"({"email":"a@b","content_id":1,"comment":"other"})", {{"Idempotency-Key", "one"}});
  say("two");
  api.post("{}");
  api.send({.method = "POST", .target = "/api/comment/new", .body = "x"});
  CHECK(sample(api, "comments_created_total") == 1);
  CHECK(sample(api, "comments_replayed_total") == 1);
  CHECK(refused(api, "idempotency_conflict") == 1);
  CHECK(refused(api, "rate_limited") == 1);
  CHECK(refused(api, "bad_request") == 1);
  CHECK(refused(api, "unsupported_media_type") == 1);
  CHECK(refused(api, "unavailable") == 0);
}

TEST_CASE("a list from memory is a hit, one that has to be made a miss", "[api]") {
  ApiCalls api;
  api.say("first");
  for (int i = 0; i < 3; ++i) {
    api.get("/api/comment/list/1");
  }
  CHECK(sample(api, "http_server_cache_hits_total") == 2);
  CHECK(sample(api, "http_server_cache_misses_total") == 1);
}

TEST_CASE("a follower is one as long as its connection lasts", "[api]") {
  ApiCalls api;
  api.say("first");
  auto stream = std::make_unique<net::Response>(api.begin("/api/comment/stream/1"));
  REQUIRE(stream->follow);
  CHECK(sample(api, "comments_stream_followers") == 1);
  CHECK(sample(api, "comments_stream_duration_seconds_count") == 0);
  api.say("second");
  CHECK(sample(api, "comments_stream_events_total") == 1);
  stream.reset();
  CHECK(sample(api, "comments_stream_followers") == 0);
  CHECK(sample(api, "comments_stream_duration_seconds_count") == 1);
  CHECK(sample(api, "comments_stream_requests_total{http_response_status_code=\"200\"}") == 1);
}

TEST_CASE("a trace that somebody keeps is an example of its bucket", "[api]") {
  ApiCalls api;
  api.say("first", {{"traceparent", kTraceparent}});
  const auto text =
      api.admin("/metrics", {{"Accept", "application/openmetrics-text;version=1.0.0"}}).body;
  CHECK(
      text.find("# {trace_id=\"0af7651916cd43dd8448eb211c80319c\",span_id=\"b7ad6b7169203331\"}") !=
      std::string::npos);
  CHECK(text.ends_with("# EOF\n"));
}

TEST_CASE("a service says whether it is ready, and what it can do", "[api]") {
  ApiCalls api;
  CHECK(sample(api, "comments_ready") == 1);
  CHECK(sample(api, "comments_writes_available") == 1);
  api.readiness.set(api::Phase::draining);
  CHECK(sample(api, "comments_ready") == 0);
  CHECK(sample(api, "comments_reads_available") == 1);
}

}  // namespace comments::tests
