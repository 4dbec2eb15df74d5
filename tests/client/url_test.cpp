#include "core/client/url.h"

#include "tests/support/catch.h"
#include "tests/support/drafts.h"

namespace comments::tests {
namespace {

std::string parts(std::string_view text) {
  const auto url = parse_service_url(text);
  return url ? url->origin + " + '" + url->prefix + "'" : "refused";
}

}  // namespace

TEST_CASE("a service's address is scheme, host, port, and perhaps a prefix", "[client]") {
  CHECK(parts("http://localhost:8000") == "http://localhost:8000 + ''");
  CHECK(parts("https://example.com/") == "https://example.com + ''");
  CHECK(parts("https://example.com/news/comments//") == "https://example.com + '/news/comments'");
  CHECK(parts("http://[::1]:8000") == "http://[::1]:8000 + ''");
}

TEST_CASE("anything else is refused, credentials included", "[client]") {
  for (const auto* text : {"", "localhost:8000", "ftp://x", "http://", "http:///x", "http://h/?q",
                           "http://h/#f", "http://user:secret@h", "http://a b"}) {
    CAPTURE(text);
    CHECK(parts(text) == "refused");
  }
}

TEST_CASE("a password in a service's URL is refused and not repeated", "[client]") {
  const auto url = parse_service_url("http://user:hunter2@host/");
  REQUIRE_FALSE(url);
  CHECK(url.error().message.find("hunter2") == std::string::npos);
  CHECK(url.error().message.find("@host") != std::string::npos);
}

TEST_CASE("loopback is localhost, 127.x.x.x and ::1, and no name that begins like it", "[client]") {
  for (const auto* text : {"http://localhost", "http://localhost:8000/x", "https://127.0.0.1",
                           "http://127.1.2.3:8000", "http://[::1]", "http://[::1]:8000"}) {
    CAPTURE(text);
    CHECK(is_loopback(must(parse_service_url(text))));
  }
  for (const auto* text :
       {"http://example.com", "http://localhost.example.com", "http://127.example.com",
        "http://10.0.0.1:127", "http://[::2]:8000", "http://[::1"}) {
    CAPTURE(text);
    CHECK_FALSE(is_loopback(must(parse_service_url(text))));
  }
}

}  // namespace comments::tests
