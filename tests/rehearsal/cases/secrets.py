import contextlib
import os
import pathlib
import threading

from cases import case, checks

TOOL = "a tool's own words"
PLANTED = {  # where it begins: what must be seen nowhere else
    "Terraform's variables": "planted-database-password",
    TOOL: "ya29.planted-access-token",
    "the service's environment": "planted-store-password",
    "the service's log": "ya29.planted-in-the-log",
}


class ArgumentWatch:
    """Every process's arguments, looked at again and again while the `with` block runs; found: the ones that hold a
    secret. Short-lived ones can slip through: the journal has all that comments deploy starts."""

    def __enter__(self):
        self.found, self.over = set(), threading.Event()
        self.thread = threading.Thread(target=self.watch, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()

    def watch(self):
        while not self.over.wait(0.01):
            for process in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
                with contextlib.suppress(OSError):
                    text = process.read_bytes().decode(errors="replace")
                    self.found.update(secret for secret in PLANTED.values() if secret in text)


def files_with(folder, secret):
    """Names of files below the folder that hold it, by their bytes."""
    return sorted(str(file.relative_to(folder)) for file in folder.rglob("*")
                  if file.is_file() and secret.encode() in file.read_bytes())


@case("secrets")
def secrets_stay_where_they_are(world):
    """Planted secrets show up in no argument, no output, no state, no lock and no record."""
    world.install(world.release("stable"))
    project = world.read("project.json")
    project["environment"]["COMMENTS_STORE_PASSWORD"] = PLANTED["the service's environment"]
    world.write("project.json", project)
    before = world.split()
    bad = world.release("fails one list in five", "troubled_serve",
                        environment={"TROUBLE_ERRORS": "5", "TROUBLE_LOG": PLANTED["the service's log"]})
    world.add_variables(TF_VAR_secrets='{"database_password": "%s"}' % PLANTED["Terraform's variables"])
    complains = {"match": "artifacts docker images describe", "nth": 1, "fail": 1,
                 "stderr": f"ERROR: token {PLANTED[TOOL]} has expired"}
    said = ""
    for how in ("--verbose", "--json"):
        with ArgumentWatch() as watch, world.readers():
            finished = world.deploy(how, faults=[complains])
        checks.is_rolled_back(world, finished, bad, before)
        world.check(not watch.found, f"no process has one among its arguments ({how})")
        said += finished.text
    world.check("last words" in said and "log in with token …" in said and "token … has expired" in said,
                "what would have shown them was said, masked")
    for place, secret in PLANTED.items():
        world.check(secret not in said, f"the one of {place} was not said")
        world.check(not any(secret in " ".join(argv) for argv in world.calls()), f"nor run: {place}")
        held = files_with(world.folder / "buckets", secret)
        world.check(not held, f"nor kept in the bucket, Terraform's state included {held or ''}".rstrip())
        left = [name for name in os.listdir(world.folder) if name.startswith("comments-deploy-")]
        world.check(not left, "and no plan is left behind")
