"""Grafana's own types as validators: what in a dashboard would Grafana not understand?"""

import json
import pathlib
import subprocess

import jsonschema

HERE = pathlib.Path(__file__).resolve().parent


class Grafana:
    def __init__(self):
        printed = subprocess.run(["node", HERE.parent / "support/grafana_schemas.mjs"], check=True,
                                 stdout=subprocess.PIPE).stdout
        self.schemas = json.loads(printed)
        # A dashboard's type leaves its targets to their data sources: they are looked at on their own.
        self.schemas["dashboard.Dashboard"]["definitions"]["Dataquery"] = {"type": "object"}

    def faults(self, what, value):
        """Of a value that should be of the type `what`, as "place: complaint"; none is good."""
        errors = jsonschema.Draft7Validator(self.schemas[what]).iter_errors(value)
        return [f"{'/'.join(map(str, error.absolute_path))}: {deepest(error)}" for error in errors]

    def faults_of_dashboard(self, dashboard):
        return self.faults("dashboard.Dashboard", dashboard)

    def faults_of_panel(self, panel):
        """Options, defaults and overrides, by the panel's own plugin; queries, by the data source's."""
        kind, config = panel["type"], panel["fieldConfig"]
        found = self.faults(f"{kind}.Options", panel["options"])
        found += self.faults_of_custom(kind, config["defaults"].get("custom", {}))
        for override in config["overrides"]:
            for changed in override["properties"]:
                found += self.faults_of_property(kind, changed["id"], changed["value"])
        for target in panel["targets"]:
            if target["datasource"]["type"] == "prometheus":
                found += self.faults("prometheus.Dataquery", target)
        if "unit" in config["defaults"]:
            found += self.faults("unit", config["defaults"]["unit"])
        return found

    def faults_of_custom(self, kind, custom):
        if f"{kind}.FieldConfig" not in self.schemas:
            return ["this plugin has no field options of its own"] if custom else []
        whole = {"align": "auto", "inspect": False, **custom} if kind == "table" else custom
        return self.faults(f"{kind}.FieldConfig", whole)

    def faults_of_property(self, kind, name, value):
        """An override sets one option of a field: `unit`, or `custom.width`."""
        if name.startswith("custom."):
            return self.faults_of_custom(kind, {name.removeprefix("custom."): value})
        definitions = self.schemas["dashboard.Dashboard"]["definitions"]
        field = {"$ref": "#/definitions/FieldConfig", "definitions": definitions}
        errors = jsonschema.Draft7Validator(field).iter_errors({name: value})
        return [error.message for error in errors] + (self.faults("unit", value) if name == "unit" else [])


def deepest(error):
    """The complaint that says most, where none of several types fits."""
    return jsonschema.exceptions.best_match([error]).message
