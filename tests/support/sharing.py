"""Which tests share a process when several run side by side: those of a file, and all that use a fleet.

A fleet is three engines and four processes: one at a time is what two cores bear. It is told by ids, as a
scheduler knows nothing else of a test.
"""

import re

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

_ON_A_FLEET = re.compile(
    r"tests/(faults|service)/distributed/|.*\[.*\b(replica|distributed|distributed_demo)\b"
)


class Sharing:
    @pytest.hookimpl
    def pytest_xdist_make_scheduler(self, config: pytest.Config, log: Producer) -> LoadScopeScheduling:
        return _Scheduling(config, log)


class _Scheduling(LoadScopeScheduling):
    def _split_scope(self, nodeid: str) -> str:
        return scope(nodeid)


def scope(nodeid: str) -> str:
    """The name of the group that a test runs with."""
    return "fleet" if _ON_A_FLEET.match(nodeid) else nodeid.partition("::")[0]
