"""The choices at the top of a dashboard. The same name is the same choice on every one, so that the
links between them carry it over."""

SOURCE = {"type": "prometheus", "uid": "${datasource}"}
LOGS_SOURCE = {"type": "googlecloud-logging-datasource", "uid": "${logs}"}


def source(name, label, plugin):
    return {"type": "datasource", "name": name, "label": label, "query": plugin, "refresh": 1,
            "regex": "", "multi": False, "includeAll": False, "hide": 0, "options": [], "current": {
                "text": "", "value": ""}}


def from_label(name, label, series, *, several=False):
    """The values that the metrics in the data source have for a label."""
    query = f"label_values({series})"
    every = {"text": ["All"], "value": ["$__all"]}
    first = {"text": "", "value": ""}
    return {"type": "query", "name": name, "label": label, "datasource": SOURCE, "definition": query,
            "query": {"qryType": 1, "query": query, "refId": f"variable-{name}"}, "refresh": 2, "sort": 1,
            "regex": "", "multi": several, "includeAll": several, "hide": 0, "options": [],
            "current": every if several else first, **({"allValue": ".*"} if several else {})}


def choice(name, label, values, chosen):
    return {"type": "custom", "name": name, "label": label, "query": ",".join(values), "multi": False,
            "includeAll": False, "hide": 0, "options": [
                {"text": value, "value": value, "selected": value == chosen} for value in values],
            "current": {"text": chosen, "value": chosen}}


def text(name, label, description):
    return {"type": "textbox", "name": name, "label": label, "description": description, "query": "",
            "hide": 0, "options": [], "current": {"text": "", "value": ""}}


METRICS = source("datasource", "Metrics", "prometheus")
LOGS = source("logs", "Logs", "googlecloud-logging-datasource")

JOB = from_label("job", "Job", "comments_build_info, job")
INSTANCE = from_label("instance", "Instance", 'comments_build_info{job=~"$job"}, instance', several=True)

CLOUD_RUN_REQUESTS = 'run_googleapis_com:request_count{monitored_resource="cloud_run_revision"%s}'
PROJECT = from_label("project", "Project", CLOUD_RUN_REQUESTS % "" + ", project_id")
SERVICE = from_label("service", "Service",
                     CLOUD_RUN_REQUESTS % ', project_id=~"$project"' + ", service_name")

SEVERITY = choice("severity", "Severity at least", ("DEBUG", "INFO", "WARNING", "ERROR"), "INFO")
TRACE = text("trace", "Trace", "A trace's id, or a part of it; empty: those of all traces.")
