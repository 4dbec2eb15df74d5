#include "cli/run.h"

#include <algorithm>
#include <ostream>

#include <fmt/format.h>

#include "cli/command.h"
#include "cli/help.h"
#include "cli/program.h"
#include "cli/settings.h"
#include "cli/suggest.h"
#include "core/version.h"

namespace comments::cli {
namespace {

std::vector<std::string> command_names() {
  std::vector<std::string> names;
  for (const auto& command : commands()) {
    names.emplace_back(command.name);
  }
  return names;
}

// What CLI11 could not place: a mistyped flag, or, after `--` always, a word too many.
[[noreturn]] void refuse_extra(const CLI::App& command, const std::string& word, bool may_be_flag) {
  std::vector<std::string> flags;
  for (const auto* option : command.get_options()) {
    for (const auto& name : option->get_lnames()) {
      flags.push_back("--" + name);
    }
  }
  const auto flag = word.substr(0, word.find('='));
  throw UsageError(may_be_flag && flag.starts_with("-")
                       ? fmt::format("there is no option {}{}", flag, did_you_mean(flag, flags))
                       : fmt::format("'{}' is one word too many; quote a text with spaces", word));
}

bool asks_for_help(const std::vector<std::string>& words) {
  const auto end = std::find(words.begin(), words.end(), kEndOfOptions);
  return std::any_of(words.begin(), end,
                     [](const std::string& word) { return word == "--help" || word == "-h"; });
}

ExitCode run_command(const Command& command, const std::vector<std::string>& words, Io& io) {
  CLI::App program;
  CLI::App* chosen = nullptr;
  Action action;
  for (auto& declared : declare_commands(program)) {
    if (declared.command->name == command.name) {
      chosen = declared.app;
      action = std::move(declared.action);
    }
  }
  if (asks_for_help(words)) {
    io.out << command_help(command, *chosen);
    return ExitCode::ok;
  }
  apply_settings(program, *chosen, words, io);
  try {
    std::vector<std::string> reversed(words.rbegin(), words.rend());  // as CLI11 takes them
    chosen->parse(reversed);
  } catch (const CLI::ParseError& error) {
    throw UsageError(error.what());
  }
  auto extra = chosen->remaining();
  const auto mark = std::find(extra.begin(), extra.end(), kEndOfOptions);  // CLI11 leaves it there
  const bool may_be_flag = mark != extra.begin();
  if (mark != extra.end()) {
    extra.erase(mark);
  }
  if (!extra.empty()) {
    refuse_extra(*chosen, extra.front(), may_be_flag);
  }
  return action(io);
}

ExitCode dispatch(const std::vector<std::string>& words, Io& io) {
  if (words.empty()) {
    io.err << program_help();
    return ExitCode::usage;
  }
  const auto& first = words.front();
  if (first == "--help" || first == "-h" || first == "help") {
    io.out << program_help();
    return ExitCode::ok;
  }
  if (first == "--version") {
    io.out << fmt::format("comments {} ({}, {})\n", kVersion, kCommit, kBuild);
    return ExitCode::ok;
  }
  const auto all = commands();
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](const Command& command) { return command.name == first; });
  if (found == all.end()) {
    throw UsageError(
        fmt::format("there is no command '{}'{}", first, did_you_mean(first, command_names())));
  }
  try {
    return run_command(*found, {words.begin() + 1, words.end()}, io);
  } catch (const UsageError& error) {
    throw UsageError(fmt::format("{}\ncomments: see 'comments {} --help'", error.what(), first));
  }
}

}  // namespace

ExitCode run(const std::vector<std::string>& words, Io& io) {
  try {
    return dispatch(words, io);
  } catch (const UsageError& error) {
    io.err << "comments: " << error.what() << '\n';
    return ExitCode::usage;
  } catch (const std::exception& error) {
    io.err << "comments: failed: " << error.what() << '\n';
    return ExitCode::failed;
  } catch (...) {
    io.err << "comments: failed\n";
    return ExitCode::failed;
  }
}

}  // namespace comments::cli
