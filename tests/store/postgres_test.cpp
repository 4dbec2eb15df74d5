#include <map>

#include "core/store/postgres/news.h"
#include "core/store/postgres/schema.h"
#include "core/store/postgres/store.h"
#include "core/store/postgres/url.h"
#include "tests/support/catch.h"
#include "tests/support/drafts.h"
#include "tests/support/postgres_database.h"

namespace comments::tests {
namespace {

std::unique_ptr<Store> open(const PostgresDatabase& database) {
  return must(open_postgres_store({.url = database.url()}));
}

// What opening says; "opened" where it does not refuse.
std::string refusal(const std::string& url) {
  const auto store = open_postgres_store({.url = url});
  return store ? "opened" : store.error().message;
}

}  // namespace

TEST_CASE("two stores on one database agree, and their keys hold for both", "[store]") {
  const PostgresDatabase database;
  const auto a = open(database);
  const auto b = open(database);
  CHECK(a->id() == b->id());
  const auto first = must(post(*a, draft("1", "one", "key")));
  CHECK(must(post(*b, draft("1", "two"))).id == 2);
  const auto again = must(post(*b, draft("1", "one", "key")));
  CHECK(again.id == first.id);
  CHECK(again.replayed);
  CHECK(texts(must(a->list(query("1")))) == Texts{"one", "two"});
}

TEST_CASE("a database that is not UTF-8 is refused with the remedy", "[store]") {
  const PostgresDatabase database("ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0");
  CHECK(refusal(database.url()) ==
        "the database is encoded in LATIN1, and comments are UTF-8; create one with: CREATE "
        "DATABASE comments ENCODING 'UTF8' LOCALE 'C' TEMPLATE template0");
}

TEST_CASE("another program's tables are refused and left alone", "[store]") {
  const PostgresDatabase database;
  database.run("CREATE TABLE comments (id int)");
  CHECK(refusal(database.url()).find("of another program") != std::string::npos);
  CHECK(database.run("SELECT count(*) FROM information_schema.tables WHERE table_schema = "
                     "current_schema()") == "1");
}

}  // namespace comments::tests
