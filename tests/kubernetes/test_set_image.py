"""kubernetes/set-image: a digest, or nothing."""

import shutil
import subprocess

import pytest
from rendered import KUBERNETES, kustomized, of_kind

NEW = "sha256:" + "0123456789abcdef" * 4
PLACEHOLDER = "sha256:" + "1" * 64


@pytest.fixture
def copied(tmp_path):
    return shutil.copytree(KUBERNETES, tmp_path / "kubernetes")


def set_image(copied, *words):
    return subprocess.run([copied / "set-image", *words], capture_output=True, text=True, check=False)


def images(copied, name):
    documents = kustomized(copied / "overlays" / name)
    return {container["image"].partition("@")[2] for kind in ("Deployment", "Job") for document in of_kind(documents, kind)
            for container in document["spec"]["template"]["spec"]["containers"]}


def test_service_and_migration_get_the_digest_and_other_environments_do_not(copied):
    done = set_image(copied, "prod", NEW)
    assert done.returncode == 0, done.stderr
    assert images(copied, "prod") == images(copied, "prod-canary") == {NEW}
    assert images(copied, "staging") == {PLACEHOLDER}
    assert "git commit" in done.stdout


def test_a_digest_is_promoted(copied):
    set_image(copied, "staging", NEW)
    done = set_image(copied, "prod", "--from", "staging")
    assert done.returncode == 0, done.stderr
    assert images(copied, "prod") == {NEW}


def test_the_same_digest_again_changes_nothing(copied):
    set_image(copied, "prod", NEW)
    done = set_image(copied, "prod", NEW)
    assert (done.returncode, done.stdout) == (0, f"prod runs {NEW} already\n")


@pytest.mark.parametrize("words, says", [
    ([], "Usage:"), (["prod"], "needs ENV"), (["prod", "latest"], "is no digest"), (["prod", NEW[:-1]], "is no digest"),
    (["prod", NEW.upper()], "is no digest"), (["prod", PLACEHOLDER], "is a placeholder"), (["production", NEW], "dev, staging or prod"),
    (["../overlays/prod", NEW], "dev, staging or prod"), (["prod-canary", NEW], "names no image of its own"),
    (["prod", "--from", "staging"], "is a placeholder"), (["prod", "--from"], "--from needs"), (["prod", NEW, "more"], "nothing after it"),
])
def test_anything_else_is_refused_and_changes_nothing(copied, words, says):
    done = set_image(copied, *words)
    assert says in done.stdout + done.stderr
    assert done.returncode == (2 if words else 0)
    assert images(copied, "prod") == {PLACEHOLDER}
