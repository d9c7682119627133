"""The frames of a pcap or pcapng file, with their times and link types. dpkt knows the formats.

Of pcapng its reader takes the first interface for all and leaves options to the file's good will, so that
blocks are walked here and read by its structures.
"""

import struct
from collections.abc import Iterator
from typing import Any, NamedTuple

from dpkt import dpkt, pcap, pcapng

from tapetum.capture.pcap.stream import Stream, broken_off
from tapetum.domain.errors import BadInputError
from tapetum.domain.moments import SECOND, Micros

_MOST_INTERFACES = 256
_LONGEST_INTERFACE = 4096
_LINK = 0xFFFF
"""The bits of a link type; those above tell of checksums."""
_BLOCK = 8
_SECTION = struct.pack(">I", pcapng.PCAPNG_BT_SHB)


class Frame(NamedTuple):
    at: Micros
    link: int
    data: bytes


class _Interface(NamedTuple):
    """`resolution` is how many of its ticks make a second."""

    link: int
    resolution: int
    offset: int


def frames(stream: Stream) -> Iterator[Frame]:
    """Raises BadInputError for what is no capture, or a broken one."""
    head = stream.peek(4)
    try:
        if head == _SECTION:
            yield from _blocks(stream)
        elif int.from_bytes(head, "big") in pcap.MAGIC_TO_PKT_HDR:
            yield from _records(stream)
        else:
            raise BadInputError(
                "This is neither a pcap nor a pcapng file; send what tcpdump or Wireshark wrote."
            )
    except (dpkt.Error, struct.error, ValueError, UnicodeDecodeError) as error:
        told = str(error)[:100] or type(error).__name__
        raise BadInputError(f"The file is broken ({told}); capture again.") from None


def _records(stream: Stream) -> Iterator[Frame]:
    reader: Any = pcap.Reader(stream)
    link = reader.datalink() & _LINK
    for moment, data in reader:
        if stream.ended:
            raise broken_off()
        yield Frame(round(moment * SECOND), link, data)


def _blocks(stream: Stream) -> Iterator[Frame]:
    little = True
    known = 0
    interfaces: list[_Interface] = []
    while head := stream.read(_BLOCK):
        if head[:4] == _SECTION:
            mark = stream.read(4)
            little = mark == struct.pack("<I", pcapng.BYTE_ORDER_MAGIC)
            interfaces.clear()
            _section(stream, head + mark, little=little)
            continue
        kind, length = struct.unpack("<II" if little else ">II", head)
        block = head + stream.read(length - _BLOCK)
        if stream.ended:
            raise broken_off()
        if kind == pcapng.PCAPNG_BT_IDB:
            interfaces.append(_interface(block, known, little=little))
            known += 1
        elif kind == pcapng.PCAPNG_BT_EPB:
            form = pcapng.EnhancedPacketBlockLE if little else pcapng.EnhancedPacketBlock
            yield _frame(form(), block, interfaces)
        elif kind == pcapng.PCAPNG_BT_PB:
            yield _frame(pcapng.PacketBlockLE() if little else pcapng.PacketBlock(), block, interfaces)
        elif kind == pcapng.PCAPNG_BT_SPB:
            raise BadInputError(
                "The file has packets without times (simple packet blocks); write it with times."
            )


def _section(stream: Stream, head: bytes, *, little: bool) -> None:
    """A section's head is read whole and its words are passed over."""
    order = "<" if little else ">"
    length, mark = struct.unpack(f"{order}4xII", head)
    if mark != pcapng.BYTE_ORDER_MAGIC:
        raise BadInputError("The file is broken: a section tells no byte order; capture again.")
    rest = stream.read(length - len(head))
    (version,) = struct.unpack_from(f"{order}H", rest)
    if version != pcapng.PCAPNG_VERSION_MAJOR:
        raise BadInputError(f"The file is pcapng of version {version}; write version 1.")


def _interface(block: bytes, known: int, *, little: bool) -> _Interface:
    if known >= _MOST_INTERFACES:
        raise BadInputError(f"The file has more than {_MOST_INTERFACES} interfaces; cut it into parts.")
    if len(block) > _LONGEST_INTERFACE:  # its options are read one by one
        raise BadInputError("The file tells too much of an interface; write it without comments.")
    found: Any = (pcapng.InterfaceDescriptionBlockLE if little else pcapng.InterfaceDescriptionBlock)(block)
    resolution, offset = SECOND, 0
    for option in found.opts:
        if option.code == pcapng.PCAPNG_OPT_IF_TSRESOL:
            (told,) = option.data[:1]
            resolution = (2 if told & 0x80 else 10) ** (told & 0x7F)
        elif option.code == pcapng.PCAPNG_OPT_IF_TSOFFSET:
            (offset,) = struct.unpack("<q" if little else ">q", option.data)
    return _Interface(found.linktype & _LINK, resolution, offset)


def _frame(form: Any, block: bytes, interfaces: list[_Interface]) -> Frame:
    """Options stay unread: what follows the packet tells nothing that is needed."""
    form.unpack_hdr(block)
    if form.iface_id >= len(interfaces):
        raise BadInputError("The file is broken: a packet is of an interface that it lacks; capture again.")
    of = interfaces[form.iface_id]
    start = form.__hdr_len__ - 4  # without the length that is told again at the end
    data = block[start : start + form.caplen]
    if len(data) < form.caplen:
        raise BadInputError("The file is broken: a packet is longer than its block; capture again.")
    ticks = (form.ts_high << 32) | form.ts_low
    return Frame(ticks * SECOND // of.resolution + of.offset * SECOND, of.link, data)
