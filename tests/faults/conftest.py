"""How many cases there are: FAULTS_FULL=1 runs them all, else a spread of them."""

import os

import pytest


@pytest.fixture(scope="session")
def full():
    return os.environ.get("FAULTS_FULL") == "1"
