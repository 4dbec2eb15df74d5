"""What the bench says: progress on standard error, tables on standard output, JSON in a file."""

import json
import os
import pathlib
import platform
import sys

FIGURES = {  # figure → (column, format)
    "requests_per_s": ("requests/s", "{:,.0f}"),
    "mib_per_s": ("MiB/s", "{:,.0f}"),
    "ready_ms": ("ready ms", "{:.0f}"),
    "ready_max_ms": ("max", "{:.0f}"),
    "events_per_s": ("events/s", "{:,.0f}"),
    "p50_ms": ("p50 ms", "{:.2f}"),
    "p99_ms": ("p99 ms", "{:.2f}"),
    "max_ms": ("max ms", "{:.2f}"),
    "refused_per_s": ("503/s", "{:,.0f}"),
    "refused_p99_ms": ("503 p99", "{:.2f}"),
    "recovery_s": ("normal after s", "{:.1f}"),
    "cpu_us": ("CPU µs/req", "{:.1f}"),
    "cpu_cores": ("cores", "{:.2f}"),
    "reader_cores": ("reader's", "{:.2f}"),
    "load_cores": ("the load's", "{:.2f}"),
    "memory_mib": ("MiB", "{:,.1f}"),
    "more_mib": ("MiB more", "{:,.1f}"),
    "server_us": ("database µs/post", "{:.1f}"),
    "commits": ("commits/post", "{:.3f}"),
    "wal_bytes": ("WAL bytes/post", "{:,.0f}"),
    "backends": ("backends", "{:,.0f}"),
    "lost": ("lost", "{:,.0f}"),
    "wrong": ("wrong", "{:,.0f}"),
    "errors": ("errors", "{:,.0f}"),
}
COMPARED = ("list", "posts")  # sections with a column for ours ÷ theirs


def say(text):
    print(f"\033[2m{text}\033[0m" if sys.stderr.isatty() else text, file=sys.stderr, flush=True)


def warn(text):
    print(f"\033[1m{text}\033[0m" if sys.stderr.isatty() else text, file=sys.stderr, flush=True)


def format_table(header, rows):
    """The first column to the left, figures to the right."""
    widths = [max(len(row[i]) for row in (header, *rows)) for i in range(len(header))]
    return "\n".join("  ".join(cell.ljust(width) if i == 0 else cell.rjust(width)
                               for i, (cell, width) in enumerate(zip(row, widths))).rstrip()
                     for row in (header, *rows))


def section_table(measured, section):
    rows = measured.rows(section)
    names = [name for name in FIGURES if any(name in figures for _, _, figures in rows)]
    header = [section, "load", *(FIGURES[name][0] for name in names)]
    compared = section in COMPARED and "comments serve" in {row for row, _, _ in rows}
    if compared:
        header += ["ours ÷ it", "CPU: ours ÷ it"]
    cells = []
    for row, load, figures in rows:
        line = [row, load, *(FIGURES[name][1].format(figures[name]) if name in figures else ""
                             for name in names)]
        if compared and not row.startswith("comments, "):
            for name in ("requests_per_s", "cpu_us"):
                ratio = measured.ratio(section, name, ("comments serve", load), (row, load))
                line.append(f"{ratio:.2f}" if ratio else "")
        line += [""] * (len(header) - len(line))
        cells.append(line)
    return format_table(header, cells)


def verdict_line(verdict):
    sign = "≥" if verdict["at_least"] else "≤"
    floor = verdict["floor"]
    word = ("reached" if verdict["reached"] else "goal" if floor is None
            else "floor" if verdict["holds"] else "MISSED")
    bound = "" if floor is None else f"floor {sign} {floor:g}, "
    return (f"  {word:7}  {verdict['name']}: "
            f"{verdict['value']:.2f} ({bound}goal {sign} {verdict['goal']:g})")


def print_all(measured, verdicts, facts):
    for section in measured.sections():
        print(section_table(measured, section), end="\n\n")
    judged = [verdict for verdict in verdicts if verdict["value"] is not None]
    if judged:
        print("goals (ratios are the median of the rounds' own)")
        print("\n".join(map(verdict_line, judged)))
    for name, why in facts.get("left_out", {}).items():
        print(f"left out: {name}: {why}")
    for note in facts.get("notes", []):
        print(note)
    sys.stdout.flush()
    for section, row, load, count in measured.errors():
        warn(f"ERRORS: {count:,} in {section}, {row}, load {load}")


def machine():
    model = next((line.split(":", 1)[1].strip()
                  for line in pathlib.Path("/proc/cpuinfo").read_text("utf-8").splitlines()
                  if line.startswith("model name")), platform.machine())
    release = dict(line.split("=", 1) for line in
                   pathlib.Path("/etc/os-release").read_text("utf-8").splitlines() if "=" in line)
    return {"cores": len(os.sched_getaffinity(0)), "cpu": model, "kernel": platform.release(),
            "system": release.get("PRETTY_NAME", "").strip('"'),
            "load_average": round(os.getloadavg()[0], 2)}


def write_json(path, measured, verdicts, facts):
    result = {"format": 1, "machine": machine(), **facts, "results": measured.as_json(),
              "goals": verdicts}
    path.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
