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

}  // namespace comments::tests
