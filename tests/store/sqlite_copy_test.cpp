#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include "core/store/sqlite/copy.h"
#include "core/store/sqlite/database.h"
#include "core/store/sqlite/store.h"
#include "tests/support/archives.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

namespace comments::tests {
namespace {

void execute(const std::string& path, const std::string& sql) {
  auto database = must(sqlite::Database::open(path, sqlite::Database::Mode::create));
  REQUIRE(database.execute(sql));
}

}  // namespace

TEST_CASE("a copy has everything, is one file, and is another store", "[store]") {
  const TempFolder folder;
  const auto path = folder.file("comments.db");
  const auto to = folder.file("copy.db");
  const auto store = must(open_sqlite_store({.path = path}));
  fill(*store);
  const auto copied = must(copy_sqlite(path, to));
  CHECK(copied.comments == 2'518);
  CHECK(copied.threads == 10);
  CHECK_FALSE(std::filesystem::exists(to + "-wal"));
  CHECK(exported("sqlite:" + to) == exported("sqlite:" + path));
  CHECK(must(open_sqlite_store({.path = to}))->id() != store->id());
}

TEST_CASE("a copy that is taken while others write is of one moment", "[store]") {
  const TempFolder folder;
  const auto path = folder.file("comments.db");
  const auto store = must(open_sqlite_store({.path = path}));
  std::atomic<bool> done = false;
  std::int64_t acknowledged = 0;
  std::thread writer([&] {
    while (!done) {
      acknowledged += post(*store, draft("1", "x")) ? 1 : 0;
    }
  });
  while (must(store->count(std::vector{content_id("1")})).front() < 5) {
    std::this_thread::yield();
  }
  const auto before = must(store->count(std::vector{content_id("1")})).front();
  const auto copied = copy_sqlite(path, folder.file("copy.db"));
  done = true;
  writer.join();
  CHECK(must(copied).comments >= before);
  CHECK(must(store->list(query("1"))).total == acknowledged);
}

TEST_CASE("a copy never takes the place of a file, and needs one to copy", "[store]") {
  const TempFolder folder;
  const auto path = folder.file("comments.db");
  const auto there = folder.file("there.db");
  must(open_sqlite_store({.path = path}));
  must(open_sqlite_store({.path = there}));
  CHECK(copy_sqlite(path, there).error().message ==
        there + " exists already; choose another file, or remove it");
  std::ofstream(folder.file("new.db-wal")) << "left of another";
  CHECK(copy_sqlite(path, folder.file("new.db")).error().message.find("new.db-wal is left of") !=
        std::string::npos);
  CHECK(copy_sqlite(folder.file("none"), folder.file("to")).error().message ==
        "there is no file " + folder.file("none"));
  CHECK_FALSE(copy_sqlite(path, folder.file("no/such/folder")));
}

TEST_CASE("a damaged file, or another program's, gives no copy", "[store]") {
  const TempFolder folder;
  const auto path = folder.file("comments.db");
  const auto to = folder.file("copy.db");
  {
    const auto store = must(open_sqlite_store({.path = path}));
    must(post(*store, draft("1", "x")));
    must(post(*store, draft("1", "y")));
  }
  execute(path, "DELETE FROM comments WHERE seq = 1");
  CHECK(copy_sqlite(path, to).error().message.find("its counts and its comments differ") !=
        std::string::npos);
  execute(folder.file("other.db"), "CREATE TABLE other (x)");
  CHECK_FALSE(copy_sqlite(folder.file("other.db"), to));
  CHECK_FALSE(std::filesystem::exists(to));
  CHECK_FALSE(std::filesystem::exists(to + ".part"));
}

}  // namespace comments::tests
