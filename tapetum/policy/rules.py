"""The one model of rules that every kind of policy is converted to.

A rule matches where all its terms do; a term that is None says nothing.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from tapetum.policy.addresses import Region
from tapetum.policy.selectors import Selector


class RuleAction(StrEnum):
    ALLOW = "Allow"
    DENY = "Deny"
    PASS = "Pass"  # noqa: S105 - an action, not a password
    LOG = "Log"


class Direction(StrEnum):
    INGRESS = "Ingress"
    EGRESS = "Egress"


TCP, UDP, SCTP, ICMP, ICMP6 = "tcp", "udp", "sctp", "icmp", "icmpv6"
WITH_PORTS = frozenset((TCP, UDP, SCTP))
IP_VERSIONS = {ICMP: 4, ICMP6: 6}
"""Of the protocols that one version alone has."""
_NUMBERS = {6: TCP, 17: UDP, 132: SCTP, 1: ICMP, 58: ICMP6, 136: "udplite"}
LAST_PROTOCOL = 255
LAST_PORT = 65_535


def protocol_name(text: str | int) -> str | None:
    """As logs write it: a known protocol's lower-case name, else its number. None: it is none."""
    word = str(text).strip().lower()
    if word in _NUMBERS.values():
        return word
    if not (word.isascii() and word.isdigit()) or not 0 < int(word) <= LAST_PROTOCOL:
        return None
    return _NUMBERS.get(int(word), str(int(word)))


_LOGGED = {
    "icmp6": ICMP6,
    "ipv6-icmp": ICMP6,
    "ipip": "4",
    "igmp": "2",
    "esp": "50",
    "ah": "51",
    "vrrp": "112",
}
"""Names that Felix, Hubble and the IANA give protocols that rules call otherwise."""


def logged_protocol(text: str | None) -> str | None:
    """What rules call the protocol that a log names; a name that neither of them knows stays as it is."""
    if text is None:
        return None
    word = text.lower()
    return protocol_name(_LOGGED.get(word, word)) or word


@dataclass(frozen=True, slots=True)
class Ports:
    """Any of these ranges (both ends inside), or a port that the endpoint calls by one of these names."""

    ranges: tuple[tuple[int, int], ...] = ()
    names: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ServiceRef:
    namespace: str
    name: str


@dataclass(frozen=True, slots=True)
class Entity:
    """One end of a rule.

    `selector` already holds the namespace and service account terms, so that labels are all it needs;
    an end with nothing set is anyone.
    """

    nets: Region | None = None
    not_nets: Region | None = None
    selector: Selector | None = None
    not_selector: Selector | None = None
    ports: Ports | None = None
    not_ports: Ports | None = None
    service: ServiceRef | None = None
    domains: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Icmp:
    type: int | None = None
    code: int | None = None


@dataclass(frozen=True, slots=True)
class PathMatch:
    text: str
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class HeaderMatch:
    header: str
    operator: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HttpMatch:
    methods: frozenset[str] = frozenset()
    paths: tuple[PathMatch, ...] = ()
    headers: tuple[HeaderMatch, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """`origin` is the place of the rule that the document has, where conversion made several of one."""

    action: RuleAction
    source: Entity = field(default_factory=Entity)
    destination: Entity = field(default_factory=Entity)
    protocol: str | None = None
    not_protocol: str | None = None
    icmp: Icmp | None = None
    not_icmp: Icmp | None = None
    ip_version: int | None = None
    http: HttpMatch | None = None
    origin: int = 0
