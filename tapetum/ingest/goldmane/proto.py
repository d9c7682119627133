"""Values of Goldmane's proto in any of its JSON spellings, and one spelling that identifies them."""

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from tapetum.domain.policy_trace import PolicyKind
from tapetum.ingest import values
from tapetum.ingest.refusals import OddNumber, wrong
from tapetum.ingest.strict_json import object_of

# Numbers and names of the enums; a zero (unspecified) is absent. `Pass` is no outcome of a flow.
ACTIONS = {"Allow": (1, "allow"), "Deny": (2, "deny")}
HIT_ACTIONS = {**ACTIONS, "Pass": (3, "pass")}
REPORTERS = {"Src": (1, "src"), "Dst": (2, "dst")}
ENDPOINT_TYPES = {
    "WorkloadEndpoint": (1, "wep"),
    "HostEndpoint": (2, "hep"),
    "NetworkSet": (3, "ns"),
    "Network": (4, "net"),
}
KINDS = {
    kind.value: (place, kind.value)
    for place, kind in (
        (1, PolicyKind.NETWORK_POLICY),
        (2, PolicyKind.GLOBAL_NETWORK_POLICY),
        (3, PolicyKind.STAGED_NETWORK_POLICY),
        (4, PolicyKind.STAGED_GLOBAL_NETWORK_POLICY),
        (5, PolicyKind.STAGED_KUBERNETES_NETWORK_POLICY),
        (6, PolicyKind.KUBERNETES_NETWORK_POLICY),
        (9, PolicyKind.PROFILE),
        (10, PolicyKind.END_OF_TIER),
        (11, PolicyKind.CLUSTER_NETWORK_POLICY),
    )
}
_ENUMS = {
    "action": HIT_ACTIONS,
    "reporter": REPORTERS,
    "source_type": ENDPOINT_TYPES,
    "dest_type": ENDPOINT_TYPES,
    "kind": KINDS,
}
_NUMBERS = frozenset(["dest_port", "dest_service_port", "policy_index", "rule_index"])
_UNSPECIFIED = "Unspecified"
_HUMP = re.compile(r"(?<=[a-z0-9])[A-Z]")
_DECIMAL = re.compile(r"-?[0-9]{1,19}\Z")


def named(value: Any, field: str, enum: Mapping[str, tuple[int, str]], expected: str) -> str | None:
    """What is stored for an enum's number or name; None for unspecified."""
    if value in (None, 0, ""):
        return None
    if isinstance(value, str):
        if value.endswith(_UNSPECIFIED):
            return None
        found = enum.get(value)
    else:
        found = next((pair for pair in enum.values() if type(value) is int and pair[0] == value), None)
    if found is None:
        raise wrong(field, value, expected)
    return found[1]


def number(value: Any, field: str, largest: int = values.LARGEST) -> int:
    """An int64 as a number or a text; left out means zero."""
    if value is None:
        return 0
    if isinstance(value, str) and _DECIMAL.match(value):
        value = int(value)
    return values.whole(value, field, largest) or 0


def snake_cased(value: Any) -> Any:
    """The same under the proto's own names, where protojson wrote `sourceName`; `Key` is one of its own."""
    if isinstance(value, list):
        return [snake_cased(item) for item in value]
    if not isinstance(value, dict):
        return value
    members = [*value.items(), *((name, value[name]) for name in getattr(value, "repeated", ()))]
    return object_of([(_HUMP.sub(_low, name), snake_cased(item)) for name, item in members])


def _low(hump: re.Match[str]) -> str:
    return f"_{hump[0].lower()}"


def canonical(key: Any) -> bytes:
    """The same bytes for every spelling of the same values; fields unknown to us count too."""
    return msgspec.json.encode(_canonical(key), order="sorted")


def _canonical(value: Any, name: str = "") -> Any:
    if isinstance(value, dict):
        inner = {field: _canonical(item, field) for field, item in value.items()}
        return {field: item for field, item in inner.items() if item not in (0, "", None, [], {}, False)}
    if isinstance(value, list):
        return [_canonical(item, name) for item in value]
    if isinstance(value, str):
        if name in _ENUMS:
            return 0 if value.endswith(_UNSPECIFIED) else _ENUMS[name].get(value, (value, ""))[0]
        return int(value) if name in _NUMBERS and _DECIMAL.match(value) else value
    return value.text if isinstance(value, OddNumber) else value
