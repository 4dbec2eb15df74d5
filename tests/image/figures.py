"""Usage: tests/image/figures.py FOLDER

What scripts/image says of FOLDER/image.tar: digest, sizes, start time. Its SBOM is put beside it.
"""

import os
import pathlib
import sys
import tempfile

import started
from archive import Archive

SBOM = "usr/share/doc/comments/sbom.spdx.json"


def main(folder):
    archive = Archive(folder / "image.tar")
    with tempfile.TemporaryDirectory() as unpacked:
        root = pathlib.Path(unpacked)
        archive.unpack(root)
        whole = sum(member.size for member in archive.members().values())
        (folder / "sbom.spdx.json").write_bytes((root / SBOM).read_bytes())
        print(f"{archive.digest}  {whole / 1e6:.1f} MB, {archive.compressed_bytes / 1e6:.1f} MB compressed")
        if os.geteuid() == 0:
            print(started.said(started.times(root)))
        else:
            print("start time: only measured as root")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
