"""Documents against the types of Kubernetes, Argo and GKE."""

import json
import os
import pathlib
import subprocess

import jsonschema

# No package has it: what of it we use, as its documentation describes it.
POD_MONITORING = {
    "type": "object", "additionalProperties": False, "required": ["apiVersion", "kind", "metadata", "spec"],
    "properties": {
        "apiVersion": {"const": "monitoring.googleapis.com/v1"}, "kind": {"const": "PodMonitoring"},
        "metadata": {"type": "object"},
        "spec": {
            "type": "object", "additionalProperties": False, "required": ["selector", "endpoints"],
            "properties": {
                "selector": {"type": "object", "additionalProperties": False, "required": ["matchLabels"], "properties": {
                    "matchLabels": {"type": "object", "additionalProperties": {"type": "string"}}}},
                "endpoints": {"type": "array", "minItems": 1, "items": {
                    "type": "object", "additionalProperties": False, "required": ["port", "interval"],
                    "properties": {"port": {"type": ["string", "integer"]}, "path": {"type": "string"},
                                   "interval": {"type": "string", "pattern": "^[0-9]+s$"},
                                   "timeout": {"type": "string", "pattern": "^[0-9]+s$"}}}},
                "targetLabels": {"type": "object", "additionalProperties": False, "properties": {
                    "metadata": {"type": "array", "items": {"enum": ["pod", "container", "node"]}}}}}}}}


def faults(documents):
    """A list of faults for each document."""
    modelled = [document for document in documents if document["kind"] != "PodMonitoring"]
    done = subprocess.run(["node", pathlib.Path(__file__).with_name("models.mjs"), os.environ["KUBERNETES_MODELS"]],
                          input=json.dumps(modelled), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = iter(json.loads(done.stdout))
    return [[error.message for error in jsonschema.Draft7Validator(POD_MONITORING).iter_errors(document)]
            if document["kind"] == "PodMonitoring" else next(found) for document in documents]
