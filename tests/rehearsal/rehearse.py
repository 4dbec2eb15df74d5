"""Usage: scripts/rehearse [CASE…] [--list] [--quick] [--watch] [--keep]

Rolls releases out on this machine, good ones and bad ones, as `comments deploy` does it on Google Cloud: with a
stand-in for gcloud and Cloud Run, and all else real: Terraform, PostgreSQL, Prometheus, readers, and every revision a
process of this program. It tells what happens, checks it, and closes with a table. Without CASE: all of them.

  --list    the cases, and what each shows
  --quick   only the two of the everyday tests: a good release and a bad one
  --watch   shows everything that comments deploy says, and its canaries take longer
  --keep    leaves each case's folder, with every log and the journal of calls

tests/rehearsal/README.md says what the stand-ins are, and what they cannot show.
"""

import os
import pathlib
import re
import shutil
import sys
import time
import traceback

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path[:0] = [str(HERE), str(HERE / "standin"), str(ROOT / "tests/support")]
import cases  # noqa: E402  beside this
import postgres_server  # noqa: E402  tests/support
import world as worlds  # noqa: E402

NEEDED = {"terraform": "https://developer.hashicorp.com/terraform/install", "prometheus": "scripts/setup test",
          "wrk": "scripts/setup test", "git": "scripts/setup build"}
SLOWER = {"canary-bake": "12s"}
LEFT_OUT = 77
WIDTH = 130


class Say:
    """What is told: our own lines, and those of comments deploy."""

    def __init__(self, watch):
        self.watch, self.begun = watch, time.monotonic()
        self.bold = ("\033[1m", "\033[0m") if sys.stdout.isatty() and "NO_COLOR" not in os.environ else ("", "")

    def __call__(self, text):
        print(f"{time.monotonic() - self.begun:7.1f} s  {text}", flush=True)

    def title(self, text):
        print(f"\n{self.bold[0]}== {text}{self.bold[1]}", flush=True)

    def output(self, line):
        """The ends of steps and every move of traffic; who watches wants all of it."""
        if self.watch:
            print(f"           | {line}", flush=True)
        elif line.startswith(("✓", "✗")) or " traffic: " in line:
            print(f"           | {line[:WIDTH]}", flush=True)


class LeftOut(Exception):
    """Why it cannot be rehearsed here."""


def programs():
    """What is rehearsed, and the commit that it was built from."""
    comments = pathlib.Path(os.environ.get("COMMENTS_BINARY") or ROOT / "build/release/comments").resolve()
    troubled = pathlib.Path(os.environ.get("COMMENTS_TROUBLED_SERVE") or
                            comments.parent / "tests/rehearsal/troubled_serve")
    if not comments.exists() or not troubled.exists():
        sys.exit("scripts/rehearse: build it first: scripts/test --build-only, or cmake --build --preset release")
    cache = (comments.parent / "CMakeCache.txt").read_text(encoding="utf-8")
    commit = next(line.partition("=")[2] for line in cache.splitlines() if line.startswith("COMMENTS_COMMIT:"))
    if not re.fullmatch("[0-9a-f]{40}", commit):
        raise LeftOut("this build names no commit: scripts/test configures it with one")
    return {"comments": comments, "troubled_serve": troubled}, commit


def check_machine():
    for program, remedy in NEEDED.items():
        if not shutil.which(program):
            raise LeftOut(f"there is no {program}: {remedy}")
    programs()


def run_case(name, server, say, keep):
    """"" when all its checks held; else the one that did not."""
    case, (paths, commit) = cases.ALL[name], programs()
    settings = {**case.settings, **(SLOWER if say.watch and not case.settings else {})}
    world = worlds.World(paths, commit, server, name.replace("-", "_"), say, **settings)
    world.keep = keep
    if keep:
        say(f"everything is in {world.folder}")
    with world:
        try:
            case.run(world)
            return ""
        except worlds.Failure as failure:
            say(f"NOT SO: {failure}")
            tell_more(world, say)
            return str(failure)
        except Exception as error:  # noqa: BLE001  the others are still rehearsed
            traceback.print_exc()
            tell_more(world, say)
            return f"{type(error).__name__}: {error}"


def tell_more(world, say):
    if world.last and not say.watch:
        print(world.last.text, flush=True)
    log = world.file("cloud-run.log").read_text(encoding="utf-8")
    print(f"the stand-in's own log: {log or 'nothing'}", flush=True)


def table(results):
    width = max(len(name) for name, _, _ in results)
    print(f"\n{'case':<{width}}  seconds  result")
    for name, seconds, fault in results:
        print(f"{name:<{width}}  {seconds:7.1f}  {'ok' if not fault else 'NOT SO: ' + fault.splitlines()[0][:100]}")
    failed = sum(bool(fault) for _, _, fault in results)
    print(f"{len(results) - failed} of {len(results)} cases as they should be, in {sum(r[1] for r in results):.0f} s")
    return failed


def chosen(words):
    known = cases.load()
    flags = {word for word in words if word.startswith("--")}
    names = [word for word in words if not word.startswith("--")]
    if unknown := (flags - {"--quick", "--watch", "--keep", "--understand"}) | (set(names) - known.keys()):
        print(f"scripts/rehearse: there is no {', '.join(sorted(unknown))}; see --help and --list", file=sys.stderr)
        sys.exit(2)
    if not names:
        names = [name for name, case in known.items() if case.quick or "--quick" not in flags]
    return names, flags


def main(words):
    if "--help" in words or "-h" in words:
        print(__doc__, end="")
        return 0
    if "--list" in words:
        known = cases.load()
        width = max(map(len, known))
        for name, case in known.items():
            print(f"{name:<{width}}  {case.title}")
        return 0
    names, flags = chosen(words)
    if "--understand" in flags:  # of scripts/rehearse: are there such cases?
        return 0
    try:
        check_machine()
    except LeftOut as reason:
        print(f"LEFT OUT: {reason}", file=sys.stderr)
        return LEFT_OUT
    say, results = Say("--watch" in flags), []
    server = postgres_server.Server(settings={"fsync": "off", "max_connections": 200})
    try:
        server.create().start()
        for name in names:
            say.title(f"{name}: {cases.ALL[name].title}")
            begun = time.monotonic()
            fault = run_case(name, server, say, "--keep" in flags)
            results.append((name, time.monotonic() - begun, fault))
    except KeyboardInterrupt:
        say("interrupted")
        return 130
    finally:
        server.remove()
    return 1 if table(results) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
