"""scripts/bench measures what runs here: every figure is this machine's and this hour's, and what
counts are the ratios of one run. Needs wrk; peers that are missing are named and left out."""

import argparse
import contextlib
import difflib
import pathlib
import signal
import sys
import tempfile

sys.dont_write_bytecode = True

import chart  # noqa: E402
import database  # noqa: E402
import followers  # noqa: E402
import goals  # noqa: E402
import http_bench  # noqa: E402
import output  # noqa: E402
import overload  # noqa: E402
import peers  # noqa: E402
from measured import Measured  # noqa: E402


class Parser(argparse.ArgumentParser):
    """Says what to do about a word that it does not know."""

    def error(self, message):
        unknown = message.removeprefix("unrecognized arguments: ").split()[0]
        known = [option for action in self._actions for option in action.option_strings]
        near = difflib.get_close_matches(unknown, known, 1) if unknown.startswith("-") else []
        hint = f"; did you mean {near[0]}?" if near else ""
        self.exit(2, f"bench: {message}{hint} See {self.prog} --help\n")


def whole_number(lowest):
    def number(text):
        if not text.isdigit() or int(text) < lowest:
            raise argparse.ArgumentTypeError(f"'{text}': a whole number from {lowest} on")
        return int(text)
    return number


def names_of(known):
    def names(text):
        for name in text.split(","):
            if name not in known:
                raise argparse.ArgumentTypeError(f"'{name}' is none of {', '.join(known)}")
        return text.split(",")
    return names


def add_common(parser):
    parser.add_argument("--json", metavar="FILE", type=pathlib.Path,
                        help="write the result there; its keys stand in tests/bench/README.md")
    parser.add_argument("--floor", action="store_true",
                        help="exit with 1 when a ratio or a limit misses its goal")
    parser.add_argument("--quick", action="store_true", help="less of everything: under a minute")


def add_rounds(parser):
    parser.add_argument("--rounds", metavar="N", type=whole_number(1), help="[3]")
    parser.add_argument("--seconds", metavar="N", type=whole_number(1),
                        help="of each measurement [3]")


def add_http(parser):
    parser.add_argument("--peers", metavar="NAMES", type=names_of(peers.NAMES), default=peers.NAMES,
                        help=f"of {', '.join(peers.NAMES)} [all that are installed]")
    parser.add_argument("--parts", metavar="NAMES", type=names_of(list(http_bench.PARTS)),
                        default=list(http_bench.PARTS),
                        help=f"of {', '.join(http_bench.PARTS)} [all]")
    add_rounds(parser)
    parser.add_argument("--svg", metavar="FILE", type=pathlib.Path, help="draw the lists as bars")


def add_followers(parser):
    parser.add_argument("--followers", metavar="N", type=whole_number(1), help="[10000]")
    parser.add_argument("--rate", metavar="N", type=whole_number(1), help="comments/s [50]")
    parser.add_argument("--seconds", metavar="N", type=whole_number(1), help="[30]")


def parse(words):
    parser = Parser(prog="scripts/bench", description=__doc__, allow_abbrev=False)
    commands = parser.add_subparsers(dest="command", required=True, metavar="WHAT",
                                     parser_class=Parser)

    def command(name, text, *adders):
        one = commands.add_parser(name, help=text, description=text, allow_abbrev=False)
        for add in (*adders, add_common):
            add(one)

    command("http", "peers side by side, posts, pages, idle connections, start-up", add_http)
    command("followers", "many followers of one thread: is anything lost, and how late is it",
            add_followers)
    command("overload", "ten times as many clients as are good for it",
            lambda one: one.add_argument("--seconds", metavar="N", type=whole_number(1),
                                         help="[60]"))
    command("postgres", "the store in PostgreSQL beside pgbench and beside SQLite", add_rounds)
    command("all", "http, followers and overload", add_http)
    options, unknown = parser.parse_known_args(words)
    if unknown:
        commands.choices[options.command].error(f"unrecognized arguments: {' '.join(unknown)}")
    return options


def run_postgres(options, folder, measured, facts):
    with contextlib.ExitStack() as stack:
        database.run(options, folder, measured, facts, stack)


def run(options, folder):
    measured, facts = Measured(), {}
    steps = {"http": [http_bench.run], "followers": [followers.run], "overload": [overload.run],
             "postgres": [run_postgres],
             "all": [http_bench.run, followers.run, overload.run]}[options.command]
    if options.command == "all":
        first, *others = steps
        first(options, folder, measured, facts)
        options.seconds = None  # the other two have their own
        steps = others
    for step in steps:
        step(options, folder, measured, facts)
    verdicts = goals.judge(measured, facts)
    output.print_all(measured, verdicts, facts)
    if options.json:
        output.write_json(options.json, measured, verdicts, facts)
    if getattr(options, "svg", None):
        options.svg.write_text(chart.draw(measured, facts), encoding="utf-8")
    return goals.exit_code(verdicts, facts, options.floor)


def interrupt(*_):
    raise KeyboardInterrupt


def main():
    options = parse(sys.argv[1:])
    signal.signal(signal.SIGTERM, interrupt)  # so that what was started is ended
    try:
        with contextlib.ExitStack() as stack:
            folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
            return run(options, folder)
    except KeyboardInterrupt:
        print("bench: interrupted; everything it started has ended", file=sys.stderr)
        return 130
    except (RuntimeError, OSError) as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
