"""scripts/image with another builder than the one at hand, and without git: what Cloud Build does. The builders
are stand-ins that write down how they were called; whether Docker then builds, they cannot show."""

import pathlib
import re
import shutil
import subprocess

import pytest
import yaml

ROOT = pathlib.Path(__file__).parents[2]
COMMIT = "0123456789abcdef0123456789abcdef01234567"
PROGRAMS = ("bash", "sed", "date", "dirname", "cat", "mkdir", "rm", "grep", "mktemp", "cmp")


@pytest.fixture
def machine(tmp_path):
    """A checkout without git, and a PATH with little in it."""
    (tmp_path / "bin").mkdir()
    for program in PROGRAMS:
        (tmp_path / "bin" / program).symlink_to(shutil.which(program))
    checkout = tmp_path / "project"
    (checkout / "scripts").mkdir(parents=True)
    for file in ("CMakeLists.txt", "Dockerfile", "scripts/image", "scripts/lib.sh"):
        shutil.copy(ROOT / file, checkout / file)
    return tmp_path


def stand_in(machine, name, text):
    file = machine / "bin" / name
    file.write_text(f"#!/bin/bash\n{text}\n", encoding="ascii")
    file.chmod(0o755)


def run(machine, *words, **variables):
    return subprocess.run(["bash", "scripts/image", *words], cwd=machine / "project", capture_output=True, text=True,
                          timeout=60, check=False,
                          env={"PATH": str(machine / "bin"), "IMAGE_TOOLS": str(machine / "none"), **variables})


def test_cloud_build_says_commit_and_time_and_docker_gets_them(machine):
    stand_in(machine, "docker", f'echo "$SOURCE_DATE_EPOCH: $*" >>{machine}/docker.log')
    config = yaml.safe_load((ROOT / "scripts/cloudbuild.yaml").read_text(encoding="utf-8"))
    given = {"${_IMAGE}": "registry.example/comments", "${_COMMIT}": COMMIT, "${_TIME}": "1795897326"}

    def filled(text):
        return re.sub(r"\$\{\w+\}", lambda found: given[found[0]], text)

    (step,) = config["steps"]
    assert (step["entrypoint"], step["args"][0]) == ("bash", "scripts/image")
    ran = run(machine, *map(filled, step["args"][1:]), **dict(filled(one).split("=", 1) for one in step["env"]))
    assert ran.returncode == 0, ran.stderr
    (built,) = [line for line in (machine / "docker.log").read_text(encoding="ascii").splitlines() if " build " in line]
    assert built.startswith("1795897326: build ")
    version = re.search(r"project\(comments VERSION ([0-9.]+)", (ROOT / "CMakeLists.txt").read_text(encoding="utf-8"))[1]
    for word in (f"COMMIT={COMMIT}", "SOURCE_DATE_EPOCH=1795897326", "CREATED=2026-11-28T20:22:06Z",
                 f"VERSION={version}", f"--tag registry.example/comments:{COMMIT}"):
        assert f"{word} " in built, word
    assert [filled(image) for image in config["images"]] == [f"registry.example/comments:{COMMIT}"]


GIT = """case $1 in
  rev-parse) echo {0} ;;
  log) echo 1795897326 ;;
  status) printf '{1}' ;;
esac"""


@pytest.mark.parametrize("changes, commit", [("", COMMIT), (" M core/a.cpp", f"{COMMIT}-dirty")])
def test_commit_and_time_are_gits_and_what_is_no_commit_does_not_pass_for_one(machine, changes, commit):
    stand_in(machine, "git", GIT.format(COMMIT, changes))
    stand_in(machine, "docker", f'echo "$SOURCE_DATE_EPOCH: $*" >>{machine}/docker.log')
    assert run(machine).returncode == 0
    (built,) = [line for line in (machine / "docker.log").read_text(encoding="ascii").splitlines() if " build " in line]
    assert built.startswith("1795897326: build ")
    assert f"COMMIT={commit} " in built and "SOURCE_DATE_EPOCH=1795897326 " in built


def test_the_dockerfile_takes_what_it_is_given(machine):
    stand_in(machine, "docker", f'echo "$*" >>{machine}/docker.log')
    assert run(machine, COMMIT=COMMIT, SOURCE_DATE_EPOCH="1").returncode == 0
    given = set(re.findall(r"--build-arg (\w+)=", (machine / "docker.log").read_text(encoding="ascii")))
    taken = set(re.findall(r"^ARG (\w+)=", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE))
    assert given == taken


@pytest.mark.parametrize("words, code", [((), 1), (("--check",), 77)])
def test_without_a_builder_it_says_what_to_install(machine, words, code):
    ran = run(machine, *words, COMMIT=COMMIT, SOURCE_DATE_EPOCH="1")
    assert ran.returncode == code
    assert "buildah" in ran.stderr and "podman" in ran.stderr


# Each push has the next line of `digests`.
BUILDAH = """echo "$*" >>{0}/buildah.log
[[ $1 == push ]] || exit 0
while [[ $1 != --digestfile ]]; do shift; done
mapfile -t digests <{0}/digests
count=$(grep -c '^push' {0}/buildah.log)
printf '%s' "${{digests[count - 1]}}" >"$2"
: >"${{4#oci-archive:}}"
"""


def check(machine, *digests):
    stand_in(machine, "buildah", BUILDAH.format(machine))
    stand_in(machine, "podman", "exit 0")
    (machine / "digests").write_text("\n".join(digests), encoding="ascii")
    (machine / "project/tests/image").mkdir(parents=True)
    (machine / "project/tests/image/figures.py").write_text("print('figures')\n", encoding="ascii")
    run_file = machine / "project/tests/image/run"
    run_file.write_text(f'#!/bin/bash\necho "$COMMENTS_IMAGE|$COMMENTS_IMAGE_ARCHIVE|$COMMENTS_PODMAN" >{machine}/run.log\n',
                        encoding="ascii")
    run_file.chmod(0o755)
    ran = run(machine, "--check", COMMIT=COMMIT, SOURCE_DATE_EPOCH="1795897326")
    return ran, (machine / "buildah.log").read_text(encoding="ascii").splitlines()


def test_a_check_builds_twice_the_second_time_from_nothing_and_then_tries_the_first(machine):
    ran, asked = check(machine, "sha256:1", "sha256:1")
    assert ran.returncode == 0, ran.stderr
    first, second = (line for line in asked if line.startswith("build "))
    assert "--timestamp 1795897326 " in first and "--no-cache" not in first
    assert "--timestamp 1795897326 " in second and "--no-cache" in second
    image, archive, podman = (machine / "run.log").read_text(encoding="ascii").strip().split("|")
    assert image == "localhost/comments:dev"
    assert archive == str(machine / "project/build/image/image.tar")
    assert podman.split()[0] == "podman"


def test_two_digests_of_one_commit_fail_the_check(machine):
    ran, _ = check(machine, "sha256:1", "sha256:2")
    assert ran.returncode == 1
    assert "two builds, two digests: sha256:1 sha256:2" in ran.stderr
    assert not (machine / "run.log").exists()


@pytest.mark.parametrize("url, shown", [
    ("https://example.com/o/comments.git", "https://example.com/o/comments"),
    ("https://robot:planted-secret@example.com/o/comments", "https://example.com/o/comments"),
    ("git@example.com:o/comments.git", "https://example.com/o/comments"),
    ("ssh://git@example.com/o/comments.git", "https://example.com/o/comments"),
    ("/home/someone/comments", ""),
])
def test_where_the_source_is_says_nothing_of_who_built_it(machine, url, shown):
    stand_in(machine, "git", f"[[ $1 == remote ]] && echo '{url}'")
    stand_in(machine, "docker", f'printf "%s\\n" "$@" >>{machine}/docker.log')
    ran = run(machine, COMMIT=COMMIT, SOURCE_DATE_EPOCH="1")
    assert ran.returncode == 0, ran.stderr
    said = (machine / "docker.log").read_text(encoding="ascii")
    assert f"SOURCE={shown}\n" in said
    assert "planted-secret" not in said + ran.stdout + ran.stderr


def test_what_the_base_brings_is_mended_before_it_is_shipped():
    """libc and others come with the base: unless they are upgraded, what Debian has mended since is not in the image,
    and building again would not help either."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    first = re.search(r"^RUN (.*?[^\\])$", text, re.MULTILINE | re.DOTALL)[1]
    assert re.match(r"apt-get update -qq && apt-get upgrade -y -qq && apt-get install ", first)
