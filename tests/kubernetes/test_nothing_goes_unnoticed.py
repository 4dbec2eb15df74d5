"""Whatever is taken out of an environment, a rule of policy.py finds it: a rule that cannot fail would be seen here. What
may go is listed, with why."""

import copy
import re

import pytest
from policy import faults
from rendered import overlay

MAY_GO = {  # of "Kind path", as a whole
    r"\w+ metadata/labels.*": "for people",
    r"\w+ metadata/namespace": "test_policy.py: everything is in its environment's",
    r"AnalysisTemplate spec.*|Rollout .*/setWeight|Rollout .*/steps/\d": "test_canary.py: deploy.toml's steps and figures",
    r"ConfigMap data/(GOOGLE_CLOUD_PROJECT|COMMENTS_CORS_ORIGIN)|HorizontalPodAutoscaler spec/\w+Replicas": "test_settings.py: Terraform's",
    r"PodMonitoring spec/endpoints/0/path": "test_live.py: asked for it, and the default",
    r"PodMonitoring spec/endpoints/0/interval": "test_models.py: the type asks for it",
    r"PodMonitoring spec/(endpoints/0/timeout|targetLabels.*)": "which labels beside ours, and how long to wait",
    r"Deployment .*Probe/(failureThreshold|periodSeconds|timeoutSeconds)": "Kubernetes' own would do; what must fit is a rule",
    r"Deployment .*/terminationGracePeriodSeconds": "Kubernetes' own 30 s are just enough",
    r"Deployment .*/args(/0)?": "the image's own",
    r"(Deployment|Rollout) spec/(progressDeadline\w+|revisionHistoryLimit)": "how soon it is told, how many are kept",
    r"HorizontalPodAutoscaler spec/(behavior|metrics).*": "how eager; without metrics it is the processor at 80 %",
    r"HealthCheckPolicy spec/default/(un)?healthyThreshold": "Google's own would do; what must fit is a rule",
    r"NetworkPolicy spec/podSelector/matchLabels/[\w.]+/\w+": "the label beside it tells our pods apart, too",
    r"Job spec/template/metadata/labels/[\w.]+/component": "what counts is that it is not the service's",
    r"ServiceAccount automountServiceAccountToken": "each pod says it as well",
    r"Job metadata/annotations/argocd.argoproj.io/sync-wave": "it is alone in its phase",
}


def parts(value, way=()):
    """The way to every key and every element below."""
    for step, below in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield (*way, step)
        yield from parts(below, (*way, step))


def without(documents, number, way):
    damaged = copy.deepcopy(list(documents))
    at = damaged[number]
    for step in way[:-1]:
        at = at[step]
    del at[way[-1]]
    return damaged


def found(documents):
    try:
        return bool(faults(documents))
    except (KeyError, IndexError, TypeError, ValueError):
        return True  # the rules read it, and stopped


def unnoticed(name):
    documents = overlay(name)
    for number, document in enumerate(documents):
        for way in parts(document):
            if way[0] in ("apiVersion", "kind") or way in (("metadata",), ("metadata", "name")):
                continue
            if not found(without(documents, number, way)):
                yield f"{document['kind']} {'/'.join(map(str, way))}"


@pytest.mark.parametrize("name", ["dev", "prod-canary"])
def test_what_is_taken_out_is_found(name):
    assert [one for one in unnoticed(name) if not any(re.fullmatch(pattern, one) for pattern in MAY_GO)] == []


def test_what_may_go_is_there():
    gone = {one for name in ("dev", "prod-canary") for one in unnoticed(name)}
    assert [pattern for pattern in MAY_GO if not any(re.fullmatch(pattern, one) for one in gone)] == []
