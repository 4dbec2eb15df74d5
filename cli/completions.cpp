// Completions, made of the same options that the program takes: a script each for bash, zsh and
// fish. They ask no running program, so a key press costs no start.
#include <memory>
#include <ostream>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/program.h"

namespace comments::cli {
namespace {

constexpr std::string_view kFirstOptions = "--help --version";

bool takes_file(const OptionWords& option) {
  return option.value == "FILE";
}

bool takes_folder(const OptionWords& option) {
  return option.value == "DIR";
}

std::string replaced(std::string_view text, char what, std::string_view by) {
  std::string result;
  for (const char c : text) {
    c == what ? result.append(by) : result.append(1, c);
  }
  return result;
}

// Between single quotes of bash and zsh.
std::string shell_quoted(std::string_view text) {
  return "'" + replaced(text, '\'', R"('\'')") + "'";
}

std::string bash_case(std::string_view command, const OptionWords& option) {
  std::string pattern;
  for (const auto& name : option.names) {
    pattern += fmt::format("{}{}:{}", pattern.empty() ? "" : "|", command, name);
  }
  if (!option.choices.empty()) {
    return fmt::format("    {}) _comments_words '{}' ;;\n", pattern,
                       fmt::join(option.choices, " "));
  }
  if (takes_file(option) || takes_folder(option)) {
    return fmt::format("    {}) _comments_paths -{} ;;\n", pattern, takes_file(option) ? 'f' : 'd');
  }
  return fmt::format("    {}) ;;\n", pattern);  // nobody can guess it
}

std::string bash_script(const std::vector<DeclaredCommand>& declared) {
  std::vector<std::string_view> names;
  std::string values;
  std::string rest;
  for (const auto& [command, app, action] : declared) {
    std::vector<std::string> flags;
    bool file = false;
    for (const auto& option : option_words(*app)) {
      flags.insert(flags.end(), option.names.begin(), option.names.end());
      file = file || (option.names.empty() && takes_file(option));
      if (!option.names.empty() && !option.value.empty() && option.value_required) {
        values += bash_case(command->name, option);
      }
    }
    if (!command->hidden) {
      names.push_back(command->name);
    }
    rest +=
        fmt::format("      {}) _comments_words '{}'{} ;;\n", command->name, fmt::join(flags, " "),
                    file ? "; [[ $word == -* ]] || _comments_paths -f" : "");
  }
  return fmt::format(R"(# bash completion for comments, printed by `comments completions bash`.
_comments_words() {{
  mapfile -t COMPREPLY < <(compgen -W "$1" -- "$word")
}}

_comments_paths() {{
  compopt -o filenames
  mapfile -t COMPREPLY < <(compgen "$1" -- "$word")
}}

_comments() {{
  local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD - 1]}}
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    _comments_words '{} {}'
    return
  fi
  # "--order=desc" is three words to bash.
  if [[ $word == = ]]; then
    word=''
  elif [[ $before == = ]]; then
    before=${{COMP_WORDS[COMP_CWORD - 2]}}
  fi
  case ${{COMP_WORDS[1]}}:$before in
{}    *)
      case ${{COMP_WORDS[1]}} in
{}      esac
      ;;
  esac
}}

complete -F _comments comments
)",
                     fmt::join(names, " "), kFirstOptions, values, rest);
}

// What stands between zsh's own brackets and colons.
std::string zsh_text(std::string_view text) {
  return replaced(replaced(replaced(text, '[', R"(\[)"), ']', R"(\])"), ':', R"(\:)");
}

std::string zsh_value(const OptionWords& option) {
  if (!option.choices.empty()) {
    return fmt::format("{}:({})", option.value, fmt::join(option.choices, " "));
  }
  const auto* const action = takes_file(option)     ? "_files"
                             : takes_folder(option) ? "_files -/"
                                                    : " ";
  return fmt::format("{}:{}", zsh_text(option.value), action);
}

std::string zsh_argument(const OptionWords& option) {
  if (option.names.empty()) {
    return shell_quoted(fmt::format("{}{}", option.required ? ":" : "::", zsh_value(option)));
  }
  std::vector<std::string> specs;
  for (const auto& name : option.names) {
    std::string spec = name;
    if (!option.value.empty() && name.starts_with("--")) {
      spec += "=";
    }
    spec += fmt::format("[{}]", zsh_text(option.text));
    if (!option.value.empty()) {
      spec += (option.value_required ? ":" : "::") + zsh_value(option);
    }
    specs.push_back(shell_quoted(spec));
  }
  return fmt::format("{}", fmt::join(specs, " "));
}

std::string zsh_script(const std::vector<DeclaredCommand>& declared) {
  std::string names;
  std::string cases;
  for (const auto& [command, app, action] : declared) {
    if (!command->hidden) {
      names += fmt::format("    {}\n", shell_quoted(fmt::format("{}:{}", command->name,
                                                                zsh_text(command->summary))));
    }
    cases += fmt::format("    {})\n      _arguments -s", command->name);
    for (const auto& option : option_words(*app)) {
      cases += " \\\n        " + zsh_argument(option);
    }
    cases += "\n      ;;\n";
  }
  return fmt::format(R"(#compdef comments
# zsh completion for comments, printed by `comments completions zsh`.
_comments() {{
  local -a names
  names=(
{}  )
  if ((CURRENT == 2)); then
    _describe -t commands command names
    compadd -- {}
    return
  fi
  local command=$words[2]
  shift words
  ((CURRENT--))
  case $command in
{}  esac
}}

if [[ $funcstack[1] == _comments ]]; then
  _comments "$@"
else
  compdef _comments comments
fi
)",
                     names, kFirstOptions, cases);
}

std::string fish_quoted(std::string_view text) {
  return "'" + replaced(replaced(text, '\\', R"(\\)"), '\'', R"(\')") + "'";
}

std::string fish_option(std::string_view command, const OptionWords& option) {
  std::string line = fmt::format("complete -c comments -n '__comments_is {}'", command);
  for (const auto& name : option.names) {
    line += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  }
  if (option.value.empty()) {
    return line + fmt::format(" -d {}\n", fish_quoted(option.text));
  }
  if (takes_file(option)) {
    line += " -r -F";
  } else if (takes_folder(option)) {
    line += " -x -a '(__fish_complete_directories)'";
  } else if (option.value_required && !option.names.empty()) {
    line += " -x";
  }
  if (!option.choices.empty()) {
    line += fmt::format(" -a '{}'", fmt::join(option.choices, " "));
  }
  // An argument's text would stand beside each file.
  return option.names.empty() ? line + "\n"
                              : line + fmt::format(" -d {}\n", fish_quoted(option.text));
}

std::string fish_script(const std::vector<DeclaredCommand>& declared) {
  std::string text = R"(# fish completion for comments, printed by `comments completions fish`.
function __comments_is -d 'Whether the command is this one; with none: whether there is one yet'
    set -l words (commandline -opc)
    if test (count $argv) -eq 0
        test (count $words) -eq 1
    else
        test (count $words) -ge 2; and test $words[2] = $argv[1]
    end
end

complete -c comments -f
complete -c comments -n __comments_is -s h -l help -d 'Show this help, or that of a command'
complete -c comments -n __comments_is -l version -d 'Show the version'
)";
  for (const auto& [command, app, action] : declared) {
    if (!command->hidden) {
      text += fmt::format("complete -c comments -n __comments_is -a {} -d {}\n", command->name,
                          fish_quoted(command->summary));
    }
    for (const auto& option : option_words(*app)) {
      if (!option.names.empty() || takes_file(option) || !option.choices.empty()) {
        text += fish_option(command->name, option);
      }
    }
  }
  return text;
}

}  // namespace

Action declare_completions(CLI::App& app) {
  auto shell = std::make_shared<std::string>();
  app.add_option("SHELL", *shell, "bash, zsh, fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  app.footer(
      "Packages bring them. Else: `source <(comments completions bash)` in ~/.bashrc, and the "
      "same\n"
      "with zsh in ~/.zshrc after compinit; `comments completions fish | source`.");
  return [shell](Io& io) {
    CLI::App program;
    const auto declared = declare_commands(program);
    io.out << (*shell == "bash"  ? bash_script(declared)
               : *shell == "zsh" ? zsh_script(declared)
                                 : fish_script(declared));
    return ExitCode::ok;
  };
}

}  // namespace comments::cli
