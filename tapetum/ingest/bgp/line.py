"""One line of a BGP log: Calico's record around a line of BIRD, or the line itself with its time."""

import re
from typing import Any

from tapetum.ingest import values
from tapetum.ingest.bgp.bird import Spoken, spoken
from tapetum.ingest.context import Context
from tapetum.ingest.flat import Row
from tapetum.ingest.objects import unwrapped
from tapetum.ingest.refusals import Cause, UnreadableError, missing, shown, wrong
from tapetum.ingest.strict_json import parse_object, refuse_repeats
from tapetum.ingest.text_lines import text_of
from tapetum.ingest.times import first_of

_TIMES = ("logtime", "@timestamp")
_KNOWN = frozenset([*_TIMES, "host", "ip_version", "message"])
_VERSIONS = ("IPv4", "IPv6")
# What BIRD's own log, a runit logger, and container runtimes put before a line.
_TIME = re.compile(
    r"(?:(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})|(?P<date>[0-9]{2}-[0-9]{2}-[0-9]{4}))[T _]"
    r"(?P<clock>[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?"
    r"(?:Z|[+-][0-9]{2}:?[0-9]{2})?) (?:std(?:out|err) [FP] )?"
)


def read_line(line: bytes, context: Context) -> Row:
    if line.lstrip(b" \t")[:1] == b"{":
        return _read_record(unwrapped(parse_object(line)), context)
    return _read_text(text_of(line), context)


def is_text(text: str) -> bool:
    time = _TIME.match(text)
    return spoken(text[time.end() if time else 0 :]).marked


def _read_record(record: dict[str, Any], context: Context) -> Row:
    refuse_repeats(record, _KNOWN)
    message = values.text(record.get("message"), "message")
    if message is None:
        raise missing("not a BGP log: message", "a line of BIRD", Cause.SHAPE)
    version = values.text(record.get("ip_version"), "ip_version")
    if version is not None and version not in _VERSIONS:
        raise wrong("ip_version", version, "IPv4 or IPv6")
    time = _TIME.match(message)  # which BIRD's own log, or a runtime, put before its line
    said = spoken(message[time.end() :] if time else message)
    return {
        "host": values.text(record.get("host"), "host"),
        "logtime": first_of(record, _TIMES, context),
        "ip_version": version or said.ip_version,
        "message": message,
        **_told(said),
    }


def _read_text(text: str, context: Context) -> Row:
    time = _TIME.match(text)
    if time is None:
        raise UnreadableError(
            Cause.TIME,
            f"no time: expected one such as 2026-11-23 14:37:21 at character 1, near {shown(text[:20])}",
        )
    day = time["day"] or "-".join(reversed(time["date"].split("-")))
    message = text[time.end() :].strip()
    if not message:
        raise UnreadableError(Cause.SHAPE, f"expected a line of BIRD at character {time.end() + 1}")
    said = spoken(message)
    return {
        "logtime": values.moment(f"{day}T{time['clock']}", "the time", context.latest),
        "ip_version": said.ip_version,
        "message": message,
        **_told(said),
    }


def _told(said: Spoken) -> Row:
    return {
        "peer": said.peer,
        "peer_ip": said.peer_ip,
        "event": said.event.value,
        "state": said.state,
        "reason": said.reason,
    }
