#include <array>

#include "cli/command.h"

namespace comments::cli {
namespace {

constexpr std::array kCommands{
    Command{"serve", "Serve the API", declare_serve},
    Command{"post", "Write a comment, or many from a file", declare_post},
    Command{"list", "Read a thread", declare_list},
    Command{"migrate", "Bring a store's schema up to date", declare_migrate},
    Command{"export", "Write everything in a store to a file", declare_export},
    Command{"import", "Put such a file into a store", declare_import},
    Command{"backup", "Copy a SQLite store while it is served", declare_backup},
    Command{"restore", "Make a SQLite store of such a copy", declare_restore},
};

}  // namespace

std::span<const Command> commands() {
  return kCommands;
}

void add_url_option(CLI::App& app, std::string& url) {
  app.add_option("--url", url, "The service, http:// or https://")
      ->type_name("URL")
      ->capture_default_str();
}

}  // namespace comments::cli
