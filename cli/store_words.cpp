#include "cli/store_words.h"

#include <fstream>
#include <ostream>

#include <fmt/format.h>

#include "cli/terminal_text.h"
#include "core/store/store_url.h"

namespace comments::cli {

void add_store_options(CLI::App& app, StoreWords& words) {
  app.add_option("--store", words.url, "sqlite:PATH, postgres://USER@HOST/DATABASE or memory:")
      ->type_name("STORE")
      ->capture_default_str();
  app.add_option("--store-password-file", words.password_file,
                 "Holds the password of a postgres:// store [COMMENTS_STORE_PASSWORD]")
      ->type_name("FILE");
}

StoreChoice store_choice(const CLI::App& app, const StoreWords& words, const Io& io) {
  const bool typed = app.get_option("--store")->count() > 0;
  if (typed && masked_store_url(words.url) != words.url) {
    throw UsageError(
        "--store: a password on the command line can be read by every user of this machine; leave "
        "it out and set COMMENTS_STORE_PASSWORD or --store-password-file, or set all of it as "
        "COMMENTS_STORE");
  }
  StoreChoice choice{.url = words.url,
                     .password = io.environment("COMMENTS_STORE_PASSWORD").value_or("")};
  if (!words.password_file.empty()) {
    std::ifstream file(words.password_file);
    if (!file || !std::getline(file, choice.password)) {
      throw UsageError(
          fmt::format("the password file {} is empty or cannot be read", words.password_file));
    }
  }
  return choice;
}

ExitCode refuse_archive(const Error& error, Io& io) {
  io.err << "comments: " << one_line(error.message);
  if (!error.detail.empty()) {
    io.err << " (" << one_line(error.detail) << ")";
  }
  io.err << '\n';
  return exit_code_of(error);
}

ExitCode refuse_store(const Error& error, Io& io) {
  const auto code = refuse_archive(error, io);
  return error.code == ErrorCode::bad_request ? ExitCode::usage : code;
}

}  // namespace comments::cli
