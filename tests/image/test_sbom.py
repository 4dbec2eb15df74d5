"""scripts/sbom: licences in SPDX's words, and a document of the program at hand that leaves nothing out."""

import importlib.machinery
import importlib.util
import json
import os
import pathlib
import re
import subprocess

import pytest

SCRIPT = pathlib.Path(__file__).parents[2] / "scripts" / "sbom"
LOADER = importlib.machinery.SourceFileLoader("sbom", str(SCRIPT))
sbom = importlib.util.module_from_spec(importlib.util.spec_from_loader("sbom", LOADER))
LOADER.exec_module(sbom)

FORMAT = "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n\n"


def reference(name):
    return f"LicenseRef-{name}"


@pytest.mark.parametrize("debian, spdx", [
    ("Expat", "MIT"),
    ("BSD-3-clause", "BSD-3-Clause"),
    ("GPL-2+", "GPL-2.0-or-later"),
    ("LGPL-2.1", "LGPL-2.1-only"),
    ("GFDL-1.2+", "GFDL-1.2-or-later"),
    ("Artistic or GPL-1+", "Artistic-1.0 OR GPL-1.0-or-later"),
    ("MPL-2.0 and Expat", "MPL-2.0 AND MIT"),
    ("Expat and ISC or Zlib", "(MIT AND ISC) OR Zlib"),
    ("GPL-2 or Expat, and ISC", "(GPL-2.0-only OR MIT) AND ISC"),
    ("GPL-2.5", "LicenseRef-GPL-2.5"),
    ("public-domain", "LicenseRef-public-domain"),
])
def test_debians_words_for_a_licence_become_spdxs(debian, spdx):
    assert sbom.expression(debian, reference) == spdx


def test_a_package_has_the_licences_of_all_its_files_but_of_its_packaging():
    declared, texts = sbom.licence("libx1", FORMAT + (
        "Files: *\nLicense: Expat\n\nFiles: a/*\nLicense: BSD-3-clause or GPL-2+\n\n"
        "Files: b.c\nLicense: odd\n Do what\n .\n you like.\n\nFiles: debian/*\nLicense: GPL-3+\n"))
    assert declared == "(BSD-3-Clause OR GPL-2.0-or-later) AND LicenseRef-libx1-odd AND MIT"
    assert texts == {"LicenseRef-libx1-odd": "Do what\n\nyou like."}


def test_a_licence_that_no_machine_can_read_is_not_guessed():
    assert sbom.licence("libx1", "It was written by me, and is under the MIT licence.\n") == (None, {})


def test_a_purl_says_system_version_and_source():
    package = sbom.Package("libx1", "1:2.0+ds-1", "amd64", "x", "1:2.0", "")
    assert sbom.purl(package, ("debian", "13")) == (
        "pkg:deb/debian/libx1@1%3A2.0%2Bds-1?arch=amd64&distro=debian-13&upstream=x%401%3A2.0")


def test_a_library_that_is_missing_stops_it():
    with pytest.raises(sbom.Fault, match="libgone"):
        sbom.linked_files("\tlibgone.so.1 => not found\n")


def test_the_headers_of_tests_are_not_in_the_program(tmp_path):
    (tmp_path / "CMakeCache.txt").write_text("CMAKE_HOME_DIRECTORY:INTERNAL=/home/x\n", encoding="ascii")
    said = ("core/a.o: #deps 3, deps mtime 1 (VALID)\n    /home/x/core/a.h\n    /usr/include/CLI/CLI.hpp\n"
            "    generated/version.h\n    _deps/x-src/x.h\n\ntests/b.o: #deps 1, deps mtime 1 (VALID)\n    /usr/include/catch2/catch.hpp\n")
    assert sbom.header_files(said, tmp_path) == sorted([
        "/usr/include/CLI/CLI.hpp", f"{tmp_path}/_deps/x-src/x.h"])


def test_a_header_of_nobody_stops_it(tmp_path):
    stray = tmp_path / "stray.h"
    stray.write_text("", encoding="ascii")
    with pytest.raises(sbom.Fault, match="stray.h"):
        sbom.brought(str(stray))


@pytest.fixture(scope="module")
def documents(tmp_path_factory):
    """Of the program that ctest names, twice."""
    binary = pathlib.Path(os.environ["COMMENTS_BINARY"])
    made = []
    for number in range(2):
        file = tmp_path_factory.mktemp("sbom") / f"{number}.json"
        subprocess.run([SCRIPT, "--binary", binary, "--build", binary.parent, "--data", "tzdata", "--version", "1.2.3",
                        "--commit", "c0ffee", "--output", file], check=True, timeout=120,
                       env={"PATH": os.environ["PATH"], "SOURCE_DATE_EPOCH": "86400"})
        made.append(file.read_bytes())
    return made


def test_the_same_build_gives_the_same_bytes(documents):
    assert documents[0] == documents[1]
    assert json.loads(documents[0])["creationInfo"]["created"] == "1970-01-02T00:00:00Z"


def test_every_library_that_ldd_knows_is_a_file_of_a_package(documents):
    document = json.loads(documents[0])
    said = subprocess.run(["ldd", os.environ["COMMENTS_BINARY"]], capture_output=True, text=True, check=True).stdout
    linked = {word for word in said.split() if word.startswith("/")}
    assert {file["fileName"] for file in document["files"]} == {f".{path}" for path in linked} | {"./usr/bin/comments"}
    contained = {one["relatedSpdxElement"] for one in document["relationships"] if one["relationshipType"] == "CONTAINS"}
    assert contained == {file["SPDXID"] for file in document["files"]}


def test_identifiers_are_unique_and_every_relationship_and_licence_leads_somewhere(documents):
    document = json.loads(documents[0])
    identifiers = ["SPDXRef-DOCUMENT", *(one["SPDXID"] for kind in ("packages", "files") for one in document[kind])]
    assert len(identifiers) == len(set(identifiers))
    for one in document["relationships"]:
        assert {one["spdxElementId"], one["relatedSpdxElement"]} <= set(identifiers)
    assert all(re.fullmatch(r"SPDXRef-[A-Za-z0-9.-]+", one) for one in identifiers)
    named = {name for package in document["packages"]
             for name in re.findall(r"LicenseRef-[A-Za-z0-9.-]+", package["licenseDeclared"])}
    assert named == {one["licenseId"] for one in document["hasExtractedLicensingInfos"]}


# Of its JSON schema, which refuses any other key (https://github.com/spdx/spdx-spec, schemas/spdx-schema-2-3.json).
KEYS = {
    "packages": {"SPDXID", "name", "versionInfo", "supplier", "sourceInfo", "licenseDeclared", "licenseComments",
                 "comment", "externalRefs", "homepage", "filesAnalyzed", "packageVerificationCode",
                 "licenseInfoFromFiles", "downloadLocation", "licenseConcluded", "copyrightText",
                 "primaryPackagePurpose"},
    "files": {"SPDXID", "fileName", "fileTypes", "checksums", "licenseConcluded", "licenseInfoInFiles",
              "copyrightText"},
    "relationships": {"spdxElementId", "relationshipType", "relatedSpdxElement"},
    "hasExtractedLicensingInfos": {"licenseId", "extractedText", "name"},
}
RELATIONS = {"DESCRIBES", "CONTAINS", "DYNAMIC_LINK", "STATIC_LINK", "RUNTIME_DEPENDENCY_OF"}


def test_nothing_is_in_it_that_spdx_2_3_does_not_know(documents):
    document = json.loads(documents[0])
    assert set(document) - set(KEYS) == {"spdxVersion", "dataLicense", "SPDXID", "name", "documentNamespace",
                                         "creationInfo"}
    for kind, keys in KEYS.items():
        for one in document[kind]:
            assert set(one) <= keys, one
    assert {one["relationshipType"] for one in document["relationships"]} == RELATIONS
    for package in document["packages"]:
        contains = [one for one in document["relationships"]
                    if one["relationshipType"] == "CONTAINS" and one["spdxElementId"] == package["SPDXID"]]
        assert package["filesAnalyzed"] == bool(contains) == ("packageVerificationCode" in package), package["name"]


def test_what_came_as_headers_alone_is_there(documents):
    names = {package["name"] for package in json.loads(documents[0])["packages"]}
    assert {"libcli11-dev", "nlohmann-json3-dev"} <= names
    assert "cpp-httplib" in names or any(name.startswith("libcpp-httplib") for name in names)
    assert "tzdata" in names
    assert "linux-libc-dev" not in names and not any("catch" in name for name in names)
