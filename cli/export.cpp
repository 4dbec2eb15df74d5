// comments export: everything in a store, as a file.
#include <cstdio>
#include <fstream>
#include <ostream>

#include <fmt/format.h>

#include "cli/archive_words.h"
#include "cli/store_words.h"
#include "core/archive/archive.h"

namespace comments::cli {
namespace {

struct ExportOptions {
  StoreWords store;
  std::string file = "-";
  bool json = false;
};

ExitCode export_to(std::ostream& out, ArchiveReader& from, const ExportOptions& options, Io& io) {
  ArchiveProgress progress(io, "exported");
  const auto exported = archive::export_all(from, out, progress.listener());
  progress.finish();
  if (!out && &out == &io.out) {
    return ExitCode::ok;  // main() knows whether its reader had enough, and says what else it is
  }
  if (!exported) {
    return refuse_store(exported.error(), io);
  }
  print_trailer(*exported, "exported", options.json && options.file != "-", io);
  return ExitCode::ok;
}

ExitCode export_store(const StoreChoice& choice, const ExportOptions& options, Io& io) {
  const auto from = open_archive_reader(choice);
  if (!from) {
    return refuse_store(from.error(), io);
  }
  if (options.file == "-") {
    return export_to(io.out, **from, options, io);
  }
  // Under its name only when it is whole.
  const auto part = options.file + ".part";
  std::ofstream file(part, std::ios::binary);
  if (!file) {
    throw UsageError(fmt::format("the file {} cannot be written", part));
  }
  const auto code = export_to(file, **from, options, io);
  file.close();
  if (code != ExitCode::ok) {
    std::remove(part.c_str());
    return code;
  }
  if (!file || std::rename(part.c_str(), options.file.c_str()) != 0) {
    io.err << fmt::format("comments: the file {} cannot be written\n", options.file);
    return ExitCode::failed;
  }
  return ExitCode::ok;
}

}  // namespace

Action declare_export(CLI::App& app) {
  auto options = std::make_shared<ExportOptions>();
  app.add_option("FILE", options->file, "Where to; -: standard output")->capture_default_str();
  add_store_options(app, options->store);
  app.add_flag("--json", options->json,
               "Print {\"comments\":N,\"format\":1,\"sha256\":…,\"threads\":N}");
  app.footer(
      "NDJSON: a line for each comment, with its id, time and idempotency key, and a last line "
      "with\n"
      "counts and a checksum. It shows one moment; the store may be served meanwhile. It holds\n"
      "e-mail addresses, whatever --email-visibility is.");
  return [options, &app](Io& io) {
    return export_store(store_choice(app, options->store, io), *options, io);
  };
}

}  // namespace comments::cli
