"""Envoy's access log as text: its own default format, and Istio's of any version, which adds fields to it."""

import re
from typing import Any

from tapetum.ingest.containers import TIMED
from tapetum.ingest.text_lines import Scanner, named

_FIRST = re.compile(rf"{TIMED}?\[(?P<start_time>[^\]\s]+)\] ")
# A request's path holds no space, so that what a client sends cannot pass for what follows it.
_REQUEST = re.compile(r'"(?P<method>[^" ]+) (?P<path>\S+) (?P<protocol>[^" ]+)" ')
_STATUS = re.compile(r"(?P<response_code>[0-9]{1,3}|-) (?P<response_flags>[A-Za-z0-9,_-]+) ")
# Of Istio: why this response, why the connection ended, what failed upstream.
_DETAILS = re.compile(r'(?![0-9]+ )\S+ \S+ "[^"]*" ')
# Of its versions with Mixer: Mixer's status, and later what failed upstream.
_MIXER = re.compile(r'"[^"]*" (?:"[^"]*" )?')
_VOLUME = re.compile(
    r"(?P<bytes_received>[0-9]+|-) (?P<bytes_sent>[0-9]+|-) (?P<duration>[0-9]+|-) (?:[0-9]+|-) "
)
_FORWARDED = re.compile(r'"[^"]*" ')
# A client may call itself anything; with a quote, a space and a quote in it, nobody can say where it ends,
# and the line is refused below.
_AGENT = re.compile(r'"(?P<user_agent>(?:[^"]|"(?! "))*)" ')
_NAMES = re.compile(r'"(?P<request_id>[^"]*)" "(?P<authority>[^"]*)" "(?P<upstream_host>[^"]*)"')
_MESH = re.compile(
    r" (?P<upstream_cluster>\S+) \S+ (?P<downstream_local_address>\S+) (?P<downstream_remote_address>\S+)"
    r" (?P<requested_server_name>\S+)"
)
_ROUTE = re.compile(r" \S+")
_SPACE = re.compile(r"\s*")

_PARTS = (
    (_FIRST, "a time in brackets"),
    (_REQUEST, "the request as method, path and protocol in quotes"),
    (_STATUS, "a response code and flags"),
)
_REST = (
    (_VOLUME, "bytes received, bytes sent and durations"),
    (_FORWARDED, "the forwarded-for in quotes"),
    (_AGENT, "the user agent in quotes"),
    (_NAMES, "the request id, authority and upstream host in quotes"),
)


def is_line(text: str) -> bool:
    scanner = Scanner(text)
    return scanner.maybe(_FIRST) is not None and scanner.maybe(_REQUEST) is not None


def fields(text: str) -> dict[str, Any]:
    """The values under their JSON names; raises UnreadableError with the place."""
    scanner = Scanner(text)
    found: dict[str, Any] = {}
    for pattern, expected in _PARTS:
        found |= named(scanner.take(pattern, expected))
    mixer = scanner.maybe(_DETAILS) is None and scanner.maybe(_MIXER) is not None
    for pattern, expected in _REST:
        found |= named(scanner.take(pattern, expected))
    mesh = scanner.maybe(_MESH)
    if mesh is not None:
        found |= named(mesh)
        if scanner.maybe(_ROUTE) is None and not mixer:  # the first versions ended before it
            raise scanner.unexpected("the route")
    scanner.maybe(_SPACE)
    if not scanner.done:
        raise scanner.unexpected("the end, or the upstream cluster, addresses, server name and route")
    return found
