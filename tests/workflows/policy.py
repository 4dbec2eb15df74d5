"""Our rules for workflows: what actionlint does not ask. Each rule takes a Workflow and yields faults."""

import dataclasses
import json
import pathlib
import re

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]

# Before a checkout there is no script: the one line that may run without one. A container is as old as its image, and
# a release's tarball has libraries of the system's with it.
INSTALL_GIT = "apt-get update -qq && apt-get upgrade -y -qq && apt-get install -y -qq git ca-certificates"
# Scripts that belong to another part of the project and are not there yet. One that is there has no place here.
PROMISED = set()
# What a job may ask for, and no workflow needs more.
GRANTS = {"contents": {"read", "write"}, "id-token": {"write"}, "attestations": {"read", "write"}, "issues": {"write"}}
# Who may write into the repository: the one job that tags.
WRITERS = {("release.yml", "publish")}
# Images that are others' with files of ours in them: what else is in them, whoever made it signs, or nobody.
OF_OTHERS = {"grafana.yml"}
# Runs with the rights of main on what a stranger wrote.
TRIGGERS_REFUSED = {"pull_request_target", "workflow_run", "issue_comment", "issues"}


@dataclasses.dataclass(frozen=True)
class Workflow:
    name: str
    text: str
    root: pathlib.Path = ROOT

    @property
    def content(self):
        return yaml.safe_load(self.text)

    @property
    def triggers(self):
        on = self.content[True]  # YAML 1.1 reads `on` so
        return on if isinstance(on, dict) else dict.fromkeys([on] if isinstance(on, str) else on)

    @property
    def jobs(self):
        return self.content["jobs"]

    def steps(self):
        """(job, its name, step) of all."""
        for name, job in self.jobs.items():
            for step in job.get("steps", []):
                yield job, name, step

    def actions(self):
        """(job, its name, step, action, commit) of what others wrote."""
        for job, name, step in self.steps():
            if "uses" in step and not step["uses"].startswith("./"):
                action, _, commit = step["uses"].partition("@")
                yield job, name, step, action, commit


def workflows(root=ROOT):
    return [Workflow(file.name, file.read_text(encoding="utf-8"), root)
            for file in sorted((root / ".github/workflows").glob("*.yml"))]


def listed(root=ROOT, kind="actions"):
    return json.loads((root / ".github/actions.json").read_text(encoding="utf-8"))[kind]


def granted(job):
    permissions = job.get("permissions")
    return permissions if isinstance(permissions, dict) else {}


# --- The rules. ---------------------------------------------------------------------------------


def actions_are_pinned(flow):
    known = {(each["action"], each["commit"]): each["version"] for each in listed(flow.root)}
    for _, name, _, action, commit in flow.actions():
        version = known.get((action, commit))
        if not re.fullmatch(r"[0-9a-f]{40}", commit):
            yield f"{name}: {action}@{commit} can be moved: name a commit"
        elif version is None:
            yield f"{name}: {action}@{commit} is not in .github/actions.json"
        elif f"{action}@{commit} # {version}\n" not in flow.text:
            yield f"{name}: {action}@{commit[:12]} does not say beside it that it is {version}"
    for name, job in flow.jobs.items():
        if "uses" in job and not job["uses"].startswith("./.github/workflows/"):
            yield f"{name}: a workflow of somebody else, {job['uses']}"


def images_of_jobs(flow):
    """(job, image) of the containers that jobs run in, one for each of a matrix."""
    for name, job in flow.jobs.items():
        container = job.get("container")
        image = container["image"] if isinstance(container, dict) else container
        of_matrix = re.fullmatch(r"\$\{\{ matrix\.(\w+) \}\}", image or "")
        if of_matrix:
            matrix = job["strategy"]["matrix"]
            images = [*matrix.get(of_matrix[1], []), *(each[of_matrix[1]] for each in matrix.get("include", []))]
        else:
            images = [image] if image else []
        yield from ((name, each) for each in images)


def images_are_listed(flow):
    """By digest, or known to be by tag because nobody could ask for the digest."""
    known = {each["image"] + (f"@{each['digest']}" if each["digest"] else "") for each in listed(flow.root, "images")}
    for name, image in images_of_jobs(flow):
        if image not in known:
            yield f"{name}: {image} is not in .github/actions.json"


def nothing_is_granted_on_top(flow):
    if flow.content.get("permissions") != {}:
        yield "permissions on top are not {}"


def each_job_says_what_it_needs(flow):
    for name, job in flow.jobs.items():
        permissions = job.get("permissions")
        if not isinstance(permissions, dict) or not permissions:
            yield f"{name}: has no permissions of its own"
            continue
        for scope, access in permissions.items():
            if access not in GRANTS.get(scope, ()):
                yield f"{name}: {scope}: {access} is more than anything here needs"
        if permissions.get("contents") == "write" and (flow.name, name) not in WRITERS:
            yield f"{name}: may write into the repository"


def an_identity_is_for_who_uses_it(flow):
    """id-token lets a job be somebody at Google: asked for where that or a signature is made, and nowhere else."""
    uses_one = {"google-github-actions/auth", "actions/attest"}
    using = {name for _, name, _, action, _ in flow.actions() if action in uses_one}
    for name, job in flow.jobs.items():
        if "uses" in job:
            continue
        if ("id-token" in granted(job)) != (name in using):
            yield f"{name}: id-token and the actions that need it do not come together"
        if name in using and "environment" not in job:
            yield f"{name}: has an identity and no environment, so that nobody guards it"


def strangers_start_nothing_with_rights(flow):
    for trigger in TRIGGERS_REFUSED & set(flow.triggers):
        yield f"{trigger} runs strangers' words with the rights of main"
    if "pull_request" in flow.triggers:
        for name, job in flow.jobs.items():
            if set(granted(job)) - {"contents"} or "environment" in job or "secrets." in str(job):
                yield f"{name}: a pull request would have it do more than read"


def commands_hold_no_expressions(flow):
    """What is between ${{ and }} is pasted into a command before the shell reads it: words go by env."""
    for _, name, step in flow.steps():
        if "${{" in step.get("run", ""):
            yield f"{name}: an expression in `{step['run']}`: hand it over by env"


def commands_are_scripts(flow):
    for _, name, step in flow.steps():
        if "run" not in step or step["run"] == INSTALL_GIT:
            continue
        command = step["run"].strip()
        if "\n" in command or not re.fullmatch(r"(scripts|\.ci)/[\w./-]+( .*)?", command) or re.search(r"[;&|<>`]|\$\(", command):
            yield f"{name}: `{command}` is not one script"
            continue
        script = command.split()[0]
        there = flow.root / script
        if script not in PROMISED and not (there.is_file() and there.stat().st_mode & 0o111):
            yield f"{name}: there is no script {script}"


def variables_are_quoted_and_known(flow):
    for job, name, step in flow.steps():
        known = {*flow.content.get("env", {}), *job.get("env", {}), *step.get("env", {}), "RUNNER_TEMP"}
        command = step.get("run", "")
        for variable in re.findall(r"\$\{?(\w+)", command):
            if variable not in known:
                yield f"{name}: nobody sets {variable} for `{command}`"
        if re.search(r"\$", re.sub(r'"[^"]*"', "", re.sub(r'\$\{\w+:\+("[^"]*")\}', "", command))):
            yield f"{name}: a variable without quotes in `{command}`"


def called_workflows_get_the_secrets_that_they_name(flow):
    """Those of an environment are empty in a called workflow whose caller does not say `inherit`, whatever its jobs
    say of their environment (github.com/actions/runner/issues/4453)."""
    for name, job in flow.jobs.items():
        called = flow.root / job.get("uses", "-")
        if called.is_file() and re.search(r"\bsecrets\.", called.read_text(encoding="utf-8")):
            if job.get("secrets") != "inherit":
                yield f"{name}: the secrets that {called.name} names are empty there: secrets: inherit"
        elif job.get("secrets") is not None:
            yield f"{name}: hands secrets to who names none"


def secrets_go_to_one_step_and_are_not_printed(flow):
    for name, job in flow.jobs.items():
        around = {key: value for key, value in job.items() if key != "steps"}
        if "secrets." in str(around):
            yield f"{name}: a secret that every step of the job can read"
        for step in job.get("steps", []):
            if "secrets." in str({key: value for key, value in step.items() if key != "env"}):
                yield f"{name}: a secret among the words of a step"
            for variable, value in step.get("env", {}).items():
                if "secrets." in str(value) or "github.token" in str(value):
                    yield from _shown(flow, name, step, variable)
    if "secrets." in str(flow.content.get("env", {})):
        yield "a secret that every job can read"


def _shown(flow, name, step, variable):
    """A secret variable is neither a word of the command nor printed by its script."""
    command = step.get("run", "")
    if re.search(rf"\${{?{variable}\b", command):
        yield f"{name}: {variable} among the words of `{command}`: every process on the machine can read them"
    script = flow.root / (command.split() or ["-"])[0]
    if script.is_file():
        for line in script.read_text(encoding="utf-8").splitlines():
            says = re.search(rf"\b(echo|printf|say|summary|output|fail)\b[^|]*\${{?{variable}\b", line)
            if says or re.search(r"set -\w*x", line):
                yield f"{name}: {step['run'].split()[0]} prints {variable}: {line.strip()}"


def each_job_ends(flow):
    for name, job in flow.jobs.items():
        if "uses" not in job and not isinstance(job.get("timeout-minutes"), int):
            yield f"{name}: has no timeout-minutes; the default is six hours"


def checkouts_leave_no_credentials(flow):
    for _, name, step, action, _ in flow.actions():
        if action == "actions/checkout" and step.get("with", {}).get("persist-credentials") is not False:
            yield f"{name}: the checkout leaves a token for every step after it"


def who_has_rights_takes_nothing_from_a_cache(flow):
    for job, name, _, action, _ in flow.actions():
        if action.startswith("actions/cache") and (set(granted(job)) - {"contents"} or granted(job).get("contents") == "write"):
            yield f"{name}: a cache can be filled by others"
        if action.startswith("actions/cache") and flow.name in ("build.yml", "grafana.yml", "release.yml"):
            yield f"{name}: what is shipped is built from the commit alone"


def artifacts_are_short_lived_and_plans_sealed(flow):
    for _, name, step, action, _ in flow.actions():
        if action != "actions/upload-artifact":
            continue
        words = step.get("with", {})
        if "retention-days" not in words:
            yield f"{name}: an artifact that stays for 90 days"
        if words.get("overwrite") is not True:
            yield f"{name}: a job that is run again finds its own artifact, and fails"
        if "plan" in words.get("name", "") and (not words["path"].endswith(".gpg") or words.get("retention-days") != 1):
            yield f"{name}: a plan holds secrets: sealed, and for one day"


def a_commit_that_somebody_names_is_mains(flow):
    """Its scripts run with the job's rights: nothing is checked out by name, and what is switched to was seen to be
    part of main first. What identifies and verifies is done before, by main's own scripts."""
    for name, job in flow.jobs.items():
        seen = switched = False
        for step in job.get("steps", []):
            run = step.get("run", "")
            seen = seen or run == 'scripts/pipeline/of-main "$COMMIT"'
            switched = switched or "pipeline/switch" in run
            if "pipeline/switch" in run and not seen:
                yield f"{name}: switches to what may be anybody's"
            if step.get("uses", "").startswith("actions/checkout@") and "ref" in step.get("with", {}):
                yield f"{name}: checks out {step['with']['ref']}, which may be anybody's"
            if switched and (step.get("uses", "").startswith("google-github-actions/") or
                             re.match(r"scripts/pipeline/(login|verify-\w+|program|forward)\b", run)):
                yield f"{name}: the commit that is deployed says how it is verified"
            if re.match(r"scripts/pipeline/(plan|apply)\b", run) and not switched:
                yield f"{name}: deploys main's tree, not the commit's"


def deliveries_take_turns_and_nobody_waits_for_an_approval(flow):
    """A plan holds until something else is deployed, so a turn is plan and apply. A job has its group from before it
    is approved: who has to go back in a hurry must not be in the same one."""
    for name, job in flow.jobs.items():
        concurrency = job.get("concurrency")
        if job.get("uses") == "./.github/workflows/deploy.yml":
            wanted = {"group": f"delivery-{job['with'].get('environment')}", "cancel-in-progress": False}
            if concurrency != wanted:
                yield f"{name}: two deliveries to an environment at a time, or one that is cut off: {wanted}"
        if any("pipeline/apply" in step.get("run", "") for step in job.get("steps", [])):
            if concurrency is not None or "concurrency" in flow.content:
                yield f"{name}: holds its group while it waits for approval"


def deliveries_go_forward(flow):
    for name, job in flow.jobs.items():
        steps = job.get("steps", [])
        looked = False
        for step in steps:
            looked = looked or ("pipeline/forward" in step.get("run", "") and step.get("if") == "github.event_name == 'push'")
            if "pipeline/plan" in step.get("run", "") and not looked:
                yield f"{name}: a delivery that comes late would bring an earlier commit back"


def nothing_is_pushed_before_it_is_signed(flow):
    """A run may end between any two steps, and what is in the registry stays there: where it comes from and what is in
    it are signed first, both on the same condition."""
    for name, job in flow.jobs.items():
        signed = {}
        for step in job.get("steps", []):
            if step.get("uses", "").startswith("actions/attest@"):
                signed["sbom-path" in step["with"]] = step.get("if")
            if "pipeline/publish push" in step.get("run", "") and set(signed.values()) != {"steps.look.outputs.new == 'true'"}:
                yield f"{name}: pushes what is not signed"
            if "pipeline/publish push" in step.get("run", "") and set(signed) != ({False} if flow.name in OF_OTHERS else {True, False}):
                yield f"{name}: pushes without a signed origin or a signed list of parts"


def nothing_unsigned_is_deployed(flow):
    """Who takes the program out of an image, or deploys, has verified the image before; the program is what deploys."""
    for name, job in flow.jobs.items():
        runs = [step.get("run", "") for step in job.get("steps", [])]
        first = {script: next((i for i, run in enumerate(runs) if run.startswith(f"scripts/pipeline/{script}")), None)
                 for script in ("verify-image", "verify-grafana", "program", "plan", "apply")}
        uses = [first[script] for script in ("program", "plan", "apply") if first[script] is not None]
        if uses and (first["verify-image"] is None or first["verify-image"] > min(uses)):
            yield f"{name}: uses an image that it has not verified"
        if first["plan"] is not None and (first["verify-grafana"] is None or first["verify-grafana"] > first["plan"]):
            yield f"{name}: plans with a Grafana that it has not verified"
        if (first["plan"] is not None or first["apply"] is not None) and first["program"] is None:
            yield f"{name}: deploys by a program of its own, not by the image's"


def what_is_applied_was_planned_and_approved(flow):
    for name, job in flow.jobs.items():
        if not any("pipeline/apply" in step.get("run", "") for step in job.get("steps", [])):
            continue
        environment, needs = str(job.get("environment", "")), job.get("needs", [])
        planner = flow.jobs.get(needs if isinstance(needs, str) else (needs or [""])[0], {})
        if not any("pipeline/plan" in step.get("run", "") for step in planner.get("steps", [])):
            yield f"{name}: applies what no job before it has planned"
        elif str(planner.get("environment", "")) != "${{ inputs.environment }}-plan":
            yield f"{name}: the plan is not made by an identity that can only read"
        if "inputs.environment" not in environment or "-plan" in environment:
            yield f"{name}: is not in the environment that somebody guards"


def the_same_digest_goes_everywhere(flow):
    """Whoever calls deploy.yml hands on what one build said, and prod comes after staging after dev."""
    callers = {job["with"].get("environment"): (name, job) for name, job in flow.jobs.items()
               if job.get("uses") == "./.github/workflows/deploy.yml"}
    digests = {job["with"].get("digest") for _, job in callers.values()}
    if len(digests) > 1:
        yield "different digests for different environments"
    if callers and digests != {"${{ needs.build.outputs.digest }}"}:
        yield "a digest that no build of this run has said"
    for earlier, later in (("dev", "staging"), ("staging", "prod")):
        if later in callers and (earlier not in callers or callers[earlier][0] not in callers[later][1].get("needs", [])):
            yield f"{later} does not wait for {earlier}"


RULES = [
    actions_are_pinned, images_are_listed, nothing_is_granted_on_top, each_job_says_what_it_needs,
    an_identity_is_for_who_uses_it, strangers_start_nothing_with_rights, commands_hold_no_expressions,
    commands_are_scripts, variables_are_quoted_and_known, called_workflows_get_the_secrets_that_they_name,
    secrets_go_to_one_step_and_are_not_printed, each_job_ends, checkouts_leave_no_credentials,
    who_has_rights_takes_nothing_from_a_cache, artifacts_are_short_lived_and_plans_sealed,
    a_commit_that_somebody_names_is_mains, deliveries_take_turns_and_nobody_waits_for_an_approval,
    deliveries_go_forward, nothing_is_pushed_before_it_is_signed, nothing_unsigned_is_deployed,
    what_is_applied_was_planned_and_approved, the_same_digest_goes_everywhere,
]


def faults(flow):
    return [f"{flow.name}: {fault}" for rule in RULES for fault in rule(flow)]
