"""An image as the archive that is pushed: OCI's image layout in a tar file."""

import hashlib
import io
import json
import tarfile


class Archive:
    """https://github.com/opencontainers/image-spec/blob/main/image-layout.md"""

    def __init__(self, path):
        with tarfile.open(path) as tar:
            self.files = {member.name.removeprefix("./"): tar.extractfile(member).read()
                          for member in tar if member.isfile()}
        (described,) = json.loads(self.files["index.json"])["manifests"]
        self.digest = described["digest"]
        self.manifest = json.loads(self.blob(self.digest))
        self.image = json.loads(self.blob(self.manifest["config"]["digest"]))

    def blob(self, digest):
        kind, _, value = digest.partition(":")
        content = self.files[f"blobs/{kind}/{value}"]
        assert hashlib.new(kind, content).hexdigest() == value
        return content

    @property
    def compressed_bytes(self):
        """What is pulled."""
        return sum(layer["size"] for layer in self.manifest["layers"]) + self.manifest["config"]["size"]

    def layers(self):
        for layer in self.manifest["layers"]:
            with tarfile.open(fileobj=io.BytesIO(self.blob(layer["digest"]))) as tar:
                yield tar

    def members(self):
        """Everything in it: path → what tar knows of it. A later layer's word holds."""
        found = {}
        for tar in self.layers():
            for member in tar:
                assert not member.name.rpartition("/")[2].startswith(".wh."), "a layer removes what another added"
                found["/" + member.name.removeprefix("./").strip("/")] = member
        return found

    def unpack(self, folder):
        folder.chmod(0o755)
        for tar in self.layers():
            tar.extraction_filter = lambda member, _: member  # owners and modes are what is looked at
            tar.extractall(folder, numeric_owner=True)
