// The manual page, comments(1), made of the same words as --help.
#include <ostream>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/program.h"
#include "cli/settings.h"
#include "core/version.h"

namespace comments::cli {
namespace {

// What roff would take for its own: a backslash, a hyphen (it would become a dash), a line's first
// dot.
std::string roff(std::string_view text) {
  std::string result;
  bool at_start = true;
  for (const char c : text) {
    if (at_start && (c == '.' || c == '\'')) {
      result += "\\&";
    }
    if (c == '\\') {
      result += "\\e";
    } else if (c == '-') {
      result += "\\-";
    } else {
      result += c;
    }
    at_start = c == '\n';
  }
  return result;
}

std::string entry(const std::string& left, std::string_view right) {
  return fmt::format(".TP\n{}\n{}\n", left, roff(right));
}

std::string option_left(const OptionWords& option) {
  std::string left;
  for (const auto& name : option.names) {
    left += fmt::format("{}\\fB{}\\fR", left.empty() ? "" : ", ", roff(name));
  }
  if (!option.value.empty()) {
    left += fmt::format("{}\\fI{}\\fR", left.empty() ? "" : " ", roff(option.value));
  }
  return left;
}

// As it was laid out: it has lists and JSON in it.
std::string as_it_stands(std::string_view text) {
  return fmt::format(".PP\n.nf\n{}\n.fi\n", roff(text));
}

std::string command_section(const DeclaredCommand& declared) {
  auto text = fmt::format(".SS comments {}\n{}.\n", declared.command->name,
                          roff(declared.command->summary));
  std::string ways;
  for (const auto& way : usages(*declared.command, *declared.app)) {
    ways += fmt::format("{}comments {} {}", ways.empty() ? "" : "\n", declared.command->name, way);
  }
  text += as_it_stands(ways);
  for (const auto& option : option_words(*declared.app)) {
    text += entry(option_left(option), option.text);
  }
  if (!declared.app->get_footer().empty()) {
    text += as_it_stands(declared.app->get_footer());
  }
  return text +
         fmt::format(".PP\nExit codes: {}.\n", roff(exit_codes_text(declared.command->exits)));
}

std::string manual(const std::vector<DeclaredCommand>& declared) {
  std::string text = fmt::format(
      ".\\\" Printed by `comments manual`.\n"
      ".TH COMMENTS 1 \"\" \"comments {}\" \"User Commands\"\n"
      ".SH NAME\ncomments \\- readers comment on an article and follow what the others say\n"
      ".SH SYNOPSIS\n\\fBcomments\\fR \\fICOMMAND\\fR [\\fIOPTIONS\\fR]\n.br\n"
      "\\fBcomments\\fR \\fB\\-\\-help\\fR | \\fB\\-\\-version\\fR\n"
      ".SH DESCRIPTION\n"
      "A comment service, its client, and the tool that puts it into production.\n"
      ".SH COMMANDS\n",
      kVersion);
  for (const auto& each : declared) {
    text += command_section(each);
  }
  text += fmt::format(
      ".SH ENVIRONMENT\n"
      "Every option is a setting, too: \\-\\-log\\-level is COMMENTS_LOG_LEVEL in the environment, "
      "and\n"
      "log\\-level in the config file. A flag wins over the environment, that over the file.\n"
      "{}{}"
      ".SH FILES\n{}"
      ".SH SEE ALSO\nsystemd.service(5), for comments.service, which a package brings.\n",
      entry("\\fBCOMMENTS_CONFIG\\fR", "The config file, as --config."),
      entry("\\fBPORT\\fR", "Where to listen, if neither --port nor COMMENTS_PORT says it."),
      entry(fmt::format("\\fI{}\\fR", kDefaultConfigFile), "The config file, where there is one."));
  return text;
}

}  // namespace

Action declare_manual(CLI::App& app) {
  app.footer("It is for man: `comments manual | man -l -`. Packages bring it.");
  return [](Io& io) {
    CLI::App program;
    io.out << manual(declare_commands(program));
    return ExitCode::ok;
  };
}

}  // namespace comments::cli
