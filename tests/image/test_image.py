"""What is in the image, and what is not."""

import hashlib
import json
import os
import re
import subprocess

import started

SBOM = "/usr/share/doc/comments/sbom.spdx.json"
PROGRAM = "/usr/bin/comments"
MOST = 30e6  # bytes


def sbom_of(root):
    return json.loads((root / SBOM.lstrip("/")).read_text(encoding="utf-8"))


def inside(root, *words):
    return subprocess.run(["/usr/sbin/chroot", "--userspec=65532:65532", root, *words], capture_output=True, text=True,
                          timeout=60, env={}, check=True).stdout


def is_program(path):
    """An ELF file that a kernel would start, or a script."""
    with path.open("rb") as file:
        head = file.read(4)
    if head[:2] == b"#!":
        return True
    return head == b"\x7fELF" and b"INTERP" in subprocess.run(["readelf", "--program-headers", "--wide", path],
                                                              capture_output=True, check=True).stdout


def files_in(root):
    return {"/" + str(path.relative_to(root)): path for path in root.rglob("*")
            if path.is_file() and not path.is_symlink()}


def libraries_in(root):
    return {name for name in files_in(root) if re.search(r"\.so(\.|$)", name)}


def linked(root):
    """As the loader in the image finds them, on nothing but the image's files."""
    loader = next(name for name in libraries_in(root) if "/ld-linux" in name)
    said = inside(root, loader, "--list", PROGRAM)
    return set(re.findall(r"(?:=> |^\s*)(/\S+)", said, re.MULTILINE)) | {loader}


def test_it_is_at_most_30_mb(archive, members):
    whole = sum(member.size for member in members.values())
    print(f"{whole / 1e6:.1f} MB, {archive.compressed_bytes / 1e6:.1f} MB compressed")
    assert whole <= MOST


def test_it_is_ready_within_100_ms_of_exec(root):
    found = started.times(root)
    print(started.said(found))
    assert found[0] < started.LIMIT, found


def test_no_file_is_of_another_time_than_the_commits(archive, members):
    created = archive.image["created"]
    times = {member.mtime for member in members.values()}
    assert len(times) == 1
    (epoch,) = times
    assert created == subprocess.run(["date", "-u", "-d", f"@{epoch}", "+%Y-%m-%dT%H:%M:%SZ"], capture_output=True,
                                     text=True, check=True).stdout.strip()
    assert {one["created"] for one in archive.image["history"]} == {created}
    assert archive.image["config"]["Labels"]["org.opencontainers.image.created"] == created


def test_there_is_one_program_in_it_and_no_shell(root):
    programs = {name for name, path in files_in(root).items() if is_program(path)}
    libraries = {name for name in programs if name in libraries_in(root)}  # the C library can be started, too
    assert programs - libraries == {PROGRAM}
    assert not [name for name in files_in(root) if re.search(r"/(ba|da|a|z|k|fi|c)?sh$|busybox|perl|python", name)
                and not name.startswith("/usr/share/doc/")]
    executable = {name for name, path in files_in(root).items() if os.access(path, os.X_OK)}
    assert {name for name in executable if "/ld-linux" not in name} == {PROGRAM}


def test_nothing_but_data_belongs_to_the_user_and_nothing_raises_rights(members):
    mine = {name for name, member in members.items() if (member.uid, member.gid) != (0, 0)}
    assert mine == {"/data"}
    assert (members["/data"].uid, members["/data"].gid) == (65532, 65532)
    assert not [name for name, member in members.items() if member.mode & 0o6002 and not member.issym()]


def test_it_says_what_it_is(archive, root):
    config, labels = archive.image["config"], archive.image["config"]["Labels"]
    assert config["User"] == "65532:65532"
    assert config["Entrypoint"] == [PROGRAM]
    assert config["Cmd"] == ["serve"]
    assert list(config["Volumes"]) == ["/data"]
    assert {"PORT=8080", "COMMENTS_STORE=sqlite:/data/comments.db"} <= set(config["Env"])
    version = inside(root, PROGRAM, "--version")
    assert labels["org.opencontainers.image.version"] in version
    assert labels["org.opencontainers.image.revision"].removesuffix("-dirty") in version
    assert re.fullmatch(r"[0-9a-f]{40}(-dirty)?", labels["org.opencontainers.image.revision"])
    assert labels["org.opencontainers.image.source"] == "" or \
        re.fullmatch(r"https://[^@]+", labels["org.opencontainers.image.source"])


def test_no_path_of_the_build_is_in_the_program(root):
    assert b"/src/" not in (root / PROGRAM.lstrip("/")).read_bytes()


def test_the_sbom_lists_exactly_the_libraries_that_are_linked(root):
    listed = {file["fileName"].removeprefix(".") for file in sbom_of(root)["files"]}
    assert listed - {PROGRAM} == linked(root) == libraries_in(root)
    print(f"{len(listed) - 1} libraries linked, listed, in the image: the same")


def test_the_sbom_has_the_bytes_that_are_in_the_image(root):
    for file in sbom_of(root)["files"]:
        sums = {one["algorithm"]: one["checksumValue"] for one in file["checksums"]}
        content = (root / file["fileName"]).read_bytes()
        assert sums["SHA256"] == hashlib.sha256(content).hexdigest(), file["fileName"]
        assert sums["SHA1"] == hashlib.sha1(content).hexdigest(), file["fileName"]


def test_each_library_is_of_a_package_of_that_version_whose_licence_is_there(root):
    document = sbom_of(root)
    owner = {one["relatedSpdxElement"]: one["spdxElementId"] for one in document["relationships"]
             if one["relationshipType"] == "CONTAINS"}
    packages = {package["SPDXID"]: package for package in document["packages"]}
    for file in document["files"]:
        assert owner[file["SPDXID"]] in packages, file["fileName"]
    debian = [package for package in packages.values()
              if package["externalRefs"][0]["referenceLocator"].startswith("pkg:deb/debian/")]
    assert {one["name"] for one in packages.values() if one not in debian} <= {"comments", "cpp-httplib"}
    for package in debian:
        record = (root / "var/lib/dpkg/status.d" / package["name"]).read_text(encoding="utf-8")
        fields = dict(re.findall(r"^(\w+): (.*)$", record, re.MULTILINE))
        assert (fields["Package"], fields["Version"]) == (package["name"], package["versionInfo"])
        assert (root / "usr/share/doc" / package["name"] / "copyright").stat().st_size > 0
    assert len(os.listdir(root / "var/lib/dpkg/status.d")) == len(debian)
    known = [package for package in debian if package["licenseDeclared"] != "NOASSERTION"]
    print(f"{len(debian)} packages, the licences of {len(known)} known: "
          f"not of {', '.join(sorted(p['name'] for p in debian if p not in known))}")


def test_libraries_of_headers_alone_are_listed_too(root):
    document = sbom_of(root)
    names = {package["SPDXID"]: package["name"] for package in document["packages"]}
    compiled_in = {names[one["relatedSpdxElement"]] for one in document["relationships"]
                   if one["relationshipType"] == "STATIC_LINK"}
    print(f"compiled in: {', '.join(sorted(compiled_in))}")
    assert {"libcli11-dev", "nlohmann-json3-dev"} <= compiled_in
    # Debian's is a library: then it is among the linked ones.
    assert "cpp-httplib" in compiled_in or any(name.startswith("libcpp-httplib") for name in names.values())


def test_certificates_and_time_zones_are_there(root):
    certificates = (root / "etc/ssl/certs/ca-certificates.crt").read_text(encoding="ascii")
    assert certificates.count("BEGIN CERTIFICATE") > 100
    for zone in ("UTC", "Europe/Berlin", "America/Sao_Paulo"):
        assert (root / "usr/share/zoneinfo" / zone).read_bytes().startswith(b"TZif"), zone
