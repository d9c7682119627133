"""One frame as an IP packet with its ports: dpkt takes the layers apart."""

import socket
from functools import lru_cache
from typing import Any, NamedTuple

from dpkt import dpkt, ethernet, ip, ip6, loopback, sctp, sll, sll2, tcp, udp

from tapetum.capture.pcap.chains import hold_few_headers
from tapetum.capture.pcap.frames import Frame

_DEEPEST = 4
"""Of IP in IP; nobody nests deeper."""
_MOST_TAKEN = 9 * 1024
"""Bytes of a frame that dpkt gets: a jumbo frame. Of a longer one (offloading) headers tell the size."""
_PROTOCOLS = {1: "icmp", 6: "tcp", 17: "udp", 58: "icmp6", 132: "sctp"}
_LINKS: dict[int, Any] = {
    0: loopback.Loopback, 1: ethernet.Ethernet, 108: loopback.Loopback, 113: sll.SLL, 276: sll2.SLL2,
}  # fmt: skip
_RAW = frozenset((12, 14, 101, 228, 229))
"""Link types without a header: the packet is IP, as its first bits tell."""


class Segment(NamedTuple):
    """What a TCP segment adds; `length` counts its data on the wire, captured or not."""

    sequence: int
    flags: int
    length: int


class Packet(NamedTuple):
    """`size` is the IP packet's on the wire; `payload` is as much as was captured of it."""

    protocol: str
    source: str
    source_port: int | None
    target: str
    target_port: int | None
    size: int
    payload: bytes
    segment: Segment | None


class UnreadableError(Exception):
    """A frame that is not what it says."""


def packet_of(frame: Frame) -> Packet | None:
    """None: not IP. Raises UnreadableError."""
    try:
        hold_few_headers(frame.link, frame.data, raw=frame.link in _RAW)
        network = _network(frame.link, frame.data[:_MOST_TAKEN])
        return None if network is None else _packet(network, max(len(frame.data) - _MOST_TAKEN, 0))
    except Exception as error:
        # Packets are whatever somebody sent: dpkt's structures stumble over them in as many ways.
        raise UnreadableError from error


def _network(number: int, data: bytes) -> Any:
    """The innermost IP packet."""
    link = _LINKS.get(number)
    if link is not None:
        found = link(data).data
    elif number in _RAW:
        found = (ip6.IP6 if data[0] >> 4 == 6 else ip.IP)(data)  # noqa: PLR2004 - the version
    else:
        return None
    for _ in range(_DEEPEST):
        inner = getattr(found, "data", None)
        if not _is(inner, ip.IP, ip6.IP6):
            break
        found = inner
    if isinstance(found, bytes) and _is_ip(number, data):
        raise dpkt.UnpackError
    return found if _is(found, ip.IP, ip6.IP6) else None


def _is_ip(link: int, data: bytes) -> bool:
    """Whether an Ethernet frame says that it holds IP."""
    return link == 1 and data[12:14] in (b"\x08\x00", b"\x86\xdd")


def _packet(network: Any, left_out: int) -> Packet:
    six = _is(network, ip6.IP6)
    number: int = network.p
    size = (40 + network.plen if network.plen else 0) if six else network.len
    body = network.data
    # dpkt's own lengths count what follows an authentication header twice
    headers = (
        40 + sum(each.length for each in network.all_extension_headers) if six else 20 + len(network.opts)
    )
    size = size or headers + len(body) + left_out  # offloading leaves the length out
    ends = _address(network.src), _address(network.dst)
    protocol = _PROTOCOLS.get(number, str(number))
    if _is(body, tcp.TCP):
        length = max(size - headers - 4 * body.off, 0)
        return Packet(
            protocol, ends[0], body.sport, ends[1], body.dport, size, body.data,
            Segment(body.seq, body.flags, length),
        )  # fmt: skip
    if _is(body, udp.UDP):
        return Packet(protocol, ends[0], body.sport, ends[1], body.dport, size, body.data, None)
    ports = (body.sport, body.dport) if _is(body, sctp.SCTP) else (None, None)
    return Packet(protocol, ends[0], ports[0], ends[1], ports[1], size, b"", None)


def _is(layer: Any, *kinds: type) -> bool:
    """Whether it was taken apart as one of these; dpkt declares no fields, so that narrowing hides them."""
    return isinstance(layer, kinds)


@lru_cache(maxsize=4096)
def _address(packed: bytes) -> str:
    return socket.inet_ntop(socket.AF_INET6 if len(packed) == 16 else socket.AF_INET, packed)  # noqa: PLR2004 - bytes
