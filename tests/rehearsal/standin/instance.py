"""The process of a revision: started, watched, started again when it ends by itself, each time a little later."""

import asyncio
import json
import os
import pathlib
import socket
import time

STARTUP_TRIES = 3
STARTUP_SECONDS = 15
MAX_PAUSE = 4


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


async def is_ready(port):
    """Whether /health/ready there answers 200."""
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /health/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        line = await asyncio.wait_for(reader.readline(), 2)
        writer.close()
        return b" 200 " in line
    except (OSError, asyncio.TimeoutError):
        return False


class Instance:
    """changed(instance) is called when it has become able to answer, or stops being so."""

    def __init__(self, folder, service, revision, recipe, environment, changed):
        self.revision, self.recipe, self.changed = revision, recipe, changed
        self.log_file = pathlib.Path(folder, f"{revision}.log")
        self.environment = {**environment, **recipe.get("environment", {}),
                            "K_SERVICE": service, "K_REVISION": revision, "K_CONFIGURATION": service}
        self.port = self.admin_port = 0
        self.process = self.stopped_at = None
        self.up = False  # it can be asked now
        self.started = asyncio.get_running_loop().create_future()  # True, or False: it cannot
        self.task = asyncio.get_running_loop().create_task(self.keep())

    async def keep(self):
        pause, deadline, tries = 0.1, time.monotonic() + STARTUP_SECONDS, 0
        while True:
            tries += 1
            await self.start()
            ended = asyncio.ensure_future(self.process.wait())
            while not ended.done() and not self.up:
                self.up = await is_ready(self.port)
                if not self.up and time.monotonic() > deadline and not self.started.done():
                    break
                if not self.up:
                    await asyncio.wait([ended], timeout=0.02)
            if self.up:
                self.changed(self)
                if not self.started.done():
                    self.started.set_result(True)
                await ended
                self.up = False
                self.changed(self)
            if not self.started.done() and (tries == STARTUP_TRIES or time.monotonic() > deadline):
                if not ended.done():
                    self.process.kill()
                self.started.set_result(False)
                return
            self.log(f"Container called exit({self.process.returncode}).")
            await asyncio.sleep(pause)
            pause = min(2 * pause, MAX_PAUSE)

    async def start(self):
        self.port, self.admin_port = free_port(), free_port()
        with self.log_file.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *self.recipe["serve"], stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log,
                cwd=self.log_file.parent, env={
                    **{name: value for name, value in os.environ.items() if name == "PATH"}, "LC_ALL": "C.UTF-8",
                    **self.environment, "PORT": str(self.port), "COMMENTS_HOST": "127.0.0.1",
                    "COMMENTS_ADMIN_PORT": str(self.admin_port)})

    def log(self, text):
        with self.log_file.open("a", encoding="utf-8") as log:
            log.write(json.dumps({"severity": "WARNING", "message": text}) + "\n")

    async def stop(self):
        """Lets it finish what it has begun."""
        self.task.cancel()
        if not self.started.done():
            self.started.set_result(False)
        if self.up:
            self.up = False
            self.changed(self)
        if self.process and self.process.returncode is None:
            self.process.terminate()
            await self.process.wait()
