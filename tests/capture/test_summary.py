"""What a capture's file says, and that no file harms whoever reads it."""

import struct
import tracemalloc
from contextlib import suppress
from io import BytesIO
from typing import Any

import pytest
from dpkt import ip, pcapng, sll2, tcp
from hypothesis import given, settings
from hypothesis import strategies as st

from tapetum.capture.pcap import Limits, summarise
from tapetum.domain.captures import MOST_CONVERSATIONS, CaptureSummary
from tapetum.domain.errors import BadInputError, TooLargeError
from tests.capture.packets import (
    ACK,
    PUSH,
    RST,
    SYN,
    T0,
    as_pcap,
    as_pcapng,
    datagram,
    framed,
    handshake,
    hello,
    question,
    segment,
    zipped,
)  # fmt: skip

WEB, DB, RESOLVER = ("10.0.0.1", 40_000), ("10.0.0.2", 443), ("10.96.0.10", 53)
SECONDS = 1_000_000


def read(data: bytes, **limits: Any) -> CaptureSummary:
    return summarise(BytesIO(data), "a.pcap", "east", Limits(**limits))


@pytest.mark.parametrize("form", [as_pcap, as_pcapng, lambda frames: zipped(as_pcap(frames))])
def test_a_connection_is_told_with_both_directions(form: Any) -> None:
    found = read(form(handshake(WEB, DB)))
    (one,) = found.conversations
    assert (one.protocol, one.client, one.client_port, one.server, one.server_port) == ("tcp", *WEB, *DB)
    assert (one.opened, one.opens, one.closes, one.retransmissions, one.troubled) == (True, 1, 1, 0, False)
    assert (one.packets_out, one.packets_in, found.packets) == (4, 3, 7)
    assert (one.bytes_out, one.bytes_in) == (4 * 40 + 18, 3 * 40 + 1000)
    assert (one.first, one.last) == (int(T0) * SECONDS, int(T0) * SECONDS + 6000)
    assert (found.first, found.last, found.bytes) == (one.first, one.last, one.bytes)


def test_resets_what_is_sent_again_and_silence_are_troubles_and_come_first() -> None:
    frames = handshake(WEB, DB)
    frames += [(T0 + n, segment(("10.0.0.1", 40_001), DB, SYN, seq=5)) for n in range(3)]
    frames += [(T0, segment(("10.0.0.1", 40_002), DB, SYN, seq=5)),
               (T0, segment(DB, ("10.0.0.1", 40_002), RST | ACK, seq=0))]  # fmt: skip
    frames += [(T0 + n, segment(WEB, DB, ACK | PUSH, b"GET / HTTP/1.1\r\n\r\n", seq=101)) for n in (2, 3)]
    frames += handshake(("10.0.0.1", 40_003), DB, data=b"x" * 1400)
    by_port = {each.client_port: each for each in read(as_pcap(frames)).conversations}
    silent, refused, again = by_port[40_001], by_port[40_002], by_port[40_000]
    assert (silent.unanswered, silent.retransmissions, silent.opens) == (True, 2, 1)
    assert (refused.server_resets, refused.client_resets, refused.unanswered) == (1, 0, False)
    assert again.retransmissions == 2
    assert list(by_port)[-1] == 40_003, "it has the most bytes and no trouble"


def test_who_is_the_client_is_guessed_by_ports_until_somebody_opens() -> None:
    (one,) = read(as_pcap([(T0, segment(DB, WEB, ACK, b"late", seq=1))])).conversations
    assert (one.client, one.opened) == (WEB[0], False)
    (one,) = read(as_pcap([(T0, segment(DB, WEB, SYN, seq=1))])).conversations
    assert (one.client, one.opened) == (DB[0], True), "whatever the ports are"


def test_names_that_were_asked_for_are_counted_with_their_answers() -> None:
    client = ("10.0.0.1", 5353)
    frames = [(T0, datagram(client, RESOLVER, question("shop.example"))),
              (T0 + 1, datagram(RESOLVER, client, question("shop.example", code=3))),
              (T0 + 2, datagram(client, RESOLVER, question("shop.example", kind=28)))]  # fmt: skip
    found = read(as_pcap(frames))
    a, aaaa = found.lookups
    assert (a.type, a.asked, a.answered, a.failed, a.code) == ("A", 1, 1, 1, "NXDOMAIN")
    assert (aaaa.type, aaaa.asked, aaaa.answered) == ("AAAA", 1, 0)
    (one,) = found.conversations
    assert (one.server, one.server_port, one.names) == (*RESOLVER, ("shop.example",))


def test_the_server_that_a_tls_client_wants_is_found_over_several_segments() -> None:
    whole = hello("api.example.org")
    (one,) = read(as_pcap(handshake(WEB, DB, data=whole))).conversations
    assert one.server_name == "api.example.org"
    frames = [(T0, segment(WEB, DB, SYN, seq=1)), (T0, segment(WEB, DB, ACK, whole[:40], seq=2)),
              (T0, segment(WEB, DB, ACK, whole[40:], seq=42))]  # fmt: skip
    assert read(as_pcap(frames)).conversations[0].server_name == "api.example.org"


def test_other_links_protocols_and_nested_packets_are_read() -> None:
    inner = ip.IP(src=bytes([10, 0, 0, 1]), dst=bytes([10, 0, 0, 2]), p=1, data=b"\x08\x00" + bytes(6))
    inner.len = len(inner)
    outer = ip.IP(src=bytes([1, 1, 1, 1]), dst=bytes([2, 2, 2, 2]), p=4, data=inner)
    outer.len = len(outer)
    (one,) = read(as_pcap([(T0, bytes(outer))], linktype=101)).conversations
    assert (one.protocol, one.client, one.client_port, one.bytes_out) == ("icmp", "10.0.0.1", None, 28)
    cooked = bytes(sll2.SLL2(data=inner, hdr=bytes(8)))
    assert read(as_pcap([(T0, cooked)], linktype=276)).conversations[0].protocol == "icmp"
    six = handshake(("fd00::1", 40_000), ("fd00::2", 443))
    (one,) = read(as_pcap(six)).conversations
    assert (one.client, one.bytes_in, one.retransmissions) == ("fd00::1", 3 * 60 + 1000, 0)


def test_each_interface_of_pcapng_has_its_own_link_and_clock() -> None:
    """dpkt's reader takes the first for all."""
    raw = ip.IP(src=bytes([10, 0, 0, 9]), dst=bytes([10, 0, 0, 2]), p=1, data=b"\x08\x00" + bytes(6))
    raw.len = len(raw)
    nano = pcapng.PcapngOptionLE(code=pcapng.PCAPNG_OPT_IF_TSRESOL, data=b"\x09")
    end = pcapng.PcapngOptionLE(code=0, len=0)
    second = bytes(pcapng.InterfaceDescriptionBlockLE(linktype=101, snaplen=0, opts=[nano, end]))
    ticks = int(T0 + 60) * 1_000_000_000
    block = pcapng.EnhancedPacketBlockLE(
        iface_id=1, ts_high=ticks >> 32, ts_low=ticks & 0xFFFFFFFF, caplen=len(raw), pkt_len=len(raw),
        pkt_data=bytes(raw),
    )  # fmt: skip
    found = read(as_pcapng(handshake(WEB, DB)) + second + bytes(block))
    icmp = next(each for each in found.conversations if each.protocol == "icmp")
    assert (icmp.client, icmp.first) == ("10.0.0.9", int(T0 + 60) * SECONDS)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "neither a pcap"),
        (b"hello, this is a text", "neither a pcap"),
        (as_pcap([]), "no packet"),
        (as_pcapng([]), "no packet"),
        (as_pcap(handshake(WEB, DB))[:-1], "breaks off"),
        (as_pcap(handshake(WEB, DB))[: 24 + 16], "breaks off"),
        (as_pcap(handshake(WEB, DB))[:10], "breaks off"),
        (as_pcapng(handshake(WEB, DB))[:-1], "breaks off"),
        (as_pcapng(handshake(WEB, DB))[:-40], "breaks off"),
        (zipped(as_pcap(handshake(WEB, DB)))[:-12], "gzip"),
        (as_pcap([]) + struct.pack("<IIII", 1, 1, 1 << 31, 1 << 31), "cannot be that long"),
        (as_pcapng([]) + struct.pack("<II", 6, 4), "cannot be that long"),
        (as_pcap([(T0, b"\x00" * 12 + b"\x08\x00" + b"junk")]), "None of its 1 packets"),
        (as_pcap([(T0, framed("10.0.0.1", "10.0.0.2", b"", 1))], linktype=147), "None of its 1 packets"),
    ],
)
def test_what_is_broken_is_said_in_a_sentence(data: bytes, said: str) -> None:
    with pytest.raises(BadInputError, match=said) as refused:
        read(data)
    assert refused.value.message.endswith(".")


def test_limits_hold_for_size_time_and_what_is_told_apart() -> None:
    data = as_pcap(frame for n in range(400) for frame in handshake(("10.0.0.1", 1024 + n), DB, T0 + n))
    with pytest.raises(TooLargeError, match="unpacked"):
        read(zipped(data), size=10_000)
    ticks = iter(range(100))
    with pytest.raises(TooLargeError, match="seconds"):
        summarise(BytesIO(data), "a", "east", Limits(seconds=2), lambda: next(ticks))
    found = read(data, talks=300)
    assert (found.conversations_seen, found.beyond, found.packets) == (300, 700, 2800)
    assert len(found.conversations) == MOST_CONVERSATIONS


def test_a_packet_of_thousands_of_layers_is_one_that_cannot_be_read() -> None:
    layer = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 0, 0, 0, 64, 4, 0, bytes(4), bytes(4))
    frame = bytes(12) + b"\x08\x00" + layer * 3000
    found = read(as_pcap([*handshake(WEB, DB), (T0, frame)]))
    assert (found.unreadable, len(found.conversations)) == (1, 1)


def test_the_clock_is_looked_at_however_few_and_long_the_packets_are() -> None:
    long = [(T0 + n, segment(WEB, DB, ACK, b"x" * 60_000, seq=n)) for n in range(20)]
    unread = struct.pack("<III", 0x0BAD, 1 << 16, 0) + bytes((1 << 16) - 12)
    for data in (as_pcap(long), as_pcapng(handshake(WEB, DB)) + unread * 20):
        ticks = iter(range(100))
        with pytest.raises(TooLargeError, match="seconds"):
            summarise(BytesIO(data), "a", "east", Limits(seconds=5), lambda: next(ticks))  # noqa: B023 - called here


def six(following: int, rest: bytes, plen: int = 0) -> bytes:
    return struct.pack(">IHBB", 6 << 28, plen, following, 64) + bytes(16) + bytes(15) + b"\x01" + rest


OPTIONS, AH, EMPTY_AH = b"\x3c\x00\x01\x04\x00\x00\x00\x00", b"\x33\x01" + bytes(10), b"\x33\x00" + bytes(6)
TCP = bytes(tcp.TCP(sport=40_000, dport=443, flags=SYN))
SIX, FOUR = bytes(12) + b"\x86\xdd", bytes(12) + b"\x08\x00"
TAGGED = bytes(12) + b"\x81\x00\x00\x01\x86\xdd"


@pytest.mark.parametrize(
    ("link", "frame"),
    [
        (1, SIX + six(51, EMPTY_AH * 30_000)),
        (1, SIX + six(51, AH * 9)),
        (1, SIX + six(60, OPTIONS * 100_000)),
        (1, TAGGED + six(60, OPTIONS * 9)),
        (1, SIX + six(41, six(41, b"") * 6000)),
        (1, FOUR + struct.pack(">BBHHHBBH8x", 0x45, 0, 0, 0, 0, 64, 41, 0) + six(51, EMPTY_AH * 30_000)),
        (1, SIX + six(41, six(51, EMPTY_AH * 2))),
        (101, six(51, EMPTY_AH * 30_000)),
        (0, b"\x1e\x00\x00\x00" + six(51, AH * 9)),
        (113, bytes(14) + b"\x86\xdd" + six(51, AH * 9)),
        (276, b"\x86\xdd" + bytes(18) + six(51, AH * 9)),
    ],
)
def test_no_frame_takes_memory_by_many_headers(link: int, frame: bytes) -> None:
    data = as_pcap([(T0, frame)], linktype=link)
    tracemalloc.start()
    with pytest.raises(BadInputError, match="None of its 1 packets"):
        read(data)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4 * len(data) + (4 << 20)


def test_what_dpkt_would_nest_without_end_elsewhere_is_cut() -> None:
    """In frames whose IP is not walked to, as behind MPLS."""
    frame = bytes(12) + b"\x88\x47" + b"\x00\x00\x01\x40" + six(51, EMPTY_AH * 100_000)
    tracemalloc.start()
    with suppress(BadInputError):
        read(as_pcap([(T0, frame)]))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 32 << 20


def test_headers_that_somebody_sends_are_read_and_long_packets_keep_their_size() -> None:
    chain = OPTIONS[:1] + OPTIONS[1:] + b"\x33" + OPTIONS[1:] + b"\x06" + AH[1:]
    (one,) = read(as_pcap([(T0, SIX + six(60, chain + TCP, len(chain + TCP)))])).conversations
    assert (one.protocol, one.server_port, one.bytes) == ("tcp", 443, 40 + len(chain + TCP))
    (one,) = read(as_pcap([(T0, SIX + six(60, chain + TCP + bytes(50_000)))])).conversations
    assert (one.protocol, one.bytes) == ("tcp", 40 + len(chain + TCP) + 50_000), "offloading leaves it out"
    frames = [
        (T0, segment(WEB, DB, ACK, bytes(60_000), seq=1)),
        (T0, segment(WEB, DB, ACK, b"x", seq=60_001)),
    ]
    (one,) = read(as_pcap(frames)).conversations
    assert (one.bytes, one.retransmissions) == (60_000 + 1 + 80, 0)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_whatever_is_changed_in_a_file_ends_in_a_summary_or_a_sentence(data: st.DataObject) -> None:
    form = data.draw(st.sampled_from([as_pcap, as_pcapng]))
    client = ("10.0.0.1", 5353)
    whole = bytearray(form([*handshake(WEB, DB, data=hello("a.example")),
                            (T0, datagram(client, RESOLVER, question("b.example", code=0)))]))  # fmt: skip
    for _ in range(data.draw(st.integers(1, 6))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    with suppress(BadInputError, TooLargeError):
        read(bytes(whole[: data.draw(st.integers(0, len(whole)))]))
