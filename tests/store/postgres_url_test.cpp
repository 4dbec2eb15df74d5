#include "core/store/postgres/url.h"
#include "tests/support/catch.h"
#include "tests/support/drafts.h"

namespace comments::tests {
namespace {

using postgres::parse_url;
using postgres::Server;

std::string setting(const postgres::Url& url, std::string_view name) {
  std::string value;
  for (const auto& [key, text] : url.settings) {
    if (key == name) {
      CHECK(value.empty());  // once
      value = text;
    }
  }
  return value;
}

}  // namespace

TEST_CASE("a PostgreSQL URL names its server, and settings in libpq's words", "[store]") {
  const auto url =
      must(parse_url("postgres://ana:s%40crt@db.example:6432/comments?sslmode=require"));
  CHECK(url.servers == std::vector{Server{.host = "db.example", .address = "", .port = "6432"}});
  CHECK(setting(url, "user") == "ana");
  CHECK(setting(url, "password") == "s@crt");
  CHECK(setting(url, "dbname") == "comments");
  CHECK(setting(url, "sslmode") == "require");
  CHECK(setting(url, "client_encoding") == "UTF8");
}

TEST_CASE("several servers are tried in their order, with one port for all or one each",
          "[store]") {
  CHECK(must(parse_url("postgres://a,b/db?target_session_attrs=read-write")).servers ==
        std::vector{Server{"a", "", ""}, Server{"b", "", ""}});
  CHECK(setting(must(parse_url("postgres://a,b/db")), "target_session_attrs") == "read-write");
  CHECK(setting(must(parse_url("postgres://a,b/db?target_session_attrs=any")),
                "target_session_attrs") == "any");
  CHECK(setting(must(parse_url("postgres://a/db")), "target_session_attrs").empty());
  CHECK(must(parse_url("postgres://a:1,b:2/db")).servers ==
        std::vector{Server{"a", "", "1"}, Server{"b", "", "2"}});
  CHECK(must(parse_url("postgres:///db?host=a,b&port=5")).servers ==
        std::vector{Server{"a", "", "5"}, Server{"b", "", "5"}});
}

TEST_CASE("a folder is a server, too, as Cloud SQL has them", "[store]") {
  const auto url = must(parse_url("postgres://ana@/comments?host=/cloudsql/project:region:name"));
  CHECK(url.servers ==
        std::vector{Server{.host = "/cloudsql/project:region:name", .address = "", .port = ""}});
}

TEST_CASE("a URL without a server leaves it to libpq", "[store]") {
  CHECK(must(parse_url("postgres:///comments")).servers == std::vector{Server{}});
}

TEST_CASE("what the URL says of keepalives and names is kept", "[store]") {
  const auto url = must(parse_url("postgres://h/db?application_name=mine&keepalives_idle=77"));
  CHECK(setting(url, "application_name") == "mine");
  CHECK(setting(url, "keepalives_idle") == "77");
  CHECK(setting(must(parse_url("postgres://h/db")), "application_name") == "comments");
}

TEST_CASE("a password that is given apart wins over the URL's", "[store]") {
  CHECK(setting(must(parse_url("postgres://u@h/db", "apart")), "password") == "apart");
  CHECK(setting(must(parse_url("postgres://u:in@h/db", "apart")), "password") == "apart");
}

TEST_CASE("what is no PostgreSQL URL is refused with the remedy, and no password is repeated",
          "[store]") {
  for (const auto* text :
       {"postgres://u:hunter2@h:5432/%zz", "postgres://u:hunter2@h/db?nonsense=1",
        "postgres://u:hunter2@[::1/db", "postgres://u:hunter2@h:port/db",
        "postgres://a:1,b:2,c:3/db?port=1,2"}) {
    const auto url = parse_url(text);
    REQUIRE_FALSE(url);
    CHECK(url.error().code == ErrorCode::bad_request);
    CHECK(url.error().message.starts_with("--store"));
    CHECK((url.error().message + url.error().detail).find("hunter2") == std::string::npos);
  }
}

}  // namespace comments::tests
