"""What was called, in order, and the faults that a test has planned: kept in a folder, so that every process of
a rehearsal finds them.

The journal is a file of JSON lines, {"call": 1, "argv": [...]}. A fault is {"match": TEXT} for calls whose words,
joined by spaces, hold TEXT, or {"call": N} for the N-th of all, with {"nth": N} for the N-th that matches (else
each does), and one deed:

    {"fail": STATUS, "stderr": TEXT}   it does nothing, and fails
    {"lose": true}                     it does everything, and its answer is lost on the way
    {"pretend": true}                  it does nothing, and says that it has
    {"hang": SECONDS}                  it waits before it does anything
    {"kill": "before"}                 it kills its parent, and does nothing
    {"kill": "after"}                  it does everything, and then kills its parent
"""

import contextlib
import fcntl
import json
import os
import pathlib
import signal
import sys
import time


@contextlib.contextmanager
def locked(folder):
    with open(pathlib.Path(folder, "lock"), "ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def read(folder):
    """[argv]"""
    file = pathlib.Path(folder, "journal.ndjson")
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return [json.loads(line)["argv"] for line in lines]


def enter(folder, argv):
    """Writes the call down; returns the fault that is planned for it, or {}."""
    with locked(folder):
        earlier = read(folder)
        with open(pathlib.Path(folder, "journal.ndjson"), "a", encoding="utf-8") as file:
            file.write(json.dumps({"call": len(earlier) + 1, "argv": argv}) + "\n")
    with contextlib.suppress(FileNotFoundError):
        for fault in json.loads(pathlib.Path(folder, "faults.json").read_text(encoding="utf-8")):
            if meets(fault, earlier, argv):
                return fault
    return {}


def meets(fault, earlier, argv):
    if "call" in fault:
        return len(earlier) + 1 == fault["call"]
    first = fault.get("after", 0)  # calls before this one are not looked at
    matching = [words for words in [*earlier[first:], argv] if fault["match"] in " ".join(words)]
    return bool(matching) and matching[-1] is argv and len(matching) == fault.get("nth", len(matching))


def kill_parent():
    """Only of the program that is rehearsed: a test's shell is left alone."""
    parent = os.getppid()
    name = pathlib.Path(f"/proc/{parent}/comm").read_text(encoding="utf-8").strip()
    if name == "comments":
        os.kill(parent, signal.SIGKILL)
    else:
        print(f"stand-in: the parent is {name!r}, and not comments: it lives on", file=sys.stderr)


def lose(deed):
    """What gcloud says where the connection breaks off."""
    with open(os.devnull, "w", encoding="utf-8") as nowhere, contextlib.redirect_stdout(nowhere), \
            contextlib.redirect_stderr(nowhere):
        deed()
    print("ERROR: gcloud crashed (ConnectionError): ('Connection aborted.', RemoteDisconnected('Remote end closed "
          "connection without response'))", file=sys.stderr)
    return 1


def carry_out(fault, deed):
    """Calls deed(), which returns an exit status, under the fault; returns the status."""
    if "fail" in fault:
        print(fault.get("stderr", "ERROR: planned by the test"), file=sys.stderr)
        return fault["fail"]
    if fault.get("kill") == "before":
        kill_parent()
        return 137
    if fault.get("pretend"):
        return 0
    if fault.get("lose"):
        return lose(deed)
    time.sleep(fault.get("hang", 0))
    status = deed()
    if fault.get("kill") == "after":
        kill_parent()
    return status
