"""Allowed, but never answered: why, as far as the words of both reporters tell (docs/aggregate.md).

Pure: what was said goes in, a cause comes out.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from tapetum.domain.endpoints import NodeKind, NodeRef
from tapetum.domain.flows import Reporter
from tapetum.domain.moments import Micros
from tapetum.domain.service_graph import EdgeReports, Report
from tapetum.domain.traffic import BYTES_IN, BYTES_OUT, CONNECTIONS, Codes, Traffic

_REQUEST_AND_REPLY = frozenset({53, 67, 69, 88, 123, 161, 443, 500, 547, 1812, 1813, 3478, 4500, 5353})
"""Ports where UDP is answered: DNS, DHCP, TFTP, Kerberos, NTP, SNMP, QUIC, IKE, RADIUS, STUN."""
_ONE_WAY = frozenset({"udp", "17"})
_WINDOWS = 2
"""In fewer windows a reply may just be in another one than the request."""


class Cause(StrEnum):
    DROPPED = "dropped"
    NO_ANSWER = "no_answer"
    REPLY_LOST = "reply_lost"
    UNSEEN = "unseen"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Unanswered:
    """An edge on one port. `windows` in which the source saw no reply; times are those of its records."""

    source: NodeRef
    target: NodeRef
    protocol: str | None
    port: int | None
    service: str | None
    cause: Cause
    explanation: str
    sent: Traffic
    reports: tuple[Report, ...]
    first_seen: Micros | None
    last_seen: Micros | None
    windows: int


def silent(said: EdgeReports) -> Codes:
    """Edges whose source sent something and heard nothing, most attempts first.

    Only where it counts bytes, all of them, and a reply was to be expected. What was denied at the source
    never comes back and says nothing; what a destination says of itself cannot tell that its peer heard.
    """
    sent = said.said[Reporter.SRC, False]
    known = sent.known[:, BYTES_IN] & sent.known[:, BYTES_OUT] & ~sent.estimated
    unanswered = known & (sent.counts[:, BYTES_OUT] > 0) & (sent.counts[:, BYTES_IN] == 0)
    expected = np.array(
        [
            protocol not in _ONE_WAY or port in _REQUEST_AND_REPLY
            for protocol, port in zip(said.protocol, said.port, strict=True)
        ],
        np.bool_,
    )
    found = np.flatnonzero(unanswered & expected)
    return found[np.argsort(-sent.counts[found, CONNECTIONS], kind="stable")]


def cause_of(target: NodeRef, received: Traffic, denied: Traffic, windows: int) -> tuple[Cause, str]:
    """From what the destination let through and what it stopped; records 0: it did not say so."""
    if denied.records:
        return Cause.DROPPED, "A policy at the destination dropped it: this is no firewall in between."
    if not received.records:
        return Cause.UNSEEN, _unseen(target)
    if received.bytes_out is None:
        return Cause.UNCLEAR, (
            "The destination let it in, but its log does not count bytes: whether it answered is not known."
        )
    if received.bytes_out == 0:
        return Cause.NO_ANSWER, "It arrived and was let in, but the server sent nothing back."
    if windows >= _WINDOWS:
        return Cause.REPLY_LOST, (
            f"The server answered, in {windows} windows of its log, and the source never saw it: the reply "
            "was lost on its way back, by an asymmetric route or a firewall."
        )
    return Cause.UNCLEAR, (
        "The server answered in one window only, which may be counted in another window at the source; "
        "ask for a longer range."
    )


def _unseen(target: NodeRef) -> str:
    if target.kind is NodeKind.WORKLOAD:
        return (
            "Nothing is known behind the source: it was lost on its way, the server is dead, or its node "
            "sends no logs, or sends them later."
        )
    return (
        "Nothing is known behind the source, as the destination sends no logs: a firewall on the way, "
        "a dead server or an asymmetric route."
    )
