"""Three-valued answers: yes, no, or unknown with the facts that are missing (Kleene's logic)."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Fact(StrEnum):
    """What a record may leave out, as a sentence would name it."""

    PROTOCOL = "the protocol"
    IP_VERSION = "the IP version"
    SOURCE_ADDRESS = "the source's address"
    SOURCE_LABELS = "the source's labels"
    SOURCE_PORT = "the source port"
    SOURCE_PORT_NAMES = "the names of the source's ports"
    DESTINATION_ADDRESS = "the destination's address"
    DESTINATION_LABELS = "the destination's labels"
    DESTINATION_PORT = "the destination port"
    DESTINATION_PORT_NAMES = "the names of the destination's ports"
    DOMAINS = "the domains that the destination was looked up by"
    SERVICE_ENDPOINTS = "the endpoints of the service"
    ICMP_TYPE = "the ICMP type"
    ICMP_CODE = "the ICMP code"
    HTTP = "the HTTP request"
    PROFILE = "the rules of the profile"


@dataclass(frozen=True, slots=True)
class Unknown:
    """Neither yes nor no, for want of these facts."""

    missing: frozenset[Fact]


Match = bool | Unknown


def unknown(*facts: Fact) -> Unknown:
    return Unknown(frozenset(facts))


def all_of(terms: Iterable[Match]) -> Match:
    """No as soon as one is no; the facts of every unknown otherwise."""
    missing: frozenset[Fact] = frozenset()
    for term in terms:
        if term is False:
            return False
        if isinstance(term, Unknown):
            missing |= term.missing
    return Unknown(missing) if missing else True


def any_of(terms: Iterable[Match]) -> Match:
    """Yes as soon as one is yes; the facts of every unknown otherwise."""
    missing: frozenset[Fact] = frozenset()
    for term in terms:
        if term is True:
            return True
        if isinstance(term, Unknown):
            missing |= term.missing
    return Unknown(missing) if missing else False


def negation(term: Match) -> Match:
    return term if isinstance(term, Unknown) else not term
