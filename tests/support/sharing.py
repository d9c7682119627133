"""Which tests share a process when several run side by side: those of a file, and all that use engines.

Three engines, and a fleet of four processes over three more, are what two cores bear once. It is told by
ids, as a scheduler knows nothing else of a test.
"""

import re

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

_ON_ENGINES = re.compile(
    r"tests/(faults|service)/distributed/|tests/(bus/redis|graphstore/neo4j|logstore/elasticsearch)/"
    r"|.*\[.*\b(replica|distributed|distributed_demo|elasticsearch|neo4j|redis)\b"
)


class Sharing:
    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Those in a browser last: beside one, no other test of its process may run a loop of its own."""
        items.sort(key=lambda item: item.get_closest_marker("browser") is not None)

    @pytest.hookimpl
    def pytest_xdist_make_scheduler(self, config: pytest.Config, log: Producer) -> LoadScopeScheduling:
        config.option.loadscopereorder = False  # else the groups come by their size, not as they were sorted
        return _Scheduling(config, log)


class _Scheduling(LoadScopeScheduling):
    def _split_scope(self, nodeid: str) -> str:
        return scope(nodeid)


def scope(nodeid: str) -> str:
    """The name of the group that a test runs with."""
    return "engines" if _ON_ENGINES.match(nodeid) else nodeid.partition("::")[0]
