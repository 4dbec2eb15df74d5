"""A command line held against the templates that a stand-in knows: lower-case words are the command, words
in capitals are its operands, then come its flags, those in brackets may be left out:

    run services describe SERVICE --project=PROJECT --region=REGION [--quiet] --format=json
"""


class Unknown(Exception):
    """No template says that."""


class Template:
    def __init__(self, text):
        self.text = text
        self.command, self.operands, self.required, self.optional = [], [], {}, {}
        for word in text.split():
            if word.startswith(("--", "[--")):
                name, equals, value = word.strip("[]").partition("=")
                flags = self.optional if word.startswith("[") else self.required
                flags[name] = value if equals else None
            elif word == word.lower() and not self.operands:
                self.command.append(word)
            else:
                self.operands.append(word)

    def match(self, words):
        """{operand or flag: value}, or None where the command is another one; Unknown says what is wrong
        with the rest."""
        if words[:len(self.command)] != self.command:
            return None
        flags, operands = {}, []
        for word in words[len(self.command):]:
            if word.startswith("--"):
                name, equals, value = word.partition("=")
                flags[name] = value if equals else None
            else:
                operands.append(word)
        if len(operands) != len(self.operands):
            raise Unknown(f"takes {len(self.operands)} operands: {self.text}")
        if missing := self.required.keys() - flags:
            raise Unknown(f"without {', '.join(sorted(missing))}")
        for name, value in flags.items():
            check_flag(name, value, {**self.required, **self.optional})
        return {**dict(zip(self.operands, operands)), **flags}


def check_flag(name, value, known):
    if name not in known:
        raise Unknown(f"with {name}")
    if (value is None) != (known[name] is None):
        raise Unknown(f"{name} takes {'no' if known[name] is None else 'a'} value")
    if known[name] and not known[name].isupper() and value != known[name]:
        raise Unknown(f"{name}={value}")


def find(templates, words):
    """(template, values) of the one that knows these words."""
    for template in templates:
        values = template.match(words)
        if values is not None:
            return template, values
    raise Unknown("no such command")
