"""The names of metrics and labels in a PromQL expression, found without a parser: what is a name, is
in no string, and is neither a function, a keyword nor a label."""

import re

KEYWORDS = {"by", "without", "on", "ignoring", "group_left", "group_right", "and", "or", "unless", "bool",
            "offset", "inf", "nan"}
STRING = re.compile(r'"(?:\\.|[^"\\])*"')
MATCHERS = re.compile(r"([\w:]+)\{([^}]*)\}")
GROUPING = re.compile(r"\b(by|without|on|ignoring|group_left|group_right)\s*\(([^)]*)\)")
WORD = re.compile(r"(?<![\w:.])([a-zA-Z_][\w:]*)\b(?![\w:]|\s*\()")


def bare(expr):
    """Without strings, which may hold anything."""
    return STRING.sub('""', expr)


def metrics(expr):
    text = re.sub(r"\[[^\]]*\]", "", GROUPING.sub(r"", re.sub(r"\{[^}]*\}", "", bare(expr))))
    return {word for word in WORD.findall(text) if word.lower() not in KEYWORDS}


def matched_labels(expr):
    """Pairs of a metric and a label that its selector names."""
    return {(metric, label) for metric, inside in MATCHERS.findall(bare(expr))
            for label in re.findall(r"(\w+)\s*(?:=~|!~|!=|=)", inside)}


def grouped_labels(expr):
    return {label.strip() for _, labels in GROUPING.findall(bare(expr)) for label in labels.split(",")
            if label.strip()}
