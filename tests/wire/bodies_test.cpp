// What the server writes, to the byte, and what the client reads from it.
#include "core/wire/bodies.h"

#include "core/wire/answers.h"
#include "tests/support/catch.h"
#include "tests/support/drafts.h"

namespace comments::tests {
namespace {

const std::vector<Comment> kTwo{
    {1, "alice@example.com", "first post!", Timestamp()},
    {2, "bob@example.com", "caf\u00E9", Timestamp(std::chrono::milliseconds(1'500))}};

}  // namespace

TEST_CASE("the seed's bodies are Flask's, to the byte", "[wire]") {
  CHECK(list_body(content_id("1"), kTwo, {}) ==
        "[{\"comment\":\"first post!\",\"email\":\"alice@example.com\"},"
        "{\"comment\":\"caf\\u00e9\",\"email\":\"bob@example.com\"}]\n");
  CHECK(created_body(content_id("1")) ==
        "{\"message\":\"comment created and associated with content_id "
        "1\",\"status\":\"SUCCESS\"}\n");
  CHECK(no_thread_body(content_id("9")) ==
        "{\"message\":\"content_id 9 not found\",\"status\":\"NOT-FOUND\"}\n");
  CHECK(list_body(content_id("1"), {}, {}) == "[]\n");
}

TEST_CASE("the full view has exactly five keys", "[wire]") {
  CHECK(comment_body(content_id("x"), kTwo[1], EmailVisibility::raw) ==
        "{\"comment\":\"caf\\u00e9\",\"content_id\":\"x\","
        "\"created_at\":\"1970-01-01T00:00:01.500Z\",\"email\":\"bob@example.com\",\"id\":2}\n");
}

TEST_CASE("a hidden address leaves an empty string in the seed's view, and no key in the full one",
          "[wire]") {
  const std::vector one{kTwo[0]};
  CHECK(list_body(content_id("1"), one, {View::seed, EmailVisibility::hidden}) ==
        "[{\"comment\":\"first post!\",\"email\":\"\"}]\n");
  CHECK(comment_body(content_id("1"), one[0], EmailVisibility::hidden).find("email") ==
        std::string::npos);
  CHECK(list_body(content_id("1"), one, {View::seed, EmailVisibility::masked}) ==
        "[{\"comment\":\"first post!\",\"email\":\"a***@example.com\"}]\n");
}

TEST_CASE("counts are sorted by id, each once", "[wire]") {
  const std::vector ids{content_id("b"), content_id("a"), content_id("b")};
  const std::vector<std::int64_t> counts{2, 0, 2};
  CHECK(count_body(ids, counts) == "{\"a\":0,\"b\":2}\n");
  CHECK(must(parse_counts("{\"a\":0,\"b\":2}\n", ids)) == counts);
}

TEST_CASE("an error says what to do, under its request's id", "[wire]") {
  CHECK(error_body(ErrorCode::too_large, "email has at most 254 bytes", "r1") ==
        "{\"message\":\"email has at most 254 "
        "bytes\",\"request_id\":\"r1\",\"status\":\"TOO-LARGE\"}\n");
  const auto read = parse_error(413, error_body(ErrorCode::too_large, "too long", "r1"));
  CHECK(read.code == ErrorCode::too_large);
  CHECK(read.message == "too long");
  CHECK(read.detail == "request_id r1");
}

TEST_CASE("the client reads back what the full view shows", "[wire]") {
  const auto body = list_body(content_id("1"), kTwo, {View::full, EmailVisibility::raw});
  CHECK(must(parse_list(body)) == kTwo);
  const auto hidden =
      must(parse_list(list_body(content_id("1"), kTwo, {View::full, EmailVisibility::hidden})));
  CHECK(hidden.at(0).email.empty());
}

TEST_CASE("an answer that is not ours is unavailable, whatever it is", "[wire]") {
  for (const auto* body : {"", "<html>", "{}", "[1]", "[{}]", "[{\"id\":\"1\"}]",
                           "[{\"id\":1,\"comment\":\"x\",\"created_at\":\"yesterday\"}]"}) {
    CAPTURE(body);
    const auto read = parse_list(body);
    REQUIRE_FALSE(read);
    CHECK(read.error().code == ErrorCode::unavailable);
  }
  CHECK_FALSE(parse_list(std::string(1'000'000, '[')));
  CHECK(parse_error(503, std::string(1'000'000, '[')).code == ErrorCode::unavailable);
}

TEST_CASE("health is one flat object", "[wire]") {
  CHECK(health_body({.status = "READY",
                     .version = "1",
                     .commit = "c",
                     .revision_name = "r",
                     .reads = true,
                     .writes = false}) ==
        "{\"commit\":\"c\",\"reads\":true,\"revision_name\":\"r\",\"status\":\"READY\","
        "\"version\":\"1\",\"writes\":false}\n");
}

TEST_CASE("health is read as it was written, and nothing else is health", "[wire]") {
  const auto health = must(parse_health(health_body({.status = "DEGRADED",
                                                     .version = "1",
                                                     .commit = "\x1b",
                                                     .revision_name = "r",
                                                     .reads = true,
                                                     .writes = false})));
  CHECK(health.status == "DEGRADED");
  CHECK(health.version == "1");
  CHECK(health.commit == "\x1b");
  CHECK(health.revision_name == "r");
  CHECK(health.reads);
  CHECK_FALSE(health.writes);
  for (const auto* body : {"", "[]", "{}", "READY", R"({"status":"READY"})"}) {
    CAPTURE(body);
    CHECK_FALSE(parse_health(body));
  }
}

}  // namespace comments::tests
