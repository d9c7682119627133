"""Allowed but never answered: each cause that the words of two reporters tell apart."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tapetum.api import issue
from tapetum.domain.scope import Scope
from tests.api.fakes import MemoryCatalog
from tests.api.world import OPEN, World, opened
from tests.support.factory import DAY, MINUTE, NOW, End, Flow, net, netset, wep

ASK = """query($filter: KQL, $from: TimePoint! = "now-1h", $limit: Int = 100) {
  unanswered(range: {from: $from}, filter: $filter, limit: $limit) { truncated range { from }
    edges { source { name } target { name kind } protocol port service cause explanation attempts bytesSent
      firstSeen lastSeen windows
      reports { reporter allowed { connections bytesOut } denied { connections } } } } }"""

SERVER = wep("shop", "db")
FIRST, SECOND_WINDOW = NOW - 20 * MINUTE, NOW - 15 * MINUTE


def sent(at: int = FIRST, **told: Any) -> Flow:
    """What a source says of requests without a reply."""
    return Flow(**{"dest": SERVER, "at": at, "bytes_in": 0, "bytes_out": 90, "connections": 3, **told})


def got(at: int = FIRST, *, answered: int = 0, action: str = "allow", **told: Any) -> Flow:
    """What the destination says."""
    return Flow(
        **{"dest": SERVER, "at": at, "bytes_in": 90, "bytes_out": answered, "connections": 3, **told},
        reporter="dst",
        action=action,
    )


async def edges(world: World, flows: list[Flow], **told: Any) -> list[dict[str, Any]]:
    world.commit(flows)
    return (await world.ask(ASK, told))["unanswered"]["edges"]


CASES: dict[str, tuple[list[Flow], str | None]] = {
    "denied there": ([sent(), got(action="deny")], "DROPPED"),
    "denied there, and once let in": ([sent(), got(action="deny"), got(SECOND_WINDOW)], "DROPPED"),
    "let in, nothing sent back": ([sent(), got()], "NO_ANSWER"),
    "answered in two windows": (
        [sent(), sent(SECOND_WINDOW), got(answered=5), got(SECOND_WINDOW, answered=5)],
        "REPLY_LOST",
    ),
    "answered in one window": ([sent(), got(answered=5)], "UNCLEAR"),
    "answered in one window of two": ([sent(), sent(SECOND_WINDOW), got(answered=5)], "UNCLEAR"),
    "let in, uncounted there": ([sent(), got(answered=None)], "UNCLEAR"),
    "nothing heard of a workload": ([sent()], "UNSEEN"),
    "nothing heard of the world": ([sent(dest=net("pub"))], "UNSEEN"),
    "only transit heard": ([sent(), Flow(dest=SERVER, reporter="fwd")], "UNSEEN"),
    "icmp without a port": ([sent(proto="icmp", port=None)], "UNSEEN"),
    "udp that expects a reply": ([sent(proto="udp", port=53)], "UNSEEN"),
    "udp one way": ([sent(proto="udp", port=514)], None),
    "udp by its number, one way": ([sent(proto="17", port=514)], None),
    "answered later": ([sent(), sent(SECOND_WINDOW, bytes_in=1)], None),
    "denied at the source": ([sent(action="deny")], None),
    "nothing sent either": ([sent(bytes_out=0)], None),
    "the destination's word alone": ([Flow(dest=SERVER, reporter="dst", bytes_in=0, bytes_out=9)], None),
    "a source that counts nothing": ([sent(bytes_in=None, bytes_out=None)], None),
    "a source that counts one direction": ([sent(bytes_in=None)], None),
    "a sampled source": ([sent(sampling=50)], None),
}


@pytest.mark.parametrize("case", CASES)
async def test_each_cause(world: World, case: str) -> None:
    flows, cause = CASES[case]
    assert [edge["cause"] for edge in await edges(world, flows)] == ([] if cause is None else [cause])


async def test_an_edge_tells_what_was_said_of_it(world: World) -> None:
    service = ("shop", "db-svc")
    flows = [sent(service=service), sent(SECOND_WINDOW, service=service), got(action="deny", connections=6)]
    (edge,) = await edges(world, flows)
    assert edge["explanation"].startswith("A policy at the destination dropped it")
    assert edge == {
        "source": {"name": "web-*"},
        "target": {"name": "db-*", "kind": "WORKLOAD"},
        "protocol": "tcp",
        "port": 80,
        "service": "shop/db-svc",
        "cause": "DROPPED",
        "explanation": edge["explanation"],
        "attempts": "6",
        "bytesSent": "180",
        "firstSeen": "2026-11-23T14:17:21.500Z",
        "lastSeen": "2026-11-23T14:22:21.500Z",
        "windows": 2,
        "reports": [
            {"reporter": "SRC", "allowed": _sums("6", "180"), "denied": {"connections": "0"}},
            {"reporter": "DST", "allowed": _sums("0", "0"), "denied": {"connections": "6"}},
        ],
    }  # fmt: skip


def _sums(connections: str, sent: str) -> dict[str, str]:
    return {"connections": connections, "bytesOut": sent}


async def test_most_attempts_come_first_and_ports_are_apart(world: World) -> None:
    flows = [sent(port=1, connections=1), sent(port=2, connections=9), sent(dest=netset("partners"), port=2)]
    found = await edges(world, flows)
    assert [(edge["port"], edge["attempts"]) for edge in found] == [(2, "9"), (2, "3"), (1, "1")]
    told = (await world.ask(ASK, {"limit": 1}))["unanswered"]
    assert (len(told["edges"]), told["truncated"]) == (1, True)


@pytest.mark.parametrize("text", ["reporter: src", "process_name: curl", "source_namespace: shop"])
async def test_a_filter_chooses_edges_and_hides_no_word_of_the_destination(world: World, text: str) -> None:
    curl = (("process_name", "curl"),)
    flows = [sent(fields=curl), got(action="deny"), sent(SECOND_WINDOW, source=wep("pay", "api"))]
    world.commit(flows)
    found = (await world.ask(ASK, {"filter": text}))["unanswered"]["edges"]
    wanted = [("web-*", "DROPPED")] if "reporter" not in text else [("web-*", "DROPPED"), ("api-*", "UNSEEN")]
    assert sorted((edge["source"]["name"], edge["cause"]) for edge in found) == sorted(wanted)


async def test_what_lies_outside_of_the_range_does_not_count(world: World) -> None:
    found = await edges(world, [sent(), Flow(dest=SERVER, at=NOW - DAY, bytes_in=9, bytes_out=9)])
    assert [edge["cause"] for edge in found] == ["UNSEEN"]


async def test_nothing_is_told_beyond_the_scope() -> None:
    """Not even the word of a hidden destination, which would tell that it is there."""
    scope = Scope(namespaces=frozenset({("east", "shop")}))
    token, secret = issue("shop", scope, ingest=False, lifetime=timedelta(days=9), clock=lambda: NOW)
    hidden = End("wep", "pay", "db-*")
    with opened(replace(OPEN, require_token=True), catalog=MemoryCatalog(token)) as world:
        world.commit([sent(), sent(dest=hidden), got(dest=hidden, action="deny")])
        told = (await world.ask(ASK, token=secret))["unanswered"]["edges"]
    assert [(edge["source"]["name"], edge["target"]["name"]) for edge in told] == [("web-*", "db-*")]
