"""Policies and tiers as evaluation needs them, whatever kind of document they came from."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from tapetum.domain.policy_trace import Action, PolicyKind
from tapetum.policy.rules import Direction, Rule
from tapetum.policy.selectors import Selector

DEFAULT_TIER = "default"
STAGED_OF = {
    PolicyKind.STAGED_NETWORK_POLICY: PolicyKind.NETWORK_POLICY,
    PolicyKind.STAGED_GLOBAL_NETWORK_POLICY: PolicyKind.GLOBAL_NETWORK_POLICY,
    PolicyKind.STAGED_KUBERNETES_NETWORK_POLICY: PolicyKind.KUBERNETES_NETWORK_POLICY,
}
"""Which kind a staged policy becomes when it is promoted."""


@dataclass(frozen=True, slots=True)
class Tier:
    """`order` None comes last. `defined` False: policies name it and no document describes it."""

    name: str
    order: float | None
    default_action: Action = Action.DENY
    defined: bool = True


BUILT_IN_TIERS = (
    Tier("kube-admin", 1_000, Action.PASS),
    Tier("adminnetworkpolicy", 1_000, Action.PASS),
    Tier(DEFAULT_TIER, 1_000_000, Action.DENY),
    Tier("kube-baseline", 10_000_000, Action.PASS),
    Tier("baselineadminnetworkpolicy", 10_000_000, Action.PASS),
)


class StagedAction(StrEnum):
    """`Learn` is evaluated as `Set` is; `Ignore` takes no part."""

    SET = "Set"
    DELETE = "Delete"
    LEARN = "Learn"
    IGNORE = "Ignore"


class Stage(IntEnum):
    """When a host endpoint's traffic meets a policy; workloads know only NORMAL."""

    UNTRACKED = 0
    PRE_DNAT = 1
    NORMAL = 2


@dataclass(frozen=True, slots=True)
class PolicyId:
    """A policy's natural key. `name` is the document's, with the tier's name before it or not."""

    kind: PolicyKind
    namespace: str | None
    name: str
    tier: str = DEFAULT_TIER

    @property
    def plain_name(self) -> str:
        """Without the tier's name before it, as parsed policy strings have it."""
        return self.name.removeprefix(f"{self.tier}.") or self.name


@dataclass(frozen=True, slots=True)
class Policy:
    """`ingress` or `egress` None: the policy does not govern that direction.

    `selector` holds the namespace and service account terms too. `notes` say what conversion lost.
    """

    id: PolicyId
    order: float | None
    selector: Selector
    ingress: tuple[Rule, ...] | None = None
    egress: tuple[Rule, ...] | None = None
    staged: StagedAction | None = None
    stage: Stage = Stage.NORMAL
    apply_on_forward: bool = False
    notes: tuple[str, ...] = ()

    def rules(self, direction: Direction) -> tuple[Rule, ...] | None:
        return self.ingress if direction is Direction.INGRESS else self.egress
