"""What a line of BIRD (1.6 or 2, as Calico runs and configures it) says of a BGP session."""

import re
from dataclasses import dataclass
from ipaddress import ip_address

from tapetum.domain.bgp import SessionEvent
from tapetum.ingest.bgp.phrases import BEGINNINGS, WHOLE


@dataclass(frozen=True, slots=True)
class Spoken:
    """`marked` says whether the line bears a mark of BIRD's: its name, a level, or a session's name."""

    event: SessionEvent
    marked: bool
    peer: str | None = None
    peer_ip: str | None = None
    state: str | None = None
    reason: str | None = None
    ip_version: str | None = None


_MARKS = re.compile(
    r"(?:(?P<daemon>bird6?): )?"
    r"(?:<(?:DBG|DEBUG|TRACE|INFO|RMT|REMOTE|WARN|WARNING|ERR|ERROR|AUTH|FATAL|BUG|\?{3})> )?"
)
_SESSION = re.compile(
    r"(?P<peer>[A-Za-z_][A-Za-z0-9_-]{0,99})(?:\.\w{1,20})?(?:(?P<says>: )|(?P<route> [<>] ))"
)
_OF_PROTOCOL = re.compile(
    r"(?:(?:Adding|Removing|Restarting|Reloading|Disabling|Enabling) protocol"
    r"|Protocol(?= \S+ hits (?P<limit>route [a-z]+ limit))) (?P<peer>[A-Za-z_][A-Za-z0-9_-]{0,99})(?![^\s,])"
)
_NO_SESSIONS = re.compile(
    r"(?:(?:device|kernel|direct|static|pipe|bfd)[0-9]*|BGP|BFD|Netlink|KRT|KIF|IO|I/O|bird6?)\Z",
    re.IGNORECASE,
)
_CALICO = re.compile(
    r"(?:Mesh|Node|Global|Local_Workload)_(?P<address>[0-9A-Fa-f_]+?)(?:_port_[0-9]{1,5})?\Z"
)


def spoken(message: str) -> Spoken:
    marks = _MARKS.match(message)
    rest = message[marks.end() :] if marks else message
    version = {"bird": "IPv4", "bird6": "IPv6"}.get(marks["daemon"] or "") if marks else None
    session = _SESSION.match(rest)
    peer = session["peer"] if session else None
    if peer is not None and _NO_SESSIONS.match(peer):
        peer = None
    named = peer is not None and _CALICO.match(peer) is not None
    marked = named or bool(marks and marks.end())
    event, state, reason = SessionEvent.OTHER, None, None
    if session is None:
        general = _OF_PROTOCOL.match(rest)
        if general is not None:
            peer = None if _NO_SESSIONS.match(general["peer"]) else general["peer"]
            event = SessionEvent.ROUTES if general["limit"] else SessionEvent.CONFIGURED
            reason = rest[general.start("limit") :] if general["limit"] else None
        else:
            event, state, reason = _phrase(rest)
    elif session["route"]:
        event = SessionEvent.ROUTES
    elif peer is not None:
        event, state, reason = _phrase(rest[session.end() :])
    address = _address(peer)
    if version is None and address is not None:
        version = "IPv6" if ":" in address else "IPv4"
    return Spoken(event, marked, peer, address, state, reason, version)


def _phrase(text: str) -> tuple[SessionEvent, str | None, str | None]:
    text = text.strip()
    whole = WHOLE.get(text)
    if whole is not None:
        event, state = whole
        return event, state, text if event is SessionEvent.ERROR else None
    for pattern, event, state in BEGINNINGS:
        found = pattern.match(text)
        if found is not None:
            told = found.groupdict()
            return event, told.get("state") or state, told.get("reason")
    return SessionEvent.OTHER, None, None


def _address(peer: str | None) -> str | None:
    """Calico writes a peer's address into the name of its session, with _ for its dots or colons."""
    name = _CALICO.match(peer or "")
    if name is None:
        return None
    parts = name["address"].split("_")
    four = len(parts) == 4 and all(part.isdecimal() for part in parts)  # noqa: PLR2004 - as IPv4 has
    try:
        return str(ip_address((".".join if four else ":".join)(parts)))
    except ValueError:
        return None
