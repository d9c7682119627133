"""Captures as tests write them: frames by dpkt, files by its writers."""

import gzip
import socket
import struct
from collections.abc import Iterable
from io import BytesIO
from typing import Any

from dpkt import dns, ethernet, ip, ip6, pcap, pcapng, tcp, udp

T0 = 1_764_460_800.0
"""Seconds; 2025-11-30T00:00:00Z."""
SYN, ACK, FIN, RST, PUSH = tcp.TH_SYN, tcp.TH_ACK, tcp.TH_FIN, tcp.TH_RST, tcp.TH_PUSH
Timed = tuple[float, bytes]


def framed(source: str, target: str, body: Any, protocol: int) -> bytes:
    if ":" in source:
        packed = [socket.inet_pton(socket.AF_INET6, each) for each in (source, target)]
        six = ip6.IP6(src=packed[0], dst=packed[1], nxt=protocol, hlim=64, data=body, plen=len(body))
        six.extension_hdrs, six.all_extension_headers = {}, []
        return bytes(ethernet.Ethernet(type=ethernet.ETH_TYPE_IP6, data=six))
    packed = [socket.inet_pton(socket.AF_INET, each) for each in (source, target)]
    four = ip.IP(src=packed[0], dst=packed[1], p=protocol, data=body)
    four.len = len(four)
    return bytes(ethernet.Ethernet(data=four))


def segment(
    source: tuple[str, int], target: tuple[str, int], flags: int, data: bytes = b"", *, seq: int = 0
) -> bytes:
    body = tcp.TCP(sport=source[1], dport=target[1], seq=seq, flags=flags, data=data)
    return framed(source[0], target[0], body, ip.IP_PROTO_TCP)


def datagram(source: tuple[str, int], target: tuple[str, int], data: bytes) -> bytes:
    body = udp.UDP(sport=source[1], dport=target[1], data=data)
    body.ulen = len(body)
    return framed(source[0], target[0], body, ip.IP_PROTO_UDP)


def question(name: str, kind: int = 1, code: int | None = None) -> bytes:
    """`code` None asks; else it is the answer's."""
    message = dns.DNS(id=7, qd=[dns.DNS.Q(name=name, type=kind)])
    if code is not None:
        message.qr, message.rcode = 1, code
    return bytes(message)


def hello(name: str) -> bytes:
    """What a TLS client says first."""
    host = name.encode()
    entry = struct.pack(">BH", 0, len(host)) + host
    names = struct.pack(">H", len(entry)) + entry
    extensions = struct.pack(">HH", 0, len(names)) + names
    body = b"\x03\x03" + bytes(32) + b"\x00" + b"\x00\x02\x13\x01" + b"\x01\x00"
    body += struct.pack(">H", len(extensions)) + extensions
    message = b"\x01" + len(body).to_bytes(3, "big") + body
    return b"\x16\x03\x01" + struct.pack(">H", len(message)) + message


def as_pcap(frames: Iterable[Timed], **told: Any) -> bytes:
    file = BytesIO()
    writer = pcap.Writer(file, **told)
    for at, frame in frames:
        writer.writepkt(frame, at)
    return file.getvalue()


def as_pcapng(frames: Iterable[Timed]) -> bytes:
    file = BytesIO()
    writer = pcapng.Writer(file)
    for at, frame in frames:
        writer.writepkt(frame, at)
    return file.getvalue()


def handshake(
    client: tuple[str, int], server: tuple[str, int], at: float = T0, data: bytes = b"GET / HTTP/1.1\r\n\r\n"
) -> list[Timed]:
    """A connection that is opened, asks, is answered and closed."""
    told = len(data)
    return [
        (at, segment(client, server, SYN, seq=100)),
        (at + 0.001, segment(server, client, SYN | ACK, seq=900)),
        (at + 0.002, segment(client, server, ACK, seq=101)),
        (at + 0.003, segment(client, server, ACK | PUSH, data, seq=101)),
        (at + 0.004, segment(server, client, ACK | PUSH, b"x" * 1000, seq=901)),
        (at + 0.005, segment(client, server, ACK | FIN, seq=101 + told)),
        (at + 0.006, segment(server, client, ACK | FIN, seq=1901)),
    ]


zipped = gzip.compress
