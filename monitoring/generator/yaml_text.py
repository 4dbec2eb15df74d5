"""YAML as a person would write it: keys in their order, PromQL of several lines as a block."""

import yaml

NOTE = "# Made of monitoring/slo.yml by scripts/generate-monitoring: change that, and run it.\n"


class Dumper(yaml.SafeDumper):
    def increase_indent(self, flow=False, indentless=False):
        return super().increase_indent(flow, False)  # a list's dashes stand to the right of its key

    def ignore_aliases(self, data):
        return True


def text(dumper, value):
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style="|" if "\n" in value else None)


Dumper.add_representer(str, text)


def generated(document):
    return NOTE + yaml.dump(document, Dumper=Dumper, sort_keys=False, allow_unicode=True, width=1000)
