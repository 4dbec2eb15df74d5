"""A release prepared: one commit on its own branch, and nothing else."""


def test_version_changelog_and_cmake_are_one_commit_on_a_branch_of_their_own(sample):
    sample.tag("v0.1.0")
    hash_ = sample.commit("feat: pages")
    status, said, _ = sample.run("release", "--date", "2026-02-28")
    assert status == 0 and "release/0.2.0" in said
    assert sample.git("log", "-1", "--format=%s") == "release: 0.2.0"
    assert sample.git("branch", "--show-current") == "release/0.2.0"
    assert "project(comments VERSION 0.2.0 LANGUAGES CXX)" in sample.read("CMakeLists.txt")
    assert f"## 0.2.0 - 2026-02-28\n\n### Added\n- Pages. ({hash_[:12]})" in sample.read("CHANGELOG.md")
    assert sample.git("rev-parse", "main") == hash_
    assert sample.git("tag", "--list") == "v0.1.0"  # the pipeline makes the tag, of what was reviewed
    assert sample.git("status", "--porcelain") == ""


def test_after_a_release_there_is_nothing_to_release(sample):
    sample.tag("v0.1.0")
    sample.commit("feat: pages")
    sample.run("release")
    sample.tag("v0.2.0")
    assert sample.run("release")[0] == 3
    assert sample.git("branch", "--show-current") == "release/0.2.0"


def test_work_that_is_not_committed_is_not_taken_along(sample):
    sample.tag("v0.1.0")
    sample.commit("feat: pages")
    sample.write("something", "else")
    status, _, said = sample.run("release")
    assert status == 1 and "commit or stash them" in said
    assert sample.git("branch", "--show-current") == "main"


def test_a_release_of_nothing_leaves_no_branch(sample):
    status, _, said = sample.run("release")
    assert status == 1 and "nothing to say" in said
    assert sample.git("branch", "--list", "release/*") == ""
