"""A whole file as a summary. Memory is bounded by how much is told apart, not by the file."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import IO

from tapetum.capture.pcap.frames import frames
from tapetum.capture.pcap.layers import Packet, UnreadableError, packet_of
from tapetum.capture.pcap.names import Asked, asked_name
from tapetum.capture.pcap.stream import Stream
from tapetum.capture.pcap.talks import End, Talk, opened_by
from tapetum.domain.captures import MOST_CONVERSATIONS, MOST_LOOKUPS, CaptureSummary, Conversation, Lookup
from tapetum.domain.errors import BadInputError, TooLargeError
from tapetum.domain.moments import SECOND, Micros

_EARLIEST, _LATEST = 31_536_000 * SECOND, 4_260_211_200 * SECOND
"""The years 1971 to 2104, which times elsewhere are held to."""
_DNS = 53
_LENGTH = 2
"""Bytes before a DNS message over TCP."""
_Key = tuple[str, End, End]


@dataclass(frozen=True, slots=True)
class Limits:
    """`size` is of the unpacked file in bytes, `seconds` how long reading may take."""

    size: int = 64 << 20
    seconds: float = 120.0
    talks: int = 10_000
    lookups: int = 2_000


def summarise(
    file: IO[bytes], name: str, cluster: str, limits: Limits, clock: Callable[[], float] = time.monotonic
) -> CaptureSummary:
    """All that a capture says. Raises BadInputError for what is none or broken, else TooLargeError."""
    until = clock() + limits.seconds

    def look() -> None:
        if clock() > until:
            raise TooLargeError(
                f"Reading the capture takes more than {limits.seconds:g} seconds; filter it, or cut it up."
            )

    stream = Stream(file, limits.size, look)
    reading = _Reading(limits)
    for frame in frames(stream):
        reading.packets += 1
        try:
            packet = packet_of(frame)
        except UnreadableError:
            packet = None
            reading.unreadable += 1
        else:
            reading.foreign += packet is None
        if packet is not None:
            reading.take(frame.at, packet)
    return reading.ended(name, cluster, stream.taken)


@dataclass(slots=True)
class _Reading:
    limits: Limits
    packets: int = 0
    foreign: int = 0
    unreadable: int = 0
    _bytes: int = 0
    _beyond: int = 0
    _first: Micros = _LATEST
    _last: Micros = _EARLIEST
    _talks: dict[_Key, Talk] = field(default_factory=dict[_Key, Talk])
    _lookups: dict[tuple[str, str], "_Count"] = field(default_factory=dict[tuple[str, str], "_Count"])

    def take(self, at: Micros, packet: Packet) -> None:
        if not _EARLIEST <= at < _LATEST:
            self.unreadable += 1
            return
        self._bytes += packet.size
        self._first, self._last = min(self._first, at), max(self._last, at)
        source, target = (packet.source, packet.source_port), (packet.target, packet.target_port)
        turned = (source[0], source[1] or 0) > (target[0], target[1] or 0)
        ends = (target, source) if turned else (source, target)
        key = (packet.protocol, *ends)
        talk = self._talks.get(key)
        if talk is None and len(self._talks) < self.limits.talks:
            talk = Talk(packet.protocol, ends, at, at, opened_by(packet) ^ turned)
            self._talks[key] = talk
        question = self._question(packet)
        if talk is None:
            self._beyond += 1
        else:
            talk.take(at, packet, int(turned))
            if question is not None:
                talk.name(question.name)

    def _question(self, packet: Packet) -> Asked | None:
        if not packet.payload or _DNS not in (packet.source_port, packet.target_port):
            return None
        asked = asked_name(packet.payload if packet.segment is None else packet.payload[_LENGTH:])
        if asked is None:
            return None
        kept = self._lookups.get((asked.name, asked.type))
        if kept is None and len(self._lookups) < self.limits.lookups:
            kept = self._lookups[asked.name, asked.type] = _Count()
        if kept is not None:
            kept.add(asked.code)
        return asked

    def ended(self, name: str, cluster: str, size: int) -> CaptureSummary:
        if not self._talks:
            raise BadInputError(
                f"None of its {self.packets:,} packets is IP that can be read; capture at a pod's interface."
                if self.packets
                else "The capture holds no packet; capture while the workload talks."
            )
        conversations = sorted((talk.ended() for talk in self._talks.values()), key=_troubled_first)
        lookups = sorted(
            (each.lookup(*key) for key, each in self._lookups.items()),
            key=lambda each: (-each.failed, -each.asked, each.name, each.type),
        )
        return CaptureSummary(
            cluster=cluster,
            file=name,
            size=size,
            packets=self.packets,
            bytes=self._bytes,
            foreign=self.foreign,
            unreadable=self.unreadable,
            beyond=self._beyond,
            first=self._first,
            last=self._last,
            conversations_seen=len(conversations),
            conversations=tuple(conversations[:MOST_CONVERSATIONS]),
            lookups_seen=len(lookups),
            lookups=tuple(lookups[:MOST_LOOKUPS]),
        )


@dataclass(slots=True)
class _Count:
    asked: int = 0
    answered: int = 0
    failed: int = 0
    code: str | None = None

    def add(self, code: str | None) -> None:
        """As names.Asked has it."""
        self.asked += code is None
        self.answered += code is not None
        if code:
            self.failed += 1
            self.code = code

    def lookup(self, name: str, kind: str) -> Lookup:
        return Lookup(
            name=name, type=kind, asked=self.asked, answered=self.answered, failed=self.failed, code=self.code
        )


def _troubled_first(one: Conversation) -> tuple[bool, int, Micros, str]:
    return (
        not one.troubled,
        -one.bytes,
        one.first,
        f"{one.client} {one.client_port} {one.server} {one.server_port}",
    )
