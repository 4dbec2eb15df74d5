"""Everything rendered is of its kind's type, unknown keys refused; a planted fault is found."""

import copy
import functools

import pytest
from model_faults import faults
from rendered import OVERLAYS, argocd, overlay, the


FAULTS = [
    ("Deployment", "spec/template/spec/containers/0/resource", {}),
    ("Deployment", "spec/template/spec/containers/0/startupProbe/httpGet/paht", "/"),
    ("Deployment", "spec/template/spec/automountServiceAccountTokn", False),
    ("Deployment", "spec/replicas", "1"),
    ("Deployment", "spec/selector", None),
    ("Service", "spec/ports/0/portt", 80),
    ("HorizontalPodAutoscaler", "spec/maxReplicas", None),
    ("HorizontalPodAutoscaler", "spec/behavior/scaleDown/policies/0/perSeconds", 60),
    ("PodDisruptionBudget", "spec/maxUnavailble", 1),
    ("NetworkPolicy", "spec/ingres", []),
    ("NetworkPolicy", "spec/podSelector/matchLabel", {}),
    ("Job", "spec/backofLimit", 0),
    ("Job", "spec/template/spec/containers/0/env/0/valueFrom", {"secretKey": {"name": "x", "key": "y"}}),
    ("ConfigMap", "data/PORT", 8080),
    ("ServiceAccount", "automount", False),
    ("PodMonitoring", "spec/endpoints/0/intervall", "30s"),
    ("PodMonitoring", "spec/endpoints/0/interval", "often"),
    ("Gateway", "spec/listeners/0/protocl", "HTTPS"),
    ("Gateway", "spec/gatewayClassName", None),
    ("HTTPRoute", "spec/rules/0/backendRef", []),
    ("HealthCheckPolicy", "spec/default/config/httpHealthCheck/path", "/"),
    ("GCPBackendPolicy", "spec/default/timeoutSecs", 60),
    ("GCPGatewayPolicy", "spec/default/sslPolici", "comments"),
    ("Rollout", "spec/strategy/canary/steps/0/setWait", 5),
    ("Rollout", "spec/strategy/canary/steps/1/analysis/templates/0/template", "canary"),
    ("AnalysisTemplate", "spec/metrics/0/sucessCondition", "true"),
    ("AnalysisTemplate", "spec/metrics/0/provider/prometheus/queri", "up"),
    ("AnalysisTemplate", "spec/metrics/0/name", None),
    ("Application", "spec/syncPolicy/automated/prun", True),
    ("Application", "spec/destination", None),
    ("Application", "spec/source/repository", "x"),
    ("AppProject", "spec/syncWindows/0/shedule", "* * * * *"),
]


def damaged(kind, path, value):
    """A copy of a document of that kind, with one value set, or taken out where it is None."""
    documents = [*overlay("prod-canary"), *argocd()]
    first = next(document for document in documents if document["kind"] == kind)
    document = copy.deepcopy(first if kind != "Service" else the(documents, "Service", "comments"))
    *way, last = path.split("/")
    at = document
    for step in way:
        at = at[int(step)] if step.isdigit() else at[step]
    if value is None:
        del at[last]
    else:
        at[last] = value
    return document


SURPRISE = {"apiVersion": "example.com/v1", "kind": "Surprise", "metadata": {"name": "x"}}


@functools.cache
def found():
    """Name → [(document, faults)]; all in one go, for the types take their time to be read."""
    asked = {**{name: overlay(name) for name in OVERLAYS}, "argocd": argocd(),
             "planted": [damaged(*fault) for fault in FAULTS], "surprise": [SURPRISE]}
    said = iter(faults([document for documents in asked.values() for document in documents]))
    return {name: [(document, next(said)) for document in documents] for name, documents in asked.items()}


@pytest.mark.parametrize("name", [*OVERLAYS, "argocd"])
def test_documents_are_of_their_types(name):
    assert found()[name]
    assert {document["kind"] + " " + document["metadata"]["name"]: said for document, said in found()[name] if said} == {}


@pytest.mark.parametrize("number, fault", enumerate(FAULTS), ids=lambda part: part[1] if isinstance(part, tuple) else None)
def test_a_planted_fault_is_found(number, fault):
    assert found()["planted"][number][1]


def test_a_kind_without_a_model_is_a_fault():
    assert found()["surprise"][0][1]
