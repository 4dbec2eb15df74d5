"""Our rules for what runs in a cluster. `faults` says which are broken; each has a planted fault in test_policy.py."""

import ipaddress
import re
from urllib.parse import urlsplit

DRAIN_LIMIT = 7  # seconds: drain_limit of core/net/reactor.h
TO_SPARE = 3
IMAGE = re.compile(r"^[a-z0-9.-]+(:[0-9]+)?/[a-z0-9._/-]+@sha256:[0-9a-f]{64}$")
GENERATED = re.compile(r"-[0-9a-z]{10}$")
PODS = ("Deployment", "Job")
SERVES = {"app.kubernetes.io/name": "comments", "app.kubernetes.io/component": "api"}  # the migration's pod is another
PASSWORD = {"secretKeyRef": {"name": "comments-database", "key": "password"}}
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


def variable(container, name):
    return next((one.get("valueFrom") for one in container.get("env", []) if one["name"] == name), None)


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
    empty = {one["name"] for one in pod.get("volumes", []) if "sizeLimit" in one.get("emptyDir", {})}
    for container in [*pod.get("initContainers", []), *pod["containers"]]:
        if [mount["mountPath"] for mount in container.get("volumeMounts", []) if mount["name"] in empty] != ["/data"]:
            yield f"{name}/{container['name']}: the runtime would make the image's /data writable"
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
    if values.get("COMMENTS_ADMIN_HOST") != "0.0.0.0" or values.get("COMMENTS_LOG_FORMAT") != "json":
        yield "neither collectors nor Cloud Logging would read what it says"
    # Of a Gateway's: fixed (cloud.google.com/load-balancing/docs/https, "HTTP keepalive timeout").
    if seconds(values.get("COMMENTS_IDLE_TIMEOUT", "60s")) <= 600:
        yield "COMMENTS_IDLE_TIMEOUT ends while the load balancer keeps a connection: a post may meet that"
    if of(documents, "Gateway") and values.get("COMMENTS_TRUSTED_PROXIES") != "2":
        yield "the load balancer, which appends two addresses, would be the only reader"
    if pod.get("serviceAccountName") not in {document["metadata"]["name"] for document in of(documents, "ServiceAccount")}:
        yield "it runs as everybody else in the namespace does"
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
    revision = REVISION_LABELS[1 if of(documents, "Rollout") else 0]
    if variable(container, "COMMENTS_REVISION") != {"fieldRef": {"fieldPath": f"metadata.labels['{revision}']"}}:
        yield "metrics do not tell revisions apart"
    if pod.get("topologySpreadConstraints") != [
            {"topologyKey": key, "maxSkew": 1, "whenUnsatisfiable": "ScheduleAnyway",
             "labelSelector": {"matchLabels": SERVES}, "matchLabelKeys": [revision]}
            for key in ("topology.kubernetes.io/zone", "kubernetes.io/hostname")]:
        yield "the pods of a revision are not spread over zones and nodes"
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
    # A pod that is not ready, of a release that does not start, say, would keep its node from being drained.
    if any(budget["spec"].get("unhealthyPodEvictionPolicy") != "AlwaysAllow" for budget in budgets):
        yield "the budget protects what serves nobody"
    if deployment["spec"]["strategy"] != {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}}:
        yield "a rollout takes instances away before it adds any, or adds many"
    if variable(container, "COMMENTS_STORE_PASSWORD") != PASSWORD:
        yield "the service has no password for its database"
    yield from migration_faults(documents, jobs, container, values)


def migration_faults(documents, jobs, container, values):
    if len(jobs) != 1:
        yield "no job that migrates"
        return
    annotations = jobs[0]["metadata"].get("annotations", {})
    spec = jobs[0]["spec"]
    (migrate,) = spec["template"]["spec"]["containers"]
    if variable(migrate, "COMMENTS_STORE_PASSWORD") != PASSWORD:
        yield "the migration has no password for its database"
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
# Whoever answers for names in GKE, as a pod and by address. Dataplane V2 sends a question to the node's cache, and
# judges it by that pod.
NAME_SERVERS, NAME_ADDRESSES = {"kube-dns", "node-local-dns"}, {"169.254.20.10/32", "169.254.169.254/32"}


def ports_of(rule):
    return {(port.get("protocol"), port["port"]) for port in rule.get("ports", [])}


API, METRICS, NAMES, DATABASE = {("TCP", "http")}, {("TCP", "metrics")}, {("UDP", 53), ("TCP", 53)}, {("TCP", 5432)}


def pods_in(peers):
    """{(namespace, label, its value)} of peers that are pods of one namespace; None for one that is anything else."""
    found = set()
    for peer in peers:
        namespace = peer.get("namespaceSelector", {}).get("matchLabels", {}).get("kubernetes.io/metadata.name")
        labels = peer.get("podSelector", {}).get("matchLabels", {})
        found |= {(namespace, *label) for label in labels.items()} if namespace and len(labels) == 1 else {None}
    return found


def network_faults(documents):
    policies = of(documents, "NetworkPolicy")
    denies = [policy for policy in policies if policy["spec"]["podSelector"] == {}]
    if [policy["spec"] for policy in denies] != [{"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}]:
        yield "no network policy that denies everything first"
    for policy in policies:
        name, spec = policy["metadata"]["name"], policy["spec"]
        if spec["podSelector"] and not selects({"matchLabels": spec["podSelector"].get("matchLabels") or {"": ""}}, SERVES):
            yield f"network policy {name}: is for none of our pods, or for everybody's"
        if spec["podSelector"] and [kind.lower() for kind in spec.get("policyTypes", [])] != [
                kind for kind in ("ingress", "egress") if kind in spec]:
            yield f"network policy {name}: does not say what it is about"
        for rule in spec.get("ingress", []):
            if ports_of(rule) not in (API, METRICS):
                yield f"network policy {name}: lets in to other ports than the API's and the metrics'"
            if ports_of(rule) == METRICS and pods_in(rule.get("from", [{}])) != {
                    (namespace, "app.kubernetes.io/name", "collector") for namespace in COLLECTORS}:
                yield "the admin port is not for the collectors of Standard and Autopilot alone"
        for rule in spec.get("egress", []):
            if ports_of(rule) not in (NAMES, DATABASE) or not rule.get("to"):
                yield f"network policy {name}: lets out to more than names and the database"
            elif ports_of(rule) == NAMES and (
                    pods_in(peer for peer in rule["to"] if "ipBlock" not in peer) != {
                        ("kube-system", "k8s-app", server) for server in NAME_SERVERS}
                    or {peer["ipBlock"]["cidr"] for peer in rule["to"] if "ipBlock" in peer} != NAME_ADDRESSES):
                yield f"network policy {name}: names are not asked where GKE answers for them, or elsewhere"
    names_and_database = [NAMES, DATABASE] if of(documents, "Job") else [NAMES]
    for document in documents:
        if document["kind"] in PODS:
            labels = document["spec"]["template"]["metadata"]["labels"]
            of_it = [policy["spec"] for policy in policies
                     if policy["spec"]["podSelector"] and selects(policy["spec"]["podSelector"], labels)]
            for way, wanted in (("in", [API, METRICS] if labels == SERVES else []), ("out", names_and_database)):
                allowed = [ports_of(rule) for spec in of_it for rule in spec.get({"in": "ingress", "out": "egress"}[way], [])]
                if sorted(map(sorted, allowed), key=str) != sorted(map(sorted, wanted), key=str):
                    yield f"{document['metadata']['name']}: what network policies let {way} is {sorted(map(sorted, allowed), key=str)}"


def reach_faults(documents, deployment):
    """That what selects pods selects the service's and no others, and the admin port is nobody's."""
    if deployment["spec"]["template"]["metadata"]["labels"] != SERVES:
        yield "the pods have other labels than what selects them"
    for service in of(documents, "Service"):
        if service["spec"]["selector"] != SERVES:
            yield f"Service {service['metadata']['name']} does not select our pods alone"
        if service["spec"]["ports"] != [{"name": "http", "port": 80, "targetPort": "http"}] or \
                service["spec"].get("type") != "ClusterIP":
            yield f"Service {service['metadata']['name']} shows more than the API, or not it"
    monitors = of(documents, "PodMonitoring")
    if [monitor["metadata"]["name"] for monitor in monitors] != ["comments"]:
        yield 'metrics would not have job="comments"'
    for document in [*monitors, *of(documents, "PodDisruptionBudget"), deployment]:
        if document["spec"]["selector"] != {"matchLabels": SERVES}:
            yield f"{document['kind']} does not select our pods alone"
    if any([endpoint["port"] for endpoint in monitor["spec"]["endpoints"]] != ["metrics"] for monitor in monitors):
        yield "metrics are not read from the admin port"


def gateway_faults(documents, deployment):
    """The way in: a name, by TLS, to ready pods, for as long as somebody follows a thread."""
    gateways, routes = of(documents, "Gateway"), of(documents, "HTTPRoute")
    if not gateways and not routes:
        return
    gateway = gateways[0]
    if gateway["spec"].get("gatewayClassName") != "gke-l7-global-external-managed" or \
            gateway["spec"].get("addresses") != [{"type": "NamedAddress", "value": "comments"}] or \
            gateway["metadata"].get("annotations", {}).get("networking.gke.io/certmap") != "comments":
        yield "the load balancer is not of the class, the address and the certificates that README.md has made"
    if {(one["name"], one["protocol"], one["port"], one.get("allowedRoutes", {}).get("namespaces", {}).get("from"))
            for one in gateway["spec"].get("listeners", [])} != {("https", "HTTPS", 443, "Same"), ("http", "HTTP", 80, "Same")}:
        yield "the load balancer listens otherwise than for https, and http to send it on"
    by_listener = {(reference["name"], reference.get("sectionName")): route["spec"] for route in routes
                   for reference in route["spec"].get("parentRefs", [])}
    if set(by_listener) != {("comments", "https"), ("comments", "http")}:
        yield "a listener has no route, or a route no listener"
        return
    serving, sent_on = by_listener["comments", "https"], by_listener["comments", "http"]
    if len(serving.get("hostnames", [])) != 1 or serving["hostnames"] != sent_on.get("hostnames"):
        yield "the routes are not of one host name"
    if sent_on["rules"] != [{"filters": [{"type": "RequestRedirect", "requestRedirect": {"scheme": "https", "statusCode": 301}}]}]:
        yield "http is not sent on to https"
    backends = [(one["name"], one["port"], one.get("weight", 1)) for rule in serving["rules"] for one in rule.get("backendRefs", [])]
    # Before Argo Rollouts sets weights, and after it: nobody comes to a candidate by a sync.
    if backends != ([("comments", 80, 100), ("comments-canary", 80, 0)] if of(documents, "Rollout") else [("comments", 80, 1)]):
        yield "the route does not lead to what serves, and to that alone"
    if [(policy["spec"]["targetRef"], policy["spec"]["default"].get("sslPolicy")) for policy in of(documents, "GCPGatewayPolicy")] \
            != [({"group": "gateway.networking.k8s.io", "kind": "Gateway", "name": "comments"}, "comments")]:
        yield "the load balancer speaks TLS 1.0"
    for kind in ("HealthCheckPolicy", "GCPBackendPolicy"):
        targets = [policy["spec"]["targetRef"] for policy in of(documents, kind)]
        if sorted(targets, key=str) != sorted(({"group": "", "kind": "Service", "name": service["metadata"]["name"]}
                                               for service in of(documents, "Service")), key=str):
            yield f"not every Service has its {kind}"
    (container,) = deployment["spec"]["template"]["spec"]["containers"]
    delay = seconds(environment(documents, container).get("COMMENTS_DRAIN_DELAY", "0s"))
    for policy in of(documents, "HealthCheckPolicy"):
        check = policy["spec"]["default"]
        if check["config"] != {"type": "HTTP", "httpHealthCheck": {
                "portSpecification": "USE_SERVING_PORT", "requestPath": "/health/ready"}}:
            yield "the load balancer asks for something else than readiness"
        if check.get("checkIntervalSec", 15) * check.get("unhealthyThreshold", 2) + check.get("timeoutSec", 15) > delay:
            yield "COMMENTS_DRAIN_DELAY is over before the load balancer notices"
    for policy in of(documents, "GCPBackendPolicy"):
        if policy["spec"]["default"].get("timeoutSec", 30) < 3600:
            yield "the load balancer cuts who follows a thread"
        if policy["spec"]["default"].get("connectionDraining", {}).get("drainingTimeoutSec", 0) < delay + DRAIN_LIMIT:
            yield "the load balancer cuts who is still answered"


def order_faults(documents):
    """The workload is the last wave: one behind it would wait until a canary's end."""
    for document in documents:
        annotations = document["metadata"].get("annotations", {})
        if "argocd.argoproj.io/hook" not in annotations and int(annotations.get("argocd.argoproj.io/sync-wave", 0)) > 0:
            yield f"{document['kind']} {document['metadata']['name']} waits for the workload"
        if document["kind"] in ("ConfigMap", "NetworkPolicy", "ServiceAccount") and \
                annotations.get("argocd.argoproj.io/sync-wave") != "-1":
            yield f"{document['kind']} {document['metadata']['name']} does not come before the workload"
        if document["kind"] == "ConfigMap" and (
                annotations.get("argocd.argoproj.io/sync-options") != "Prune=false"
                or annotations.get("argocd.argoproj.io/compare-options") != "IgnoreExtraneous"):
            yield "settings go while pods of the old revision still read them"


def rollout_faults(documents, deployment):
    for rollout in of(documents, "Rollout"):
        canary = rollout["spec"]["strategy"]["canary"]
        if rollout["spec"].get("workloadRef") != {"apiVersion": "apps/v1", "kind": "Deployment", "scaleDown": "onsuccess",
                                                  "name": deployment["metadata"]["name"]}:
            yield "the Rollout is of another pod, or runs beside the Deployment for ever"
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
        template = {document["metadata"]["name"]: {one["name"] for one in document["spec"]["args"] if "value" not in one}
                    for document in of(documents, "AnalysisTemplate")}
        for analysis in (step["analysis"] for step in canary["steps"] if "analysis" in step):
            given = {one["name"]: one.get("valueFrom", {}).get("podTemplateHashValue") for one in analysis.get("args", [])}
            if given != {"candidate": "Latest", "stable": "Stable"} or [
                    template.get(one.get("templateName")) for one in analysis.get("templates", [])] != [set(given)]:
                yield "an analysis does not ask about candidate and stable"


def faults(documents):
    """Of everything that is rendered for one environment."""
    (deployment,) = of(documents, "Deployment")
    found = []
    for document in documents:
        if pod_of(document):
            found += pod_faults(document["metadata"]["name"], pod_of(document))
        if document["kind"] in ("Secret", "Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding"):
            found.append(f"a {document['kind']} is not for Git, or not needed")
    for rule in (service_faults, replica_faults, reach_faults, gateway_faults, rollout_faults):
        found += rule(documents, deployment)
    return [*found, *network_faults(documents), *order_faults(documents)]
