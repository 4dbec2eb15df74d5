"""A command of the program as it behaves on a terminal."""

import fcntl
import os
import pty
import signal
import struct
import subprocess
import termios
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


class Watched:
    """A command that goes on, on a terminal of 80 columns and 24 lines: what it draws can be waited
    for, keys pressed, signals sent. Use it in a `with`."""

    def __init__(self, folder, *words, **variables):
        self.master, slave = pty.openpty()
        self.resize(24, 80)
        self.process = subprocess.Popen(
            [service.find_binary(), *words], cwd=folder, stdin=slave, stdout=slave, stderr=slave,
            start_new_session=True, preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
            env=service.clean_environment(folder, TERM="xterm", **variables))
        os.close(slave)
        self.chunks = []
        self.reader = threading.Thread(target=read_all, args=[self.master, self.chunks])
        self.reader.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.reader.join()
        os.close(self.master)

    def resize(self, lines, columns):
        """The terminal tells whoever is on it by SIGWINCH."""
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def output(self):
        """Everything so far, as bytes for a terminal."""
        return b"".join(self.chunks).decode(errors="replace").replace("\r\n", "\n")

    def wait_for(self, part, seen=0):
        """Waits until the output after its first `seen` characters has the part; how much there is
        then."""
        service.wait_until(lambda: part in self.output()[seen:], f"{part!r} on the screen")
        return len(self.output())

    def press(self, keys):
        os.write(self.master, keys.encode())

    def wait_for_exit(self):
        code = self.process.wait(timeout=service.DEADLINE)
        self.reader.join(timeout=service.DEADLINE)
        return code

    def state(self):
        """One letter, as ps shows it: T is stopped."""
        with open(f"/proc/{self.process.pid}/stat", encoding="ascii") as line:
            return line.read().rpartition(")")[2].split()[0]

    def send_signal(self, number):
        self.process.send_signal(signal.Signals(number))
