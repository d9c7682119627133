"""Tests side by side: who shares a process."""

from types import SimpleNamespace
from typing import Any

import pytest

from tests.support.sharing import Sharing, scope


@pytest.mark.parametrize(
    "nodeid",
    [
        "tests/faults/distributed/test_replay.py::test_a_replay[0]",
        "tests/service/distributed/test_commands.py::test_verify",
        "tests/faults/test_times.py::test_late[0-replica]",
        "tests/e2e/test_logs.py::test_keys[dark-distributed_demo-900]",
        "tests/contract/test_log_store.py::test_rolled_back[elasticsearch-lines0]",
        "tests/bus/redis/test_queue.py::test_order",
    ],
)
def test_whoever_uses_engines_shares_them(nodeid: str) -> None:
    assert scope(nodeid) == "engines"


@pytest.mark.parametrize(
    "nodeid",
    [
        "tests/faults/test_times.py::test_late[0-embedded]",
        "tests/kql/test_parser.py::test_words[replicas: 3]",
        "tests/faults/test_times.py::test_replica",
    ],
)
def test_others_share_with_their_file(nodeid: str) -> None:
    assert scope(nodeid) == nodeid.partition("::")[0]


def test_browsers_come_last() -> None:
    items = [item("seen", "browser"), item("read"), item("clicked", "browser"), item("counted", "server")]
    Sharing().pytest_collection_modifyitems(items)
    assert [each.name for each in items] == ["read", "counted", "seen", "clicked"]


def item(name: str, *marks: str) -> Any:
    return SimpleNamespace(name=name, get_closest_marker=lambda mark: mark if mark in marks else None)
