"""What a packet capture comes to: its conversations and the names that were asked for, as they are kept."""

from typing import Literal

import msgspec

from tapetum.domain.moments import Micros


class Conversation(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """All packets of one 5-tuple. `protocol` is as in flow logs: tcp, udp, icmp, sctp, or a number.

    `opened` False: nobody was seen opening it, and which end is the server is a guess by the ports. Bytes
    are those of IP packets. `opens` counts the connections that were seen to begin. A retransmission is a
    segment that holds nothing new: sent again, out of order, or captured twice.
    """

    protocol: str
    client: str
    client_port: int | None = None
    server: str
    server_port: int | None = None
    opened: bool = False
    packets_out: int = 0
    packets_in: int = 0
    bytes_out: int = 0
    bytes_in: int = 0
    first: Micros
    last: Micros
    opens: int = 0
    closes: int = 0
    client_resets: int = 0
    server_resets: int = 0
    retransmissions: int = 0
    server_name: str | None = None
    names: tuple[str, ...] = ()

    @property
    def packets(self) -> int:
        return self.packets_out + self.packets_in

    @property
    def bytes(self) -> int:
        return self.bytes_out + self.bytes_in

    @property
    def unanswered(self) -> bool:
        return self.packets_in == 0

    @property
    def troubled(self) -> bool:
        """Whether it shows what people look for in captures: no answer, a reset, segments sent again."""
        asks = self.opened or self.protocol == "udp"
        return (
            self.unanswered and asks
        ) or self.client_resets + self.server_resets + self.retransmissions > 0


class Lookup(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A name that was asked for in DNS. `failed` counts answers with an error, `code` is the last one's."""

    name: str
    type: str
    asked: int = 0
    answered: int = 0
    failed: int = 0
    code: str | None = None


class CaptureSummary(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """Of one file. `packets` counts all, `foreign` those that are not IP, `unreadable` broken ones.

    `conversations` are at most MOST_CONVERSATIONS of all `conversations_seen`: troubled ones first, then by
    bytes. `beyond` counts packets whose conversations were not told apart any more.
    """

    format: Literal[1] = 1
    cluster: str
    file: str
    size: int
    packets: int
    bytes: int
    foreign: int = 0
    unreadable: int = 0
    beyond: int = 0
    first: Micros
    last: Micros
    conversations_seen: int
    conversations: tuple[Conversation, ...]
    lookups_seen: int = 0
    lookups: tuple[Lookup, ...] = ()


MOST_CONVERSATIONS = 256
MOST_LOOKUPS = 200
