"""What the scripts say: bold on a terminal, plain in a pipe or where colour is refused."""

import os
import pathlib
import pty
import subprocess

LIB = pathlib.Path(__file__).parents[2] / "scripts" / "lib.sh"


def said(errors, **variables):
    environment = {"PATH": os.environ["PATH"], **variables}
    return subprocess.run(["bash", "-c", '. "$0"; say hello', str(LIB)], stderr=errors,
                          env=environment, timeout=60, check=True).stderr


def said_on_a_terminal(**variables):
    master, slave = pty.openpty()
    try:
        said(slave, **variables)
        return os.read(master, 100)
    finally:
        os.close(slave)
        os.close(master)


def test_a_script_is_bold_on_terminals_that_want_it_only():
    assert said(subprocess.PIPE) == b"==> hello\n"
    assert said_on_a_terminal() == b"\x1b[1m==>\x1b[0m hello\r\n"
    assert said_on_a_terminal(NO_COLOR="1") == b"==> hello\r\n"
