import pytest

import machine


@pytest.fixture(scope="session")
def deb():
    return machine.package("deb")
