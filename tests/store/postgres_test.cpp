#include <map>

#include "core/store/postgres/news.h"
#include "core/store/postgres/schema.h"
#include "core/store/postgres/store.h"
#include "core/store/postgres/url.h"
#include "tests/support/archives.h"
#include "tests/support/catch.h"
#include "tests/support/drafts.h"
#include "tests/support/postgres_database.h"
#include "tests/support/temp_folder.h"

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

TEST_CASE("SQLite to PostgreSQL and back to SQLite is the same, whatever the database's order",
          "[store]") {
  const TempFolder folder;
  const PostgresDatabase database("LOCALE 'C.UTF-8' TEMPLATE template0");
  const auto from = "sqlite:" + folder.file("from.db");
  const auto to = "sqlite:" + folder.file("to.db");
  fill(*must(open_store({.url = from})));
  const auto archive = exported(from);
  CHECK(must(import_into(database.url(), archive)).added == 2'518);
  CHECK(verdict(database.url(), archive) == "equal");
  CHECK(must(import_into(database.url(), archive)).added == 0);
  CHECK(exported(database.url()) == archive);
  CHECK(must(import_into(to, exported(database.url()))).added == 2'518);
  CHECK(exported(to) == archive);
  const auto store = open(database);
  CHECK(must(post(*store, draft("long", "comment 0", "key-0"))).replayed);
  CHECK(must(post(*store, draft("long", "new"))).id == 2'501);
}

TEST_CASE("an import into a database that has another comment in a place is refused whole",
          "[store]") {
  const PostgresDatabase database;
  must(post(*open(database), draft("1", "another")));
  const TempFolder folder;
  const auto from = "sqlite:" + folder.file("from.db");
  must(post(*must(open_store({.url = from})), draft("0", "zero")));
  must(post(*must(open_store({.url = from})), draft("1", "one")));
  const auto imported = import_into(database.url(), exported(from));
  REQUIRE_FALSE(imported);
  CHECK(imported.error().message.starts_with("content_id 1 has another comment 1 already"));
  CHECK(must(open(database)->count(std::vector{content_id("0")})).front() == 0);
}

}  // namespace comments::tests
