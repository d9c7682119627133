"""Shared by all tests: where samples lie, how often faults repeat, how hypothesis runs here."""

import os
from collections.abc import Generator
from pathlib import Path

import pytest
import structlog
from hypothesis import HealthCheck, settings

from tests.support.fleet import Fleet, Process, product_engines
from tests.support.gather import Gather
from tests.support.served import Served
from tests.support.sharing import Sharing
from tests.support.skips import NoSkips

# The machine is shared: a slow example says nothing about the code.
settings.register_profile("tapetum", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("tapetum")


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(NoSkips())
    config.pluginmanager.register(Gather())
    config.pluginmanager.register(Sharing())


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """`fault_seed`: so many seeds from FAULT_SEED on; a failing test's name says which."""
    if "fault_seed" in metafunc.fixturenames:
        # Engines take a while to come back, so what ends them has a number of its own.
        name = "FAULT_ENGINE_RUNS" if "fleet" in metafunc.fixturenames else "FAULT_RUNS"
        first, runs = int(os.environ.get("FAULT_SEED", "0")), int(os.environ.get(name, "1"))
        metafunc.parametrize("fault_seed", range(first, first + runs))


@pytest.fixture(autouse=True)
def _own_logging() -> Generator[None]:
    """What one test tells the logs to do ends with it: its standard error is gone by then."""
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def samples() -> Path:
    folder = Path(os.environ.get("SAMPLES", Path(__file__).parents[1] / ".." / "shared" / "samples"))
    if not folder.is_dir():
        pytest.skip(f"The sample files are not at {folder}; set SAMPLES to where they are.")
    return folder


@pytest.fixture(scope="session")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Generator[Served]:
    """One `tapetum up` for all tests that leave it running; each uses clusters of its own."""
    with Served(tmp_path_factory.mktemp("served") / "data") as running:
        yield running.without_detectors()


@pytest.fixture(scope="session")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Generator[Fleet]:
    """Two replicas and two workers over engines of their own, which tests may end and start again."""
    # Deliveries go to receivers of the tests.
    settings = {"TAPETUM_OUTBOUND_ALLOWED": '["127.0.0.1/32"]'}
    folder = tmp_path_factory.mktemp("fleet")
    with Fleet(folder, product_engines(), apis=2, workers=2, **settings) as running:
        running.api.without_detectors()
        yield running


@pytest.fixture(scope="session")
def replica(fleet: Fleet, tmp_path_factory: pytest.TempPathFactory) -> Generator[Served]:
    """One more, whose counts are the workers' own however busy the machine is."""
    folder = tmp_path_factory.mktemp("replica")
    patient = {"TAPETUM_SPOOL": str(folder / "spool"), "TAPETUM_PUSH_PATIENCE": "45"}
    with Process(folder / "api", "api", fleet.engines, **patient) as running:
        running.settle = lambda: fleet.drained(also=[running])
        yield running


@pytest.fixture(scope="session")
def served(request: pytest.FixtureRequest) -> Served:
    """The embedded product; with the mark `everywhere` (tests.support.products), the distributed one too."""
    found: Served = request.getfixturevalue(getattr(request, "param", "embedded"))
    return found
