"""A tree with the pipeline's scripts in it, and stand-ins for the programs that they call: each writes down how it
was called, and answers by a rule of the test's."""

import dataclasses
import json
import os
import pathlib
import shutil
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]

STAND_IN = """#!/usr/bin/env python3
import json, os, pathlib, sys
here = pathlib.Path(__file__).resolve().parent
words = sys.argv[1:]
name = pathlib.Path(sys.argv[0]).name
stdin = "" if sys.stdin is None or sys.stdin.isatty() else sys.stdin.read()
with open(here / "journal", "a", encoding="utf-8") as journal:
    journal.write(json.dumps({"name": name, "words": words, "stdin": stdin, "environment": dict(os.environ)}) + "\\n")
for rule in json.loads((here / (name + ".rules")).read_text(encoding="utf-8")):
    if words[:len(rule["begins"])] == rule["begins"]:
        for file, text in rule["writes"].items():
            pathlib.Path(words[words.index(file) + 1] if file.startswith("--") else file).write_text(text, encoding="utf-8")
        sys.stdout.write(rule["says"])
        sys.exit(rule["status"])
sys.exit(f"{name}: nobody said what to answer to {words}")
"""


@dataclasses.dataclass
class Call:
    name: str
    words: list
    stdin: str
    environment: dict


class Tree:
    """The project as the scripts see it, as one commit, and a folder of programs that comes first in PATH."""

    def __init__(self, folder):
        self.root, self.bin, self.home = folder / "tree", folder / "bin", folder / "home"
        self.bin.mkdir()
        self.home.mkdir()
        self.variables = {}
        for part in ("scripts", "terraform/environments"):
            shutil.copytree(ROOT / part, self.root / part, ignore=shutil.ignore_patterns("__pycache__"))
        for file in ("terraform/permissions.json", "CHANGELOG.md", "CMakeLists.txt", ".gitignore"):
            shutil.copy(ROOT / file, self.root / file)
        self.git("init", "--quiet", "--initial-branch=main")
        self.commit = self.committed()

    def git(self, *words):
        return subprocess.run(["git", "-C", self.root, "-c", "user.name=a", "-c", "user.email=a@example.com", *words],
                              capture_output=True, text=True, check=True, timeout=60).stdout.strip()

    def committed(self):
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "-m", "all")
        return self.git("rev-parse", "HEAD")

    def stand_in(self, name, *begins, says="", status=0, writes=None):
        """Whoever calls `name` with words that begin so gets this answer; what was said first counts."""
        rules = self.bin / f"{name}.rules"
        known = json.loads(rules.read_text(encoding="utf-8")) if rules.exists() else []
        known.append({"begins": [str(word) for word in begins], "says": says, "status": status, "writes": writes or {}})
        rules.write_text(json.dumps(known), encoding="utf-8")
        program = self.bin / name
        program.write_text(STAND_IN, encoding="utf-8")
        program.chmod(0o755)

    def calls(self, name=None):
        journal = self.bin / "journal"
        lines = journal.read_text(encoding="utf-8").splitlines() if journal.exists() else []
        return [call for call in (Call(**json.loads(line)) for line in lines) if name in (None, call.name)]

    def run(self, script, *words, path=True, **variables):
        """(status, what was printed, what was said beside it)."""
        environment = {"PATH": f"{self.bin}:{os.environ['PATH']}" if path else os.environ["PATH"], "HOME": str(self.home),
                       "GITHUB_REPOSITORY": "owner/name", "GITHUB_SERVER_URL": "https://code.example.com",
                       "GITHUB_OUTPUT": str(self.home / "output"), "GITHUB_STEP_SUMMARY": str(self.home / "summary"),
                       **self.variables, **variables}
        done = subprocess.run([self.root / "scripts" / script, *map(str, words)], env=environment, cwd=self.home, timeout=120,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout, done.stderr

    def outputs(self):
        file = self.home / "output"
        return dict(line.split("=", 1) for line in file.read_text(encoding="utf-8").splitlines()) if file.exists() else {}

    def summary(self):
        file = self.home / "summary"
        return file.read_text(encoding="utf-8") if file.exists() else ""


@pytest.fixture
def tree(tmp_path):
    return Tree(tmp_path)
