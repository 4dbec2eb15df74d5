"""Which version the next release has."""

import pytest
from releases import Commit, Fault, change_of, numbers


def kind(subject, body=""):
    return change_of(Commit("0123456789abcdef", subject, body)).kind


def test_a_conventional_type_says_what_a_commit_is():
    assert kind("feat: pages with cursors") == "feat"
    assert kind("feat(api): pages with cursors") == "feat"
    assert kind("fix: no list is cut") == "fix"
    assert kind("perf: lists from memory") == "fix"
    assert kind("chore: a newer shellcheck") == "none"
    assert kind("docs: what a cursor is") == "none"


def test_a_mark_or_a_footer_breaks():
    assert kind("feat!: lists have pages") == "breaking"
    assert kind("fix(api)!: an empty id is refused") == "breaking"
    assert kind("api: an empty id is refused", "Why.\n\nBREAKING CHANGE: GET / with an empty id is 404") == "breaking"
    assert kind("api: an empty id is refused", "BREAKING-CHANGE: it is 404") == "breaking"


def test_an_area_that_is_installed_counts_as_a_fix_and_one_that_is_not_as_nothing():
    assert kind("api: a post is answered") == "fix"
    assert kind("store, api: a post is answered") == "fix"
    assert kind("terraform: a load balancer at will") == "fix"
    assert kind("tests: a slow disk") == "none"
    assert kind("docs, tests: what a slow disk does") == "none"
    assert kind("tests, api: a post is answered") == "fix"  # one of the two is enough


def test_a_note_says_it_for_an_area_and_is_stronger_than_all_else():
    assert kind("api: pages with cursors", "Why.\n\nRelease-Note: feat") == "feat"
    assert kind("tests: none of it is seen", "Release-Note: breaking Lists have pages.") == "breaking"
    assert kind("feat!: tried and switched off", "Release-Note: none") == "none"


def test_a_note_may_have_the_words_for_the_changelog_over_more_than_one_line():
    change = change_of(Commit("0" * 40, "api: pages", "Release-Note: feat Lists have\n  pages with cursors.\nSigned-off-by: a"))
    assert change.text == "Lists have pages with cursors."


def test_a_note_of_no_known_kind_is_refused_and_not_guessed():
    with pytest.raises(Fault, match="one of breaking, feat, fix, none"):
        kind("api: pages", "Release-Note: feature")


def test_what_has_no_form_counts_as_a_fix():
    assert kind("Make it work") == "fix"


def test_the_first_release_is_what_cmake_says(sample):
    sample.commit("feat: everything")
    assert sample.next() == (0, "0.1.0", "")


@pytest.mark.parametrize(("last", "messages", "expected"), [
    ("v1.2.3", ["api: a post is answered"], "1.2.4"),
    ("v1.2.3", ["feat: pages", "fix: no list is cut"], "1.3.0"),
    ("v1.2.3", ["feat!: pages", "feat: counts"], "2.0.0"),
    ("v0.2.3", ["feat!: pages"], "0.3.0"),
    ("v0.2.3", ["feat: pages"], "0.3.0"),
    ("v0.2.3", ["fix: no list is cut"], "0.2.4"),
    ("v1.9.9", ["feat: pages"], "1.10.0"),
    ("v1.2.3", ["Feat: pages", "Tests: a slow disk"], "1.3.0"),
])
def test_the_strongest_commit_since_the_last_tag_decides(sample, last, messages, expected):
    sample.commit("feat!: long ago")
    sample.tag(last)
    for message in messages:
        sample.commit(message)
    assert sample.next() == (0, expected, "")


def test_where_nothing_counts_there_is_nothing_to_release(sample):
    sample.tag("v1.2.3")
    sample.commit("tests: a slow disk")
    assert sample.next() == (3, "", "nothing to release since v1.2.3")


def test_tags_are_compared_as_numbers_and_other_tags_are_no_versions(sample):
    for tag in ("v1.9.0", "v1.10.0", "v2.0.0-rc.1", "very-old", "v3"):
        sample.tag(tag)
    sample.commit("fix: no list is cut")
    assert sample.next()[1] == "1.10.1"


def test_a_tag_of_another_branch_does_not_count(sample):
    sample.tag("v1.0.0")
    sample.git("switch", "--quiet", "--create", "old")
    sample.commit("fix: an old one")
    sample.tag("v1.0.9")
    sample.git("switch", "--quiet", "main")
    sample.commit("fix: a new one")
    assert sample.next()[1] == "1.0.1"


def test_what_was_taken_back_before_its_release_does_not_count(sample):
    sample.tag("v1.2.3")
    sample.commit("feat!: lists have pages")
    sample.git("revert", "--no-edit", "HEAD")
    assert sample.next()[0] == 3
    sample.git("revert", "--no-edit", "HEAD")  # and back again
    assert sample.next()[1] == "2.0.0"


def test_a_commit_may_take_back_several(sample):
    sample.tag("v1.2.3")
    pages, counts = sample.commit("feat: pages"), sample.commit("feat: counts")
    sample.commit(f"Revert both\n\nThis reverts commit {pages}.\nThis reverts commit {counts}.")
    assert sample.next()[0] == 3


def test_taking_back_a_merge_takes_back_what_it_brought_and_nothing_else(sample):
    sample.tag("v1.2.3")
    sample.git("switch", "--quiet", "--create", "pages")
    sample.commit("feat!: pages")
    sample.commit("fix: no page is cut")
    sample.git("switch", "--quiet", "main")
    sample.git("commit", "--quiet", "--allow-empty", "-m", "feat: counts")
    sample.git("merge", "--quiet", "--no-ff", "-m", "Merge branch 'pages'", "pages")
    sample.git("revert", "--no-edit", "--mainline", "1", "HEAD")
    assert sample.next()[1] == "1.3.0"
    sample.git("revert", "--no-edit", "HEAD")  # and back again
    assert sample.next()[1] == "2.0.0"


def test_taking_back_a_merge_that_nobody_knows_is_a_fix(sample):
    sample.tag("v1.2.3")
    sample.commit(f"Revert a merge\n\nThis reverts commit {'a' * 40}, reversing\nchanges made to {'b' * 40}.")
    assert sample.next()[1] == "1.2.4"


def test_what_no_encoding_explains_is_read_all_the_same(sample, monkeypatch):
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.setenv("PYTHONUTF8", "0")
    sample.tag("v1.2.3")
    sample.commit("feat: páginas → outras")
    (sample.root / "message").write_bytes(b"fix: caf\xe9\n")
    sample.git("commit", "--quiet", "--allow-empty", "--file", "message")
    assert sample.next()[1] == "1.3.0"


def test_taking_back_what_a_release_has_is_a_fix(sample):
    sample.commit("feat: pages")
    sample.tag("v1.2.3")
    sample.git("revert", "--no-edit", "HEAD")
    assert sample.next()[1] == "1.2.4"


def test_what_is_written_under_unreleased_counts_too(sample):
    sample.tag("v1.2.3")
    sample.write("CHANGELOG.md", "# Changelog\n\n## Unreleased\n\n### Added\n- Pages.\n")
    sample.commit("api: pages")
    assert sample.next()[1] == "1.3.0"
    sample.write("CHANGELOG.md", "# Changelog\n\n## Unreleased\n\n### Removed\n- Pages.\n")
    sample.commit("api: no pages")
    assert sample.next()[1] == "2.0.0"


def test_a_merge_counts_by_what_it_brings(sample):
    sample.tag("v1.0.0")
    sample.git("switch", "--quiet", "--create", "pages")
    sample.commit("feat: pages")
    sample.git("switch", "--quiet", "main")
    sample.git("merge", "--quiet", "--no-ff", "-m", "Merge branch 'pages'", "pages")
    assert sample.next()[1] == "1.1.0"


def test_the_first_stable_version_is_a_decision(sample):
    sample.tag("v0.9.0")
    sample.commit("feat!: pages")
    assert sample.next() == (0, "0.10.0", "")
    assert sample.next("--first-stable") == (0, "1.0.0", "")
    sample.tag("v1.0.0")
    sample.commit("feat: counts")
    status, _, said = sample.next("--first-stable")
    assert status == 1 and "1.0.0 is stable already" in said


def test_a_history_that_was_cut_off_is_refused(sample, tmp_path):
    sample.commit("feat: pages")
    sample.git("clone", "--quiet", "--depth", "1", f"file://{sample.root}", tmp_path / "cut")
    sample.root = tmp_path / "cut"
    status, _, said = sample.next()
    assert status == 1 and "git fetch --unshallow --tags" in said


def test_explain_names_each_commit_and_its_kind(sample):
    sample.tag("v1.0.0")
    hash_ = sample.commit("feat: pages")
    assert f"feat     {hash_[:12]} feat: pages" in sample.next("--explain")[2]


@pytest.mark.parametrize("text", ["1.2", "1.2.3.4", "01.2.3", "1.2.3-rc.1", "", "latest"])
def test_a_version_is_three_numbers(text):
    with pytest.raises(Fault, match="three numbers"):
        numbers(text)
