"""Valid requests, drawn at random from a seeded source, written in many spellings of JSON."""

import json
import os
import random as randomness
import urllib.parse

PLANES = [(0x20, 0x7E), (0x80, 0x7FF), (0x800, 0xD7FF), (0xE000, 0xFFFF), (0x10000, 0x1FFFF),
          (0x20000, 0x2FFFF), (0x30000, 0xDFFFF), (0xE0000, 0xEFFFF), (0xF0000, 0x10FFFF)]
SHORT_ESCAPES = {"\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", '"': '\\"',
                 "\\": "\\\\", "/": "\\/"}
SPACES = ["", " ", "\n", "\t ", "\r\n"]


def seeded():
    """The source of every draw: the same from run to run, unless told another seed."""
    seed = int(os.environ.get("COMMENTS_TEST_SEED", "20240229"))
    print(f"COMMENTS_TEST_SEED={seed}")
    return randomness.Random(seed)


def is_control(character):
    return character < " " or "\x7f" <= character <= "\x9f"


def characters(random, count, controls=False):
    chosen = []
    while len(chosen) < count:
        if controls and random.random() < 0.1:
            chosen.append(chr(random.choice([*range(0x01, 0x20), *range(0x7F, 0xA0)])))
            continue
        character = chr(random.randint(*random.choice(PLANES)))
        if not is_control(character):
            chosen.append(character)
    return "".join(chosen)


def without(text, unwanted):
    return "".join(c for c in text if c not in unwanted and not c.isspace())


def draw_content_id(random):
    """A number or a text; few of the small numbers, so that their threads grow."""
    kind = random.random()
    if kind < 0.3:
        number = random.randint(-3, 9)
        return random.choice([number, str(number)])
    if kind < 0.5:
        return random.choice([2**63, -2**63, 2**63 - 1, 2**53 + 1, random.randint(-2**63, 2**63)])
    text = characters(random, random.randint(1, 40)).replace("/", "|")
    return text if len(text.encode()) <= 200 else "long"


def draw_email(random):
    name, host = (without(characters(random, random.randint(1, 12)), "@") for _ in range(2))
    return f"{name or 'a'}@{host or 'example.com'}"


def draw_comment(random):
    return "x" + characters(random, random.randint(0, 300), controls=True)


def draw_value(random, depth=0):
    """Any JSON value, for fields that nobody knows."""
    kind = random.randint(0, 7 if depth < 5 else 5)
    if kind == 0:
        return random.choice([None, True, False])
    if kind == 1:
        return random.randint(-2**70, 2**70)
    if kind == 2:
        return random.uniform(-1e9, 1e9)
    if kind <= 5:
        return characters(random, random.randint(0, 9), controls=True)
    if kind == 6:
        return [draw_value(random, depth + 1) for _ in range(random.randint(0, 3))]
    return {characters(random, 5): draw_value(random, depth + 1) for _ in range(3)}


def unit_escapes(random, character):
    units = character.encode("utf-16-be")
    digits = random.choice(["{:04x}", "{:04X}"])
    return "".join("\\u" + digits.format(int.from_bytes(units[i:i + 2], "big"))
                   for i in range(0, len(units), 2))


def spell_string(random, text):
    spelled = []
    for character in text:
        way = random.random()
        if character in SHORT_ESCAPES and (way < 0.7 or character in '"\\'):
            spelled.append(SHORT_ESCAPES[character])
        elif character < " " or way < 0.2:
            spelled.append(unit_escapes(random, character))
        else:
            spelled.append(character)
    return f'"{"".join(spelled)}"'


def spell(random, value):
    """JSON of the value, its white space and escapes chosen at random."""
    def space():
        return random.choice(SPACES)

    if isinstance(value, str):
        return spell_string(random, value)
    if isinstance(value, list):
        return "[" + ",".join(space() + spell(random, one) + space() for one in value) + "]"
    if isinstance(value, dict):
        members = [space() + spell_string(random, key) + space() + ":" + spell(random, one)
                   for key, one in value.items()]
        return "{" + ",".join(members) + space() + "}"
    return json.dumps(value)


def draw_post(random):
    """(content_id, body): a post that the contract allows."""
    draft = {"email": draw_email(random), "comment": draw_comment(random),
             "content_id": draw_content_id(random)}
    fields = list(draft.items())
    for _ in range(random.choice([0, 0, 1, 3])):
        name = "unknown " + characters(random, 8)
        fields.append((name, draw_value(random)))
    random.shuffle(fields)
    byte_order_mark = "\ufeff" if random.random() < 0.05 else ""
    return str(draft["content_id"]), (byte_order_mark + spell(random, dict(fields))).encode()


def spell_path(random, content_id):
    """The list's path: a character may be percent-encoded or, where a path allows it, not."""
    kept = random.choice(["", "!$&'()*+,;=:@-._~"])
    encoded = "".join(
        f"%{ord(c):02x}" if c.isascii() and random.random() < 0.3 else urllib.parse.quote(c, kept)
        for c in content_id)
    return f"/api/comment/list/{encoded}"
