"""Which flow records tell of which captured conversations."""

from typing import Any

import msgspec
import pytest

from tapetum.capture.matching import Basis, matched, told_by
from tapetum.capture.whereabouts import Whereabouts, whereabouts
from tapetum.domain.captures import Conversation
from tapetum.policy.addresses import at, parse_address
from tapetum.policy.resources.endpoints import Pod
from tapetum.policy.resources.services import Service
from tapetum.policy.state import ClusterState
from tests.support.factory import MINUTE, NOW, SECOND

ONE = Conversation(
    protocol="tcp", client="10.0.0.1", client_port=40_000, server="10.0.0.2", server_port=443, opened=True,
    first=NOW, last=NOW + SECOND,
)  # fmt: skip
RECORD: dict[str, Any] = {
    "proto": "tcp", "source_ip": "10.0.0.1", "dest_ip": "10.0.0.2", "dest_port": 443,
    "source_port": None, "source_namespace": "shop", "source_name_aggr": "web-*", "dest_namespace": "shop",
    "dest_name_aggr": "db-*",
    "start_time": NOW - MINUTE, "end_time": NOW + MINUTE, "action": "allow", "reporter": "src",
}  # fmt: skip
WHO = {"10.0.0.1": Whereabouts("shop", "web-*"), "10.0.0.2": Whereabouts("shop", "db-*"),
       "10.96.0.1": Whereabouts("shop", "db", service=True)}  # fmt: skip


def basis(record: dict[str, Any], one: Conversation = ONE, who: dict[str, Whereabouts] = WHO) -> Basis | None:
    (found,) = matched([one], [{**RECORD, **record}], who)
    assert bool(found.records) == (found.basis is not None)
    return found.basis


def changed(**changes: Any) -> Conversation:
    return msgspec.structs.replace(ONE, **changes)


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({}, Basis.ADDRESS),
        ({"source_port": 40_000}, Basis.ADDRESS),
        ({"source_port": 40_001}, None),
        ({"dest_port": 80}, None),
        ({"proto": "udp"}, None),
        ({"source_ip": "10.0.0.9"}, None),
        ({"end_time": NOW - 3 * SECOND}, None),
        ({"start_time": NOW + 4 * SECOND}, None),
        ({"source_ip": None}, Basis.WORKLOAD),
        ({"source_ip": "*", "dest_ip": None}, Basis.WORKLOAD),
        ({"source_ip": None, "source_name_aggr": "other-*"}, None),
        ({"source_ip": "10.0.0.2", "dest_ip": "10.0.0.1"}, None),
    ],
)
def test_ends_port_and_time_decide(record: dict[str, Any], expected: Basis | None) -> None:
    assert basis(record) is expected


def test_a_workload_needs_manifests() -> None:
    assert basis({"source_ip": None}, who={}) is None


def test_both_ways_are_tried_where_the_client_is_a_guess() -> None:
    turned = {"source_ip": "10.0.0.2", "dest_ip": "10.0.0.1", "dest_port": 40_000}
    assert basis(turned, changed(opened=False)) is Basis.ADDRESS
    assert basis(turned) is None


def test_a_service_is_called_by_its_address_and_records_name_who_took_it() -> None:
    called = changed(server="10.96.0.1", server_port=5432)
    named = {"dest_port": 15_432, "dest_service_namespace": "shop", "dest_service_name": "db"}
    assert basis({**named, "dest_service_port_num": 5432}, called) is Basis.WORKLOAD
    assert basis({**named, "dest_service_port_num": 9}, called) is None
    assert basis({"dest_service_name": "other"}, called) is None


def test_manifests_tell_who_has_an_address_as_far_as_it_is_seen() -> None:
    address = at([parse_address("10.0.0.1")])
    state = ClusterState([
        Pod("shop", "web-1", "web-*", addresses=address),
        Pod("pay", "api-1", "api-*", addresses=at([parse_address("10.0.0.3")])),
        Pod("shop", "host", "host", addresses=at([parse_address("10.9.9.9")]), networked=False),
        Service("shop", "db", addresses=at([parse_address("10.96.0.1")])),
    ])  # fmt: skip
    asked = ["10.0.0.1", "10.0.0.3", "10.9.9.9", "10.96.0.1", "8.8.8.8"]
    found = whereabouts(state, asked, lambda namespace: namespace == "shop")
    assert found == {
        "10.0.0.1": Whereabouts("shop", "web-*"),
        "10.96.0.1": Whereabouts("shop", "db", service=True),
    }


def test_records_name_who_has_an_address_where_manifests_do_not() -> None:
    known = {"10.0.0.2": Whereabouts("shop", "primary-*")}
    found = matched([ONE], [RECORD, {**RECORD, "source_namespace": None}], known)
    assert told_by(found, known) == {"10.0.0.1": Whereabouts("shop", "web-*"), **known}
