"""What grafana.yml runs, and what a deploy asks of the image that it left."""

import json
import shutil

import pytest
from conftest import ROOT

DIGEST = "sha256:" + "a" * 64
REPOSITORY = "europe-west1-docker.pkg.dev/example-comments-build/comments/grafana"
DASHBOARDS = len(list((ROOT / "monitoring/grafana/dashboards").glob("*.json")))


@pytest.fixture
def folder(tree):
    shutil.copytree(ROOT / "monitoring/grafana", tree.root / "monitoring/grafana")
    tree.commit = tree.committed()
    folder = tree.home / "grafana"
    folder.mkdir()
    (folder / "digest").write_text(DIGEST, encoding="utf-8")
    (folder / "image.tar").write_text("", encoding="utf-8")
    return folder


def test_it_is_built_of_the_commit_with_the_commits_time(tree, folder):
    tree.stand_in("buildah", "build")
    tree.stand_in("buildah", "push", writes={"--digestfile": DIGEST})
    assert tree.run("pipeline/grafana", "build", folder)[0] == 0
    build, push = [call.words for call in tree.calls("buildah")]
    assert build[-1] == "monitoring/grafana"
    assert build[build.index("--timestamp") + 1] == tree.git("log", "-1", "--format=%ct")
    assert push[-2:] == [f"localhost/comments-grafana:{tree.commit}", f"oci-archive:{folder}/image.tar"]


def test_what_was_left_of_an_earlier_build_is_not_taken_for_this_one(tree, folder):
    tree.stand_in("buildah")
    assert tree.run("pipeline/grafana", "build", folder)[0] == 1


def tried(tree, folder, shown):
    tree.stand_in("podman", "pull", says="id\n")
    tree.stand_in("podman", "run", says="box\n")
    tree.stand_in("podman", "port", "box", "3000/tcp", says="127.0.0.1:40000\n")
    tree.stand_in("podman")
    tree.stand_in("curl", says=json.dumps([{}] * shown))
    status, _, complaint = tree.run("pipeline/grafana", "try", folder, COMMENTS_GRAFANA_SECONDS="1")
    assert tree.calls("podman")[-1].words == ["rm", "--force", "box"]
    return status, complaint


def test_it_is_good_once_it_shows_every_dashboard(tree, folder):
    assert tried(tree, folder, DASHBOARDS)[0] == 0
    assert tree.calls("curl")[-1].words[-1] == "http://127.0.0.1:40000/api/search?type=dash-db"
    run, = [call.words for call in tree.calls("podman") if call.words[0] == "run"]
    assert "--cap-drop=all" in run and run[run.index("--publish") + 1] == "127.0.0.1::3000"


def test_it_gets_every_setting_that_its_files_ask_for_and_no_other(tree, folder):
    tried(tree, folder, DASHBOARDS)
    run, = [call.words for call in tree.calls("podman") if call.words[0] == "run"]
    given = {word.partition("=")[0] for word in run if word.startswith("COMMENTS_")}
    text = "".join(file.read_text(encoding="utf-8") for file in (ROOT / "monitoring/grafana/provisioning").rglob("*.yml")
                   if file.name != "local.yml")
    assert given == {word.partition("}")[0] for word in text.split("${")[1:] if word.startswith("COMMENTS_")}


def test_one_that_lacks_a_dashboard_is_not_pushed(tree, folder):
    status, complaint = tried(tree, folder, DASHBOARDS - 1)
    assert status == 1 and f"it shows {DASHBOARDS - 1} of {DASHBOARDS} dashboards" in complaint
    assert ["logs", "box"] in [call.words for call in tree.calls("podman")]


def test_it_is_pushed_beside_the_service_under_its_commit(tree, folder):
    tree.stand_in("skopeo", "inspect", "--format", "{{.Digest}}", f"oci-archive:{folder}/image.tar", says=DIGEST + "\n")
    tree.stand_in("skopeo", "inspect", status=1)
    tree.stand_in("skopeo", "copy")
    assert tree.run("pipeline/publish", "look", folder, "grafana")[0] == 0
    assert tree.outputs()["image"] == REPOSITORY
    assert tree.run("pipeline/publish", "push", folder, "grafana")[0] == 0
    assert tree.calls("skopeo")[-1].words[-1] == f"docker://{REPOSITORY}:{tree.commit}"


# --- Deployed is what it left. ------------------------------------------------------------------


@pytest.fixture
def verified(tree):
    """verified(image of prod, whether gh finds a signature) → how it ended, and its complaint."""
    def verify(image, signed=True):
        file = tree.root / "terraform/environments/prod/terraform.tfvars"
        text = file.read_text(encoding="utf-8")
        file.write_text("\n".join(f'  image            = "{image}"' if line.startswith("  image ") else line
                                  for line in text.splitlines()), encoding="utf-8")
        assert image in file.read_text(encoding="utf-8")
        commit = tree.committed()
        file.write_text("", encoding="utf-8")  # what main has by now is not asked
        tree.stand_in("gh", "attestation", "verify", status=0 if signed else 1)
        status, _, complaint = tree.run("pipeline/verify-grafana", "prod", commit, GH_TOKEN="t")
        return status, complaint
    return verify


def test_grafana_is_verified_against_its_workflow_and_branch(tree, verified):
    assert verified(f"{REPOSITORY}@{DIGEST}")[0] == 0
    gh, = tree.calls("gh")
    assert gh.words == ["attestation", "verify", f"oci://{REPOSITORY}@{DIGEST}", "--repo", "owner/name",
                        "--signer-workflow", "owner/name/.github/workflows/grafana.yml",
                        "--source-ref", "refs/heads/main", "--deny-self-hosted-runners"]


def test_a_grafana_that_is_not_signed_is_refused(verified):
    status, complaint = verified(f"{REPOSITORY}@{DIGEST}", signed=False)
    assert status == 1 and "is not deployed" in complaint


@pytest.mark.parametrize("image", [f"docker.io/grafana/grafana@{DIGEST}", f"{REPOSITORY}:13.2.3", REPOSITORY, f"{REPOSITORY}@sha256:1"])
def test_another_grafana_or_one_without_a_digest_is_refused(tree, verified, image):
    assert verified(image)[0] == 1
    assert tree.calls("gh") == []


def test_an_environment_without_grafana_has_nothing_to_verify(tree):
    tree.stand_in("gh", status=1)
    assert tree.run("pipeline/verify-grafana", "dev", tree.commit, GH_TOKEN="t")[0] == 0
