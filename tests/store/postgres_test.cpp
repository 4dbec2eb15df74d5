#include <array>
#include <condition_variable>
#include <future>
#include <map>
#include <mutex>
#include <set>

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

// The next release brings a table and a column; this one may still work on it.
Result<SchemaState> migrate_as_the_next_release(const PostgresDatabase& database) {
  const std::array migrations{
      postgres::migrations().front(),
      Migration{999, "likes", "0.1.0",
                "ALTER TABLE comments ADD COLUMN likes bigint NOT NULL DEFAULT 0;"
                "CREATE TABLE likes (content_id text PRIMARY KEY)"}};
  std::size_t first = 0;
  const auto until = postgres::in(std::chrono::seconds(30));
  auto connection = must(postgres::Connection::open(must(postgres::parse_url(database.url())),
                                                    std::chrono::seconds(30), until, first));
  return postgres::prepare_schema(*connection, migrations, "99.0.0", until);
}

// What an observer was told, as text.
class Heard {
 public:
  void add(const Committed& committed) {
    const std::lock_guard lock(mutex_);
    texts_.push_back(committed.content_id.text() + " v" + std::to_string(committed.version.number) +
                     (committed.comments.empty() ? " without text" : " with text"));
    told_.notify_one();
  }

  // Until something was told, for a moment at most.
  void wait() {
    std::unique_lock lock(mutex_);
    told_.wait_for(lock, std::chrono::milliseconds(50), [this] { return !texts_.empty(); });
  }

  Texts texts() {
    const std::lock_guard lock(mutex_);
    return texts_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable told_;
  Texts texts_;
};

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

TEST_CASE("each store hears of the other's comments, and what it hears of has no text", "[store]") {
  const PostgresDatabase database;
  const auto a = open(database);
  const auto b = open(database);
  Heard heard;
  b->observe([&](const Committed& committed) { heard.add(committed); });
  // Listening begins a moment after the start: whoever is not heard yet is posted again.
  for (int i = 0; heard.texts().empty(); ++i) {
    must(post(*a, draft("1", "x")));
    heard.wait();
  }
  CHECK(heard.texts().front().starts_with("1 v"));
  CHECK(heard.texts().front().ends_with(" without text"));
  b->observe(nullptr);
}

TEST_CASE("what instances tell each other is split where a NOTIFY would be too long", "[store]") {
  std::map<std::string, std::int64_t> versions;
  for (int i = 0; i < 1'000; ++i) {
    versions[std::string(200, 'x') + std::to_string(i)] = i;
  }
  versions["a b"] = 7;
  std::map<std::string, std::int64_t> read_back;
  for (const auto& payload : postgres::news_payloads(versions)) {
    CHECK(payload.size() < 8'000);
    read_back.merge(postgres::parse_news(payload));
  }
  CHECK(read_back == versions);
  CHECK(postgres::news_payloads({}).empty());
}

TEST_CASE("news that make no sense are passed over", "[store]") {
  CHECK(postgres::parse_news("").empty());
  CHECK(postgres::parse_news("nonsense\n7\n8 a\n9 a\n3 a\n\n") ==
        std::map<std::string, std::int64_t>{{"a", 9}});
}

TEST_CASE("a newer release's schema is worked on where that release allows it, and named if not",
          "[store]") {
  const PostgresDatabase database;
  { open(database); }
  must(migrate_as_the_next_release(database));
  CHECK(refusal(database.url()) == "opened");
  database.run("UPDATE comments_migrations SET compatible_from = '99.1.0' WHERE number = 999");
  CHECK(refusal(database.url()) ==
        "the database has the schema of a newer release; run comments 99.1.0 or later");
}

TEST_CASE(
    "this release stores, reads and starts again on the next release's schema, and so after "
    "a rollback",
    "[store]") {
  const PostgresDatabase database;
  const auto running = open(database);
  must(post(*running, draft("1", "before", "key")));
  const auto state = must(migrate_as_the_next_release(database));
  CHECK(state.before == 1);
  CHECK(state.now == 999);
  CHECK(must(post(*running, draft("1", "during"))).id == 2);
  const auto restarted = open(database);
  CHECK(must(post(*restarted, draft("1", "before", "key"))).replayed);
  CHECK(must(post(*restarted, draft("1", "after"))).id == 3);
  CHECK(texts(must(running->list(query("1")))) == Texts{"before", "during", "after"});
}

TEST_CASE("two that migrate at once do not collide", "[store]") {
  const PostgresDatabase database;
  std::vector<std::future<Result<SchemaState>>> all;
  constexpr int kMany = 6;
  all.reserve(kMany);
  for (int i = 0; i < kMany; ++i) {
    all.push_back(std::async(std::launch::async, [&] { return migrate_postgres(database.url()); }));
  }
  std::set<std::uint64_t> ids;
  for (auto& one : all) {
    ids.insert(must(one.get()).store_id);
  }
  CHECK(ids.size() == 1);
  CHECK(database.run("SELECT count(*) FROM comments_migrations WHERE number > 0") == "1");
}

TEST_CASE("a service that may not change tables starts where the schema is current", "[store]") {
  const PostgresDatabase database;
  must(migrate_postgres(database.url()));
  const auto role = "only_rows_" + database.name();
  database.run("CREATE ROLE " + role + " LOGIN");
  database.run("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO " + role);
  auto url = database.url();
  url.replace(url.find("postgres@"), 8, role);
  const auto store = must(open_postgres_store({.url = url}));
  CHECK(must(post(*store, draft("1", "x"))).id == 1);
}

TEST_CASE("a refused row is not quoted where the refusal is told", "[store]") {
  const PostgresDatabase database;
  const auto store = open(database);
  database.run("ALTER TABLE comments ADD CHECK (content_id <> 'secret thread')");
  const auto receipt = post_and_wait(*store, draft("secret thread", "secret text"));
  REQUIRE_FALSE(receipt);
  const auto told = receipt.error().message + receipt.error().detail;
  CHECK(told.find("23514") != std::string::npos);  // check_violation
  CHECK(told.find("secret") == std::string::npos);
}

TEST_CASE("a database that was exchanged behind a store is not served", "[store]") {
  const PostgresDatabase database;
  const auto store = must(open_postgres_store(
      {.url = database.url(), .patience = {.request = std::chrono::milliseconds(300)}}));
  must(post(*store, draft("1", "x")));
  database.run("UPDATE store SET id = id + 1");
  PostgresDatabase::run_outside(
      "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '" +
      database.name() + "'");
  const auto refused = post(*store, draft("1", "y"));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::unavailable);
  CHECK(database.run("SELECT count(*) FROM comments") == "1");
}

TEST_CASE("a store whose row of batches was removed makes a new one", "[store]") {
  const PostgresDatabase database;
  const auto store = open(database);
  must(post(*store, draft("1", "x")));
  database.run("DELETE FROM writers");
  CHECK(must(post(*store, draft("1", "y"))).id == 2);
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
