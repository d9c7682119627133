"""Which flow records tell of which conversations: by ends, port and time.

A record that sums up many connections has no source port, and one that sums up many pods no addresses: what
it leaves out does not speak against it. Records of pods are then told by the workload that has the address.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tapetum.capture.whereabouts import Whereabouts
from tapetum.domain.captures import Conversation
from tapetum.domain.moments import SECOND

SLACK = 2 * SECOND
"""By which clocks of nodes may differ."""
Record = Mapping[str, Any]
_Place = tuple[str, str, int | None]
_SPELLINGS = {"icmp": ("icmp", "ICMP", "1"), "icmp6": ("icmp6", "icmpv6", "ICMPv6", "58")}
_SPELT = {spelling: name for name, some in _SPELLINGS.items() for spelling in map(str.lower, some)}


class Basis(StrEnum):
    """By what a conversation and its records were brought together: the surer first."""

    ADDRESS = "address"
    WORKLOAD = "workload"


@dataclass(frozen=True, slots=True)
class Matched:
    """Of one conversation. `records` are as the log store has them; none where nothing tells of it."""

    conversation: Conversation
    records: Sequence[Record] = ()
    basis: Basis | None = None


def matched(
    conversations: Sequence[Conversation], records: Iterable[Record], who: Mapping[str, Whereabouts]
) -> list[Matched]:
    """Each with its records, in the order that it was given in."""
    by_port: dict[tuple[str, int | None], list[Record]] = defaultdict(list)
    for record in records:
        by_port[_protocol(record.get("proto")), record.get("dest_port")].append(record)
    return [_matched(each, by_port, who) for each in conversations]


def spellings(protocol: str) -> tuple[str, ...]:
    """As logs may write a conversation's protocol."""
    return _SPELLINGS.get(protocol, (protocol,))


def told_by(found: Iterable[Matched], who: Mapping[str, Whereabouts]) -> Mapping[str, Whereabouts]:
    """Who has the addresses of conversations: as manifests say, else as their records name these."""
    told: dict[str, Whereabouts] = {}
    for each in found:
        addresses = each.conversation.client, each.conversation.server
        for record in each.records:
            for side in ("source", "dest"):
                address, namespace = record.get(f"{side}_ip"), record.get(f"{side}_namespace")
                if address in addresses and namespace:
                    told[address] = Whereabouts(namespace, record.get(f"{side}_name_aggr") or "")
    return {**told, **who}


def _matched(
    one: Conversation,
    by_port: Mapping[tuple[str, int | None], Sequence[Record]],
    who: Mapping[str, Whereabouts],
) -> Matched:
    found: list[Record] = []
    sure = True
    for client, server, client_port, server_port in _ways(one):
        for record in _near(by_port, one.protocol, server_port, who.get(server)):
            if not _together(one, record, client_port):
                continue
            ends = _end(record, "source", client, who), _called(record, server, server_port, who)
            if None not in ends:
                found.append(record)
                sure = sure and all(each is Basis.ADDRESS for each in ends)
    return Matched(one, found, None if not found else Basis.ADDRESS if sure else Basis.WORKLOAD)


def _ways(one: Conversation) -> list[tuple[str, str, int | None, int | None]]:
    """The other way round too, where it is a guess who called whom."""
    there = (one.client, one.server, one.client_port, one.server_port)
    back = (one.server, one.client, one.server_port, one.client_port)
    return [there] if one.opened else [there, back]


def _near(
    by_port: Mapping[tuple[str, int | None], Sequence[Record]],
    protocol: str,
    port: int | None,
    server: Whereabouts | None,
) -> Iterable[Record]:
    """A service's port need not be its pods', which records tell."""
    if server is None or not server.service:
        return by_port.get((protocol, port), ())
    return [each for (proto, _), some in by_port.items() if proto == protocol for each in some]


def _together(one: Conversation, record: Record, client_port: int | None) -> bool:
    start = record["start_time"]
    end = record.get("end_time") or start
    port = record.get("source_port")
    return (
        start <= one.last + SLACK
        and end >= one.first - SLACK
        and (port is None or client_port is None or port == client_port)
    )


def _called(record: Record, address: str, port: int | None, who: Mapping[str, Whereabouts]) -> Basis | None:
    """A pod calls a service by an address of its own, and records name whom it got."""
    known = who.get(address)
    if known is None or not known.service:
        return _end(record, "dest", address, who)
    named = record.get("dest_service_namespace"), record.get("dest_service_name")
    on = record.get("dest_service_port_num")
    same = named == (known.namespace, known.name) and (on is None or on == port)
    return Basis.WORKLOAD if same else None


def _end(record: Record, side: str, address: str, who: Mapping[str, Whereabouts]) -> Basis | None:
    """By what an end of a record has the address; None where it has not."""
    logged = record.get(f"{side}_ip")
    if logged is not None and "*" not in logged:
        return Basis.ADDRESS if logged == address else None
    known = who.get(address)
    names = record.get(f"{side}_namespace"), record.get(f"{side}_name_aggr")
    return Basis.WORKLOAD if known is not None and names == (known.namespace, known.name) else None


def _protocol(text: str | None) -> str:
    told = (text or "").lower()
    return _SPELT.get(told, told)
