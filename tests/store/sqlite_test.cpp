// What the SQLite store promises beyond the contract of Comments.
#include <fstream>
#include <future>
#include <thread>

#include "core/store/sqlite/database.h"
#include "core/store/sqlite/store.h"
#include "tests/support/catch.h"
#include "tests/support/drafts.h"
#include "tests/support/temp_folder.h"

namespace comments::tests {
namespace {

std::unique_ptr<Store> open(const TempFolder& folder) {
  return must(open_sqlite_store({.path = folder.file("comments.db")}));
}

std::string refusal(const std::string& path) {
  const auto store = open_sqlite_store({.path = path});
  return store ? "opened" : store.error().message;
}

void execute(const std::string& path, const std::string& sql) {
  auto database = must(sqlite::Database::open(path, sqlite::Database::Mode::create));
  if (auto done = database.execute(sql); !done) {
    throw std::runtime_error(done.error().detail);
  }
}

}  // namespace

TEST_CASE("comments, keys and versions outlive the store object", "[store]") {
  const TempFolder folder;
  Receipt first;
  {
    const auto store = open(folder);
    first = must(post(*store, draft("1", "hello", "key")));
  }
  const auto store = open(folder);
  CHECK(store->id() == first.version.store);
  CHECK(texts(must(store->list(query("1")))) == Texts{"hello"});
  CHECK(must(store->list(query("1"))).version == first.version);
  const auto again = must(post(*store, draft("1", "hello", "key")));
  CHECK(again.id == first.id);
  CHECK(again.replayed);
  CHECK(must(post(*store, draft("1", "next"))).id == 2);
}

TEST_CASE("another file is another store: its versions are never equal", "[store]") {
  const TempFolder one;
  const TempFolder two;
  CHECK(open(one)->id() != open(two)->id());
}

TEST_CASE("two stores on one file agree", "[store]") {
  const TempFolder folder;
  const auto one = open(folder);
  const auto two = open(folder);
  CHECK(must(post(*one, draft("1", "from one", "key"))).id == 1);
  CHECK(must(post(*two, draft("1", "from two"))).id == 2);
  CHECK(must(post(*two, draft("1", "from one", "key"))).replayed);
  CHECK(texts(must(one->list(query("1")))) == Texts{"from one", "from two"});
}

TEST_CASE("a file that cannot be the store is refused with the remedy", "[store]") {
  const TempFolder folder;
  const auto text = folder.file("notes.txt");
  std::ofstream(text) << std::string(4'096, 'x');
  CHECK(refusal(text) == text + " is not a SQLite database; choose another file with --store");

  CHECK(refusal(folder.file("")).find("is a folder; name a file in it with --store") !=
        std::string::npos);
  CHECK(refusal(folder.file("missing/comments.db")).find("missing does not exist; create it") !=
        std::string::npos);
}

TEST_CASE("another program's database is refused and left alone", "[store]") {
  const TempFolder folder;
  const auto path = folder.file("theirs.db");
  execute(path, "CREATE TABLE theirs (x)");
  CHECK(refusal(path) ==
        path + " is the SQLite database of another program; name another file with --store");
  auto database = must(sqlite::Database::open(path, sqlite::Database::Mode::read_only));
  CHECK(must(database.integer("SELECT count(*) FROM sqlite_schema")) == 1);
}

TEST_CASE("a newer release's schema is worked on where that release allows it", "[store]") {
  const TempFolder folder;
  open(folder);
  const auto path = folder.file("comments.db");
  execute(path, "INSERT INTO migrations VALUES (999, 'from the future', '0.0.1', 0)");
  CHECK(refusal(path) == "opened");
  execute(path, "UPDATE migrations SET compatible_from = '99.1.0' WHERE number = 999");
  CHECK(refusal(path) == path + " has the schema of a newer release; run comments 99.1.0 or later");
}

TEST_CASE("while the file is full, posts fail, reads go on, and it recovers by itself", "[store]") {
  const TempFolder folder;
  const auto store = open(folder);
  must(post(*store, draft("1", "before")));
  // A trigger stands for the full disk here; the end-to-end test fills a real one.
  const auto path = folder.file("comments.db");
  execute(path,
          "CREATE TRIGGER full BEFORE INSERT ON comments"
          " BEGIN SELECT raise(FAIL, 'disk is full'); END;"
          "CREATE TRIGGER full_too BEFORE UPDATE ON store"
          " BEGIN SELECT raise(FAIL, 'disk is full'); END;");
  const auto refused = post(*store, draft("1", "during", "key"));
  REQUIRE_FALSE(refused);
  CHECK(store->health() == StoreHealth{.reads = true, .writes = false});
  CHECK(texts(must(store->list(query("1")))) == Texts{"before"});

  execute(path, "DROP TRIGGER full; DROP TRIGGER full_too");
  while (!store->health().writes) {  // without a post: the store tries by itself
    std::this_thread::yield();
  }
  CHECK(must(post(*store, draft("1", "during", "key"))).id == 2);
}

TEST_CASE("a draft's own conflict does not fail the others of its batch", "[store]") {
  const TempFolder folder;
  const auto store = open(folder);
  must(post(*store, draft("1", "first", "key")));
  std::vector<std::future<Result<Receipt>>> answers;
  for (const auto* text : {"a", "b", "c", "d"}) {
    auto promise = std::make_shared<std::promise<Result<Receipt>>>();
    answers.push_back(promise->get_future());
    const auto key = std::string(text) == "c" ? "key" : "";
    store->post(draft("1", text, key),
                [promise](Result<Receipt> r) { promise->set_value(std::move(r)); });
  }
  CHECK(answers[0].get());
  CHECK(answers[1].get());
  CHECK(answers[2].get().error().code == ErrorCode::idempotency_conflict);
  CHECK(answers[3].get());
  CHECK(texts(must(store->list(query("1")))) == Texts{"first", "a", "b", "d"});
}

}  // namespace comments::tests
