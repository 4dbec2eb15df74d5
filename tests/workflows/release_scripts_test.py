"""What the jobs of release.yml run."""

import hashlib
import subprocess

import pytest

RELEASED = "# Changelog\n\n## Unreleased\n\n## {} - 2026-02-28\n\n### Added\n- Pages.\n"


@pytest.fixture
def released(tree):
    """A tree whose main has a release commit that is not published yet."""
    (tree.root / "CHANGELOG.md").write_text(RELEASED.format("0.1.0"), encoding="utf-8")
    tree.commit = tree.committed()
    tree.variables["GH_TOKEN"] = "t"
    return tree


def test_a_version_without_a_tag_is_to_be_published(released):
    assert released.run("pipeline/release-version")[:2] == (0, "version=0.1.0\n")
    assert released.outputs() == {"version": "0.1.0"}


def test_a_version_with_a_tag_is_published_already(released):
    released.git("tag", "v0.1.0")
    assert released.run("pipeline/release-version")[:2] == (0, "version=\n")


@pytest.mark.parametrize("how", [("-m", "0.1.0"), ()])
def test_a_tag_that_somebody_made_elsewhere_is_not_taken_for_the_release(released, how):
    released.git("tag", *how, "v0.1.0", "HEAD^")
    status, said, complaint = released.run("pipeline/release-version")
    assert status == 1 and said == "" and "v0.1.0 is the tag of another commit" in complaint


def test_a_version_that_is_published_stays_so_whatever_comes_after(released):
    released.git("tag", "-m", "0.1.0", "v0.1.0")
    (released.root / "CHANGELOG.md").write_text(
        RELEASED.format("0.1.0").replace("## Unreleased\n", "## Unreleased\n\n### Fixed\n- More.\n"), encoding="utf-8")
    released.committed()
    assert released.run("pipeline/release-version")[:2] == (0, "version=\n")


def test_what_came_after_the_release_commit_is_not_published_as_that_version(released):
    (released.root / "CHANGELOG.md").write_text(
        RELEASED.format("0.1.0").replace("## Unreleased\n", "## Unreleased\n\n### Fixed\n- More.\n"), encoding="utf-8")
    released.committed()
    status, said, complaint = released.run("pipeline/release-version")
    assert status == 1 and said == "" and "0.1.0 is not published, and HEAD is not the commit that released it" in complaint


def test_a_release_that_came_by_a_merge_is_published_as_the_merge(tree):
    tree.git("switch", "--quiet", "--create", "release/0.1.0")
    (tree.root / "CHANGELOG.md").write_text(RELEASED.format("0.1.0"), encoding="utf-8")
    tree.committed()
    tree.git("switch", "--quiet", "main")
    tree.git("merge", "--quiet", "--no-ff", "-m", "Merge", "release/0.1.0")
    assert tree.run("pipeline/release-version")[:2] == (0, "version=0.1.0\n")


def test_before_the_first_release_there_is_nothing_to_publish(released):
    (released.root / "CHANGELOG.md").write_text("# Changelog\n\n## Unreleased\n\n### Added\n- Pages.\n", encoding="utf-8")
    assert released.run("pipeline/release-version")[:2] == (0, "version=\n")


def test_a_changelog_that_cmake_contradicts_is_refused(released):
    (released.root / "CHANGELOG.md").write_text(RELEASED.format("9.0.0"), encoding="utf-8")
    status, _, complaint = released.run("pipeline/release-version")
    assert status == 1 and "make releases by scripts/release" in complaint


@pytest.fixture
def packages(released):
    folder = released.home / "packages"
    folder.mkdir()
    for name in ("comments_0.1.0_amd64.deb", "comments-0.1.0-linux-x86_64.tar.gz"):
        (folder / name).write_text(name, encoding="utf-8")
    return folder


def packed(tree, kind, says):
    """A package whose program says so; apt stood in for by one that puts it into PATH."""
    folder = tree.root / "build/packages"
    folder.mkdir(parents=True)
    program = tree.home / "comments-0.1.0/bin/comments"
    program.parent.mkdir(parents=True)
    program.write_text(f"#!/bin/sh\n{says}\n", encoding="utf-8")
    program.chmod(0o755)
    subprocess.run(["tar", "-czf", folder / "comments-0.1.0-linux-x86_64.tar.gz", "-C", tree.home, "comments-0.1.0"], check=True)
    (folder / "comments_0.1.0_noble_amd64.deb").write_text("", encoding="utf-8")
    apt = tree.bin / "apt-get"
    apt.write_text(f'#!/bin/sh\n[ "$4" = ./build/packages/comments_0.1.0_noble_amd64.deb ] && cp {program} {tree.bin}\n', encoding="utf-8")
    apt.chmod(0o755)
    status, _, complaint = tree.run("pipeline/try-package", kind)
    return status, complaint


@pytest.mark.parametrize("kind", ["deb", "tarball"])
def test_a_package_is_tried_by_what_it_installs(tree, kind):
    assert packed(tree, kind, f"echo comments 0.1.0 {tree.commit}")[0] == 0


@pytest.mark.parametrize("kind", ["deb", "tarball"])
@pytest.mark.parametrize(("says", "why"), [("exit 127", "does not run"), ("echo comments 0.1.0 unknown", "not commit")])
def test_a_package_of_another_commit_or_one_that_does_not_run_is_not_released(tree, kind, says, why):
    status, complaint = packed(tree, kind, says)
    assert status == 1 and why in complaint


def test_two_packages_or_none_are_not_guessed_between(tree):
    assert tree.run("pipeline/try-package", "deb")[0] == 1


def test_every_file_of_a_release_has_its_checksum_and_the_installer_knows_where_it_is_from(released, packages):
    assert released.run("pipeline/release-assets", packages, "0.1.0")[0] == 0
    sums = dict(reversed(line.split()) for line in (packages / "SHA256SUMS").read_text(encoding="utf-8").splitlines())
    assert sums == {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in packages.iterdir()
                    if file.name != "SHA256SUMS"}
    assert set(sums) == {"comments_0.1.0_amd64.deb", "comments-0.1.0-linux-x86_64.tar.gz", "install"}
    assert "\nreleases=${COMMENTS_RELEASES:-https://code.example.com/owner/name/releases}\n" in \
        (packages / "install").read_text(encoding="utf-8")


@pytest.mark.parametrize("missing", ["*.deb", "*.tar.gz"])
def test_a_release_without_a_package_or_a_tarball_is_refused(released, packages, missing):
    next(packages.glob(missing)).unlink()
    status, _, complaint = released.run("pipeline/release-assets", packages, "0.1.0")
    assert status == 1 and f"there is no {missing[1:]}" in complaint


def test_packages_of_another_version_are_refused(released, packages):
    status, _, complaint = released.run("pipeline/release-assets", packages, "0.2.0")
    assert status == 1 and "is not of 0.2.0" in complaint


def published(released, packages, there, tagged=None):
    """gh's calls after the first, where a release is `there` (None, a draft: true, published: false) and its tag is of
    a commit, or is not yet."""
    released.run("pipeline/release-assets", packages, "0.1.0")
    released.stand_in("gh", "release", "view", says=f"{there}\n" if there else "", status=0 if there else 1)
    released.stand_in("gh", "api", "repos/owner/name/commits/tags/v0.1.0", says=f"{tagged}\n" if tagged else '{"status": "422"}',
                      status=0 if tagged else 1)
    released.stand_in("gh", "api", "repos/owner/name/git/tags", says="b" * 40 + "\n")
    released.stand_in("gh")
    status, _, complaint = released.run("pipeline/release-publish", packages, "0.1.0")
    return status, complaint, [call.words for call in released.calls("gh")[1:]]


def test_a_release_is_a_draft_until_all_of_it_is_there(released, packages):
    status, _, (create, look, tag, ref, edit) = published(released, packages, None)
    assert status == 0
    assert create[:3] == ["release", "create", "v0.1.0"] and "--draft" in create and "--target" not in create
    assert {word.rsplit("/", 1)[-1] for word in create if word.startswith(str(packages))} == {file.name for file in packages.iterdir()}
    assert look[1] == "repos/owner/name/commits/tags/v0.1.0"
    assert tag[1:] == ["repos/owner/name/git/tags", "-f", "tag=v0.1.0", "-f", "message=comments 0.1.0",
                       "-f", f"object={released.commit}", "-f", "type=commit", "--jq", ".sha"]
    assert ref[1:] == ["repos/owner/name/git/refs", "-f", "ref=refs/tags/v0.1.0", "-f", f"sha={'b' * 40}", "--silent"]
    assert edit[:3] == ["release", "edit", "v0.1.0"] and {"--draft=false", "--verify-tag"} <= set(edit)


def test_a_draft_that_was_left_is_made_anew(released, packages):
    _, _, calls = published(released, packages, "true")
    assert [words[1] for words in calls if words[0] == "release"] == ["delete", "create", "edit"]


def test_a_run_that_ended_after_the_tag_goes_on_with_it(released, packages):
    status, _, calls = published(released, packages, "true", released.commit)
    assert status == 0 and [words[1] for words in calls] == ["delete", "create", "repos/owner/name/commits/tags/v0.1.0", "edit"]


def test_a_tag_of_another_commit_is_not_moved_and_nothing_is_published(released, packages):
    status, complaint, calls = published(released, packages, None, "c" * 40)
    assert status == 1 and f"is {'c' * 40} already" in complaint and calls[-1][0] == "api"


def test_a_release_that_is_published_is_never_changed(released, packages):
    status, complaint, calls = published(released, packages, "false")
    assert status == 1 and "published already" in complaint and calls == []


def test_files_that_are_not_what_their_checksums_say_are_not_published(released, packages):
    released.run("pipeline/release-assets", packages, "0.1.0")
    next(packages.glob("*.deb")).write_text("changed", encoding="utf-8")
    released.stand_in("gh")
    status, _, complaint = released.run("pipeline/release-publish", packages, "0.1.0")
    assert status == 1 and "is not what its SHA256SUMS says" in complaint and released.calls("gh") == []
