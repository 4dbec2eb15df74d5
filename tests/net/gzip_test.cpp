#include "core/net/gzip.h"

#include "tests/support/catch.h"
#include "tests/support/inflated.h"

namespace comments::net::tests {
namespace {

using comments::tests::inflated;

std::string file_of(const GzipText& gzip, std::string_view last = "") {
  return std::string(gzip.shared().bytes) + gzip.end(last);
}

std::string prose(int from, int to) {
  std::string text;
  for (int i = from; i < to; ++i) {
    text += "comment number " + std::to_string(i) + " of the match; ";
  }
  return text;
}

}  // namespace

TEST_CASE("what is compressed comes back", "[net]") {
  for (const auto& text :
       {std::string(), std::string("x"), prose(0, 1'000), std::string(70'000, '\0')}) {
    CHECK(inflated(file_of(GzipText().grown_to(text))) == text);
    CHECK(inflated(file_of(GzipText().grown_to(text), "the end")) == text + "the end");
  }
}

TEST_CASE("a file grows without compressing anything twice", "[net]") {
  GzipText gzip;
  std::string text;
  for (int i = 0; i < 200; ++i) {
    text += prose(i * 10, i * 10 + 10);
    const auto before = gzip;
    gzip = gzip.grown_to(text);
    REQUIRE(gzip.shared().bytes.starts_with(before.shared().bytes));
    REQUIRE(inflated(file_of(gzip, "]")) == text + "]");
  }
  CHECK(gzip.shared().bytes.size() < text.size() / 3);
}

TEST_CASE("what is compressed takes a part of a budget, and not more than it needs", "[net]") {
  Budget budget(100'000);
  const std::string text(5'000'000, 'x');
  const auto gzip = GzipText().grown_to(text, budget);
  REQUIRE(gzip);
  CHECK(inflated(file_of(*gzip)) == text);
  CHECK(budget.taken() == gzip->capacity());
  Budget small(100);
  CHECK_FALSE(GzipText().grown_to(text, small));
  CHECK(small.taken() == 0);
}

TEST_CASE("an earlier state of a file stays what it was", "[net]") {
  const auto first = GzipText().grown_to("one");
  const auto second = first.grown_to("one two");
  CHECK(inflated(file_of(first, "!")) == "one!");
  CHECK(inflated(file_of(second, "!")) == "one two!");
}

TEST_CASE("who accepts gzip, says so", "[net]") {
  for (const auto* yes :
       {"gzip", "deflate, gzip;q=1.0, *;q=0.5", "GZIP", "x-gzip", "*", "br , gzip ; q=0.001"}) {
    CAPTURE(yes);
    CHECK(accepts_gzip(yes));
  }
  for (const auto* no :
       {"", "identity", "br", "gzip;q=0", "gzip; q=0.000, *", "*;q=0", "gzipped", ",,"}) {
    CAPTURE(no);
    CHECK_FALSE(accepts_gzip(no));
  }
}

}  // namespace comments::net::tests
