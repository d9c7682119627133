"""Addresses, services and numbers as proxies write them in access logs."""

import re
from typing import Any

from tapetum.ingest import values
from tapetum.ingest.refusals import wrong

_INTERNAL = re.compile(r"envoy://[^/]*/")
_PORTED = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([^:\[\]]+)):([0-9]{1,5})\Z")
_TRANSPORT = re.compile(r"(?:tcp|udp)://")
_SERVICE = re.compile(r"([^.]+)\.([^.]+)\.svc(?:\.|\Z)")
_DIGITS = re.compile(r"[0-9]{1,19}\Z")


def address_and_port(value: Any, field: str) -> tuple[str | None, int | None]:
    """Of `10.0.0.1:80`, `[fd00::1]:80`, `10.0.0.1`, `tcp://10.0.0.1:80` and Envoy's internal
    `envoy://listener/10.0.0.1:80`.

    Sockets without an address (pipes, internal listeners) have neither.
    """
    found = values.text(value, field)
    if found is None or found.startswith(("/", "@")):
        return None, None
    if found.startswith("envoy:"):
        found = _INTERNAL.sub("", found, count=1)
        if not found:
            return None, None
    match = _PORTED.match(_TRANSPORT.sub("", found, count=1))
    if match is None:
        return values.address(found, field), None
    return values.address(match[1] or match[2], field), values.port(int(match[3]), field)


def service(host: str | None) -> tuple[str | None, str | None]:
    """Name and namespace of a Kubernetes service by its host name; neither for any other host."""
    match = _SERVICE.match(host or "")
    return (match[1], match[2]) if match else (None, None)


def number(value: Any, field: str, largest: int = values.LARGEST) -> int | None:
    """A whole number, which some formats write as a text."""
    if isinstance(value, str):
        if value in values.ABSENT:
            return None
        if not _DIGITS.match(value):
            raise wrong(field, value, f"a whole number from 0 to {largest}")
        value = int(value)
    return values.whole(value, field, largest)
