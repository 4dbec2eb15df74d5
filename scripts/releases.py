"""What a release is made of: which commits count, what they make of the version, what the changelog says
of them. Pure, but for History, which asks git.

A commit counts by, in this order:
  1. a trailer `Release-Note: KIND [TEXT]`, KIND one of breaking, feat, fix, none; TEXT is the changelog's line
  2. a footer `BREAKING CHANGE: TEXT`, or `!` before the colon (conventionalcommits.org): breaking
  3. a conventional type, in any case: feat; fix, perf and revert are fix; docs, chore, style, refactor, test, build, ci: none
  4. the area before the colon, `area: imperative`: fix where the area is part of what is installed or
     deployed, none where it is not
  5. anything else: fix
A revert of a commit, or of a merge, that no release has takes away both, and what the merge had brought.

What somebody wrote under Unreleased counts too, so that nobody has to say a thing twice: "Removed" and
"**Breaking" as breaking, "Added" as feat, all else as fix.
"""

import dataclasses
import re
import subprocess

BREAKING, FEAT, FIX, NONE = "breaking", "feat", "fix", "none"
KINDS = (BREAKING, FEAT, FIX, NONE)
TYPES = {"feat": FEAT, "fix": FIX, "perf": FIX, "revert": FIX,
         **dict.fromkeys(("docs", "chore", "style", "refactor", "test", "build", "ci"), NONE)}
# Nobody who runs the service gets anything of these.
INTERNAL_AREAS = {"tests", "bench", "scripts", "lint", "setup", "changelog", "release"}
SECTIONS = {BREAKING: "Changed", FEAT: "Added", FIX: "Fixed"}

SUBJECT = re.compile(r"(?P<areas>[\w./-]+(?:, ?[\w./-]+)*)(?:\((?P<scope>[^)]*)\))?(?P<mark>!)?: +(?P<text>.+)")
NOTE = re.compile(r"^Release-Note:[ \t]*(\S+)[ \t]*(.*(?:\n[ \t]+.*)*)", re.MULTILINE)
BREAKING_FOOTER = re.compile(r"^BREAKING[ -]CHANGE: *(.*(?:\n[ \t]+.*)*)", re.MULTILINE)
REVERTS = re.compile(r"This reverts commit ([0-9a-f]{7,40})(?:, reversing\s+changes made to ([0-9a-f]{7,40}))?")
VERSION = re.compile(r"v?(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")


class Fault(Exception):
    """Says what is wrong and what to do."""


@dataclasses.dataclass(frozen=True)
class Commit:
    hash: str
    subject: str
    body: str = ""
    wrote_changelog: bool = False  # then its line is there already
    merged: tuple = ()  # the hashes that a merge had brought which it takes back


@dataclasses.dataclass(frozen=True)
class Change:
    kind: str
    text: str  # the changelog's line
    commit: Commit


def one_line(text):
    return " ".join(text.split())


def change_of(commit):
    """What a commit is to its users. A Release-Note of no known kind is a Fault."""
    parts = SUBJECT.fullmatch(commit.subject)
    text = parts["text"] if parts else commit.subject
    areas = [area.strip().lower() for area in parts["areas"].split(",")] if parts else []
    note = NOTE.search(commit.body)
    if note:
        if note[1].rstrip(":") not in KINDS:
            raise Fault(f"{commit.hash[:12]} says 'Release-Note: {note[1]}': it is one of {', '.join(KINDS)}")
        return Change(note[1].rstrip(":"), one_line(note[2]) or text, commit)
    footer = BREAKING_FOOTER.search(commit.body)
    if footer or (parts and parts["mark"]):
        return Change(BREAKING, one_line(footer[1]) if footer and footer[1].strip() else text, commit)
    if len(areas) == 1 and areas[0] in TYPES:
        return Change(TYPES[areas[0]], text, commit)
    internal = areas and all(area in INTERNAL_AREAS | {a for a, kind in TYPES.items() if kind == NONE} for area in areas)
    return Change(NONE if internal else FIX, text, commit)


def changes_of(commits):
    """Of commits, the newest first. What was taken back again before anybody had it is left out."""
    hashes = [commit.hash for commit in commits]
    gone = set()
    for commit in commits:
        if commit.hash not in gone:
            named = [found[1] for found in REVERTS.finditer(commit.body)]
            targets = {known for known in hashes if known in commit.merged or known.startswith(tuple(named))}
            gone |= {commit.hash, *targets} if targets else set()
    return [change_of(commit) for commit in commits if commit.hash not in gone]


def numbers(version):
    found = VERSION.fullmatch(version)
    if not found:
        raise Fault(f"'{version}' is not a version: three numbers, such as 1.4.0")
    return tuple(int(number) for number in found.groups())


def next_version(last, kinds, *, first_stable=False):
    """The version after `last`, by a set of kinds; None: nothing that anybody would notice. Below 1.0.0 what breaks raises the
    second number (semver.org, 4); 1.0.0 is a decision, `first_stable`, never an arithmetic one."""
    major, minor, patch = numbers(last)
    if first_stable:
        if major:
            raise Fault(f"{last} is stable already")
        return "1.0.0"
    if BREAKING in kinds and major:
        return f"{major + 1}.0.0"
    if kinds & {BREAKING, FEAT}:
        return f"{major}.{minor + 1}.0"
    return f"{major}.{minor}.{patch + 1}" if FIX in kinds else None


# --- The changelog (keepachangelog.com). --------------------------------------------------------

UNRELEASED = re.compile(r"^## \[?Unreleased\]?[ \t]*\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL | re.IGNORECASE)
RELEASED = re.compile(r"^## \[?(\d+\.\d+\.\d+)\]?(?: - (\S+))?[ \t]*\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
ORDER = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"]


def sections_of(text):
    """Name → text of the parts that begin with ###."""
    parts = re.split(r"^### +(.+?)[ \t]*\n", text, flags=re.MULTILINE)
    if parts[0].strip():
        raise Fault("Unreleased has text before its first '### ': put it under Added, Changed, Fixed …")
    return {name: body.strip("\n") for name, body in zip(parts[1::2], parts[2::2], strict=True)}


def written_kinds(text):
    """What the changelog's Unreleased says that there is."""
    found = UNRELEASED.search(text)
    sections = sections_of(found[1]) if found else {}
    return {BREAKING if name == "Removed" or "**Breaking" in body else FEAT if name == "Added" else FIX
            for name, body in sections.items() if body.strip()}


def line_of(change):
    text = change.text[:1].upper() + change.text[1:]
    mark = "**Breaking:** " if change.kind == BREAKING else ""
    return f"- {mark}{text.rstrip('.')}. ({change.commit.hash[:12]})"


def released(text, version, date, changes=()):
    """The changelog in which Unreleased has become `version`: what was written there, and a line for each
    change whose commit wrote none."""
    if version in [found[1] for found in RELEASED.finditer(text)]:
        raise Fault(f"the changelog has {version} already")
    found = UNRELEASED.search(text)
    if not found:
        raise Fault("the changelog has no '## Unreleased'")
    sections = sections_of(found[1])
    for change in changes:
        if change.kind != NONE and not change.commit.wrote_changelog:
            name = SECTIONS[change.kind]
            sections[name] = (sections.get(name, "") + "\n" + line_of(change)).lstrip("\n")
    if not any(body.strip() for body in sections.values()):
        raise Fault(f"there is nothing to say of {version}: Unreleased is empty, and no commit counts")
    names = [name for name in ORDER if name in sections] + [name for name in sections if name not in ORDER]
    body = "\n\n".join(f"### {name}\n{sections[name]}" for name in names if sections[name].strip())
    rest = text[found.end():]
    return (text[:found.start()] + f"## Unreleased\n\n## {version} - {date}\n\n{body}\n" + ("\n" + rest if rest else ""))


def notes_of(text, version):
    """What the changelog says of a version."""
    for found in RELEASED.finditer(text):
        if found[1] == version:
            return found[3].strip() + "\n"
    raise Fault(f"the changelog has no '## {version}'")


def newest_of(text):
    """The version that the changelog names first; None where it has none."""
    found = RELEASED.search(text)
    return found[1] if found else None


# --- git. --------------------------------------------------------------------------------------


class History:
    """The commits of a checkout. Everything is asked of git, nothing changed."""

    def __init__(self, root):
        self.root = root
        if self.git("rev-parse", "--is-shallow-repository").strip() == "true":
            raise Fault("this checkout has not the whole history: git fetch --unshallow --tags")

    def git(self, *words):
        done = subprocess.run(["git", "-C", self.root, *words], capture_output=True, encoding="utf-8", errors="replace",
                              check=False, timeout=60)
        if done.returncode:
            raise Fault(f"git {words[0]}: {done.stderr.strip()}")
        return done.stdout

    def before(self, file):
        """A file as it was before HEAD, on the branch that HEAD went into; empty where there was none."""
        try:
            return self.git("show", f"HEAD^:{file}")
        except Fault:
            return ""

    def last_tag(self):
        """The highest vX.Y.Z that HEAD contains; None: no release yet."""
        tags = [tag for tag in self.git("tag", "--merged", "HEAD", "--list", "v*").split()
                if tag.startswith("v") and VERSION.fullmatch(tag)]
        return max(tags, key=numbers, default=None)

    def commits(self, since=None):
        """Newest first, merges left out: what they bring is there itself."""
        said = self.git("log", "--no-merges", "--format=%x1e%H%x1f%s%x1f%b%x1f", "--name-only",
                        f"{since}..HEAD" if since else "HEAD")
        commits = []
        for record in said.split("\x1e")[1:]:
            hash_, subject, body, files = record.split("\x1f")
            commits.append(Commit(hash_, subject, body, "CHANGELOG.md" in files.split("\n"), self.merged_by(body)))
        return commits

    def merged_by(self, body):
        """What the merges had brought that a commit with this message takes back; of merges of another history nothing."""
        brought = []
        for merge, before in REVERTS.findall(body):
            try:
                brought += self.git("rev-list", "--no-merges", f"{before}..{merge}").split() if before else []
            except Fault:
                continue
        return tuple(brought)


PROJECT_VERSION = re.compile(r"(project\(comments VERSION )(\d+\.\d+\.\d+)")


def built_version(cmake):
    """What CMakeLists.txt says; the version of `comments --version`."""
    found = PROJECT_VERSION.search(cmake)
    if not found:
        raise Fault("CMakeLists.txt has no 'project(comments VERSION X.Y.Z'")
    return found[2]


def planned(root, *, first_stable=False):
    """(last tag, changes since, next version) of a checkout. The first release is what CMakeLists.txt says,
    and all of it is new: no commit is named."""
    history = History(root)
    last = history.last_tag()
    if last is None:
        return None, [], "1.0.0" if first_stable else built_version((root / "CMakeLists.txt").read_text(encoding="utf-8"))
    changes = changes_of(history.commits(last))
    kinds = {change.kind for change in changes} | written_kinds((root / "CHANGELOG.md").read_text(encoding="utf-8"))
    return last, changes, next_version(last.removeprefix("v"), kinds, first_stable=first_stable)
