import itertools
import pathlib
import sys

import pytest

sys.path.append(str(pathlib.Path(__file__).parent.parent / "support"))
pytest.register_assert_rewrite("clients", "history", "patient_writers", "refusals", "service", "writers")

import postgres_server  # noqa: E402  from the folder named above
import service  # noqa: E402  after its assertions were registered


def pytest_configure(config):
    config.addinivalue_line("markers", "slow: a long loop, run by `pytest -m slow`")


@pytest.fixture
def start(tmp_path):
    """start(*options) → a serving Service; every one of them is ended after the test."""
    started = []

    def start_service(*options, **how):
        if "--store" not in options:
            options = ("--store", f"sqlite:{tmp_path / 'comments.db'}", *options)
        one = service.launch(tmp_path, *options, **how)
        started.append(one)
        one.wait_until_serving()
        return one

    yield start_service
    for one in started:
        one.kill()
    for one in started:
        one.check_errors()


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """One service for all tests of a file: for those that leave nothing behind that matters."""
    folder = tmp_path_factory.mktemp("shared")
    one = service.launch(folder, "--store", f"sqlite:{folder / 'comments.db'}")
    try:
        one.wait_until_serving()
        yield one
    finally:
        one.kill()
    one.check_errors()


@pytest.fixture
def comments(tmp_path):
    """comments("list", "1", …) → the command's exit code and output."""
    def run(*words, **how):
        return service.run_comments(tmp_path, *words, **how)
    return run


@pytest.fixture(scope="module")
def postgres():
    """A PostgreSQL server for the tests of a file."""
    server = postgres_server.Server(settings=postgres_server.flushing())
    try:
        server.create().start()
        yield server
    finally:
        server.remove()


DATABASE_NUMBERS = itertools.count(1)


@pytest.fixture
def database(postgres):
    """The URL of a new database."""
    return postgres.create_database(f"comments_{next(DATABASE_NUMBERS)}")
