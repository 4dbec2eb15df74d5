"""scripts/pipeline/scan, against a stand-in for osv.dev that answers as its documentation says."""

import http.server
import json
import shutil
import threading

import pytest
from conftest import ROOT

OPENSSL = "pkg:deb/debian/libssl3t64@3.5.1-1%2Bdeb13u1?arch=amd64&distro=debian-13&upstream=openssl%403.5.1-1%2Bdeb13u1"
SQLITE = "pkg:deb/debian/sqlite3@3.46.1-7?arch=amd64&distro=debian-13.1"
QUERY = {"package": {"ecosystem": "Debian:13", "name": "openssl"}, "version": "3.5.1-1+deb13u1"}


def fixed(name, version, ecosystem="Debian:13"):
    events = [{"introduced": "0"}, *([{"fixed": version}] if version else [])]
    return {"package": {"ecosystem": ecosystem, "name": name}, "ranges": [{"type": "ECOSYSTEM", "events": events}]}


class Osv:
    """pages: (package, page token) → the answer to a query; records: id → what is affected."""

    def __init__(self, tree, server):
        self.tree, self.pages, self.records, self.queries = tree, {}, {}, []
        self.url = f"http://127.0.0.1:{server.server_address[1]}"
        server.osv = self

    def answer(self, path, body):
        if path == "/v1/querybatch":
            self.queries += body["queries"]
            return {"results": [self.pages.get((query["package"]["name"], query.get("page_token")), {}) for query in body["queries"]]}
        return {"affected": self.records[path.removeprefix("/v1/vulns/")]}

    def knows(self, name, identifier, *affected):
        page = self.pages.setdefault((name, None), {"vulns": []})
        page["vulns"].append({"id": identifier, "modified": "2026-01-01T00:00:00Z"})
        self.records[identifier] = list(affected)

    def scan(self, *purls):
        packages = [{"name": purl.split("/")[-1].split("@")[0],
                     "externalRefs": [{"referenceType": "purl", "referenceLocator": purl}]} for purl in purls]
        file = self.tree.home / "sbom.json"
        file.write_text(json.dumps({"packages": packages}), encoding="utf-8")
        return self.tree.run("pipeline/scan", file, OSV_URL=self.url)


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        length = int(self.headers.get("Content-Length") or 0)
        answer = json.dumps(self.server.osv.answer(self.path, json.loads(self.rfile.read(length) or "null"))).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    do_GET = do_POST

    def log_message(self, *_):
        pass


@pytest.fixture
def osv(tree):
    (tree.root / ".github").mkdir()
    shutil.copy(ROOT / ".github/accepted-vulnerabilities.json", tree.root / ".github")
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield Osv(tree, server)
        server.shutdown()
        thread.join()


def test_a_library_is_asked_about_as_the_source_that_it_was_built_from(osv):
    status, said, _ = osv.scan(OPENSSL, SQLITE, "pkg:generic/comments@0.1.0")
    assert status == 0
    assert osv.queries == [QUERY, {"package": {"ecosystem": "Debian:13", "name": "sqlite3"}, "version": "3.46.1-7"}]
    assert "asked about 2 sources; nobody can be asked about comments" in said


def test_what_debian_has_mended_ends_the_build(osv):
    osv.knows("openssl", "CVE-2026-1", fixed("openssl", "3.5.4-1~deb13u1"))
    status, said, _ = osv.scan(OPENSSL)
    assert status == 1 and "CVE-2026-1  openssl 3.5.1-1+deb13u1: mended in 3.5.4-1~deb13u1: build again" in said


def test_what_nobody_has_mended_is_named_and_does_not(osv):
    osv.knows("openssl", "CVE-2026-1", fixed("openssl", None), fixed("openssl", "3.0.9", "Debian:12"), fixed("other", "1"))
    status, said, _ = osv.scan(OPENSSL)
    assert status == 0 and "CVE-2026-1" in said and "mended nowhere" in said


def test_later_pages_are_read(osv):
    osv.pages["openssl", None] = {"vulns": [], "next_page_token": "more"}
    osv.pages["openssl", "more"] = {"vulns": [{"id": "CVE-2026-2"}]}
    osv.records["CVE-2026-2"] = [fixed("openssl", "9")]
    status, said, _ = osv.scan(OPENSSL)
    assert status == 1 and "CVE-2026-2" in said


@pytest.mark.parametrize(("until", "ends"), [("2999-01-01", 0), ("2020-01-01", 1)])
def test_what_is_accepted_is_accepted_until_its_day(osv, until, ends):
    osv.knows("openssl", "CVE-2026-1", fixed("openssl", "9"))
    (osv.tree.root / ".github/accepted-vulnerabilities.json").write_text(
        json.dumps({"accepted": [{"id": "CVE-2026-1", "why": "never called", "until": until}]}), encoding="utf-8")
    assert osv.scan(OPENSSL)[0] == ends


def test_who_cannot_be_asked_has_not_said_that_all_is_well(osv):
    osv.url = "http://127.0.0.1:1"
    status, _, complaint = osv.scan(OPENSSL)
    assert status == 4 and "cannot be asked" in complaint
    osv.url = ""


def test_answers_that_are_missing_are_not_taken_for_none(osv):
    osv.answer = lambda *_: {"results": []}
    assert osv.scan(OPENSSL)[0] == 4


def test_an_sbom_of_nothing_is_refused(osv):
    status, _, complaint = osv.scan("pkg:generic/comments@0.1.0")
    assert status == 1 and "names no Debian package" in complaint
