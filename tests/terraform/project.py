"""terraform/ in a copy, and a Google provider to check it with.

Which provider: COMMENTS_TERRAFORM_PROVIDER says 'stand-in' or 'real'; unsaid, the stand-in where it is
(TERRAFORM_STANDIN, or ../shared/tools/terraform-standin), else the real one where its registry answers.
"""

import contextlib
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
TERRAFORM = ROOT / "terraform"
STANDIN = pathlib.Path(os.environ.get("TERRAFORM_STANDIN", ROOT / "../shared/tools/terraform-standin"))
LEFT_OUT = 77
GOOGLE = "registry.terraform.io/hashicorp/google"


class LeftOut(Exception):
    """It cannot be checked here, and that is nobody's fault."""


class Fault(Exception):
    """terraform said no; its words."""


def environment(**more):
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TF_", "STANDIN_"))}
    return {**kept, "TF_IN_AUTOMATION": "1", "TF_INPUT": "0", "CHECKPOINT_DISABLE": "1", **more}


def terraform(folder, *words, env, expected=(0,), timeout=240):
    """What it prints on its two streams. A status that is not expected raises Fault."""
    done = subprocess.run(["terraform", f"-chdir={folder}", *words], env=env, capture_output=True, text=True,
                          check=False, timeout=timeout, stdin=subprocess.DEVNULL)
    if done.returncode not in expected:
        raise Fault(f"terraform {' '.join(words)} in {folder.name}: status {done.returncode}\n"
                    f"{done.stdout}{done.stderr}")
    return done.stdout + done.stderr


@contextlib.contextmanager
def copied(source=TERRAFORM):
    """A copy without what Terraform left there, and without backends: state is a file beside the root."""
    with tempfile.TemporaryDirectory(prefix="comments-terraform-") as folder:
        copy = pathlib.Path(folder) / "terraform"
        shutil.copytree(source, copy, ignore=shutil.ignore_patterns(
            ".terraform", ".terraform.lock.hcl", "terraform.tfstate*", "backend.tf", "*_override.tf"))
        yield copy


class StandIn:
    """One process for all commands in a folder: Terraform would start it anew for each run of a test."""

    name = "the stand-in for Google's provider"

    @contextlib.contextmanager
    def for_folders(self, *folders, **more):
        prepared = subprocess.run([STANDIN / "prepare", "--override", *folders], capture_output=True, text=True,
                                  check=False, timeout=300)
        if prepared.returncode:
            raise Fault(prepared.stderr)
        words = shlex.split(prepared.stdout.replace("export ", " "))
        exports = dict(word.split("=", 1) for word in words)
        config = pathlib.Path(exports.pop("TF_CLI_CONFIG_FILE")).read_text(encoding="utf-8")
        mirror = pathlib.Path(re.search(r'"hashicorp/google"\s*=\s*"([^"]+)"', config)[1])
        program = next(mirror.glob("terraform-provider-google_*"))
        started = {**environment(**more), **exports, "TF_PLUGIN_MAGIC_COOKIE": "unused"}
        with subprocess.Popen([program], env=started, stdout=subprocess.PIPE, text=True) as provider:
            try:
                # The line of every plugin: CORE|PROTOCOL|NETWORK|ADDRESS|grpc
                _, protocol, network, address, kind = provider.stdout.readline().strip().split("|")
                attached = {GOOGLE: {"Protocol": kind, "ProtocolVersion": int(protocol), "Pid": provider.pid,
                                     "Test": True, "Addr": {"Network": network, "String": address}}}
                yield environment(TF_REATTACH_PROVIDERS=json.dumps(attached), **more)
            finally:
                provider.terminate()

    def initialise(self, folder, env):
        terraform(folder, "get", env=env)


class Real:
    """From its registry, kept for the next time. Plans and applies are left to who has an account."""

    name = "Google's provider"

    @contextlib.contextmanager
    def for_folders(self, *_, **more):
        cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache")) / "comments-terraform"
        cache.mkdir(parents=True, exist_ok=True)
        yield environment(TF_PLUGIN_CACHE_DIR=str(cache), **more)

    def initialise(self, folder, env):
        terraform(folder, "init", "-backend=false", "-input=false", env=env)


def provider():
    """The one to check with. Raises LeftOut where there is none."""
    wanted = os.environ.get("COMMENTS_TERRAFORM_PROVIDER", "")
    if wanted not in ("", "real", "stand-in"):
        raise Fault(f"COMMENTS_TERRAFORM_PROVIDER is '{wanted}': real or stand-in")
    if not shutil.which("terraform"):
        if wanted:
            raise Fault(f"COMMENTS_TERRAFORM_PROVIDER is '{wanted}', and there is no terraform")
        raise LeftOut("there is no terraform")
    if wanted != "real" and os.access(STANDIN / "prepare", os.X_OK):
        return StandIn()
    if wanted == "stand-in":
        raise Fault(f"there is no stand-in at {STANDIN}")
    real = Real()
    with copied(TERRAFORM / "modules/registry") as copy, real.for_folders(copy) as env:
        try:
            real.initialise(copy, env)
        except Fault as fault:
            if wanted == "real":
                raise
            raise LeftOut("Google's provider cannot be fetched, and there is no stand-in for it") from fault
    return real
