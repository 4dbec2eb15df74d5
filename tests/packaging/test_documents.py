"""Completions and the manual against --help, which is the reference, each in the program that reads it."""

import os
import pathlib
import re
import shutil
import subprocess

import pytest

PROGRAM = os.environ["COMMENTS_BINARY"]


def run(*words, given=None, **more):
    environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "LC_ALL": "C.UTF-8", **more}
    return subprocess.run([str(word) for word in words], input=given, capture_output=True, text=True, check=False,
                          timeout=60, env=environment)


def comments(*words):
    done = run(PROGRAM, *words)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def shown_commands():
    return re.findall(r"^  ([a-z]+) ", comments("--help").split("Commands:")[1].split("Options:")[0], re.MULTILINE)


def shown_options(command):
    """--option → what its value is called, "" for a flag."""
    rows = comments(command, "--help").split("\nOptions:\n")[1].split("\n\n")[0]
    return dict(re.findall(r"^  (?:-\w, )?(--[a-z-]+)(?: (\S+))?(?:  |$)", rows, re.MULTILINE))


@pytest.fixture(scope="module", params=["bash", "zsh", "fish"])
def shell(request, tmp_path_factory):
    """A function: what is offered behind some words, by that shell."""
    if not shutil.which(request.param):
        pytest.fail(f"there is no {request.param}: run scripts/setup test")
    script = tmp_path_factory.mktemp("completions") / f"_comments.{request.param}"
    script.write_text(comments("completions", request.param))
    folder = script.parent / "here"
    folder.mkdir()
    (folder / "archive 1.ndjson").touch()
    (folder / "folder").mkdir()
    asked = {"bash": in_bash, "zsh": in_zsh, "fish": in_fish}[request.param]
    return lambda *words: asked(script, folder, words)


def in_bash(script, folder, words):
    # bash splits at "=" before it asks.
    split = [part for word in ("comments", *words) for part in (re.split("(=)", word) if "=" in word else [word])]
    if split[-1] == "" and "=" in split[-2:-1]:
        split.pop()
    done = run("bash", "--norc", "-c", """
        cd "$1" && source "$2" && shift 2
        compopt() { :; }
        COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
        _comments
        ((${#COMPREPLY[@]} == 0)) || printf '%s\\n' "${COMPREPLY[@]}"
        """, "bash", folder, script, *split)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


def in_fish(script, folder, words):
    # A home of its own: fish writes there.
    done = run("fish", "--no-config", "-c", 'cd $argv[1]; source $argv[2]; complete -C "$argv[3]"',
               folder, script, " ".join(("comments", *words)), HOME=script.parent)
    assert (done.returncode, done.stderr) == (0, "")
    # A file after --option=, and one with a space, are shown as they would be typed.
    return [line.split("\t")[0].replace("\\", "").rsplit("=")[-1] for line in done.stdout.splitlines()]


# _describe, _arguments and compadd cannot be called outside of a line that is edited: zpty has one.
ZSH = r"""
zmodload zsh/zpty zsh/zselect
zpty -b line zsh -f -i
say() { zpty -w line "$1"; }
say "PS1=; unsetopt zle_bracketed_paste prompt_cr prompt_sp; LISTMAX=1000 COLUMNS=300 LINES=200; cd ${(q)1}"
say 'autoload -Uz compinit && compinit -D -u'
say "source ${(q)2}"
# Notes what is offered, and offers it.
say "compadd() {
  local -a found
  if (( ! \${@[(I)-O|-A|-D]} )); then
    builtin compadd -O found \"\$@\"
    (( \$#found )) && print -rl -- \"\${(@)found}\" >>${(q)3}
  fi
  builtin compadd \"\$@\"
}"
say "ask() { zle complete-word; print -r done >>${(q)3} }; zle -N ask; bindkey '^X' ask"
say "print -r ready >>${(q)3}"
patience=200
wait_for() { until [[ $(<$file) == *$1 ]]; do zpty -rt line junk; zselect -t 10; (( patience-- )) || exit 1; done; }
file=$3
wait_for ready
zselect -t 10
zpty -wn line "$4"$'\x18'
wait_for done
zpty -d line
"""


def in_zsh(script, folder, words):
    offered = folder.parent / "offered"
    offered.unlink(missing_ok=True)
    offered.touch()
    done = run("zsh", "-f", "-c", ZSH, "zsh", folder, script, offered, " ".join(("comments", *words)),
               HOME=script.parent, TERM="dumb")
    lines = offered.read_text().splitlines()
    assert lines[0] == "ready" and lines[-1] == "done", done.stderr
    return [line.replace("\\", "").rstrip("=/ ") for line in lines[1:-1]]


def test_commands_are_offered(shell):
    assert set(shell("")) >= set(shown_commands())
    assert not {"completions", "manual"} & set(shell(""))
    assert set(shell("re")) == {"restore"}


@pytest.mark.parametrize("command", shown_commands())
def test_a_commands_options_are_offered_and_no_others(shell, command):
    assert {word for word in shell(command, "--") if word.startswith("--")} == set(shown_options(command))


def test_what_a_value_can_be_is_offered(shell):
    assert set(shell("serve", "--log-level", "")) == {"debug", "info", "warning", "error"}
    assert set(shell("list", "1", "--order", "d")) == {"desc"}
    assert "desc" in shell("list", "1", "--order=")


def test_files_are_offered_where_one_is_wanted(shell):
    assert "archive 1.ndjson" in shell("import", "")
    assert "archive 1.ndjson" in shell("post", "--from", "")


def test_nothing_is_offered_where_nobody_can_guess(shell):
    assert shell("serve", "--port", "") == []


def test_a_shell_that_is_none_is_refused():
    done = run(PROGRAM, "completions", "tcsh")
    assert done.returncode == 2 and "bash" in done.stderr


def test_the_scripts_are_sound(tmp_path):
    (tmp_path / "comments").write_text(comments("completions", "bash"))
    assert run("shellcheck", "--shell=bash", tmp_path / "comments").stdout == ""
    for shell_name in ("zsh", "fish"):
        (tmp_path / shell_name).write_text(comments("completions", shell_name))
        done = run(shell_name, "-n", tmp_path / shell_name, HOME=tmp_path)
        assert (done.returncode, done.stderr) == (0, "")


@pytest.fixture(scope="module")
def manual(tmp_path_factory):
    """The page's roff, and what man shows of it."""
    page = tmp_path_factory.mktemp("manual") / "comments.1"
    page.write_text(comments("manual"))
    done = run("man", "--warnings", "-E", "UTF-8", "-P", "cat", "-l", page, MANWIDTH="120", MANROFFOPT="")
    assert done.returncode == 0 and done.stderr == "", done.stderr
    return page.read_text(), done.stdout


def test_the_manual_has_every_command_and_option(manual):
    shown = manual[1]
    for command in shown_commands():
        section = shown.split(f"\n   comments {command}\n")[1].split("\n   comments ")[0]
        found = dict(re.findall(r"^ +(?:-\w, )?(--[a-z-]+)(?: (\[?[A-Z]+\]?))?(?: |$)", section, re.MULTILINE))
        assert found.items() >= shown_options(command).items()


def test_the_manual_keeps_every_word_of_the_help(manual):
    words = " ".join(manual[1].split())
    for command in shown_commands():
        for line in comments(command, "--help").split("\n\nOptions:\n")[1].split("\n\n", 1)[1].splitlines():
            assert " ".join(line.split()) in words or line.startswith("Exit codes"), line


def test_the_version_names_commit_and_build():
    project = re.search(r"project\(comments VERSION ([\d.]+)", (
        pathlib.Path(__file__).resolve().parents[2] / "CMakeLists.txt").read_text())[1]
    assert re.fullmatch(rf"comments {project} \([0-9a-f]+, [a-z]+, (GNU|Clang) [\d.]+\)\n", comments("--version"))
