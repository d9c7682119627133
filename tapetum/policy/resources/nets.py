"""Addresses and CIDRs of objects, each field as strict as its API server."""

import re

from tapetum.policy.addresses import Address, Network, Region, parse_address, parse_network, region
from tapetum.policy.documents.problem import shown
from tapetum.policy.resources.fields import Fields

_FORM = re.compile(r"[0-9A-Fa-f:.]+(/[0-9]{1,3})?")
"""Without what Python reads beyond it: netmasks in place of a length, and zones."""


def nets(fields: Fields, name: str, *, bare: bool = False) -> Region | None:
    """None where there are none. `bare`: an address may stand for itself."""
    found = networks(fields, name, bare=bare)
    return region(found) if found else None


def networks(fields: Fields, name: str, *, bare: bool = False) -> list[Network]:
    return [_network(fields, name, each, bare=bare) for each in fields.texts(name)]


def network(fields: Fields, name: str) -> Network:
    text = fields.text(name)
    if text is None:
        raise fields.wrong(name, "it is missing; write a CIDR like 10.0.0.0/8.")
    return _network(fields, name, text, bare=False)


def addresses(fields: Fields, name: str) -> list[Address]:
    return [_address(fields, name, each) for each in fields.texts(name)]


def _network(fields: Fields, name: str, text: str, *, bare: bool) -> Network:
    """Bits beyond the length are masked away.

    Calico's validator refuses them in rules, yet its documentation has a policy with 1.2.3.4/16.
    """
    try:
        found = parse_network(text)
    except ValueError:
        raise fields.wrong(name, f"{shown(text)} is not a CIDR; write it like 10.0.0.0/8.") from None
    form = _FORM.fullmatch(text)
    right = form is not None and (bare or form[1] is not None)
    fields.expect(right, name, f"{shown(text)} is not a CIDR; write {found}.")
    return found


def _address(fields: Fields, name: str, text: str) -> Address:
    try:
        return parse_address(text)
    except ValueError:
        raise fields.wrong(name, f"{shown(text)} is not an address; write it like 10.0.0.1.") from None
