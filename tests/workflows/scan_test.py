"""scripts/pipeline/scan and rescan, against a stand-in for osv.dev that answers as its documentation says."""

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
    assert status == 6 and "CVE-2026-1  openssl 3.5.1-1+deb13u1: mended in 3.5.4-1~deb13u1: build again" in said


def test_what_nobody_has_mended_is_named_and_does_not(osv):
    osv.knows("openssl", "CVE-2026-1", fixed("openssl", None), fixed("openssl", "3.0.9", "Debian:12"), fixed("other", "1"))
    status, said, _ = osv.scan(OPENSSL)
    assert status == 0 and "CVE-2026-1" in said and "mended nowhere" in said


def test_later_pages_are_read(osv):
    osv.pages["openssl", None] = {"vulns": [], "next_page_token": "more"}
    osv.pages["openssl", "more"] = {"vulns": [{"id": "CVE-2026-2"}]}
    osv.records["CVE-2026-2"] = [fixed("openssl", "9")]
    status, said, _ = osv.scan(OPENSSL)
    assert status == 6 and "CVE-2026-2" in said


@pytest.mark.parametrize(("until", "ends"), [("2999-01-01", 0), ("2020-01-01", 6)])
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


# --- What is deployed. --------------------------------------------------------------------------

DIGEST = "sha256:" + "a" * 64
IMAGE = "europe-west1-docker.pkg.dev/example-comments-build/comments/comments"


@pytest.fixture
def rescan(osv):
    """rescan(status's word of the release, how status ends, open issues) → (how it ended, gh's calls for issues)."""
    def again(release, ends=0, issues=()):
        tree = osv.tree
        tree.stand_in("comments", "status", "--env", "prod", "--no-drift", "--json", says=json.dumps({"release": release}), status=ends)
        tree.stand_in("gcloud", "artifacts", "docker", "images", "describe", f"{IMAGE}:{tree.commit}", says=DIGEST + "\n")
        package = {"name": "libssl3t64", "externalRefs": [{"referenceType": "purl", "referenceLocator": OPENSSL}]}
        tree.stand_in("gh", "attestation", "verify", says=json.dumps({"packages": [package]}))
        tree.stand_in("gh", "issue", "list", says=json.dumps(list(issues)))
        tree.stand_in("gh")
        status, _, _ = tree.run("pipeline/rescan", "prod", tree.bin / "comments", OSV_URL=osv.url, GH_TOKEN="t")
        return status, [" ".join(call.words[:3]) for call in tree.calls("gh") if call.words[:1] == ["issue"] and call.words[1] != "list"]
    return again


@pytest.fixture
def released(osv):
    return {"commit": osv.tree.commit, "image": f"{IMAGE}@{DIGEST}"}


@pytest.mark.parametrize("ends", [0, 6])
def test_what_debian_has_mended_in_what_is_deployed_is_told(osv, rescan, released, ends):
    osv.knows("openssl", "CVE-2026-1", fixed("openssl", "9"))
    assert rescan(released, ends) == (0, ["issue create --repo"])
    assert "CVE-2026-1" in osv.tree.summary() and DIGEST in osv.tree.summary()


@pytest.mark.parametrize("ends", [0, 6])
def test_what_is_deployed_and_mended_by_a_new_build_is_told_no_more(rescan, released, ends):
    told = [{"number": 7, "title": "prod serves what Debian has mended"}]
    assert rescan(released, ends, told) == (0, ["issue comment 7", "issue close 7"])


def test_where_nothing_is_released_there_is_nothing_to_look_at(osv, rescan):
    assert rescan(None, 6) == (0, [])
    assert osv.queries == []


def test_an_environment_or_a_list_that_cannot_be_had_is_a_failed_job_and_no_issue(osv, rescan, released):
    assert rescan({**released, "image": f"{IMAGE}@sha256:{'b' * 64}"}) == (1, [])
    osv.answer = lambda *_: {"results": []}
    (osv.tree.bin / "comments.rules").unlink()
    assert rescan(released) == (4, [])
    (osv.tree.bin / "comments.rules").unlink()
    assert rescan(released, 4) == (4, [])
