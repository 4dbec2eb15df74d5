"""The list of 20 comments, by everybody: the same bytes, the same load, one after the other."""

import functools
import urllib.request

import output
import peers
import wrk
from measured import interleaved

LOADS = (64, 1_024)
BROWSER = (
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
    "Accept: application/json, text/plain, */*",
    "Accept-Language: en-GB,en;q=0.7,de;q=0.3",
    "Accept-Encoding: gzip, deflate, br, zstd",
    "Referer: https://news.example.com/2026/11/an-article",
    "Sec-Fetch-Dest: empty", "Sec-Fetch-Mode: cors", "Sec-Fetch-Site: same-origin",
    "Cookie: session=0123456789abcdef0123456789abcdef; consent=all",
)


def measure(bench, row, running, load, headers=()):
    output.say(f"list, {load} connections: {row}")
    bench.measured.add("list", row, load, wrk.measure(running.group, running.url(), load,
                                                      bench.seconds, headers=headers))


def etag_of(running):
    with urllib.request.urlopen(running.url(), timeout=5) as answer:
        return answer.headers["ETag"]


def run(bench):
    for running in bench.running.values():  # caches fill, compilers compile
        wrk.run(running.url(), LOADS[0], 1)
    cases = [functools.partial(measure, bench, peers.named(name).title, running, load)
             for load in LOADS for name, running in bench.running.items()
             if load == LOADS[0] or not bench.quick or name in ("comments", "nginx")]
    if ours := bench.running.get("comments"):
        cases.append(functools.partial(measure, bench, "comments, to a browser, gzip", ours,
                                       LOADS[0], BROWSER))
        cases.append(functools.partial(measure, bench, "comments, 304 Not Modified", ours,
                                       LOADS[0], (f"If-None-Match: {etag_of(ours)}",)))
    interleaved(bench.rounds, cases)
