// comments backup, comments restore: copies of a SQLite store.
#include <ostream>

#include <fmt/format.h>

#include "cli/store_words.h"
#include "core/store/sqlite/copy.h"

namespace comments::cli {
namespace {

struct BackupOptions {
  StoreWords store;
  std::string file;
};

// The file of the store, which must be a file.
std::string path_of(const StoreChoice& choice) {
  constexpr std::string_view kSqlite = "sqlite:";
  if (!choice.url.starts_with(kSqlite)) {
    throw UsageError(
        "this is for sqlite: stores; a PostgreSQL server has pg_dump and its own backups, and "
        "'comments export' is for all");
  }
  return choice.url.substr(kSqlite.size());
}

ExitCode copy(const std::string& from, const std::string& to, Io& io) {
  const auto copied = copy_sqlite(from, to);
  if (!copied) {
    io.err << "comments: " << copied.error().message << '\n';
    return exit_code_of(copied.error());
  }
  io.out << fmt::format("{}: {} comments of {} threads, checked\n", to, copied->comments,
                        copied->threads);
  return ExitCode::ok;
}

std::shared_ptr<BackupOptions> declare(CLI::App& app, const std::string& what_file_is) {
  auto options = std::make_shared<BackupOptions>();
  app.add_option("FILE", options->file, what_file_is)->required();
  add_store_options(app, options->store);
  return options;
}

}  // namespace

Action declare_backup(CLI::App& app) {
  auto options = declare(app, "The copy; it must not exist yet");
  app.footer(
      "The store may be served meanwhile. FILE has its name only when it is whole and checked.");
  return [options, &app](Io& io) {
    return copy(path_of(store_choice(app, options->store, io)), options->file, io);
  };
}

Action declare_restore(CLI::App& app) {
  auto options = declare(app, "What `comments backup` has written");
  app.footer("The store must not exist yet: move the old one away, with its -wal and -shm files.");
  return [options, &app](Io& io) {
    return copy(options->file, path_of(store_choice(app, options->store, io)), io);
  };
}

}  // namespace comments::cli
