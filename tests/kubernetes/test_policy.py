"""Every environment keeps the rules of policy.py, and each rule finds the fault that is planted for it."""

import ast
import copy
import pathlib

import pytest
from policy import faults
from rendered import OVERLAYS, argocd, of_kind, overlay, the


@pytest.mark.parametrize("name", OVERLAYS)
def test_an_environment_keeps_the_rules(name):
    assert faults(overlay(name)) == []


@pytest.mark.parametrize("name", OVERLAYS)
def test_everything_is_in_the_environments_namespace(name):
    assert {document["metadata"].get("namespace") for document in overlay(name)} == {f"comments-{name.split('-')[0]}"}


def test_an_environment_without_a_database_has_nothing_of_one():
    kinds = {document["kind"] for document in overlay("dev")}
    assert kinds == {"ServiceAccount", "ConfigMap", "Service", "Deployment", "NetworkPolicy", "PodMonitoring"}


def test_the_canary_is_production_and_nothing_else():
    def names(name):
        return {(document["kind"], document["metadata"]["name"]) for document in overlay(name)}
    assert names("prod") - names("prod-canary") == set()
    assert names("prod-canary") - names("prod") == {
        ("Rollout", "comments"), ("AnalysisTemplate", "canary"), ("Service", "comments-canary"),
        ("HealthCheckPolicy", "comments-canary"), ("GCPBackendPolicy", "comments-canary")}


# Planted faults: what the rule says → the overlay, a document's kind and name, a path, a value (GONE: taken out).
GONE = object()
POD = "spec/template/spec"
CONTAINER = f"{POD}/containers/0"
PLANTED = [
    ("not run as 65532", "prod", "Deployment", f"{POD}/securityContext/runAsUser", 0),
    ("not run as 65532", "prod", "Job", f"{POD}/securityContext/runAsNonRoot", GONE),
    ("no seccomp profile RuntimeDefault", "prod", "Deployment", f"{POD}/securityContext/seccompProfile/type", "Unconfined"),
    ("has a token of its service account", "prod", "Deployment", f"{POD}/automountServiceAccountToken", GONE),
    ("service links would set COMMENTS_PORT", "prod", "Deployment", f"{POD}/enableServiceLinks", GONE),
    ("reaches into its node", "prod", "Deployment", f"{POD}/hostNetwork", True),
    ("reaches into its node", "prod", "Job", f"{POD}/volumes/0", {"name": "data", "hostPath": {"path": "/"}}),
    ("its root can be written to", "prod", "Job", f"{CONTAINER}/securityContext/readOnlyRootFilesystem", False),
    ("its root can be written to", "prod", "Deployment", f"{POD}/initContainers", [{"name": "more", "image": "busybox"}]),
    ("keeps capabilities", "prod", "Deployment", f"{CONTAINER}/securityContext/capabilities/drop", ["NET_RAW"]),
    ("may get privileges", "prod", "Deployment", f"{CONTAINER}/securityContext/allowPrivilegeEscalation", GONE),
    ("says otherwise than its pod whom it runs as", "prod", "Deployment", f"{CONTAINER}/securityContext/runAsUser", 0),
    ("its image is not REPOSITORY@sha256:DIGEST", "prod", "Deployment", f"{CONTAINER}/image", "example.com/comments:latest"),
    ("its image is not REPOSITORY@sha256:DIGEST", "dev", "Deployment", f"{CONTAINER}/image", GONE),
    ("no limits of cpu and memory", "prod", "Deployment", f"{CONTAINER}/resources/limits/memory", GONE),
    ("no requests of cpu and memory", "prod", "Job", f"{CONTAINER}/resources/requests", GONE),
    ("would make the image's /data writable", "prod", "Job", f"{CONTAINER}/volumeMounts", []),
    ("mounts something writable", "prod", "Deployment", f"{CONTAINER}/volumeMounts/0/readOnly", False),
    ("is not from a Secret", "prod", "Deployment", f"{CONTAINER}/env/1", {"name": "COMMENTS_STORE_PASSWORD", "value": "x"}),
    ("startupProbe does not ask for /health/startup", "prod", "Deployment", f"{CONTAINER}/startupProbe", GONE),
    ("readinessProbe does not ask for", "prod", "Deployment", f"{CONTAINER}/readinessProbe/httpGet/path", "/health/live"),
    ("livenessProbe does not ask for", "dev", "Deployment", f"{CONTAINER}/livenessProbe/httpGet/path", "/health/ready"),
    ("less than a minute to start", "prod", "Deployment", f"{CONTAINER}/startupProbe/failureThreshold", 3),
    ("settings are missing", "prod", "Deployment", f"{CONTAINER}/envFrom", []),
    ("a ConfigMap holds a secret", "prod", "ConfigMap", "data/COMMENTS_STORE_PASSWORD", "x"),
    ("a changed setting would not be rolled out", "prod", "ConfigMap", "metadata/name", "comments"),
    ("neither collectors nor Cloud Logging", "dev", "ConfigMap", "data/COMMENTS_ADMIN_HOST", GONE),
    ("would be the only reader", "prod", "ConfigMap", "data/COMMENTS_TRUSTED_PROXIES", GONE),
    ("as everybody else in the namespace", "prod", "Deployment", f"{POD}/serviceAccountName", GONE),
    ("the drain would be cut", "prod", "Deployment", f"{POD}/terminationGracePeriodSeconds", 29),
    ("the drain would be cut", "prod", "ConfigMap", "data/COMMENTS_DRAIN_DELAY", "1m"),
    ("the drain would be cut", "prod", "Deployment", f"{CONTAINER}/lifecycle", {"preStop": {"sleep": {"seconds": 15}}}),
    ("is over before anybody notices", "prod", "ConfigMap", "data/COMMENTS_DRAIN_DELAY", "500ms"),
    ("a preStop hook that the image cannot run", "prod", "Deployment", f"{CONTAINER}/lifecycle",
     {"preStop": {"exec": {"command": ["sleep", "5"]}}}),
    ("metrics do not tell revisions apart", "prod", "Deployment", f"{CONTAINER}/env/0/valueFrom/fieldRef/fieldPath", "metadata.name"),
    ("are not spread over zones and nodes", "prod", "Deployment", f"{POD}/topologySpreadConstraints/0", GONE),
    ("ports are not where the settings say", "prod", "ConfigMap", "data/PORT", "8000"),
    ("two instances would have other comments each", "dev", "Deployment", "spec/replicas", 2),
    ("two instances would have other comments each", "dev", "Deployment", "spec/strategy", {"type": "RollingUpdate"}),
    ("memory: nothing to migrate", "dev", "+Job", "", "prod"),
    ("is one autoscaler's, and nobody else's", "prod", "Deployment", "spec/replicas", 3),
    ("is one autoscaler's, and nobody else's", "prod", "HorizontalPodAutoscaler", "", GONE),
    ("the autoscaler does not scale the Rollout", "prod-canary", "HorizontalPodAutoscaler", "spec/scaleTargetRef/kind", "Deployment"),
    ("no budget for disruptions", "staging", "PodDisruptionBudget", "", GONE),
    ("takes instances away before it adds any", "prod", "Deployment", "spec/strategy/rollingUpdate/maxUnavailable", 1),
    ("the budget protects what serves nobody", "prod", "PodDisruptionBudget", "spec/unhealthyPodEvictionPolicy", GONE),
    ("the service has no password", "prod", "Deployment", f"{CONTAINER}/env/1", GONE),
    ("the migration has no password", "prod", "Job", f"{CONTAINER}/env/1/valueFrom/secretKeyRef/key", "secret"),
    ("no job that migrates", "prod", "Job", "", GONE),
    ("not before the sync, each time anew", "prod", "Job", "metadata/annotations/argocd.argoproj.io~hook", "PostSync"),
    ("not before the sync, each time anew", "prod", "Job", "metadata/annotations/argocd.argoproj.io~hook-delete-policy", GONE),
    ("the migration is not the candidate's", "prod", "Job", f"{CONTAINER}/image", f"example.com/comments@sha256:{'2' * 64}"),
    ("the migration is of another store", "prod", "Job", f"{CONTAINER}/env/0/value", "memory:"),
    ("needs what the sync brings only after it", "prod", "Job", f"{POD}/serviceAccountName", "comments"),
    ("a migration that fails does not end", "prod", "Job", "spec/backoffLimit", 6),
    ("no postgres:// with TLS and without password", "prod", "ConfigMap", "data/COMMENTS_STORE", "postgres://a:b@10.30.0.3:5432/c?sslmode=require"),
    ("lets nobody to the database, or not only to it", "prod", "NetworkPolicy database", "spec/egress/0/to/0/ipBlock/cidr", "0.0.0.0/0"),
    ("lets nobody to the database, or not only to it", "prod", "NetworkPolicy database", "", GONE),
    ("no network policy that denies everything first", "prod", "NetworkPolicy default-deny", "", GONE),
    ("no network policy that denies everything first", "dev", "NetworkPolicy default-deny", "spec/policyTypes", ["Ingress"]),
    ("lets in to other ports than the API's and the metrics'", "prod", "NetworkPolicy api", "spec/ingress/0", {}),
    ("the admin port is not for the collectors", "prod", "NetworkPolicy metrics", "spec/ingress/0/from", GONE),
    ("the admin port is not for the collectors", "prod", "NetworkPolicy metrics", "spec/ingress/0/from/0/podSelector", GONE),
    ("the admin port is not for the collectors of Standard and Autopilot alone", "prod", "NetworkPolicy metrics", "spec/ingress/0/from/1", GONE),
    ("names are not asked where GKE answers for them", "prod", "NetworkPolicy dns", "spec/egress/0/to/1", GONE),
    ("lets out to more than names and the database", "prod", "NetworkPolicy dns", "spec/egress/0/ports", [{"port": 443}]),
    ("lets out to more than names and the database", "prod", "NetworkPolicy database", "spec/egress/0/to", GONE),
    ("is for none of our pods", "prod", "NetworkPolicy api", "spec/podSelector/matchLabels/app.kubernetes.io~component", "web"),
    ("does not say what it is about", "prod", "NetworkPolicy api", "spec/policyTypes", ["Egress"]),
    ("comments: what network policies let in is", "dev", "NetworkPolicy api", "spec/ingress", []),
    ("comments: what network policies let out is", "dev", "NetworkPolicy dns", "", GONE),
    ("comments-migrate: what network policies let out is []", "prod", "Job", "spec/template/metadata/labels/app.kubernetes.io~name", "migrate"),
    ("have other labels than what selects them", "prod", "Deployment", "spec/template/metadata/labels/app", "comments"),
    ("does not select our pods alone", "prod", "Service", "spec/selector/app.kubernetes.io~component", "web"),
    ("PodDisruptionBudget does not select our pods alone", "prod", "PodDisruptionBudget", "spec/selector/matchLabels/app", "web"),
    ("shows more than the API", "prod", "Service", "spec/ports/0/targetPort", "metrics"),
    ("shows more than the API", "prod", "Service", "spec/type", "LoadBalancer"),
    ('would not have job="comments"', "prod", "PodMonitoring", "metadata/name", "comments-prod"),
    ("metrics are not read from the admin port", "prod", "PodMonitoring", "spec/endpoints/0/port", "http"),
    ("not of the class, the address and the certificates", "prod", "Gateway", "metadata/annotations", GONE),
    ("listens otherwise", "prod", "Gateway", "spec/listeners/0/protocol", "HTTP"),
    ("a listener has no route", "prod", "HTTPRoute comments-redirect", "", GONE),
    ("not of one host name", "prod", "HTTPRoute comments", "spec/hostnames", GONE),
    ("http is not sent on", "prod", "HTTPRoute comments-redirect", "spec/rules/0/filters/0/requestRedirect/scheme", "http"),
    ("lead to what serves, and to that alone", "prod-canary", "HTTPRoute comments", "spec/rules/0/backendRefs/1/weight", GONE),
    ("over before the load balancer notices", "prod", "HealthCheckPolicy", "spec/default/checkIntervalSec", GONE),
    ("cuts who is still answered", "prod", "GCPBackendPolicy", "spec/default/connectionDraining", GONE),
    ("lead to what serves, and to that alone", "prod", "HTTPRoute comments", "spec/rules/0/backendRefs/0/name", "api"),
    ("not every Service has its HealthCheckPolicy", "prod-canary", "HealthCheckPolicy comments-canary", "", GONE),
    ("asks for something else than readiness", "prod", "HealthCheckPolicy", "spec/default/config/httpHealthCheck/requestPath", "/"),
    ("the load balancer speaks TLS 1.0", "prod", "GCPGatewayPolicy", "", GONE),
    ("cuts who follows a thread", "prod", "GCPBackendPolicy", "spec/default/timeoutSec", GONE),
    ("COMMENTS_IDLE_TIMEOUT ends while the load balancer", "prod", "ConfigMap", "data/COMMENTS_IDLE_TIMEOUT", "60s"),
    ("waits for the workload", "prod", "PodDisruptionBudget", "metadata/annotations", {"argocd.argoproj.io/sync-wave": "1"}),
    ("does not come before the workload", "prod", "ConfigMap", "metadata/annotations", {}),
    ("settings go while pods", "prod", "ConfigMap", "metadata/annotations/argocd.argoproj.io~sync-options", GONE),
    ("the Rollout is of another pod", "prod-canary", "Rollout", "spec/workloadRef/name", "other"),
    ("the Rollout has not its two Services", "prod-canary", "Rollout", "spec/strategy/canary/canaryService", "comments"),
    ("a step of the Rollout is not judged", "prod-canary", "Rollout", "spec/strategy/canary/steps/1", {"pause": {}}),
    ("the Rollout's plugin does not find its route", "prod-canary", "Rollout",
     "spec/strategy/canary/trafficRouting/plugins/argoproj-labs~gatewayAPI/namespace", GONE),
    ("does not ask about candidate and stable", "prod-canary", "Rollout", "spec/strategy/canary/steps/1/analysis/args/0", GONE),
    ("metrics do not tell revisions apart", "prod-canary", "Deployment", f"{CONTAINER}/env/0/valueFrom/fieldRef/fieldPath",
     "metadata.labels['pod-template-hash']"),
    ("is not for Git, or not needed", "prod", "+Secret", "", "prod"),
]


def damaged(name, wanted, path, value):
    documents = copy.deepcopy(list(overlay(name)))
    kind, *named = wanted.lstrip("+").split(" ")
    if wanted.startswith("+"):  # one more, of another overlay
        more = of_kind(overlay(value), kind) or [{"kind": kind, "metadata": {"name": "more"}}]
        return [*documents, *more]
    document = the(documents, kind, named[0] if named else None) if named or len(of_kind(documents, kind)) == 1 \
        else of_kind(documents, kind)[0]
    if not path:
        documents.remove(document)
        return documents
    *way, last = [step.replace("~", "/") for step in path.split("/")]
    at = document
    for step in way:
        at = at[int(step)] if step.isdigit() else at[step]
    last = int(last) if isinstance(at, list) else last
    if value is GONE:
        del at[last]
    else:
        at[last] = value
    return documents


@pytest.mark.parametrize("says, name, wanted, path, value", PLANTED, ids=[f"{fault[0]}-{fault[3]}" for fault in PLANTED])
def test_a_planted_fault_is_found(says, name, wanted, path, value):
    assert any(says in fault for fault in faults(damaged(name, wanted, path, value)))


def test_every_rule_has_a_planted_fault():
    tree = ast.parse(pathlib.Path(__file__).with_name("policy.py").read_text(encoding="utf-8"))
    texts = []
    for node in ast.walk(tree):
        said = node.value if isinstance(node, ast.Yield) else \
            node.args[0] if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "append" else None
        if isinstance(said, ast.Constant):
            texts.append([said.value])
        elif isinstance(said, ast.JoinedStr):
            texts.append([part.value for part in said.values if isinstance(part, ast.Constant)])
    assert len(texts) > 45
    planted = [fault for says, name, wanted, path, value in PLANTED
               for fault in faults(damaged(name, wanted, path, value)) if says in fault]
    assert [parts for parts in texts if not any(all(part in fault for part in parts) for fault in planted)] == []


def test_argo_cd_may_make_what_is_rendered_and_nothing_else():
    allowed = {(one["group"], one["kind"]) for one in the(argocd(), "AppProject")["spec"]["namespaceResourceWhitelist"]}
    rendered = {(document["apiVersion"].rpartition("/")[0], document["kind"]) for name in OVERLAYS for document in overlay(name)}
    assert rendered == allowed


@pytest.mark.parametrize("name", [name for name in OVERLAYS if "-" not in name])
def test_an_application_brings_its_overlay_where_the_project_allows(name):
    project = the(argocd(), "AppProject")
    spec = the(argocd(), "Application", f"comments-{name}")["spec"]
    assert spec["project"] == project["metadata"]["name"]
    assert spec["source"]["path"] == f"kubernetes/overlays/{name}"
    assert spec["source"]["repoURL"] in project["spec"]["sourceRepos"]
    assert spec["destination"] in project["spec"]["destinations"]
    assert spec["destination"]["namespace"] == overlay(name)[0]["metadata"]["namespace"]
    assert spec["syncPolicy"]["managedNamespaceMetadata"]["labels"] == {"pod-security.kubernetes.io/enforce": "restricted"}
    assert "CreateNamespace=true" in spec["syncPolicy"]["syncOptions"]


def test_argo_cd_leaves_the_weights_to_argo_rollouts():
    """RespectIgnoreDifferences would take the whole list `rules` of what is there, and no other change of it would ever
    come (argo-cd issue 17694). A route that differs in its weights alone is in sync, and what is in sync is not applied."""
    spec = the(argocd(), "Application", "comments-prod")["spec"]
    assert "ApplyOutOfSyncOnly=true" in spec["syncPolicy"]["syncOptions"]
    assert not [option for one in of_kind(argocd(), "Application") for option in one["spec"]["syncPolicy"]["syncOptions"]
                if option.startswith("RespectIgnoreDifferences")]
    plugin = the(overlay("prod-canary"), "Rollout")["spec"]["strategy"]["canary"]["trafficRouting"]["plugins"]
    (ignored,) = spec["ignoreDifferences"]
    assert ignored["name"] == plugin["argoproj-labs/gatewayAPI"]["httpRoute"]
    assert ignored["jqPathExpressions"] == [".spec.rules[].backendRefs[].weight"]
