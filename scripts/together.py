"""For scripts that start several programs on this machine, and end them together."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request

PATIENCE = 30


def say(text):
    print(f"==> {text}", file=sys.stderr, flush=True)


def free_port(wanted=0):
    """`wanted` where nobody has it, else one of the kernel's choice."""
    for port in (wanted, 0):
        with socket.socket() as one, contextlib.suppress(OSError):
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            one.bind(("127.0.0.1", port))
            return one.getsockname()[1]
    raise OSError("there is no free port")


def started(stack, words, stdout=None, **variables):
    """A process that is ended with the stack, the last one first."""
    process = subprocess.Popen([str(word) for word in words], env={**os.environ, **variables},
                               stdin=subprocess.DEVNULL, stdout=stdout, stderr=stdout)

    def end():
        process.terminate()
        process.wait()
    stack.callback(end)
    return process


def wait_until_ready(url, process, path="/health/ready"):
    end = time.monotonic() + PATIENCE
    while True:
        try:
            urllib.request.urlopen(url + path, timeout=1).close()
            return
        except OSError as error:
            if process.poll() is not None or time.monotonic() > end:
                sys.exit(f"{sys.argv[0]}: {url} did not become ready: {error}")
            time.sleep(0.02)


def interrupt(*_):
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # once is enough: what was started is being ended
    raise KeyboardInterrupt


def until_interrupted(start):
    """Calls start(stack), then waits for Ctrl-C or SIGTERM, and ends what is on the stack."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, interrupt)
    with contextlib.ExitStack() as stack, contextlib.suppress(KeyboardInterrupt):
        start(stack)
        signal.pause()
    say("ended")
