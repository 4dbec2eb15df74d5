import pytest

import machine


@pytest.fixture(scope="session", params=machine.suites())
def suite(request):
    return request.param


@pytest.fixture(scope="session")
def deb(suite):
    return machine.package("deb", suite)
