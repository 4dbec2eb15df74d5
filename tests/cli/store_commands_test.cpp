// The commands that work on a store itself: migrate, export, import, backup, restore.
#include <filesystem>
#include <fstream>

#include "tests/support/archives.h"
#include "tests/support/catch.h"
#include "tests/support/cli_session.h"
#include "tests/support/temp_folder.h"

namespace comments::tests {
namespace {

struct Place {
  TempFolder folder;
  std::string store = "sqlite:" + folder.file("comments.db");
  std::string archive = folder.file("all.ndjson");
  CliSession session;

  void fill() const {
    const auto one = must(open_store({.url = store}));
    must(post(*one, draft("1", "a")));
    must(post(*one, draft("1", "b", "key")));
    must(post(*one, draft("2", "c")));
  }

  int run(const std::vector<std::string>& words) { return session.run(words); }
};

std::string text_of(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

TEST_CASE("migrate says what it did, and that there is nothing to do", "[cli]") {
  Place place;
  CHECK(place.run({"migrate", "--store", place.store}) == 0);
  CHECK(place.session.out == "the schema was at 0 and is at 1 now\n");
  CHECK(place.run({"migrate", "--store", place.store}) == 0);
  CHECK(place.session.out == "the schema is current, at 1\n");
  CHECK(place.run({"migrate", "--store", place.store, "--json"}) == 0);
  CHECK(place.session.out == "{\"before\":1,\"format\":1,\"now\":1}\n");
  CHECK(place.run({"migrate", "--store", "nonsense:"}) == 2);
}

TEST_CASE("export and import move a store, and say what they moved", "[cli]") {
  Place place;
  place.fill();
  CHECK(place.run({"export", place.archive, "--store", place.store}) == 0);
  CHECK(place.session.out.empty());
  CHECK(place.session.err.starts_with("exported 3 comments of 2 threads, sha256 "));
  CHECK(text_of(place.archive) == exported(place.store));
  CHECK_FALSE(std::filesystem::exists(place.archive + ".part"));

  const auto other = "sqlite:" + place.folder.file("other.db");
  CHECK(place.run({"import", place.archive, "--store", other}) == 0);
  CHECK(place.session.err.starts_with("3 were new; the store has all 3 comments of 2 threads"));
  CHECK(place.run({"import", place.archive, "--store", other, "--json"}) == 0);
  CHECK(place.session.out.starts_with("{\"comments\":3,\"format\":1,\"sha256\":\""));
  CHECK(place.session.out.ends_with("\",\"threads\":2}\n"));
}

TEST_CASE("export writes the archive to standard output where no file is named", "[cli]") {
  Place place;
  place.fill();
  CHECK(place.run({"export", "--store", place.store}) == 0);
  CHECK(place.session.out == exported(place.store));
}

TEST_CASE("a store that is not there is not exported, and none is made", "[cli]") {
  Place place;
  CHECK(place.run({"export", place.archive, "--store", place.store}) == 2);
  CHECK(place.session.err.find("there is no file") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(place.folder.file("comments.db")));
  CHECK_FALSE(std::filesystem::exists(place.archive));
}

TEST_CASE("import refuses what is no archive, with the remedy", "[cli]") {
  Place place;
  std::ofstream(place.archive) << "hello\n";
  CHECK(place.run({"import", place.archive, "--store", place.store}) == 3);
  CHECK(place.session.err.find("comments export") != std::string::npos);
  CHECK(place.run({"import", place.folder.file("none"), "--store", place.store}) == 2);
}

TEST_CASE("backup and restore make a store of a copy", "[cli]") {
  Place place;
  place.fill();
  const auto copy = place.folder.file("copy.db");
  CHECK(place.run({"backup", copy, "--store", place.store}) == 0);
  CHECK(place.session.out == copy + ": 3 comments of 2 threads, checked\n");
  CHECK(place.run({"backup", copy, "--store", place.store}) == 3);
  const auto restored = place.folder.file("restored.db");
  CHECK(place.run({"restore", copy, "--store", "sqlite:" + restored}) == 0);
  CHECK(exported("sqlite:" + restored) == exported(place.store));
  CHECK(place.run({"backup", copy, "--store", "memory:"}) == 2);
}

TEST_CASE("a password is taken from the environment or a file, never from the command line",
          "[cli]") {
  Place place;
  CHECK(place.run({"migrate", "--store", "postgres://u:hunter2@127.0.0.1:1/x"}) == 2);
  CHECK(place.session.err.find("COMMENTS_STORE_PASSWORD") != std::string::npos);
  CHECK(place.session.err.find("hunter2") == std::string::npos);
  place.session.environment = {{"COMMENTS_STORE", "postgres://u:hunter2@127.0.0.1:1/x"}};
  CHECK(place.run({"migrate"}) == 4);  // nobody listens there
  CHECK(place.session.err.find("check --store") != std::string::npos);
  CHECK(place.session.err.find("hunter2") == std::string::npos);
  CHECK(place.run({"migrate", "--store-password-file", place.folder.file("none")}) == 2);
}

}  // namespace comments::tests
