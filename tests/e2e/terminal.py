"""A command of the program as it behaves on a terminal."""

import os
import pty
import subprocess
import threading

import service


class Shown:
    """What came out, and the exit code. Line feeds are as the program wrote them."""

    def __init__(self, exit_code, screen, stdout):
        self.exit_code = exit_code
        self.screen = screen
        self.stdout = stdout


def read_all(descriptor, chunks):
    try:
        while chunk := os.read(descriptor, 65536):
            chunks.append(chunk)
    except OSError:
        pass  # EIO: the last one who could write has gone


def run_on_terminal(folder, *words, streams=("stdin", "stdout", "stderr"), typed="", **variables):
    """The named streams are the terminal, the others are none."""
    master, slave = pty.openpty()
    given = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL,
             **{stream: slave for stream in streams}}
    process = subprocess.Popen([service.find_binary(), *words], cwd=folder, **given,
                               env=service.clean_environment(folder, TERM="xterm", **variables))
    os.close(slave)
    chunks = []
    reader = threading.Thread(target=read_all, args=[master, chunks])
    reader.start()
    try:
        os.write(master, typed.encode())
        stdout, _ = process.communicate(timeout=60)
    finally:
        process.kill()
        process.wait()
        reader.join()
        os.close(master)
    screen = b"".join(chunks).decode().replace("\r\n", "\n")
    return Shown(process.returncode, screen, (stdout or b"").decode())
