"""What the jobs of build.yml and deploy.yml run: what reaches gcloud, gh, skopeo and comments, and what is refused."""

import base64
import json
import shutil
import subprocess

import pytest
from conftest import ROOT

DIGEST = "sha256:" + "a" * 64
OTHER = "sha256:" + "b" * 64
IMAGE = "europe-west1-docker.pkg.dev/example-comments-build/comments/comments"
KEY = "k" * 40


@pytest.mark.parametrize("script", sorted(file.name for file in (ROOT / "scripts/pipeline").iterdir() if file.suffix != ".sh"
                                          and file.name != "__pycache__"))
def test_every_script_says_what_it_is_for_and_touches_nothing(tree, script):
    status, said, complaint = tree.run(f"pipeline/{script}", "--help")
    assert status == 0 and f"scripts/pipeline/{script}" in said and complaint == ""
    assert tree.git("status", "--porcelain") == ""


# --- Who it is. ---------------------------------------------------------------------------------


def test_login_makes_the_identity_gclouds_own_and_pipes_the_token(tree):
    tree.stand_in("gcloud", "auth", "login")
    tree.stand_in("gcloud", "auth", "print-access-token", says="ya29.secret\n")
    tree.stand_in("docker", "login", says="Login Succeeded\n")
    status, said, complaint = tree.run("pipeline/login", GOOGLE_GHA_CREDS_PATH="/creds.json")
    assert status == 0
    assert tree.calls("gcloud")[0].words == ["auth", "login", "--quiet", "--cred-file=/creds.json"]
    docker, = tree.calls("docker")
    assert docker.words == ["login", "--username", "oauth2accesstoken", "--password-stdin", "europe-west1-docker.pkg.dev"]
    assert docker.stdin == "ya29.secret\n" and "secret" not in said + complaint


def test_login_without_an_identity_says_what_is_missing(tree):
    status, _, complaint = tree.run("pipeline/login")
    assert status == 1 and "GOOGLE_GHA_CREDS_PATH is not set" in complaint


# --- One image. ---------------------------------------------------------------------------------


@pytest.fixture
def built(tree):
    folder = tree.home / "image"
    folder.mkdir()
    (folder / "digest").write_text(DIGEST, encoding="utf-8")
    (folder / "image.tar").write_text("", encoding="utf-8")
    tree.stand_in("skopeo", "inspect", "--format", "{{.Digest}}", f"oci-archive:{folder}/image.tar", says=DIGEST + "\n")
    return folder


def build(tree, *leaves):
    """scripts/image stood in for: it leaves these files, if it is called as its --help says."""
    script = tree.root / "scripts/image"
    script.write_text(f'#!/bin/bash\n[[ $* == "--tag localhost/comments:{tree.commit} --output {tree.home}/image" ]] || exit 9\n'
                      f'mkdir -p "$4"\nfor file in {" ".join(leaves)}; do printf {DIGEST} >"$4/$file"; done\n', encoding="utf-8")
    script.chmod(0o755)
    return tree.run("pipeline/image", "build", tree.home / "image")


def test_an_image_is_built_with_its_digest_and_its_parts(tree):
    assert build(tree, "image.tar", "digest", "sbom.spdx.json") == (0, f"digest={DIGEST}\n", "")


def test_an_image_without_its_parts_is_no_image(tree):
    (tree.home / "image").mkdir()
    (tree.home / "image/sbom.spdx.json").write_text("of an earlier build", encoding="utf-8")
    status, _, complaint = build(tree, "image.tar", "digest")
    assert status == 1 and "left no" in complaint and "sbom.spdx.json" in complaint


@pytest.mark.parametrize("ends", [0, 1, 77])
def test_an_image_is_checked_with_all_that_this_needs_and_cannot_leave_itself_out(tree, ends):
    for name in ("buildah", "podman"):
        tree.stand_in(name)
    for script, status in (("setup", 0), ("image", ends)):
        (tree.root / "scripts" / script).write_text(f'#!/bin/sh\necho {script} "$@"\nexit {status}\n', encoding="utf-8")
    assert tree.run("pipeline/image", "check")[:2] == (ends, "setup build test\nimage --check\n")


def tried(tree, built, version=None, listed='[{"text": "first"}]', ends="0"):
    """podman stood in for, whose container answers so."""
    inside = ("podman", "exec", "box", "/usr/bin/comments")
    tree.stand_in("podman", "pull", "--quiet", f"oci-archive:{built}/image.tar", says="id\n")
    tree.stand_in("podman", "run", says="box\n")
    tree.stand_in(*inside, "--version", says=f"comments 0.1.0 ({version or tree.commit})\n")
    tree.stand_in(*inside, "list", says=listed)
    tree.stand_in("podman", "inspect", says=ends + "\n")
    tree.stand_in("podman")
    status, _, complaint = tree.run("pipeline/image", "try", built)
    return status, complaint


def test_an_image_is_tried_as_strictly_as_it_will_run(tree, built):
    assert tried(tree, built)[0] == 0
    run, = [call.words for call in tree.calls("podman") if call.words[0] == "run"]
    assert {"--read-only", "--cap-drop=all", "--security-opt=no-new-privileges", "65532:65532", "128m", "none"} <= set(run)
    assert tree.calls("podman")[-1].words == ["rm", "--force", "box"]


@pytest.mark.parametrize(("answers", "why"), [
    ({"version": "f" * 40}, "not commit"), ({"listed": "[]"}, "is not in the list"), ({"ends": "143"}, "SIGTERM ends it with 143")])
def test_an_image_that_answers_wrongly_is_not_pushed(tree, built, answers, why):
    status, complaint = tried(tree, built, **answers)
    assert status == 1 and why in complaint
    assert tree.calls("podman")[-1].words == ["rm", "--force", "box"]


def test_a_new_image_is_pushed_under_its_commit_with_the_digest_that_was_tried(tree, built):
    tree.stand_in("skopeo", "inspect", status=1)
    tree.stand_in("skopeo", "copy")
    assert tree.run("pipeline/publish", "look", built)[0] == 0
    assert tree.outputs() == {"image": IMAGE, "digest": DIGEST, "new": "true"}
    assert not [call for call in tree.calls("skopeo") if call.words[0] == "copy"], "nobody has signed it yet"
    assert tree.run("pipeline/publish", "push", built)[0] == 0
    assert tree.calls("skopeo")[-1].words == ["copy", "--preserve-digests", f"oci-archive:{built}/image.tar",
                                              f"docker://{IMAGE}:{tree.commit}"]


def test_an_image_that_is_there_stays_and_is_not_vouched_for(tree, built):
    tree.stand_in("skopeo", "inspect", says=OTHER + "\n")
    assert [tree.run("pipeline/publish", what, built)[0] for what in ("look", "push")] == [0, 0]
    assert not [call for call in tree.calls("skopeo") if call.words[0] == "copy"]
    assert tree.outputs() == {"image": IMAGE, "digest": OTHER, "new": "false"}


@pytest.mark.parametrize("what", ["look", "push"])
def test_an_archive_that_was_changed_on_the_way_is_refused(tree, built, what):
    (built / "digest").write_text(OTHER, encoding="utf-8")
    status, _, complaint = tree.run("pipeline/publish", what, built)
    assert status == 1 and "changed on the way" in complaint
    assert len(tree.calls("skopeo")) == 1


def test_environments_that_name_different_images_are_refused(tree, built):
    file = tree.root / "terraform/environments/dev/deploy.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("comments/comments", "comments/other"), encoding="utf-8")
    status, _, complaint = tree.run("pipeline/publish", "look", built)
    assert status == 1 and "do not name one and the same image" in complaint


# --- Whose commit it is. ------------------------------------------------------------------------


def of_main(tree, commit, ref="refs/heads/main"):
    status, _, complaint = tree.run("pipeline/of-main", commit, GITHUB_REF=ref)
    return status, complaint


def test_a_commit_of_main_may_be_deployed_an_earlier_one_too(tree):
    earlier = tree.commit
    assert of_main(tree, tree.committed()) == (0, "")
    assert of_main(tree, earlier) == (0, "")


def test_a_commit_of_another_branch_or_of_a_stranger_may_not(tree):
    tree.git("switch", "--quiet", "--create", "other")
    theirs = tree.committed()
    tree.git("switch", "--quiet", "main")
    assert of_main(tree, theirs)[0] == 1
    assert "is not part of main" in of_main(tree, "a" * 40)[1]


def test_where_another_branch_is_checked_out_its_history_proves_nothing(tree):
    status, complaint = of_main(tree, tree.commit, "refs/heads/other")
    assert status == 1 and "start it from main" in complaint


def test_the_tree_becomes_the_commits_and_a_credential_stays(tree):
    earlier = tree.commit
    (tree.root / "scripts/later").write_text("", encoding="utf-8")
    tree.committed()
    credential = tree.root / "gha-creds-1.json"
    credential.write_text("{}", encoding="utf-8")
    assert tree.run("pipeline/switch", earlier, GITHUB_REF="refs/heads/main")[0] == 0
    assert tree.git("rev-parse", "HEAD") == earlier and not (tree.root / "scripts/later").exists()
    assert credential.exists() and tree.git("status", "--porcelain") == ""


def test_nobody_switches_to_what_is_not_mains(tree):
    tree.git("switch", "--quiet", "--create", "other")
    theirs = tree.committed()
    tree.git("switch", "--quiet", "main")
    assert tree.run("pipeline/switch", theirs, GITHUB_REF="refs/heads/main")[0] == 1
    assert tree.git("rev-parse", "HEAD") == tree.commit


# --- Forward, or back. --------------------------------------------------------------------------


def forward(tree, commit, status, ends=0):
    """`comments status` says so of dev."""
    tree.stand_in("comments", "status", "--env", "dev", "--no-drift", "--json", says=json.dumps(status), status=ends)
    status, _, complaint = tree.run("pipeline/forward", "dev", commit)
    return status, complaint


def serving(commit):
    return {"health": {"commit": commit}, "release": {"commit": "f" * 40}}


def test_a_later_commit_goes_forward_and_so_does_the_same_one_again(tree):
    earlier = tree.commit
    assert forward(tree, tree.committed(), serving(earlier))[0] == 0
    assert forward(tree, earlier, serving(earlier))[0] == 0


@pytest.mark.parametrize("ends", [0, 6])
def test_a_delivery_that_was_overtaken_does_not_bring_an_earlier_commit_back(tree, ends):
    later = tree.committed()
    status, complaint = forward(tree, tree.commit, serving(later), ends)
    assert status == 3 and f"dev has {later}" in complaint and "by hand" in complaint


def test_where_the_public_address_is_silent_the_last_release_counts(tree):
    later = tree.committed()
    assert forward(tree, tree.commit, {"health": None, "release": {"commit": later}}, 6)[0] == 3


def test_where_nothing_serves_or_what_another_history_made_everything_is_forward(tree):
    assert forward(tree, tree.commit, {"health": None, "release": None, "ended": []}, 4)[0] == 0
    (tree.bin / "comments.rules").unlink()
    assert forward(tree, tree.commit, serving("a" * 40))[0] == 0


@pytest.mark.parametrize(("said", "ends"), [({}, 2), ({"health": None, "release": None, "ended": None}, 4)])
def test_an_environment_that_cannot_be_asked_goes_nowhere(tree, said, ends):
    status, complaint = forward(tree, tree.commit, said, ends)
    assert status == ends and "cannot be asked" in complaint


# --- Signed, and by whom. -----------------------------------------------------------------------


@pytest.fixture
def pushed(tree):
    tree.variables["GH_TOKEN"] = "t"
    tree.stand_in("gcloud", "artifacts", "docker", "images", "describe", f"{IMAGE}:{tree.commit}", says=DIGEST + "\n")
    return tree


PROVENANCE, SBOM = "https://slsa.dev/provenance/v1", "https://spdx.dev/Document/v2.3"


def test_an_image_is_verified_against_workflow_branch_and_commit_and_so_is_what_is_in_it(pushed):
    pushed.stand_in("gh", "attestation", "verify", says='{"packages": []}\n')
    assert pushed.run("pipeline/verify-image", pushed.commit, DIGEST, pushed.home / "sbom")[0] == 0
    by = ["attestation", "verify", f"oci://{IMAGE}@{DIGEST}", "--repo", "owner/name",
          "--signer-workflow", "owner/name/.github/workflows/build.yml", "--source-ref", "refs/heads/main",
          "--source-digest", pushed.commit, "--deny-self-hosted-runners", "--predicate-type"]
    provenance, sbom = pushed.calls("gh")
    assert provenance.words == [*by, PROVENANCE]
    assert sbom.words == [*by, SBOM, "--format", "json", "--jq", ".[0].verificationResult.statement.predicate"]
    assert json.loads((pushed.home / "sbom").read_text(encoding="utf-8")) == {"packages": []}


@pytest.mark.parametrize(("unsigned", "why"), [(PROVENANCE, "unsigned, or signed by somebody else"), (SBOM, "what is in it")])
def test_an_image_that_is_not_signed_is_refused(pushed, unsigned, why):
    gh = pushed.bin / "gh"
    gh.write_text(f'#!/bin/sh\ncase "$*" in *{unsigned}*) exit 1 ;; esac\n', encoding="utf-8")
    gh.chmod(0o755)
    status, _, complaint = pushed.run("pipeline/verify-image", pushed.commit, DIGEST)
    assert status == 1 and "is not deployed" in complaint and why in complaint


def test_a_signed_image_of_another_commit_is_refused(pushed):
    pushed.stand_in("gh", "attestation", "verify")
    status, _, complaint = pushed.run("pipeline/verify-image", pushed.commit, OTHER)
    assert status == 1 and f"the registry has '{DIGEST}'" in complaint
    assert pushed.calls("gh") == []


@pytest.mark.parametrize(("commit", "digest"), [("main", DIGEST), ("a" * 40, "latest"), ("a" * 39, DIGEST), ("a" * 40, DIGEST + "0")])
def test_words_that_are_no_commit_or_digest_are_refused(pushed, commit, digest):
    assert pushed.run("pipeline/verify-image", commit, digest)[0] == 1
    assert pushed.calls() == []


# --- The program that deploys is the image's. ---------------------------------------------------


def rooted(folder, binary):
    """A file system with `binary` as the program and the libraries that it needs."""
    (folder / "usr/bin").mkdir(parents=True)
    shutil.copy(binary, folder / "usr/bin/comments")
    said = subprocess.run(["ldd", binary], capture_output=True, text=True, check=True).stdout
    for library in {word for word in said.split() if word.startswith("/")}:
        there = folder / library.lstrip("/")
        there.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(library, there)


def test_the_program_runs_on_its_own_libraries_and_what_it_starts_does_not(tree, tmp_path):
    rooted(tmp_path / "root", "/usr/bin/env")  # starts others, as comments does
    layer = tmp_path / "layer"
    subprocess.run(["tar", "-czf", layer, "-C", tmp_path / "root", "."], check=True)
    manifest = json.dumps({"layers": [{"digest": "sha256:" + "c" * 64}]})
    skopeo = tree.bin / "skopeo"
    skopeo.write_text(f"#!/bin/sh\nd=${{4#dir:}}\ncp '{layer}' \"$d/{'c' * 64}\"\necho '{manifest}' >\"$d/manifest.json\"\n"
                      f"echo \"$3\" >'{tmp_path}/asked'\n", encoding="utf-8")
    skopeo.chmod(0o755)
    folder = tree.home / "program"
    status, _, complaint = tree.run("pipeline/program", DIGEST, folder, GITHUB_PATH=str(tree.home / "path"))
    assert status == 0, complaint
    assert (tmp_path / "asked").read_text(encoding="utf-8").strip() == f"docker://{IMAGE}@{DIGEST}"
    assert (tree.home / "path").read_text(encoding="utf-8").strip() == str(folder)
    (folder / "root/usr/bin/unused").write_text("", encoding="utf-8")
    said = subprocess.run([folder / "comments", "sh", "-c", "echo ${LD_LIBRARY_PATH:-none}; cat /proc/$PPID/maps"],
                          capture_output=True, text=True, check=True).stdout
    assert said.splitlines()[0] == "none"
    loaded = subprocess.run([folder / "comments", "cat", "/proc/self/maps"], capture_output=True, text=True, check=True).stdout
    assert str(folder) not in loaded  # env has become cat, which is the machine's


def test_an_image_without_the_program_is_refused(tree, tmp_path):
    subprocess.run(["tar", "-czf", tmp_path / "layer", "-C", tree.home, "."], check=True)
    manifest = json.dumps({"layers": [{"digest": "sha256:" + "c" * 64}]})
    skopeo = tree.bin / "skopeo"
    skopeo.write_text(f"#!/bin/sh\nd=${{4#dir:}}\ncp '{tmp_path}/layer' \"$d/{'c' * 64}\"\necho '{manifest}' >\"$d/manifest.json\"\n",
                      encoding="utf-8")
    skopeo.chmod(0o755)
    status, _, complaint = tree.run("pipeline/program", DIGEST, tree.home / "program")
    assert status == 1 and "there is no /usr/bin/comments" in complaint


# --- A sealed plan. -----------------------------------------------------------------------------


def sealed(tree, text="the plan"):
    file = tree.home / "plan"
    file.write_text(text, encoding="utf-8")
    assert tree.run("pipeline/seal", file, tree.home / "plan.gpg", PLAN_KEY=KEY)[0] == 0
    return tree.home / "plan.gpg"


def opened(tree, file, key=KEY):
    status, _, complaint = tree.run("pipeline/seal", "--open", file, tree.home / "opened", PLAN_KEY=key)
    return status, complaint


def test_a_plan_is_opened_by_its_key_and_read_by_its_owner_alone(tree):
    file = sealed(tree)
    assert b"the plan" not in file.read_bytes()
    assert opened(tree, file)[0] == 0
    assert (tree.home / "opened").read_text(encoding="utf-8") == "the plan"
    assert (tree.home / "opened").stat().st_mode & 0o077 == 0


def test_another_key_opens_nothing_and_leaves_nothing(tree):
    status, complaint = opened(tree, sealed(tree), "l" * 40)
    assert status == 1 and "not sealed by this key" in complaint
    assert not (tree.home / "opened").exists()


@pytest.mark.parametrize("where", [0.3, 0.6, 0.95])
def test_a_plan_that_was_changed_is_refused(tree, where):
    file = sealed(tree, "the plan " * 200)
    content = bytearray(file.read_bytes())
    content[int(len(content) * where)] ^= 1
    file.write_bytes(content)
    assert opened(tree, file)[0] == 1
    assert not (tree.home / "opened").exists()


def test_a_short_key_or_none_is_refused(tree):
    status, complaint = opened(tree, tree.home / "none", "short")
    assert status == 1 and "openssl rand -base64 48" in complaint
    assert "short'" not in complaint
    assert tree.run("pipeline/seal", "a", "b")[0] == 1


def test_the_key_is_among_no_programs_words(tree):
    gpg = tree.bin / "gpg"
    gpg.write_text(f"#!/bin/sh\necho \"$@\" >>'{tree.home}/words'\nexec /usr/bin/gpg \"$@\"\n", encoding="utf-8")
    gpg.chmod(0o755)
    opened(tree, sealed(tree))
    words = (tree.home / "words").read_text(encoding="utf-8")
    assert words.count("--passphrase-fd 0") == 2 and KEY not in words


# --- Plan, approval, apply. ---------------------------------------------------------------------


def change(action, kind="google_cloud_run_v2_service", address="module.service.google_cloud_run_v2_service.this"):
    return json.dumps({"resource_changes": [{"mode": "managed", "type": kind, "address": address, "change": {"actions": [action]}}]})


def planning(tree, plan):
    """`comments deploy` leaves a plan that Terraform shows so."""
    (tree.root / "terraform/stack").mkdir(exist_ok=True)
    (tree.root / "terraform/stack/.terraform.lock.hcl").write_text("", encoding="utf-8")
    kept = json.dumps({"format": 1, "plan": base64.b64encode(b"of terraform").decode()})
    tree.stand_in("comments", "deploy", says="plan: 1 to change\n", writes={"--out": kept})
    tree.stand_in("terraform", "-chdir=terraform/stack", "show", "-json", says=plan)
    return kept


def test_a_plan_is_made_by_comments_shown_and_sealed(tree):
    kept = planning(tree, change("update"))
    file = tree.home / "plan.gpg"
    status, said, complaint = tree.run("pipeline/plan", "prod", tree.commit, file, PLAN_KEY=KEY)
    assert status == 0, complaint
    call, = tree.calls("comments")
    assert call.words[:6] == ["deploy", "--env", "prod", "--commit", tree.commit, "--plan-only"]
    assert "PLAN_KEY" not in call.environment
    assert "plan: 1 to change" in said and "plan: 1 to change" in tree.summary()
    assert opened(tree, file)[0] == 0
    assert (tree.home / "opened").read_text(encoding="utf-8") == kept


def test_a_plan_beyond_a_release_is_for_infrastructure(tree):
    planning(tree, change("delete"))
    file = tree.home / "plan.gpg"
    status, _, complaint = tree.run("pipeline/plan", "prod", tree.commit, file, PLAN_KEY=KEY, INFRASTRUCTURE="false")
    assert status == 3 and "infrastructure: true" in complaint and "google_cloud_run_v2_service.this: delete" in complaint
    assert not file.exists()
    assert tree.run("pipeline/plan", "prod", tree.commit, file, PLAN_KEY=KEY, INFRASTRUCTURE="true")[0] == 0
    assert file.exists()


def test_no_provider_plans_that_nobody_has_locked(tree):
    planning(tree, change("update"))
    (tree.root / "terraform/stack/.terraform.lock.hcl").unlink()
    status, _, complaint = tree.run("pipeline/plan", "prod", tree.commit, tree.home / "plan.gpg", PLAN_KEY=KEY)
    assert status == 1 and "artifact terraform-locks" in complaint
    assert tree.calls("comments") == []


def locking(tree):
    """The checks stood in for; terraform leaves a lock where it is called."""
    for script in ("tests/terraform/run", "scripts/check-permissions"):
        (tree.root / script).parent.mkdir(parents=True, exist_ok=True)
        (tree.root / script).write_text('#!/bin/sh\necho "$0" "$COMMENTS_TERRAFORM_PROVIDER"\n', encoding="utf-8")
        (tree.root / script).chmod(0o755)
    for root in ("bootstrap", "stack"):
        (tree.root / "terraform" / root).mkdir()
    terraform = tree.bin / "terraform"
    terraform.write_text('#!/bin/sh\n[ "$2" = init ] || echo "$2 $3 $4" >"${1#-chdir=}/.terraform.lock.hcl"\n', encoding="utf-8")
    terraform.chmod(0o755)
    return tree.run("pipeline/terraform")


def test_a_root_without_a_lock_gets_one_to_commit(tree):
    status, said, complaint = locking(tree)
    assert status == 0, complaint
    assert "tests/terraform/run real" in said
    for root in ("bootstrap", "stack"):
        lock = tree.root / f"build/terraform-locks/{root}/.terraform.lock.hcl"
        assert lock.read_text(encoding="utf-8") == "providers lock -platform=linux_amd64\n"
        assert f"terraform/{root}/.terraform.lock.hcl is missing" in tree.summary()
        assert not (tree.root / f"terraform/{root}/.terraform.lock.hcl").exists()


def test_a_committed_lock_stays(tree):
    locking(tree)
    for root in ("bootstrap", "stack"):
        (tree.root / f"terraform/{root}/.terraform.lock.hcl").write_text("committed", encoding="utf-8")
    shutil.rmtree(tree.root / "build")
    assert tree.run("pipeline/terraform")[0] == 0
    assert not (tree.root / "build").exists()


def test_what_comments_refuses_to_plan_is_not_sealed(tree):
    planning(tree, change("update"))
    rules = json.loads((tree.bin / "comments.rules").read_text(encoding="utf-8"))
    (tree.bin / "comments.rules").write_text(json.dumps([{**rules[0], "status": 3}]), encoding="utf-8")
    assert tree.run("pipeline/plan", "dev", tree.commit, tree.home / "plan.gpg", PLAN_KEY=KEY)[0] == 3
    assert tree.calls("terraform") == [] and not (tree.home / "plan.gpg").exists()


@pytest.mark.parametrize("environment", ["live", "../prod", "prod-plan"])
def test_an_environment_that_is_not_there_is_refused(tree, environment):
    tree.stand_in("comments")
    status, _, complaint = tree.run("pipeline/plan", environment, tree.commit, "x", PLAN_KEY=KEY)
    assert status == 1 and "there are: dev prod staging" in complaint
    assert tree.calls("comments") == []


@pytest.mark.parametrize(("ends", "meaning"), [(0, "released"), (1, "failed"), (3, "plan again"), (5, "rolled back"),
                                               (7, "--resume")])
def test_apply_ends_as_comments_does_and_says_what_that_means(tree, ends, meaning):
    tree.stand_in("comments", "deploy", status=ends)
    assert tree.run("pipeline/apply", "prod", tree.commit, sealed(tree), PLAN_KEY=KEY)[0] == ends
    call, = tree.calls("comments")
    assert call.words[:6] == ["deploy", "--env", "prod", "--commit", tree.commit, "--plan"]
    assert "PLAN_KEY" not in call.environment
    assert meaning in tree.summary()


def test_a_plan_that_cannot_be_opened_is_not_applied(tree):
    tree.stand_in("comments", "deploy")
    assert tree.run("pipeline/apply", "prod", tree.commit, sealed(tree), PLAN_KEY="l" * 40)[0] == 1
    assert tree.calls("comments") == []


# --- Drift. -------------------------------------------------------------------------------------

TITLE = "prod is degraded or has drifted"


@pytest.fixture
def looked(tree):
    """looked(status, [open issues]) → (how drift ended, gh's calls)."""
    def look(ends, issues):
        tree.variables["GH_TOKEN"] = "t"
        tree.stand_in("comments", "status", "--env", "prod", "--json", says='{"verdict": "x"}\n', status=ends)
        tree.stand_in("gh", "issue", "list", says=json.dumps(issues))
        tree.stand_in("gh")
        status, _, _ = tree.run("pipeline/drift", "prod", tree.bin / "comments")
        assert "GH_TOKEN" not in tree.calls("comments")[0].environment
        return status, [" ".join(call.words[:3]) for call in tree.calls("gh") if call.words[0] == "issue" and call.words[1] != "list"]
    return look


def test_drift_opens_one_issue(looked):
    assert looked(6, [{"number": 4, "title": "dev is degraded or has drifted"}]) == (0, ["issue create --repo"])


def test_drift_keeps_the_open_issue_up_to_date(looked):
    assert looked(6, [{"number": 4, "title": TITLE}]) == (0, ["issue edit 4"])


def test_an_environment_that_is_well_again_closes_its_issue(looked):
    assert looked(0, [{"number": 4, "title": TITLE}]) == (0, ["issue comment 4", "issue close 4"])


def test_an_environment_that_is_well_says_nothing(looked):
    assert looked(0, []) == (0, [])


def test_who_is_neither_well_nor_ill_is_refused(tree):
    tree.stand_in("gh", "issue", "list", says="[]")
    tree.stand_in("gh")
    (tree.home / "body").write_text("", encoding="utf-8")
    assert tree.run("pipeline/tell", TITLE, "fine", tree.home / "body", GH_TOKEN="t")[0] == 1


def test_an_environment_that_cannot_be_asked_is_a_failed_job_and_no_issue(looked):
    assert looked(4, []) == (4, [])


# --- The tests of a job. ------------------------------------------------------------------------


@pytest.fixture
def testing(tree):
    """testing(words) → what scripts/test was given, and its compiler."""
    def test(*words):
        for script in ("test", "setup"):
            (tree.root / "scripts" / script).write_text(f"#!/bin/sh\necho {script} \"$@\" ${{CXX:-}}\n", encoding="utf-8")
        status, said, complaint = tree.run("pipeline/test", *words)
        return status, said.splitlines(), complaint
    return test


def test_slow_tests_leave_out_what_are_jobs_of_their_own(testing):
    status, said, _ = testing("gcc", "slow")
    assert status == 0 and said[-1].startswith("test --all -E ") and r"^slow\.(asan|tsan|lint)$" in said[-1]


def test_clang_is_installed_and_used(testing):
    _, said, _ = testing("clang", "everyday")
    assert said[0] == "setup build lint" and said[-1].endswith("clang++")


def test_other_compilers_and_tests_are_refused(testing):
    assert testing("icc", "everyday")[0] == 1
    assert testing("gcc", "quick")[0] == 1


@pytest.mark.parametrize("script", sorted(file.name for file in (ROOT / "scripts/pipeline").iterdir()
                                          if file.suffix != ".sh" and file.name not in ("__pycache__", "login", "terraform", "release-version")))
def test_a_job_whose_words_are_empty_fails(tree, script):
    for name in ("gcloud", "gh", "skopeo", "comments", "terraform", "buildah", "podman"):
        tree.stand_in(name)
    assert tree.run(f"pipeline/{script}", "", "", "", PLAN_KEY=KEY, GH_TOKEN="t")[0] not in (0, 77)
    assert tree.calls() == []
