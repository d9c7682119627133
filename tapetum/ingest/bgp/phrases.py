"""BIRD's phrases about a session, and what each one means."""

import re
from collections.abc import Mapping

from tapetum.domain.bgp import SessionEvent

_STATE, _ERROR = SessionEvent.STATE, SessionEvent.ERROR
_CONFIGURED, _ROUTES = SessionEvent.CONFIGURED, SessionEvent.ROUTES

WHOLE: Mapping[str, tuple[SessionEvent, str | None]] = {
    "BGP session established": (_STATE, "Established"),
    "BGP session closed": (_STATE, "Idle"),
    "Connected": (_STATE, "OpenSent"),
    "Down": (_STATE, "down"),
    "Connection closed": (_ERROR, "Idle"),
    "Neighbor lost": (_ERROR, None),
    "Interface down": (_ERROR, None),
    "Link down": (_ERROR, None),
    "BFD session down": (_ERROR, None),
    "Neighbor graceful restart timeout": (_ERROR, None),
    "TTL security configuration failed, closing session": (_ERROR, None),
    **dict.fromkeys(
        ("Initializing", "Starting", "Started", "Shutting down", "Shutdown requested", "Restarting",
         "Reconfigured", "Reconfiguring", "Reloading", "Disabled", "Enabled"),
        (_CONFIGURED, None),
    ),
}  # fmt: skip
"""A phrase that is all of it, with the state that it tells; an error is its own reason."""

BEGINNINGS = tuple(
    (re.compile(pattern), event, state)
    for pattern, event, state in (
        (r"State changed to (?P<state>[A-Za-z]{1,20})\b", _STATE, None),
        (r"Connecting to ", _STATE, "Connect"),
        (r"Connect delayed by ", _STATE, "Active"),
        (r"Incoming connection from .* accepted", _STATE, "OpenSent"),
        (r"Sending OPEN\b", _STATE, "OpenSent"),
        (r"Got OPEN\b", _STATE, "OpenConfirm"),
        (r"(?:Error|Received): (?P<reason>.*)", _ERROR, None),
        (r"Connection lost \((?P<reason>.*)\)", _ERROR, "Idle"),
        (r"Socket(?: error)?: (?P<reason>.*)", _ERROR, None),
        (r"(?P<reason>Invalid remote address .*)", _ERROR, None),
        (r"(?P<reason>Route limit exceeded)", _ROUTES, None),
        (r"(?P<reason>Invalid (?:route|next hop|NEXT_HOP|attribute).*)", _ROUTES, None),
        (r"(?:Got|Sending) (?:UPDATE|END-OF-RIB)\b", _ROUTES, None),
        (r"Reconfiguration requested ", _CONFIGURED, None),
    )
)
"""Phrases that go on; a pattern names what of the line is the state or the reason."""
