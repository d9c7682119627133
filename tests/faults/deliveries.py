"""Batches with good, bad and repeated lines, and how their acknowledgements must add up."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from random import Random

from tests.support import raw_flows
from tests.support.raw_flows import Row
from tests.support.served import EVER, Served

_PLACES = ("shop", "payments", "data", "kube-system")
_BAD = (
    b'{"start_time":1,"action"',
    b"not json",
    b'{"start_time":"yesterday","action":"allow","reporter":"src"}',
    b'{"action":"allow","reporter":"src"}',
    b"[]",
)


@dataclass(frozen=True)
class Delivery:
    """One body. Its own lines carry its name as their host."""

    name: str
    lines: tuple[bytes, ...]

    @cached_property
    def body(self) -> bytes:
        return b"\n".join(self.lines) + b"\n"

    @cached_property
    def good(self) -> tuple[bytes, ...]:
        return tuple(each for each in self.lines if b'"host"' in each)

    @cached_property
    def bad(self) -> tuple[bytes, ...]:
        return tuple(each for each in self.lines if b'"host"' not in each)

    @cached_property
    def own(self) -> int:
        """Distinct good lines that no other delivery brought first."""
        mark = f'"host":"{self.name}"'.encode()
        return len({each for each in self.good if mark in each})


def deliveries(chance: Random, start: int, *, count: int, most: int, span: int = 7200) -> list[Delivery]:
    """Each with up to `most` lines, some of them bad, some twice, some of the delivery before; flows begin
    within `span` seconds.
    """
    made: list[Delivery] = []
    for number in range(count):
        name = f"batch-{number}"
        lines = [
            raw_flows.encoded(_flow(chance, start + chance.randrange(span), name, place))
            for place in range(chance.randint(1, most))
        ]
        lines += chance.sample(lines, len(lines) // 10)
        if made:
            earlier = made[-1].good
            lines += chance.sample(earlier, min(len(earlier), len(lines) // 10))
        lines += [chance.choice(_BAD) + f" {name} {place}".encode() for place in range(chance.randint(0, 9))]
        chance.shuffle(lines)
        made.append(Delivery(name, tuple(lines)))
    return made


def _flow(chance: Random, start: int, name: str, place: int) -> Row:
    denied = chance.random() < 0.2
    return raw_flows.row(
        start,
        host=name,
        reporter=chance.choice(("src", "dst")),
        action="deny" if denied else "allow",
        source_namespace=chance.choice(_PLACES),
        source_name_aggr=f"app-{chance.randrange(6)}-*",
        dest_namespace=chance.choice(_PLACES),
        dest_name_aggr=f"app-{chance.randrange(6)}-*",
        dest_port=chance.choice((80, 443, 5432)),
        bytes_in=place,
        bytes_out=chance.randrange(10**6),
    )


@dataclass
class Tally:
    """What was acknowledged."""

    lines: int = 0
    duplicates: int = 0

    def add(self, counts: dict[str, int]) -> None:
        self.lines += counts["lines"]
        self.duplicates += counts["duplicates"]


def held(served: Served, cluster: str) -> tuple[dict[str, int], dict[str, int]]:
    """How many records, and how many rejected lines, are there of each delivery."""
    data = served.ask(
        "query($r: TimeRangeInput!, $c: [ID!]) {"
        ' topValues(field: "host", range: $r, clusters: $c, limit: 100)'
        " { values { value count } other missing } }",
        {"r": EVER, "c": [cluster]},
    )["topValues"]
    assert data["other"] == data["missing"] == "0", "a record without its key fields"
    letters: dict[str, int] = {}
    for letter in served.pages("rejectedLines", "line reason", cluster):
        assert letter["reason"]
        name = letter["line"].split(" ")[-2]
        letters[name] = letters.get(name, 0) + 1
    return {each["value"]: int(each["count"]) for each in data["values"]}, letters


def assert_whole(
    served: Served, cluster: str, acknowledged: set[str], sent: Sequence[Delivery]
) -> dict[str, int]:
    """I3. Returns how many lines of which delivery came to be there although nobody was told so."""
    records, letters = held(served, cluster)
    unheard: dict[str, int] = {}
    for each in sent:
        found = records.get(each.name, 0), letters.get(each.name, 0)
        whole = each.own, len(each.bad)
        if each.name in acknowledged:
            assert found == whole, f"{each.name} was acknowledged and is not whole"
        else:
            assert found in {whole, (0, 0)}, f"{each.name} was not acknowledged and is there in part"
            if found == whole and any(whole):
                unheard[each.name] = sum(whole)
    return unheard


def assert_stored(served: Served, cluster: str, sent: Iterable[Delivery]) -> int:
    """Each distinct good line is a record, each bad one kept, and the graph is their sum (I2). How many."""
    sent = list(sent)
    good = {line for each in sent for line in each.good}
    bad = sum(len(each.bad) for each in sent)
    assert served.counts(cluster) == (len(good), bad)
    assert_graph(served, cluster, [json.loads(line) for line in good])
    return len(good) + bad


def assert_exact(
    served: Served, cluster: str, sent: Iterable[Delivery], tally: Tally, unheard: int = 0
) -> None:
    """I1 and I2 against the lines themselves. `unheard`: new lines whose answer was lost."""
    assert assert_stored(served, cluster, sent) + tally.duplicates == tally.lines + unheard


def assert_graph(served: Served, cluster: str, flows: Sequence[Row]) -> None:
    """I2 at both levels, over whole hours, where roll-ups answer."""
    first = min(flow["start_time"] for flow in flows) // 3600 * 3600
    last = max(flow["start_time"] for flow in flows) // 3600 * 3600 + 3600
    within = {"from": _iso(first), "to": _iso(last)}
    for level in ("NAMESPACE", "WORKLOAD"):
        graph = served.ask(raw_flows.GRAPH, {"r": within, "c": [cluster], "l": level})["serviceGraph"]
        assert not graph["truncated"]
        assert raw_flows.told(graph) == raw_flows.graph(flows, level)


def _iso(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()
