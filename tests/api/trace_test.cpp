// The trace that a request belongs to, in its answer.
#include "tests/support/api_calls.h"
#include "tests/support/catch.h"

namespace comments::tests {
namespace {

const std::string kTrace = "0af7651916cd43dd8448eb211c80319c";
const std::string kKept = "00-" + kTrace + "-b7ad6b7169203331-01";
const std::string kNotKept = "00-" + kTrace + "-b7ad6b7169203331-00";
const std::string kList = "/api/comment/list/1";

std::string traced(ApiCalls& api, std::string_view target,
                   const std::vector<net::HeaderView>& headers) {
  return header(api.get(target, headers), "traceresponse");
}

}  // namespace

TEST_CASE("an answer names the trace of its request", "[api]") {
  ApiCalls api;
  CHECK(header(api.say("a", {{"traceparent", kKept}}), "traceresponse") == kKept);
  for (const auto* target : {"/api/comment/list/1", "/api/comment/list/2", "/api/comment/list/1/1",
                             "/api/comment/count?content_id=1", "/openapi.json", "/nope", "/%"}) {
    CAPTURE(target);
    CHECK(traced(api, target, {{"traceparent", kKept}}) == kKept);
    CHECK(traced(api, target, {{"traceparent", kNotKept}}) == kNotKept);
    CHECK(traced(api, target, {}).empty());
    CHECK(traced(api, target, {{"traceparent", "00-" + kTrace}}).empty());
  }
}

TEST_CASE("Google's header counts where there is no traceparent that is one", "[api]") {
  ApiCalls api;
  const auto google = kTrace + "/7;o=1";
  const auto named = "00-" + kTrace + "-0000000000000007-01";
  CHECK(traced(api, kList, {{"X-Cloud-Trace-Context", google}}) == named);
  CHECK(traced(api, kList, {{"X-Cloud-Trace-Context", google}, {"traceparent", kNotKept}}) ==
        kNotKept);
  CHECK(traced(api, kList, {{"X-Cloud-Trace-Context", google}, {"traceparent", "none"}}) == named);
}

TEST_CASE("a list that is ready is answered at once, unless its trace is kept", "[api]") {
  ApiCalls api;
  api.say("a");
  api.get(kList);
  REQUIRE(api.is_ready(kList));
  CHECK(api.is_ready(kList, {{"traceparent", kNotKept}}));
  CHECK(api.is_ready(kList, {{"traceparent", "none"}}));
  CHECK_FALSE(api.is_ready(kList, {{"traceparent", kKept}}));
  CHECK(traced(api, kList, {{"traceparent", kNotKept}}) == kNotKept);
  const auto tag = header(api.get(kList), "ETag");
  const auto unchanged = api.get(kList, {{"If-None-Match", tag}, {"traceparent", kNotKept}});
  CHECK(unchanged.status == 304);
  CHECK(header(unchanged, "traceresponse") == kNotKept);
}

}  // namespace comments::tests
