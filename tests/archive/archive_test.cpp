#include "core/store/sqlite/database.h"
#include "tests/support/archives.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

namespace comments::tests {
namespace {

struct Files {
  TempFolder folder;
  std::string from = "sqlite:" + folder.file("from.db");
  std::string to = "sqlite:" + folder.file("to.db");

  Files() { fill(*must(open_store({.url = from}))); }
};

std::string refusal(const std::string& url, const std::string& text) {
  const auto imported = import_into(url, text);
  return imported ? "taken" : imported.error().message;
}

}  // namespace

TEST_CASE("an archive put into another store is the same content, and again it adds nothing",
          "[archive]") {
  const Files files;
  const auto archive = exported(files.from);
  const auto imported = must(import_into(files.to, archive));
  CHECK(imported.added == 2'518);
  CHECK(imported.file.comments == 2'518);
  CHECK(imported.file.threads == 10);
  CHECK(exported(files.to) == archive);
  CHECK(verdict(files.to, archive) == "equal");
  CHECK(must(import_into(files.to, archive)).added == 0);
  CHECK(exported(files.to) == archive);
}

TEST_CASE("an imported store goes on where the other one stood, and knows its keys", "[archive]") {
  const Files files;
  must(import_into(files.to, exported(files.from)));
  const auto store = must(open_store({.url = files.to}));
  CHECK(must(post(*store, draft("long", "comment 0", "key-0"))).replayed);
  CHECK(must(post(*store, draft("long", "new"))).id == 2'501);
}

TEST_CASE("an import that was cut off is continued by another", "[archive]") {
  const Files files;
  const auto archive = exported(files.from);
  CHECK(refusal(files.to, archive.substr(0, archive.size() / 2)) != "taken");
  CHECK(must(import_into(files.to, archive)).added > 0);
  CHECK(exported(files.to) == archive);
}

TEST_CASE("an archive that is incomplete, damaged or none is refused with the remedy",
          "[archive]") {
  const Files files;
  auto archive = exported(files.from);
  CHECK(refusal(files.to, "") ==
        "the archive ends at line 0 without its last line: it is incomplete; export it again");
  CHECK(refusal(files.to, "hello\n").find("comments export") != std::string::npos);
  CHECK(refusal(files.to, archive.substr(0, archive.rfind("{\"comments\":")))
            .find("it is incomplete; export it again") != std::string::npos);
  const auto at = archive.find("comment 7\"");
  archive[at + 8] = '8';
  CHECK(refusal("sqlite:" + files.folder.file("third.db"), archive)
            .starts_with("the archive is damaged: it says 2518 comments"));
  archive.insert(archive.find('\n') + 1, "nonsense\n");
  CHECK(refusal(files.to, archive) == "line 2: the line is no archived comment");
}

TEST_CASE("verifying finds a comment that is missing, and one that is another", "[archive]") {
  const Files files;
  const auto archive = exported(files.from);
  CHECK(verdict(files.from, archive) == "equal");
  { must(open_store({.url = files.to})); }
  CHECK(verdict(files.to, archive) == "the store lacks comment 1 of content_id %2F");
  must(import_into(files.to, archive));
  auto database =
      must(sqlite::Database::open(files.folder.file("to.db"), sqlite::Database::Mode::create));
  REQUIRE(database.execute("UPDATE comments SET comment = 'other' WHERE comment = 'comment 7'"));
  CHECK(verdict(files.to, archive).starts_with("the store has other bytes than the archive"));
}

TEST_CASE("comments that come after an archive do not matter to it", "[archive]") {
  const Files files;
  const auto archive = exported(files.from);
  const auto store = must(open_store({.url = files.from}));
  must(post(*store, draft("long", "later")));
  must(post(*store, draft("another", "later")));
  CHECK(verdict(files.from, archive) == "equal");
  CHECK(must(import_into(files.from, archive)).added == 0);
}

TEST_CASE("a key that was used again since is no difference", "[archive]") {
  const Files files;
  const auto archive = exported(files.from);
  must(import_into(files.to, archive));
  auto database =
      must(sqlite::Database::open(files.folder.file("to.db"), sqlite::Database::Mode::create));
  REQUIRE(
      database.execute("UPDATE idempotency_keys SET seq = 2 WHERE content_id = 'long' AND"
                       " key = 'key-0'"));
  CHECK(verdict(files.to, archive) == "equal");
}

TEST_CASE("memory: has no archive", "[archive]") {
  CHECK_FALSE(open_archive_reader({.url = "memory:"}));
  CHECK_FALSE(open_archive_writer({.url = "memory:"}));
}

}  // namespace comments::tests
