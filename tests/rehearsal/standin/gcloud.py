"""A stand-in for gcloud: gcloud.py FOLDER WORDS…

It knows what `comments deploy` and `comments status` say, and nothing else: an unknown command, flag or form ends
with 2. Its wordings and JSON are those that gcloud 528 was seen to print. FOLDER holds a project: buckets,
project.json, images.json, the journal, and the socket of the stand-in's Cloud Run.
"""

import json
import pathlib
import re
import sys
import time

import buckets
import command_line
import control
import journal

TOKEN = "ya29.a-token-of-the-stand-in"
COMMANDS = {}  # Template: function of (world, values), which returns what is printed as JSON, or None


class World:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.buckets = buckets.Buckets(self.folder / "buckets")

    def read(self, name):
        return json.loads((self.folder / f"{name}.json").read_text(encoding="utf-8"))

    def ask(self, deed, **values):
        return control.ask(self.folder, deed, **values)


def command(text):
    def register(function):
        COMMANDS[command_line.Template(text)] = function
        return function
    return register


def status(text):
    print(text, file=sys.stderr)


@command("version --format=json")
def version(*_):
    return {"Google Cloud SDK": "528.0.0", "core": "2025.06.20"}


@command("auth list --filter=status:ACTIVE --format=json")
def auth_list(world, _):
    return [{"account": account, "status": "ACTIVE"} for account in world.read("project")["accounts"]]


@command("auth print-access-token")
def access_token(*_):
    print(TOKEN)


@command("auth application-default print-access-token --format=none")
def application_default(world, _):
    if not world.read("project").get("application_default", True):
        raise control.Refused("Your default credentials were not found. To set up Application Default Credentials, see "
                              "https://cloud.google.com/docs/authentication/external/set-up-adc for more information.")


@command("projects describe PROJECT --format=json")
def project(world, values):
    known = world.read("project")
    if values["PROJECT"] != known["project"]:
        raise control.Refused(f"[{(known['accounts'] + ['nobody'])[0]}] does not have permission to access projects "
                              f"instance [{values['PROJECT']}] (or it may not exist): The caller does not "
                              "have permission. This command is authenticated as "
                              f"{(known['accounts'] + ['nobody'])[0]} which is the active account specified by the "
                              "[core/account] property")
    return {"lifecycleState": "ACTIVE", "name": known["project"], "projectId": known["project"],
            "projectNumber": "123456789012"}


@command("services list --enabled --project=PROJECT --format=json")
def services(world, _):
    return [{"config": {"name": name}, "name": f"projects/123456789012/services/{name}", "state": "ENABLED"}
            for name in world.read("project")["services"]]


@command("storage buckets describe BUCKET --format=json")
def bucket(world, values):
    return world.buckets.describe_bucket(values["BUCKET"])


@command("storage objects describe OBJECT --format=json")
def describe_object(world, values):
    return world.buckets.describe(values["OBJECT"])


@command("storage cat OBJECT")
def cat(world, values):
    sys.stdout.buffer.write(world.buckets.read(values["OBJECT"]))


@command("storage cp SOURCE OBJECT --if-generation-match=N --print-created-message")
def copy(world, values):
    if values["SOURCE"] != "-":
        raise command_line.Unknown("copies standard input only")
    status("WARNING: Using sequential instead of parallel task execution to transfer from stdin.\n"
           f"Copying file://- to {values['OBJECT']}")
    generation = world.buckets.write(values["OBJECT"], sys.stdin.buffer.read(), values["--if-generation-match"])
    status(f"Created: {values['OBJECT']}#{generation}")


@command("storage rm OBJECT --if-generation-match=N")
def remove(world, values):
    status(f"Removing objects:\nRemoving {values['OBJECT']}...")
    world.buckets.remove(values["OBJECT"], values["--if-generation-match"])


@command("storage ls FOLDER")
def list_folder(world, values):
    print(*world.buckets.list(values["FOLDER"]), sep="\n")


@command("artifacts docker images describe IMAGE --format=json")
def image(world, values):
    repository, _, tag = values["IMAGE"].rpartition(":")
    digest = world.read("images")["tags"].get(tag)
    if not digest:
        raise control.Refused(f"Image [{values['IMAGE']}] not found.")
    return {"image_summary": {"digest": digest, "fully_qualified_digest": f"{repository}@{digest}",
                              "registry": repository.split("/")[0]}}


@command("builds submit SOURCE --config=FILE --project=PROJECT --region=REGION --substitutions=NAMES --format=json")
def build(world, values):
    """Built is what a test has laid ready for that commit."""
    names = dict(part.split("=", 1) for part in values["--substitutions"].split(","))
    with journal.locked(world.folder):
        images = world.read("images")
        images["tags"][names["_COMMIT"]] = images["to_be_built"].pop(names["_COMMIT"])
        (world.folder / "images.json").write_text(json.dumps(images), encoding="utf-8")
    return {"id": "11111111-2222-3333-4444-555555555555", "status": "SUCCESS"}


@command("run services describe SERVICE --project=PROJECT --region=REGION --format=json")
def describe_service(world, values):
    return world.ask("describe-service", service=values["SERVICE"])


def pairs(text):
    return dict(part.rsplit("=", 1) for part in text.split(",")) if text else {}


@command("run services update-traffic SERVICE --project=PROJECT --region=REGION [--to-revisions=SPLIT] "
         "[--update-tags=TAGS] [--remove-tags=TAGS] [--set-tags=TAGS] [--clear-tags] --format=json")
def update_traffic(world, values):
    status("Updating traffic...")
    removed = values.get("--remove-tags")
    targets = world.ask(
        "update-traffic", service=values["SERVICE"],
        split={name: int(percent) for name, percent in pairs(values.get("--to-revisions")).items()},
        tags=pairs(values.get("--update-tags") or values.get("--set-tags")),
        removed=removed.split(",") if removed else [],
        clear="--clear-tags" in values or "--set-tags" in values)
    status("Done.")
    return targets


@command("run services delete SERVICE --project=PROJECT --region=REGION --format=json --quiet")
def delete_service(world, values):
    world.ask("delete-service", service=values["SERVICE"])
    status(f"Deleted [{values['SERVICE']}].")


@command("run revisions describe REVISION --project=PROJECT --region=REGION --format=json")
def describe_revision(world, values):
    return world.ask("describe-revision", revision=values["REVISION"])


@command("run revisions list --service=SERVICE --project=PROJECT --region=REGION --format=json")
def list_revisions(world, values):
    return world.ask("list-revisions", service=values["--service"])


@command("run jobs update JOB --image=IMAGE --project=PROJECT --region=REGION --format=json")
def update_job(world, values):
    job = world.ask("update-job", job=values["JOB"], image=values["--image"])
    status(f"Job [{values['JOB']}] has successfully been updated.")
    return job


@command("run jobs execute JOB --wait --project=PROJECT --region=REGION --format=json")
def execute_job(world, values):
    status("Creating execution...")
    execution = world.ask("execute-job", job=values["JOB"])
    if execution["status"]["conditions"][0]["status"] != "True":
        raise control.Refused("The execution failed.\nView details about this execution by running:\n"
                              f"gcloud run jobs executions describe {execution['metadata']['name']}")
    status(f"Execution [{execution['metadata']['name']}] has successfully completed.")
    return execution


LABEL = re.compile(r'resource\.labels\.(revision_name|job_name|service_name)\s*=\s*"?([\w-]+)"?')


@command("logging read FILTER --project=PROJECT --limit=N --freshness=TIME --format=json")
def read_log(world, values):
    labels = dict(LABEL.findall(values["FILTER"]))
    if not labels:
        raise command_line.Unknown(f"finds log lines by revision, service or job: {values['FILTER']}")
    return world.ask("read-log", labels=labels, limit=int(values["--limit"]))


@command("alpha monitoring policies list --project=PROJECT --format=json")
def policies(*_):
    return []


def run(folder, words):
    try:
        template, values = command_line.find(COMMANDS, words)
        answer = COMMANDS[template](World(folder), values)
        if answer is not None:
            print(json.dumps(answer, indent=2, sort_keys=True))
        return 0
    except command_line.Unknown as error:
        status(f"ERROR: (gcloud) the stand-in does not know this command line: {error}: gcloud {' '.join(words)}")
        return 2
    except (buckets.Refused, control.Refused) as error:
        name = " ".join(template.command).replace(" ", ".")
        status(f"ERROR: {error}" if name == "storage.rm" else f"ERROR: (gcloud.{name}) {error}")
        return 1


def main(folder, *words):
    # A real one takes a second and more to start.
    fault = journal.enter(folder, ["gcloud", *words])
    time.sleep(fault.get("slow", 0))
    return journal.carry_out(fault, lambda: run(folder, list(words)))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
