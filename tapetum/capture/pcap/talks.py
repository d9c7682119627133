"""Packets by conversation: who opened it, how much went each way, what was sent again or reset."""

from dataclasses import dataclass, field

from dpkt import tcp

from tapetum.capture.pcap.layers import Packet, Segment
from tapetum.capture.pcap.names import HELLO, hello_length, server_name
from tapetum.domain.captures import Conversation
from tapetum.domain.moments import Micros

End = tuple[str, int | None]

_NAMES = 3
_LONGEST_HELLO = 4096
_WINDOW = 1 << 32
_UNASSIGNED = 1 << 16


@dataclass(slots=True)
class _Side:
    """What one end sent. `next` is the sequence number behind all that is known of it."""

    packets: int = 0
    bytes: int = 0
    fins: int = 0
    resets: int = 0
    opened_at: int | None = None
    next: int | None = None


@dataclass(slots=True)
class Talk:
    """A conversation that still goes on; `client` is the index of its opening end."""

    protocol: str
    ends: tuple[End, End]
    first: Micros
    last: Micros
    client: int
    opened: bool = False
    opens: int = 0
    again: int = 0
    server_name: str | None = None
    names: list[str] = field(default_factory=list[str])
    _sides: tuple[_Side, _Side] = field(default_factory=lambda: (_Side(), _Side()))
    _hello: bytes | None = b""

    def take(self, at: Micros, packet: Packet, sender: int) -> None:
        self.first, self.last = min(self.first, at), max(self.last, at)
        side = self._sides[sender]
        side.packets += 1
        side.bytes += packet.size
        if packet.segment is not None:
            self._follow(packet.segment, side, sender)
            if self._hello is not None and packet.payload:
                self._greeted(packet.payload)

    def name(self, name: str) -> None:
        if name not in self.names and len(self.names) < _NAMES:
            self.names.append(name)

    def _follow(self, segment: Segment, side: _Side, sender: int) -> None:
        flags = segment.flags
        opening = bool(flags & tcp.TH_SYN)
        if opening:
            self._open(segment, side, sender)
        side.resets += bool(flags & tcp.TH_RST)
        side.fins += bool(flags & tcp.TH_FIN)
        taken = segment.length + opening + bool(flags & tcp.TH_FIN)
        if taken == 0 or flags & tcp.TH_RST:
            return
        if taken == segment.length == 1 and side.next == (segment.sequence + 1) % _WINDOW:
            return  # keeps the connection alive
        end = (segment.sequence + taken) % _WINDOW
        ahead = 0 if side.next is None else (end - side.next) % _WINDOW
        if side.next is None or 0 < ahead < _WINDOW // 2:
            side.next = end
        else:
            self.again += 1

    def _open(self, segment: Segment, side: _Side, sender: int) -> None:
        """A first SYN tells who the client is; one with another number begins anew between the same ports."""
        if not segment.flags & tcp.TH_ACK:
            self.client, self.opened = sender, True
            self.opens += side.opened_at != segment.sequence
        elif not self.opened:
            self.client, self.opened = 1 - sender, True
        if side.opened_at != segment.sequence:
            side.opened_at, side.next = segment.sequence, None

    def _greeted(self, payload: bytes) -> None:
        """The first record of a TLS client may come in several segments."""
        start = (self._hello or b"") + payload
        length = hello_length(start) if len(start) > len(HELLO) else None
        if length is None or length > _LONGEST_HELLO:
            self._hello = None
        elif len(start) < length:
            self._hello = start
        else:
            self.server_name, self._hello = server_name(start[:length]), None

    def ended(self) -> Conversation:
        client, server = self.ends[self.client], self.ends[1 - self.client]
        out, into = self._sides[self.client], self._sides[1 - self.client]
        return Conversation(
            protocol=self.protocol,
            client=client[0],
            client_port=client[1],
            server=server[0],
            server_port=server[1],
            opened=self.opened,
            packets_out=out.packets,
            packets_in=into.packets,
            bytes_out=out.bytes,
            bytes_in=into.bytes,
            first=self.first,
            last=self.last,
            opens=self.opens,
            closes=min(out.fins, into.fins),
            client_resets=out.resets,
            server_resets=into.resets,
            retransmissions=self.again,
            server_name=self.server_name,
            names=tuple(self.names),
        )


def opened_by(packet: Packet) -> int:
    """Which end of a first packet is the client: 0 its sender. Who has the lower port is asked."""
    lower = (packet.source_port or _UNASSIGNED) < (packet.target_port or _UNASSIGNED)
    return 1 if lower else 0
