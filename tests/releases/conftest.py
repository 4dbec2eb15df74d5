"""Histories of one's own, in a temporary folder, and verbs for them."""

import os
import pathlib
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

CHANGELOG = "# Changelog\n\n## Unreleased\n"
CMAKE = "cmake_minimum_required(VERSION 3.25)\nproject(comments VERSION 0.1.0 LANGUAGES CXX)\n"


class Sample:
    """A repository with a CHANGELOG.md and a CMakeLists.txt."""

    def __init__(self, root):
        self.root = root
        self.count = 0
        self.git("init", "--quiet", "--initial-branch=main")
        self.write("CHANGELOG.md", CHANGELOG)
        self.write("CMakeLists.txt", CMAKE)
        self.commit("scripts: begin")

    def git(self, *words):
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.root), "GIT_CONFIG_NOSYSTEM": "1",
                       "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.com",
                       "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.com"}
        return subprocess.run(["git", "-C", self.root, *words], env=environment, capture_output=True, text=True,
                              check=True, timeout=60).stdout.strip()

    def write(self, file, text):
        (self.root / file).write_text(text, encoding="utf-8")

    def read(self, file):
        return (self.root / file).read_text(encoding="utf-8")

    def commit(self, message):
        """A commit that changes something. Its hash."""
        self.count += 1
        self.write("something", str(self.count))
        self.git("add", "--all")
        self.git("commit", "--quiet", "-m", message)
        return self.git("rev-parse", "HEAD")

    def tag(self, name):
        self.git("tag", "-a", name, "-m", name)

    def run(self, script, *words):
        environment = dict(os.environ, GIT_AUTHOR_NAME="a", GIT_AUTHOR_EMAIL="a@example.com", GIT_COMMITTER_NAME="a",
                           GIT_COMMITTER_EMAIL="a@example.com")
        done = subprocess.run([ROOT / "scripts" / script, *words, "--root", self.root], env=environment,
                              capture_output=True, text=True, check=False, timeout=60)
        return done.returncode, done.stdout.strip(), done.stderr.strip()

    def next(self, *words):
        return self.run("next-version", *words)


@pytest.fixture
def sample(tmp_path):
    folder = tmp_path / "sample"
    folder.mkdir()
    return Sample(folder)
