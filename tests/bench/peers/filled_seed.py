"""The seed's application with a thread 1 that holds the list in the file BENCH_LIST.

Its memory is each worker's own: a list that was posted to one is unknown to the others.
"""

import json
import os
import pathlib
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parents[2] / "e2e"))

from seed_app import app, threads  # noqa: E402  found by the path above

threads["1"] = json.loads(pathlib.Path(os.environ["BENCH_LIST"]).read_text(encoding="utf-8"))
__all__ = ["app"]
