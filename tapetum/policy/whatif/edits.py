"""What somebody would change of a cluster's objects."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tapetum.domain.policy_trace import Action
from tapetum.policy.resources.keys import Key


@dataclass(frozen=True, slots=True)
class Put:
    """An object added, or in place of what has its name."""

    key: Key
    manifest: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Delete:
    key: Key


@dataclass(frozen=True, slots=True)
class Reorder:
    """A tier's or policy's order; None comes last."""

    key: Key
    order: float | None


@dataclass(frozen=True, slots=True)
class SetDefault:
    """What a tier does with what it selects and no rule matches."""

    tier: str
    action: Action


@dataclass(frozen=True, slots=True)
class Relabel:
    """Of a pod: all of its siblings too, where `key` has the name that logs give to them."""

    key: Key
    put: Mapping[str, str]
    remove: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Promote:
    """Staged policies in force; none named: all of them."""

    keys: tuple[Key, ...] = ()


Edit = Put | Delete | Reorder | SetDefault | Relabel | Promote
