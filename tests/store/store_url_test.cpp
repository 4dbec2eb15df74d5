#include "core/store/store_url.h"

#include "tests/support/catch.h"

namespace comments::tests {

TEST_CASE("a store's URL is shown without its password, wherever that stands", "[store]") {
  CHECK(masked_store_url("postgres://u:hunter2@h:5432/db") == "postgres://u:***@h:5432/db");
  CHECK(masked_store_url("postgres://u:a/b@c:d@h/db?x=1") == "postgres://u:***@h/db?x=1");
  CHECK(masked_store_url("postgres://u:hunter2@a,b:1/db") == "postgres://u:***@a,b:1/db");
  CHECK(masked_store_url("postgres:///db?user=u&password=hunter2&host=/tmp") ==
        "postgres:///db?user=u&password=***&host=/tmp");
  CHECK(masked_store_url("postgres://h/db?sslpassword=hunter2") ==
        "postgres://h/db?sslpassword=***");
  CHECK(masked_store_url("postgre://u:hunter2@h/db") == "postgre://u:***@h/db");
}

TEST_CASE("a URL without a password is shown as it is", "[store]") {
  for (const auto* url : {"sqlite:comments.db", "memory:", "postgres://u@h:5432/db",
                          "postgres://h:5432/db?user=u", "postgres://u@[::1]:5432/db", ""}) {
    CHECK(masked_store_url(url) == url);
  }
}

}  // namespace comments::tests
