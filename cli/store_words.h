// The options that name a store, the same for every command that opens one.
#pragma once

#include <string>

#include "cli/command.h"
#include "core/store/open_store.h"

namespace comments::cli {

struct StoreWords {
  std::string url = "sqlite:comments.db";
  std::string password_file;
};

void add_store_options(CLI::App& app, StoreWords& words);

// The store they name, its password from the file or from COMMENTS_STORE_PASSWORD. UsageError where
// the file cannot be read, or where a password was typed: every user of a machine can read that.
StoreChoice store_choice(const CLI::App& app, const StoreWords& words, const Io& io);

// Says in one line why a store cannot be opened, or why work on it has failed.
ExitCode refuse_store(const Error& error, Io& io);
ExitCode refuse_archive(const Error& error, Io& io);

}  // namespace comments::cli
