"""The canary's questions, put to Prometheus' own evaluator about made-up series; and that `comments deploy` would judge
alike. That they are letter by letter its questions is a unit test: tests/ops/deploy/canary_text_test.cpp."""

import math
import re
import subprocess
import tomllib

import pytest
import yaml
from rendered import ROOT, overlay, the

CANDIDATE, STABLE, OTHER = "7d9c5b6f44", "6bf5d9c7f8", "5f4d8c9b77"
METRIC = "http_server_request_duration_seconds"
BOUNDS = ("0.05", "0.1", "0.25", "1", "+Inf")


def template():
    return the(overlay("prod-canary"), "AnalysisTemplate")["spec"]


def metrics():
    return {metric["name"]: metric for metric in template()["metrics"]}


def with_arguments(text):
    values = {one["name"]: one.get("value") for one in template()["args"]} | {"candidate": CANDIDATE, "stable": STABLE}
    return re.sub(r"\{\{args\.([a-z0-9-]+)\}\}", lambda found: values[found[1]], text)


def query(name):
    return with_arguments(metrics()[name]["provider"]["prometheus"]["query"])


def series(labels, per_step):
    return {"series": labels, "values": f"0+{per_step:.10g}x40"}


def revision(name, good, bad, slow=0, instance="1"):
    """What one instance of a revision counts in 300 s, of it `slow` above 250 ms; evenly, by 30 s."""
    where = f'job="comments",instance="{name}-{instance}"'
    found = [{"series": f'comments_build_info{{{where},revision_name="{name}"}}', "values": "1+0x40"}]
    for status, number, late in (("200", good, slow), ("503", bad, 0)):
        labels = f'{where},http_response_status_code="{status}"'
        found.append(series(f"{METRIC}_count{{{labels}}}", number / 10))
        for bound in BOUNDS:
            within = number if float(bound) >= 1 else number - late
            found.append(series(f'{METRIC}_bucket{{{labels},le="{bound}"}}', within / 10))
    return found


def answers(series_of_revisions, tmp_path):
    """Name → what promtool says that each question's value is."""
    values = {}
    for name in metrics():
        # promtool compares only, and tells what it found: asked for a value that none has.
        test = {"rule_files": [], "tests": [{"interval": "30s", "input_series": series_of_revisions, "promql_expr_test": [
            {"expr": query(name), "eval_time": "10m", "exp_samples": [{"labels": "{}", "value": 1e99}]}]}]}
        file = tmp_path / f"{name}.yml"
        file.write_text(yaml.safe_dump(test), encoding="utf-8")
        done = subprocess.run(["promtool", "test", "rules", file], capture_output=True, text=True, check=False)
        said = re.findall(r'got:.*?\{\} ([-+.eE0-9]+|NaN|[-+]?Inf)', (done.stdout + done.stderr).replace("\n", " "))
        assert len(said) == 1, done.stdout + done.stderr
        values[name] = float(said[0])
    return values


def verdict(values):
    """As Argo Rollouts takes it: one that fails is enough, and one that is neither keeps all from success."""
    results = []
    for name, metric in metrics().items():
        good, bad = (eval(with_arguments(metric[key]).replace("&&", "and"), {"result": [values[name]]})  # noqa: S307
                     for key in ("successCondition", "failureCondition"))
        results.append("bad" if bad else "good" if good else "inconclusive")
    return next((one for one in ("bad", "inconclusive") if one in results), "good")


# Requests in 300 s: (candidate good, bad, slow), (stable good, bad, slow) → verdict.
SITUATIONS = {
    "as good as before": ((400, 0, 0), (4000, 0, 0), "good"),
    "a few errors, as before": ((400, 2, 0), (4000, 20, 0), "good"),
    "every second one fails": ((200, 200, 0), (4000, 0, 0), "bad"),
    "bad, though few requests": ((5, 10, 0), (4000, 0, 0), "bad"),
    "few requests": ((50, 0, 0), (4000, 0, 0), "inconclusive"),
    "nobody asks it": ((0, 0, 0), (4000, 0, 0), "inconclusive"),
    "more errors than allowed, maybe by chance": ((297, 4, 0), (4000, 0, 0), "inconclusive"),
    "many errors, as many as the stable one": ((360, 40, 0), (3600, 400, 0), "good"),
    "slow": ((400, 0, 40), (4000, 0, 0), "bad"),
    "slow, as before": ((400, 0, 40), (4000, 0, 400), "good"),
    "slow, few requests": ((50, 0, 5), (4000, 0, 0), "inconclusive"),
    "slow, nothing to compare with": ((400, 0, 40), (0, 0, 0), "inconclusive"),
    "quick, nothing to compare with": ((400, 0, 0), (0, 0, 0), "good"),
}


@pytest.mark.parametrize("situation", SITUATIONS)
def test_the_verdict(situation, tmp_path):
    candidate, stable, expected = SITUATIONS[situation]
    everything = [*revision(CANDIDATE, *candidate), *revision(STABLE, *stable, instance="1"),
                  *revision(STABLE, *stable, instance="2"), *revision(OTHER, 100, 900, 90)]
    assert verdict(answers(everything, tmp_path)) == expected


def test_without_any_series_nothing_is_promoted(tmp_path):
    assert verdict(answers(revision(OTHER, 1000, 0), tmp_path)) == "inconclusive"


def test_deploy_and_argo_mean_the_same_numbers():
    deploy = tomllib.loads((ROOT / "terraform/environments/prod/deploy.toml").read_text(encoding="utf-8"))
    values = {one["name"]: one.get("value") for one in template()["args"]}
    for name in ("minimum-requests", "max-error-ratio", "max-p99-ratio"):
        assert float(values[name]) == deploy[name], name
    assert f"{float(values['max-p99-floor']) * 1000:.0f}ms" == deploy["max-p99-floor"]
    steps = the(overlay("prod-canary"), "Rollout")["spec"]["strategy"]["canary"]["steps"]
    assert [*(step["setWeight"] for step in steps if "setWeight" in step), 100] == deploy["canary-steps"]
    bake = int(deploy["canary-bake"].removesuffix("m")) * 60
    for name, metric in metrics().items():
        assert set(re.findall(r"\[(\w+)\]", query(name))) == {f"{bake}s"}
        if name == "too-many-errors":
            assert (metric["count"] - 1) * int(metric["interval"].removesuffix("s")) == bake
        else:  # once, when the step has lasted
            assert metric["initialDelay"] == f"{bake}s" and not {"interval", "count"} & set(metric)


def exact_limit(requests, allowed):
    """The fewest errors that core/ops/deploy/verdict.cpp calls bad: chance has them in less than 1 of 40 cases."""
    tail, hits, term = 1.0, 0, (1 - allowed) ** requests
    while tail >= 0.025:
        tail -= term
        term *= (requests - hits) / (hits + 1) * allowed / (1 - allowed)
        hits += 1
    return hits


def argos_limit(requests, allowed):
    return math.floor((1.96 / 2 + math.sqrt(requests * allowed)) ** 2) + 1


@pytest.mark.parametrize("allowed", [0.01, 0.02, 0.05, 0.1])
def test_argo_needs_hardly_more_errors_than_the_exact_test_of_deploy(allowed):
    differences = {argos_limit(requests, allowed) - exact_limit(requests, allowed) for requests in range(1, 3001)}
    assert differences <= {0, 1, 2}, differences
