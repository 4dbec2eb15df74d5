"""What `kubectl kustomize` makes of kubernetes/."""

import functools
import pathlib
import subprocess

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
KUBERNETES = ROOT / "kubernetes"
OVERLAYS = tuple(sorted(folder.name for folder in (KUBERNETES / "overlays").iterdir()))


def kustomized(folder):
    done = subprocess.run(["kubectl", "kustomize", folder], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    # Deprecations and the like are said there, with status 0.
    assert done.stderr == "", done.stderr
    return list(yaml.safe_load_all(done.stdout))


@functools.cache
def _rendered(name):
    return kustomized(KUBERNETES / name)


def overlay(name):
    """Do not change what it returns."""
    return _rendered(f"overlays/{name}")


def argocd():
    return _rendered("argocd")


def of_kind(documents, kind, name=None):
    return [document for document in documents
            if document["kind"] == kind and name in (None, document["metadata"]["name"])]


def the(documents, kind, name=None):
    found = of_kind(documents, kind, name)
    assert len(found) == 1, f"{len(found)} of {kind} {name or ''}"
    return found[0]


def settings(documents):
    """The variables of the ConfigMap that the service reads."""
    container = the(documents, "Deployment")["spec"]["template"]["spec"]["containers"][0]
    (source,) = container["envFrom"]
    return the(documents, "ConfigMap", source["configMapRef"]["name"])["data"]
