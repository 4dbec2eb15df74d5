"""A real program, run under the journal and its faults: program.py FOLDER NAME WORDS…"""

import os
import shutil
import subprocess
import sys

import journal


def real(name, folder):
    """The one on PATH that is not ours."""
    ours = os.path.join(folder, "bin")
    path = os.pathsep.join(part for part in os.environ["PATH"].split(os.pathsep) if part != ours)
    return shutil.which(name, path=path)


def main(folder, name, *words):
    fault = journal.enter(folder, [name, *words])
    command = [real(name, folder), *words]
    if not fault:
        os.execv(command[0], command)
    return journal.carry_out(fault, lambda: subprocess.run(
        command, check=False, **({"stdout": subprocess.DEVNULL} if fault.get("lose") else {})).returncode)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
