#include <array>

#include "cli/command.h"

namespace comments::cli {
namespace {

using enum ExitCode;
constexpr std::array kPrinting{ok, usage};
constexpr std::array kServing{ok, failed, usage};
constexpr std::array kAsking{ok, failed, usage, refused, unavailable};
constexpr std::array kPosting{ok, failed, usage, refused, unavailable, interrupted};
constexpr std::array kLooking{ok, failed, usage, unavailable, degraded, interrupted};
constexpr std::array kDeploying{ok, failed, usage, refused, rolled_back, held, interrupted};

constexpr std::array kCommands{
    Command{"serve", "Serve the API", declare_serve, kServing},
    Command{"post", "Write a comment, or many from a file", declare_post, kPosting,
            "CONTENT_ID --email ADDRESS [TEXT] [OPTIONS]\n--from FILE [OPTIONS]"},
    Command{"list", "Read a thread", declare_list, kAsking},
    Command{"deploy", "Roll a commit out on Google Cloud", declare_deploy, kDeploying,
            "--env ENV [OPTIONS]"},
    Command{"status", "See how a service does", declare_status, kLooking,
            "[OPTIONS]\n--env ENV [OPTIONS]"},
    Command{"migrate", "Bring a store's schema up to date", declare_migrate, kAsking},
    Command{"export", "Write everything in a store to a file", declare_export, kAsking},
    Command{"import", "Put such a file into a store", declare_import, kAsking},
    Command{"backup", "Copy a SQLite store while it is served", declare_backup, kAsking},
    Command{"restore", "Make a SQLite store of such a copy", declare_restore, kAsking},
    Command{
        "completions", "Print completions for a shell", declare_completions, kPrinting, {}, true},
    Command{"manual", "Print the manual page", declare_manual, kPrinting, {}, true},
};

}  // namespace

std::span<const Command> commands() {
  return kCommands;
}

}  // namespace comments::cli
