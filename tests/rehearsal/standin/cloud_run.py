"""A stand-in for Cloud Run: cloud_run.py FOLDER

Revisions are real processes, started as FOLDER/images.json says of their image; before them stands front.py. gcloud
and Terraform's stack reach it by FOLDER/cloud-run.sock (control.py). FOLDER/ports.json says where it listens;
FOLDER/targets.json is for Prometheus. Ends at SIGTERM, and all its processes with it.
"""

import asyncio
import contextlib
import json
import os
import pathlib
import signal
import sys

import control
import logs
from front import Front, Pool
from instance import Instance
from service import NOT_READY, Service, condition, now

IDLE_SECONDS = 20  # then a revision without share and tag is stopped


class CloudRun:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.settings = json.loads((self.folder / "project.json").read_text(encoding="utf-8"))
        self.front = Front(self.settings["service"])
        self.service = None
        self.instances, self.tag_ports, self.jobs = {}, {}, {}
        self.background = set()
        self.url = ""

    async def listen(self):
        front = await self.front.listen()
        metrics = await asyncio.start_server(self.show_metrics, "127.0.0.1", 0)
        metrics_port = metrics.sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{front}"
        await asyncio.start_unix_server(self.answer, self.folder / "cloud-run.sock")
        self.write("ports", {"url": self.url, "metrics": metrics_port})
        self.write("targets", [])

    def write(self, name, value):
        half = self.folder / f"{name}.half"
        half.write_text(json.dumps(value), encoding="utf-8")
        half.rename(self.folder / f"{name}.json")

    async def show_metrics(self, reader, writer):
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            await reader.readuntil(b"\r\n\r\n")
            body = self.front.exposition().encode()
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4\r\nConnection: close\r\n"
                         b"Content-Length: %d\r\n\r\n" % len(body) + body)
            await writer.drain()
        writer.close()

    async def answer(self, reader, writer):
        values = json.loads(await reader.readline())
        deed = getattr(self, "do_" + values.pop("do").replace("-", "_"))
        try:
            answer = {"is": await deed(**values)}
        except control.Refused as error:
            answer = {"refused": str(error)}
        with contextlib.suppress(OSError):
            writer.write(json.dumps(answer).encode() + b"\n")
            await writer.drain()
        writer.close()

    def find(self, service, refusal):
        if not self.service or self.service.name != service:
            raise control.Refused(refusal.format(service))
        return self.service

    def recipe(self, image):
        images = json.loads((self.folder / "images.json").read_text(encoding="utf-8"))
        digest = image.partition("@")[2] or images["tags"].get(image.rpartition(":")[2], "")
        if digest not in images["recipes"]:
            raise control.Refused(f"Image '{image}' not found.")
        return images["recipes"][digest]

    # What the revisions are now, told to the front and to Prometheus.
    def settle(self, *_):
        up = {name: instance for name, instance in self.instances.items() if instance.up}
        pools = self.front.pools
        for name in [name for name in pools if name not in up or pools[name].port != up[name].port]:
            for upstream in pools.pop(name).idle:
                upstream.transport.close()
        for name, instance in up.items():
            if name not in pools:
                pools[name] = Pool(name, instance.port)
        self.write("targets", [{"targets": [f"127.0.0.1:{instance.admin_port}"]} for instance in up.values()])

    async def run(self, name):
        """True when that revision can be asked. Starts it where it is not running."""
        if name not in self.instances:
            revision = self.service.revisions[name]
            self.instances[name] = Instance(self.folder, self.service.name, name, self.recipe(revision.image),
                                            self.settings["environment"], self.settle)
        started = await self.instances[name].started
        if not started:
            del self.instances[name]
        return started

    async def route(self):
        """Brings the traffic to where the service says."""
        for tag in self.service.tags:
            if tag not in self.tag_ports:
                self.tag_ports[tag] = await self.front.listen(
                    lambda tag=tag: self.front.pools.get(self.service.tags.get(tag)))
            self.service.tag_urls[tag] = f"http://127.0.0.1:{self.tag_ports[tag]}"
        for name in self.service.wanted():
            await self.run(name)
        self.front.set_weights(self.service.shares())
        self.later(self.stop_idle())

    def later(self, coroutine):
        task = asyncio.get_running_loop().create_task(coroutine)
        self.background.add(task)
        task.add_done_callback(self.background.discard)

    async def stop_idle(self):
        await asyncio.sleep(IDLE_SECONDS)
        if not self.service:
            return
        starting = {revision.name for revision in self.service.revisions.values() if revision.ready is None}
        for name in self.instances.keys() - self.service.wanted() - {self.service.latest()} - starting:
            await self.instances.pop(name).stop()

    async def do_apply(self, service, image):
        """What Terraform's provider asks for: a service with that image. Waits until the revision is ready."""
        self.recipe(image)
        if not self.service:
            self.service = Service(service, self.url)
        revision = self.service.add(image)
        revision.ready = await self.run(revision.name)
        if not revision.ready:
            revision.message = NOT_READY.format(revision.name)
            raise control.Refused(f"Error waiting to create or update Service: Error code 9, message: {revision.message}")
        await self.route()
        return revision.name

    async def do_describe_service(self, service):
        return self.find(service, "Cannot find service [{}]").document()

    async def do_update_traffic(self, service, split, tags, removed, clear):
        found = self.find(service, "Service [{}] could not be found.")
        found.route(split, tags, removed, clear)
        await self.route()
        return found.targets()

    async def do_delete_service(self, service):
        self.find(service, "Service [{}] could not be found.")
        self.service = None
        self.front.set_weights({})
        await asyncio.gather(*(instance.stop() for instance in self.instances.values()))
        self.instances.clear()

    async def do_list_revisions(self, service):
        if not self.service or self.service.name != service:
            return []
        return [revision.document(service) for revision in reversed(self.service.revisions.values())]

    async def do_describe_revision(self, revision):
        if not self.service or revision not in self.service.revisions:
            raise control.Refused(f"Cannot find revision [{revision}]")
        return self.service.revisions[revision].document(self.service.name)

    async def do_create_job(self, job, image):
        self.jobs.setdefault(job, {"image": image, "executions": 0})

    async def do_update_job(self, job, image):
        self.recipe(image)
        if job not in self.jobs:
            raise control.Refused(f"Job [{job}] could not be found.")
        self.jobs[job]["image"] = image
        return {"apiVersion": "run.googleapis.com/v1", "kind": "Job", "metadata": {"name": job},
                "spec": {"template": {"spec": {"template": {"spec": {"containers": [
                    {"args": ["migrate"], "image": image}]}}}}},
                "status": {"conditions": [condition("Ready", True)],
                           "executionCount": self.jobs[job]["executions"]}}

    async def do_execute_job(self, job):
        if job not in self.jobs:
            raise control.Refused(f"Job [{job}] could not be found.")
        known = self.jobs[job]
        known["executions"] += 1
        name, recipe = f"{job}-{known['executions']:05d}", self.recipe(known["image"])
        done = await self.run_task(job, recipe["migrate"], recipe)
        if done and recipe["job_sql"]:
            database = self.settings["environment"]["COMMENTS_STORE"]
            done = await self.run_task(job, ["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", database, "-c",
                                             recipe["job_sql"]], recipe)
        message = "" if done else f"Task {name}-task0 failed with message: The container exited with an error."
        return {"apiVersion": "run.googleapis.com/v1", "kind": "Execution",
                "metadata": {"name": name, "labels": {"run.googleapis.com/job": job}},
                "spec": {"parallelism": 1, "taskCount": 1,
                         "template": {"spec": {"containers": [{"image": known["image"]}], "maxRetries": 0}}},
                "status": {"conditions": [condition("Completed", done, message)], "completionTime": now(),
                           **({"succeededCount": 1} if done else {"failedCount": 1})}}

    async def run_task(self, job, words, recipe):
        """True when it did well."""
        with (self.folder / f"{job}.log").open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                *words, stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.folder,
                env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", **self.settings["environment"],
                     **recipe["job_environment"]})
            return await process.wait() == 0

    async def do_read_log(self, labels, limit):
        name = labels.get("revision_name") or labels.get("job_name")
        if not name and self.service:
            name = self.service.latest(ready=False)
        return logs.newest(self.folder / f"{name}.log", labels, limit)

    async def do_splits(self):
        """Every split that there has been, in order. For tests."""
        return self.front.splits

    async def do_counts(self):
        """What the front has counted: [[revision, class, count]]. For tests."""
        return [[revision, kind, count] for (revision, kind), count in self.front.counts.items()]


async def main(folder):
    run, stop = CloudRun(folder), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await run.listen()
    await stop.wait()
    for instance in list(run.instances.values()):
        instance.task.cancel()
        if instance.process and instance.process.returncode is None:
            instance.process.kill()
            await instance.process.wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
