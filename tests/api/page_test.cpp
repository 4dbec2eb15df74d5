#include <regex>

#include "tests/support/api_calls.h"
#include "tests/support/catch.h"
#include "tests/support/inflated.h"

namespace comments::tests {
namespace {

// What `text` refers to: each first group of the pattern.
std::vector<std::string> references(const std::string& text, const char* pattern) {
  const std::regex regex(pattern);
  std::vector<std::string> found;
  for (std::sregex_iterator each(text.begin(), text.end(), regex), end; each != end; ++each) {
    found.push_back((*each)[1]);
  }
  return found;
}

// The files that the document names.
std::vector<std::string> named_files(ApiCalls& api) {
  return references(api.get("/").body, R"re((?:src|href)="(/page/[^"]*)")re");
}

}  // namespace

TEST_CASE("the page is a document with a strict policy of its own", "[page]") {
  ApiCalls api;
  const auto page = api.get("/?content_id=anything");
  CHECK(page.status == 200);
  CHECK(page.content_type == "text/html; charset=utf-8");
  CHECK(header(page, "Content-Security-Policy") ==
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'");
  const auto policies =
      std::count_if(page.headers.begin(), page.headers.end(),
                    [](const auto& field) { return field.first == "Content-Security-Policy"; });
  CHECK(policies == 1);
  CHECK(header(page, "X-Content-Type-Options") == "nosniff");
  CHECK(header(page, "Referrer-Policy") == "no-referrer");
  CHECK(header(page, "Cache-Control") == "public, max-age=300");
}

TEST_CASE("the files that the page names are there, and kept for good", "[page]") {
  ApiCalls api;
  const auto files = named_files(api);
  REQUIRE(files.size() == 2);
  for (const auto& path : files) {
    CAPTURE(path);
    const auto file = api.get(path);
    CHECK(file.status == 200);
    CHECK(file.content_type ==
          (path.ends_with(".css") ? "text/css; charset=utf-8" : "text/javascript; charset=utf-8"));
    CHECK(header(file, "Cache-Control") == "public, max-age=31536000, immutable");
    CHECK(header(file, "Content-Security-Policy") == "default-src 'none'");
    CHECK(header(file, "X-Content-Type-Options") == "nosniff");
  }
}

TEST_CASE("every module that the page imports is there", "[page]") {
  ApiCalls api;
  const auto folder = named_files(api).front().substr(0, std::string("/page/").size() + 16) + "/";
  std::vector<std::string> names{"page.js"};
  for (std::size_t i = 0; i < names.size(); ++i) {
    CAPTURE(names[i]);
    const auto file = api.get(folder + names[i]);
    CHECK(file.status == 200);
    for (auto& name : references(file.body, R"re(from "\./([^"]*)")re")) {
      if (std::find(names.begin(), names.end(), name) == names.end()) {
        names.push_back(name);
      }
    }
  }
  CHECK(names.size() == 10);
}

TEST_CASE("a file is answered to the document of another release, and nobody keeps it", "[page]") {
  ApiCalls api;
  const auto file = api.get("/page/0123456789abcdef/page.js");
  CHECK(file.status == 200);
  CHECK(header(file, "Cache-Control") == "no-store");
  CHECK(api.get("/page/0123456789abcdef/nothing.js").status == 404);
  CHECK(api.get("/page/0123456789abcdef/index.html").status == 404);
}

TEST_CASE("who has the page's bytes gets a 304 without a body", "[page]") {
  ApiCalls api;
  auto paths = named_files(api);
  paths.emplace_back("/");
  for (const auto& path : paths) {
    for (const auto* coding : {"", "gzip"}) {
      CAPTURE(path, coding);
      const auto first = api.get(path, {{"Accept-Encoding", coding}});
      const auto tag = header(first, "ETag");
      const auto again = api.get(path, {{"Accept-Encoding", coding}, {"If-None-Match", tag}});
      CHECK(again.status == 304);
      CHECK(again.body.empty());
      for (const auto* name : {"ETag", "Cache-Control", "Vary", "Content-Security-Policy"}) {
        CHECK(header(again, name) == header(first, name));
      }
    }
  }
  CHECK(api.get("/", {{"If-None-Match", "\"other\""}}).status == 200);
}

TEST_CASE("the page is compressed for who takes it so, under a tag of its own", "[page]") {
  ApiCalls api;
  for (const auto& path : named_files(api)) {
    const auto plain = api.get(path);
    const auto gzip = api.get(path, {{"Accept-Encoding", "br, gzip"}});
    CHECK(header(plain, "Content-Encoding").empty());
    CHECK(header(gzip, "Content-Encoding") == "gzip");
    CHECK(header(gzip, "ETag") != header(plain, "ETag"));
    CHECK(header(gzip, "Vary") == "Accept-Encoding");
    CHECK(inflated(gzip.body) == plain.body);
    CHECK(gzip.body.size() < plain.body.size() * 6 / 10);
  }
}

TEST_CASE("the page is not for operators, and is only read", "[page]") {
  ApiCalls api;
  const auto refused = api.send({.method = "POST", .target = "/"});
  CHECK(refused.status == 405);
  CHECK(header(refused, "Allow") == "GET, HEAD, OPTIONS");
}

}  // namespace comments::tests
