#include <array>

#include "cli/command.h"

namespace comments::cli {
namespace {

constexpr std::array kCommands{
    Command{"serve", "Serve the API", declare_serve},
    Command{"post", "Write a comment, or many from a file", declare_post},
    Command{"list", "Read a thread", declare_list},
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
