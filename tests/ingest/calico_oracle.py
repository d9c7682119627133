"""What must become of a Calico line, by the plain json module and a table of its own.

It shares no code with the product: not its parser, not its rules, not its field names.
"""

import ipaddress
import json
import re
from datetime import UTC, datetime
from typing import Any

from tests.ingest.calico_lines import ADDRESSES, COUNTS, LABELS, NOW, PORTS, TEXTS, TYPES, WORDS

LISTS = ("all_policies", "enforced_policies", "pending_policies", "transit_policies")
KNOWN = {
    "action", "reporter", "proto", "start_time", "end_time", "@timestamp", "policies", "nat_outgoing_ports",
    "original_source_ips", *COUNTS, *PORTS, *WORDS, *TYPES, *ADDRESSES, *TEXTS, *LABELS,
}  # fmt: skip
NAMES = {"6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6", "132": "sctp"}
GONE = (None, "-", "")
# fromisoformat does not look at digits beyond the sixth.
ISO = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d([.,]\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?", re.ASCII)


class BadLineError(Exception):
    """The line must be rejected."""


class Pairs(list[tuple[str, Any]]):
    """An object as json reads it, with every key that it has."""


def need(condition: object) -> None:
    if not condition:
        raise BadLineError


def expected(line: bytes) -> dict[str, Any] | None:
    """The stored values of a good line, None for a bad one."""
    try:
        return judge(line)
    except BadLineError:
        return None


def judge(line: bytes) -> dict[str, Any]:  # noqa: C901 - one list of demands, read from top to bottom
    record = parse(line)
    if record.get("action") is None and record.get("reporter") is None:
        for name in ("_source", "record"):
            if isinstance(record.get(name), Pairs):
                need([key for key, _ in record["pairs"]].count(name) == 1)
                record = as_dict(record[name])
                break
    keys = [key for key, _ in record["pairs"]]
    need(all(keys.count(key) == 1 for key in keys if key in KNOWN))
    out: dict[str, Any] = {}
    need(isinstance(record.get("action"), str) and record["action"] in ("allow", "deny"))
    out["action"] = record["action"]
    reporters = record.get("reporter")
    reporters = (
        [part.strip(" ") for part in reporters.split(",")] if isinstance(reporters, str) else reporters
    )
    need(type(reporters) is list and reporters)
    need(all(isinstance(one, str) and one in ("src", "dst", "fwd") for one in reporters))
    out["reporter"] = reporters[0]
    proto = word(record.get("proto"))
    out["proto"] = None if proto is None else NAMES.get(proto, proto.lower())
    for name in TYPES:
        out[name] = word(record.get(name))
        need(out[name] in (None, "wep", "hep", "ns", "net"))
    for name in ADDRESSES:
        out[name] = address(record.get(name))
    for name in WORDS:
        out[name] = word(record.get(name))
    for names, largest in ((COUNTS, 2**53 - 1), (PORTS, 65535)):
        for name in names:
            value = record.get(name)
            need(value is None or (type(value) is int and 0 <= value <= largest))
            out[name] = value
    for name in TEXTS:
        out[name] = words(record.get(name))
    for name in LABELS:
        value = record.get(name)
        if isinstance(value, Pairs):
            need([key for key, _ in value].count("labels") <= 1)
            value = as_dict(value).get("labels")
        out[name] = words(value)
    ips = words(record.get("original_source_ips"))
    out["original_source_ips"] = None if ips is None else [address(ip) for ip in ips]
    need(ips is None or None not in out["original_source_ips"])
    ports = record.get("nat_outgoing_ports")
    ports = None if ports in GONE else ports
    need(ports is None or type(ports) is list)
    need(all(type(one) is int and 0 <= one <= 65535 for one in ports or []))
    out["nat_outgoing_ports"] = ports or None
    policies = record.get("policies")
    policies = Pairs() if policies in GONE else policies
    need(isinstance(policies, Pairs))
    assert isinstance(policies, Pairs)
    need(all([key for key, _ in policies].count(name) <= 1 for name in LISTS))
    for name in LISTS:
        out[name] = words(as_dict(policies).get(name))
        need(out[name] is None or len(out[name]) <= 1000)
    start, end, stamp = (time(record.get(name)) for name in ("start_time", "end_time", "@timestamp"))
    times = [one for one in (start, end, stamp) if one is not None]
    need(times)
    return out | {"start_time": times[0], "end_time": end}


def parse(line: bytes) -> dict[str, Any]:
    def no(_: str) -> Any:
        raise BadLineError

    def number(text: str) -> Any:
        return int(text) if len(text) < 30 else float("inf")

    try:
        text = line.decode("utf-8")
        need(not text.startswith("\ufeff"))
        need(depth(text) <= 64)
        found = json.loads(text, object_pairs_hook=Pairs, parse_constant=no, parse_int=number)
    except (ValueError, RecursionError):
        raise BadLineError from None
    need(isinstance(found, Pairs))
    try:
        json.dumps(found, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        raise BadLineError from None
    return as_dict(found)


def depth(text: str) -> int:
    """How deep brackets nest outside of texts."""
    bare = re.sub(r'"(?:[^"\\]|\\.)*"', "", text, flags=re.DOTALL)
    now = deepest = 0
    for letter in bare:
        now += (letter in "[{") - (letter in "]}")
        deepest = max(deepest, now)
    return deepest


def as_dict(pairs: Pairs) -> dict[str, Any]:
    return {**dict(pairs), "pairs": pairs}


def word(value: Any) -> str | None:
    need(value is None or type(value) is str)
    return None if value in GONE else value


def words(value: Any) -> list[str] | None:
    if value in GONE:
        return None
    need(type(value) is list and all(type(one) is str for one in value))
    return None if value in ([], ["-"], [""]) else value


def address(value: Any) -> str | None:
    found = word(value)
    if found is None:
        return None
    try:
        need("%" not in found)
        parsed = ipaddress.ip_address(found)
    except ValueError:
        raise BadLineError from None
    mapped = getattr(parsed, "ipv4_mapped", None)
    return str(mapped or parsed)


def time(value: Any) -> int | None:
    if value in GONE:
        return None
    if type(value) is int:
        unit = 10**6 if value < 10**11 else 10**3 if value < 10**14 else 1
        micros = value * unit if value < 10**17 else value // 1000
    else:
        need(type(value) is str and ISO.fullmatch(value))
        try:
            found = datetime.fromisoformat(value)
        except ValueError:
            raise BadLineError from None
        found = found if found.tzinfo else found.replace(tzinfo=UTC)
        micros = (found - datetime(1970, 1, 1, tzinfo=UTC)) // (datetime.resolution)
    need(365 * 86_400 * 10**6 <= micros <= NOW + 3600 * 10**6)
    return micros
