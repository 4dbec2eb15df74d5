"""What a process has written, as Cloud Logging shows it."""

import json

import service


def entry(line, labels, number):
    kind = "cloud_run_job" if "job_name" in labels else "cloud_run_revision"
    result = {"insertId": f"{number:012x}", "logName": "projects/example/logs/run.googleapis.com%2Fstderr",
              "resource": {"type": kind, "labels": labels}, "timestamp": service.now()}
    try:
        payload = json.loads(line)
        result["severity"] = payload.pop("severity", "DEFAULT")
        result["timestamp"] = payload.pop("time", result["timestamp"])
        return {**result, "jsonPayload": payload}
    except (ValueError, AttributeError):
        return {**result, "severity": "DEFAULT", "textPayload": line}


def newest(file, labels, limit):
    """The last entries, the newest first."""
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    numbered = list(enumerate(lines))[-limit:]
    return [entry(line, labels, number) for number, line in reversed(numbered)]
