"""Our rules for what runs in a cluster. `faults` says which are broken; each has a planted fault in test_policy.py."""

import ipaddress
import re
from urllib.parse import urlsplit

DRAIN_LIMIT = 7  # seconds: drain_limit of core/net/reactor.h
TO_SPARE = 3
IMAGE = re.compile(r"^[a-z0-9.-]+(:[0-9]+)?/[a-z0-9._/-]+@sha256:[0-9a-f]{64}$")
GENERATED = re.compile(r"-[0-9a-z]{10}$")
PODS = ("Deployment", "Job")
PROBES = {"startupProbe": "/health/startup", "readinessProbe": "/health/ready", "livenessProbe": "/health/live"}
REVISION_LABELS = ("pod-template-hash", "rollouts-pod-template-hash")  # a Deployment's, a Rollout's
SECRET_NAME = re.compile(r"PASSWORD|SECRET|TOKEN|CREDENTIAL|PRIVATE_KEY")


def of(documents, kind):
    return [document for document in documents if document["kind"] == kind]


def pod_of(document):
    return document["spec"]["template"]["spec"] if document["kind"] in PODS else None


def seconds(text):
    number, unit = re.fullmatch(r"([0-9.]+)(ms|s|m)", text).groups()
    return float(number) * {"ms": 0.001, "s": 1, "m": 60}[unit]


def environment(documents, container):
    """Every variable that a container has by name and value."""
    maps = {document["metadata"]["name"]: document["data"] for document in of(documents, "ConfigMap")}
    values = {}
    for source in container.get("envFrom", []):
        values.update(maps.get(source["configMapRef"]["name"], {}))
    values.update({one["name"]: one["value"] for one in container.get("env", []) if "value" in one})
    return values


def pod_faults(name, pod):
    context = pod.get("securityContext", {})
    if context.get("runAsNonRoot") is not True or context.get("runAsUser") != 65532 or context.get("runAsGroup") != 65532:
        yield f"{name}: not run as 65532"
    if context.get("seccompProfile") != {"type": "RuntimeDefault"}:
        yield f"{name}: no seccomp profile RuntimeDefault"
    if pod.get("automountServiceAccountToken") is not False:
        yield f"{name}: has a token of its service account"
    if pod.get("enableServiceLinks") is not False:
        yield f"{name}: service links would set COMMENTS_PORT"
    if any(pod.get(key) for key in ("hostNetwork", "hostPID", "hostIPC")) or any("hostPath" in one for one in pod.get("volumes", [])):
        yield f"{name}: reaches into its node"
    for container in [*pod.get("initContainers", []), *pod["containers"]]:
        yield from container_faults(f"{name}/{container['name']}", container)


def container_faults(name, container):
    context = container.get("securityContext", {})
    if context.get("readOnlyRootFilesystem") is not True:
        yield f"{name}: its root can be written to"
    if context.get("capabilities") != {"drop": ["ALL"]}:
        yield f"{name}: keeps capabilities"
    if context.get("allowPrivilegeEscalation") is not False or context.get("privileged"):
        yield f"{name}: may get privileges"
    if {"runAsUser", "runAsGroup", "runAsNonRoot", "seccompProfile"} & set(context):
        yield f"{name}: says otherwise than its pod whom it runs as"
    if not IMAGE.match(container.get("image", "")):
        yield f"{name}: its image is not REPOSITORY@sha256:DIGEST"
    for kind in ("requests", "limits"):
        if set(container.get("resources", {}).get(kind, {})) != {"cpu", "memory"}:
            yield f"{name}: no {kind} of cpu and memory"
    if any(not mount.get("readOnly") for mount in container.get("volumeMounts", [])):
        yield f"{name}: mounts something writable"
    for one in container.get("env", []):
        if SECRET_NAME.search(one["name"]) and "secretKeyRef" not in one.get("valueFrom", {}):
            yield f"{name}: {one['name']} is not from a Secret"


def service_faults(documents, deployment):
    """Of the one that answers requests."""
    pod = deployment["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    for probe, path in PROBES.items():
        if container.get(probe, {}).get("httpGet") != {"path": path, "port": "http"}:
            yield f"{probe} does not ask for {path}"
    startup = container.get("startupProbe", {})
    if startup.get("periodSeconds", 10) * startup.get("failureThreshold", 3) < 60:
        yield "less than a minute to start"
    if any(SECRET_NAME.search(key) for document in of(documents, "ConfigMap") for key in document["data"]):
        yield "a ConfigMap holds a secret"
    if not all(GENERATED.search(document["metadata"]["name"]) for document in of(documents, "ConfigMap")):
        yield "a changed setting would not be rolled out"
    values = environment(documents, container)
    if not {"COMMENTS_STORE", "COMMENTS_EMAIL_VISIBILITY", "PORT", "COMMENTS_DRAIN_DELAY"} <= set(values):
        yield "settings are missing"
        return
    # The delay goes by before the drain; a preStop hook would go by before both.
    hook = container.get("lifecycle", {}).get("preStop", {}).get("sleep", {}).get("seconds", 0)
    if set(container.get("lifecycle", {}).get("preStop", {})) - {"sleep"}:
        yield "a preStop hook that the image cannot run: it has no shell"
    needed = hook + seconds(values["COMMENTS_DRAIN_DELAY"]) + DRAIN_LIMIT + TO_SPARE
    if pod.get("terminationGracePeriodSeconds", 30) < needed:
        yield f"terminationGracePeriodSeconds is below {needed:.0f}: the drain would be cut"
    ready = container.get("readinessProbe", {})
    if seconds(values["COMMENTS_DRAIN_DELAY"]) < ready.get("periodSeconds", 10) * ready.get("failureThreshold", 3):
        yield "COMMENTS_DRAIN_DELAY is over before anybody notices that it is not ready"
    revision = [one.get("valueFrom") for one in container.get("env", []) if one["name"] == "COMMENTS_REVISION"]
    if revision not in [[{"fieldRef": {"fieldPath": f"metadata.labels['{label}']"}}] for label in REVISION_LABELS]:
        yield "metrics do not tell revisions apart"
    if {one["topologyKey"] for one in pod.get("topologySpreadConstraints", [])} != {
            "topology.kubernetes.io/zone", "kubernetes.io/hostname"}:
        yield "not spread over zones and nodes"
    ports = {port["name"]: port["containerPort"] for port in container.get("ports", [])}
    if ports != {"http": int(values["PORT"]), "metrics": int(values.get("COMMENTS_ADMIN_PORT", 0))}:
        yield "ports are not where the settings say"


def replica_faults(documents, deployment):
    (container,) = deployment["spec"]["template"]["spec"]["containers"]
    values = environment(documents, container)
    scalers, budgets, jobs = (of(documents, kind) for kind in ("HorizontalPodAutoscaler", "PodDisruptionBudget", "Job"))
    if values.get("COMMENTS_STORE") == "memory:":
        if deployment["spec"].get("replicas") != 1 or scalers or deployment["spec"]["strategy"] != {"type": "Recreate"}:
            yield "memory: two instances would have other comments each"
        if jobs:
            yield "memory: nothing to migrate"
        return
    if len(scalers) != 1 or "replicas" in deployment["spec"]:
        yield "how many instances there are is one autoscaler's, and nobody else's"
    rollouts = of(documents, "Rollout")
    target = rollouts[0] if rollouts else deployment
    for scaler in scalers:
        if scaler["spec"]["scaleTargetRef"] != {"apiVersion": target["apiVersion"], "kind": target["kind"],
                                                "name": target["metadata"]["name"]}:
            yield f"the autoscaler does not scale the {target['kind']}"
    if len(budgets) != 1 or budgets[0]["spec"].get("maxUnavailable") != 1:
        yield "no budget for disruptions"
    if deployment["spec"]["strategy"].get("rollingUpdate", {}).get("maxUnavailable") != 0:
        yield "a rollout takes instances away before it adds any"
    yield from migration_faults(documents, jobs, container, values)


def migration_faults(documents, jobs, container, values):
    if len(jobs) != 1:
        yield "no job that migrates"
        return
    annotations = jobs[0]["metadata"].get("annotations", {})
    spec = jobs[0]["spec"]
    (migrate,) = spec["template"]["spec"]["containers"]
    if annotations.get("argocd.argoproj.io/hook") != "PreSync" or "BeforeHookCreation" not in annotations.get(
            "argocd.argoproj.io/hook-delete-policy", ""):
        yield "the migration is not before the sync, each time anew"
    if migrate["image"] != container["image"] or migrate["args"] != ["migrate"]:
        yield "the migration is not the candidate's"
    if environment(documents, migrate).get("COMMENTS_STORE") != values.get("COMMENTS_STORE"):
        yield "the migration is of another store"
    # Before a first sync there is none of these.
    if migrate.get("envFrom") or "serviceAccountName" in spec["template"]["spec"] or any(
            "configMapKeyRef" in one.get("valueFrom", {}) for one in migrate["env"]):
        yield "the migration needs what the sync brings only after it"
    if spec.get("backoffLimit") != 0 or "activeDeadlineSeconds" not in spec or spec["template"]["spec"].get("restartPolicy") != "Never":
        yield "a migration that fails does not end"
    store = urlsplit(values.get("COMMENTS_STORE", ""))
    if store.scheme != "postgres" or store.password is not None or "sslmode=require" not in store.query:
        yield "the store is no postgres:// with TLS and without password"
    reached = [ipaddress.ip_network(peer["ipBlock"]["cidr"]) for policy in of(documents, "NetworkPolicy")
               if policy["metadata"]["name"] == "database" for rule in policy["spec"]["egress"] for peer in rule.get("to", [])
               if [port["port"] for port in rule["ports"]] == [store.port]]
    if reached != [ipaddress.ip_network(store.hostname or "0.0.0.0")]:
        yield "the network policy lets nobody to the database, or not only to it"


def selects(selector, labels):
    return all(labels.get(key) == value for key, value in selector.get("matchLabels", {}).items()) and \
        "matchExpressions" not in selector


# Where GKE has the collectors of managed Prometheus: Standard, Autopilot.
COLLECTORS = {"gmp-system", "gke-gmp-system"}
# Whoever answers for names in GKE: pods by their k8s-app, addresses. Dataplane V2 sends a question to the node's cache, and
# judges it by that pod.
NAME_SERVERS = {"kube-dns", "node-local-dns", "169.254.20.10/32", "169.254.169.254/32"}


def peers(rule, by):
    """What a rule of a network policy is for; `by` names the label that tells pods apart."""
    for peer in rule.get("to", rule.get("from", [])):
        if "ipBlock" in peer:
            yield peer["ipBlock"]["cidr"]
        else:
            yield peer.get("podSelector", {}).get("matchLabels", {}).get(by)


def network_faults(documents):
    policies = of(documents, "NetworkPolicy")
    denies = [policy for policy in policies if policy["spec"]["podSelector"] == {}]
    if [policy["spec"] for policy in denies] != [{"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}]:
        yield "no network policy that denies everything first"
    for policy in policies:
        for rule in policy["spec"].get("ingress", []):
            ports = [port["port"] for port in rule.get("ports", [])]
            if ports not in (["http"], ["metrics"]):
                yield f"network policy {policy['metadata']['name']}: lets in to other ports than the API's and the metrics'"
            if ports == ["metrics"] and not all(
                    peer.get("namespaceSelector", {}).get("matchLabels") and peer.get("podSelector", {}).get("matchLabels")
                    for peer in rule.get("from", [{}])):
                yield "the admin port is not for the collectors alone"
            elif ports == ["metrics"] and {peer["namespaceSelector"]["matchLabels"].get("kubernetes.io/metadata.name")
                                           for peer in rule["from"]} != COLLECTORS:
                yield "the admin port is not for the collectors of Standard and Autopilot"
        for rule in policy["spec"].get("egress", []):
            if [port["port"] for port in rule.get("ports", [])] not in ([53, 53], [5432]) or not rule.get("to"):
                yield f"network policy {policy['metadata']['name']}: lets out to more than names and the database"
            elif rule["ports"][0]["port"] == 53 and set(peers(rule, "k8s-app")) != NAME_SERVERS:
                yield f"network policy {policy['metadata']['name']}: names are not asked where GKE answers for them"
    templates = [(document["metadata"]["name"], document["spec"]["template"]["metadata"]["labels"])
                 for document in documents if document["kind"] in PODS]
    for name, labels in templates:
        allowed = {kind for policy in policies if policy["spec"]["podSelector"] and selects(policy["spec"]["podSelector"], labels)
                   for kind in ("ingress", "egress") if kind in policy["spec"]}
        wanted = {"ingress", "egress"} if labels["app.kubernetes.io/component"] == "api" else {"egress"}
        if allowed != wanted:
            yield f"{name}: network policies allow {sorted(allowed)}"


def reach_faults(documents, deployment):
    """That what selects pods selects the service's, and the admin port is nobody's."""
    labels = deployment["spec"]["template"]["metadata"]["labels"]
    for service in of(documents, "Service"):
        if not selects({"matchLabels": service["spec"]["selector"]}, labels):
            yield f"Service {service['metadata']['name']} selects no pod of ours"
        if [port["targetPort"] for port in service["spec"]["ports"]] != ["http"] or service["spec"].get("type") != "ClusterIP":
            yield f"Service {service['metadata']['name']} shows more than the API"
    monitors = of(documents, "PodMonitoring")
    if [monitor["metadata"]["name"] for monitor in monitors] != ["comments"]:
        yield 'metrics would not have job="comments"'
    for document in [*monitors, *of(documents, "PodDisruptionBudget"), deployment]:
        if not selects(document["spec"]["selector"], labels):
            yield f"{document['kind']} selects no pod of ours"
    if any([endpoint["port"] for endpoint in monitor["spec"]["endpoints"]] != ["metrics"] for monitor in monitors):
        yield "metrics are not read from the admin port"
    routes = [reference["name"] for route in of(documents, "HTTPRoute") for rule in route["spec"]["rules"]
              for reference in rule.get("backendRefs", [])]
    services = {service["metadata"]["name"] for service in of(documents, "Service")}
    if not set(routes) <= services:
        yield "a route leads nowhere"
    for kind in ("HealthCheckPolicy", "GCPBackendPolicy"):
        if routes and {policy["spec"]["targetRef"]["name"] for policy in of(documents, kind)} != services:
            yield f"not every Service has its {kind}"
    for policy in of(documents, "HealthCheckPolicy"):
        if policy["spec"]["default"]["config"].get("httpHealthCheck", {}).get("requestPath") != "/health/ready":
            yield "the load balancer asks for something else than readiness"
    for gateway in of(documents, "Gateway"):
        if [(policy["spec"]["targetRef"]["name"], policy["spec"]["default"].get("sslPolicy"))
                for policy in of(documents, "GCPGatewayPolicy")] != [(gateway["metadata"]["name"], "comments")]:
            yield "the load balancer speaks TLS 1.0"
    for policy in of(documents, "GCPBackendPolicy"):
        if policy["spec"]["default"].get("timeoutSec", 30) < 3600:
            yield "the load balancer cuts who follows a thread"


def order_faults(documents):
    """The workload is the last wave: one behind it would wait until a canary's end."""
    for document in documents:
        annotations = document["metadata"].get("annotations", {})
        if "argocd.argoproj.io/hook" not in annotations and int(annotations.get("argocd.argoproj.io/sync-wave", 0)) > 0:
            yield f"{document['kind']} {document['metadata']['name']} waits for the workload"
        if document["kind"] in ("ConfigMap", "NetworkPolicy", "ServiceAccount") and \
                annotations.get("argocd.argoproj.io/sync-wave") != "-1":
            yield f"{document['kind']} {document['metadata']['name']} does not come before the workload"


def rollout_faults(documents, deployment):
    for rollout in of(documents, "Rollout"):
        canary = rollout["spec"]["strategy"]["canary"]
        if rollout["spec"].get("workloadRef", {}).get("name") != deployment["metadata"]["name"]:
            yield "the Rollout is of another pod"
        services = {service["metadata"]["name"] for service in of(documents, "Service")}
        if {canary.get("stableService"), canary.get("canaryService")} != services:
            yield "the Rollout has not its two Services"
        weights = [index for index, step in enumerate(canary["steps"]) if "setWeight" in step]
        if any("analysis" not in dict(enumerate(canary["steps"])).get(index + 1, {}) for index in weights) or not weights:
            yield "a step of the Rollout is not judged"
        plugin = canary["trafficRouting"]["plugins"]["argoproj-labs/gatewayAPI"]
        if (plugin.get("namespace"), plugin.get("httpRoute")) not in {
                (route["metadata"]["namespace"], route["metadata"]["name"]) for route in of(documents, "HTTPRoute")}:
            yield "the Rollout's plugin does not find its route"
        if "rollouts-pod-template-hash" not in str(deployment["spec"]["template"]["spec"]["containers"][0]["env"]):
            yield "metrics do not tell candidate and stable apart"


def faults(documents):
    """Of everything that is rendered for one environment."""
    (deployment,) = of(documents, "Deployment")
    found = []
    for document in documents:
        if pod_of(document):
            found += pod_faults(document["metadata"]["name"], pod_of(document))
        if document["kind"] in ("Secret", "Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding"):
            found.append(f"a {document['kind']} is not for Git, or not needed")
    for rule in (service_faults, replica_faults, reach_faults, rollout_faults):
        found += rule(documents, deployment)
    return [*found, *network_faults(documents), *order_faults(documents)]
