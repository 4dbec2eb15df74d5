"""What the changelog says of a release."""

WRITTEN = """# Changelog

Words above.

## Unreleased

### Fixed
- A list is never cut.

### Added
- Pages with cursors.
  They have links.

## 1.0.0 - 2026-01-31

### Added
- Everything.
"""


def changelog(sample, *words):
    return sample.run("changelog", *words, "--date", "2026-02-28")


def test_unreleased_becomes_the_version_and_an_empty_one_is_above_it(sample):
    sample.write("CHANGELOG.md", WRITTEN)
    sample.commit("docs: the changelog")
    sample.tag("v1.0.0")
    assert changelog(sample, "1.1.0") == (0, "", "")
    assert sample.read("CHANGELOG.md") == """# Changelog

Words above.

## Unreleased

## 1.1.0 - 2026-02-28

### Added
- Pages with cursors.
  They have links.

### Fixed
- A list is never cut.

## 1.0.0 - 2026-01-31

### Added
- Everything.
"""


def test_a_commit_that_wrote_no_line_gets_one_under_what_it_is(sample):
    sample.tag("v1.0.0")
    hashes = [sample.commit(message)[:12] for message in (
        "feat: counts of threads", "api: an empty id is refused\n\nBREAKING CHANGE: it was taken before",
        "fix(store): no list is cut", "tests: a slow disk",
        "cli: pages\n\nRelease-Note: feat `comments list` has pages.")]
    assert changelog(sample, "2.0.0")[0] == 0
    assert sample.read("CHANGELOG.md") == f"""# Changelog

## Unreleased

## 2.0.0 - 2026-02-28

### Added
- `comments list` has pages. ({hashes[4]})
- Counts of threads. ({hashes[0]})

### Changed
- **Breaking:** It was taken before. ({hashes[1]})

### Fixed
- No list is cut. ({hashes[2]})
"""


def test_a_commit_that_wrote_its_line_is_not_named_twice(sample):
    sample.tag("v1.0.0")
    sample.write("CHANGELOG.md", "# Changelog\n\n## Unreleased\n\n### Added\n- Pages.\n")
    sample.commit("feat: pages")
    changelog(sample, "1.1.0")
    assert sample.read("CHANGELOG.md").count("ages") == 1


def test_of_the_first_release_no_commit_is_named(sample):
    sample.write("CHANGELOG.md", "# Changelog\n\n## Unreleased\n\n### Added\n- Everything.\n")
    sample.commit("feat: one of many")
    changelog(sample, "0.1.0")
    assert "one of many" not in sample.read("CHANGELOG.md").lower()
    assert "## 0.1.0 - 2026-02-28\n\n### Added\n- Everything." in sample.read("CHANGELOG.md")


def test_a_release_of_nothing_is_refused(sample):
    before = sample.read("CHANGELOG.md")
    status, _, said = changelog(sample, "0.1.0")
    assert status == 1 and "there is nothing to say of 0.1.0" in said
    assert sample.read("CHANGELOG.md") == before


def test_a_version_is_released_once(sample):
    sample.write("CHANGELOG.md", WRITTEN)
    status, _, said = changelog(sample, "1.0.0")
    assert status == 1 and "the changelog has 1.0.0 already" in said


def test_a_changelog_without_unreleased_or_with_loose_text_is_refused(sample):
    sample.write("CHANGELOG.md", "# Changelog\n")
    assert "no '## Unreleased'" in changelog(sample, "0.1.0")[2]
    sample.write("CHANGELOG.md", "# Changelog\n\n## Unreleased\n- Loose.\n")
    assert "put it under Added, Changed, Fixed" in changelog(sample, "0.1.0")[2]


def test_show_prints_one_version_alone(sample):
    sample.write("CHANGELOG.md", WRITTEN)
    assert sample.run("changelog", "--show", "1.0.0") == (0, "### Added\n- Everything.", "")
    assert "the changelog has no '## 9.9.9'" in sample.run("changelog", "--show", "9.9.9")[2]
