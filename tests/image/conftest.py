import os
import pathlib

import pytest

from archive import Archive


@pytest.fixture(scope="session")
def archive():
    return Archive(os.environ["COMMENTS_IMAGE_ARCHIVE"])


@pytest.fixture(scope="session")
def members(archive):
    return archive.members()


@pytest.fixture(scope="session")
def root(archive, tmp_path_factory):
    """The image's files, unpacked with their owners."""
    folder = pathlib.Path(tmp_path_factory.mktemp("root"))
    folder.parent.chmod(0o755)  # pytest's folders are private
    archive.unpack(folder)
    return folder
