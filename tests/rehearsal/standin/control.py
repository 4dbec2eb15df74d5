"""How gcloud and Terraform's stack reach the stand-in's Cloud Run: one JSON line each way over a Unix socket."""

import json
import pathlib
import socket


class Refused(Exception):
    """What Cloud Run says to that."""


def ask(folder, deed, **values):
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(pathlib.Path(folder, "cloud-run.sock")))
        connection.sendall(json.dumps({"do": deed, **values}).encode() + b"\n")
        with connection.makefile("rb") as answers:
            answer = json.loads(answers.readline())
    if "refused" in answer:
        raise Refused(answer["refused"])
    return answer["is"]
