// comments import: an archive's comments, put into a store.
#include <filesystem>
#include <fstream>
#include <ostream>

#include <fmt/format.h>

#include "cli/archive_words.h"
#include "cli/store_words.h"
#include "core/archive/archive.h"

namespace comments::cli {
namespace {

struct ImportOptions {
  StoreWords store;
  std::string file;
  bool json = false;
};

std::ifstream open_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (std::error_code ignored; !file || !std::filesystem::is_regular_file(path, ignored)) {
    throw UsageError(
        fmt::format("{} is no file that can be read, twice: once to import, once to "
                    "verify",
                    path));
  }
  return file;
}

ExitCode import_store(const StoreChoice& choice, const ImportOptions& options, Io& io) {
  auto file = open_file(options.file);
  const auto to = open_archive_writer(choice);
  if (!to) {
    return refuse_store(to.error(), io);
  }
  ArchiveProgress importing(io, "imported");
  const auto imported = archive::import_all(file, **to, importing.listener());
  importing.finish();
  if (!imported) {
    return refuse_archive(imported.error(), io);
  }
  auto again = open_file(options.file);
  const auto stored = open_archive_reader(choice);
  if (!stored) {
    return refuse_store(stored.error(), io);
  }
  ArchiveProgress verifying(io, "verified");
  const auto verified = archive::verify(again, **stored, verifying.listener());
  verifying.finish();
  if (!verified) {
    return refuse_archive(verified.error(), io);
  }
  print_trailer(imported->file, fmt::format("{} were new; the store has all", imported->added),
                options.json, io);
  return ExitCode::ok;
}

}  // namespace

Action declare_import(CLI::App& app) {
  auto options = std::make_shared<ImportOptions>();
  app.add_option("FILE", options->file, "What `comments export` has written")->required();
  add_store_options(app, options->store);
  app.add_flag("--json", options->json,
               "Print {\"comments\":N,\"format\":1,\"sha256\":…,\"threads\":N}");
  app.footer(
      "Ids and times stay as they are. The same file again adds nothing: an interrupted import is\n"
      "continued by running it again. At the end the store is read back and compared with the\n"
      "file's counts and checksum.");
  return [options, &app](Io& io) {
    return import_store(store_choice(app, options->store, io), *options, io);
  };
}

}  // namespace comments::cli
