"""What one direction asks of a connection, as steps in order, so that those of two states can be compared."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tapetum.domain.policy_trace import Action
from tapetum.policy.resources.endpoints import Profile
from tapetum.policy.resources.policies import Stage
from tapetum.policy.rules import Direction, Rule
from tapetum.policy.selectors import Selector
from tapetum.policy.state.cluster import ClusterState
from tapetum.policy.state.order import View


@dataclass(frozen=True, slots=True)
class Begin:
    """A tier's policies come next. `hosts`: only host endpoints meet them."""

    hosts: bool


@dataclass(frozen=True, slots=True)
class Ask:
    """A policy: of whom, and its rules of this direction."""

    selector: Selector
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class End:
    """The tier is over. `default` None: it has no say where no rule matched."""

    default: Action | None


@dataclass(frozen=True, slots=True)
class Profiles:
    """Of each end, one by one, after the last tier."""

    given: Mapping[str, Profile]


Step = Begin | Ask | End | Profiles
Steps = tuple[Step, ...]


def steps_of(state: ClusterState, view: View, direction: Direction) -> Steps:
    found: list[Step] = []
    for stage in Stage:
        for tier, policies in state.policies_of(view, direction, stage):
            found.append(Begin(hosts=stage is not Stage.NORMAL))
            found += (Ask(each.selector, each.rules(direction) or ()) for each in policies)
            found.append(End(tier.default_action if stage is Stage.NORMAL else None))
    return *found, Profiles(state.profiles)


@dataclass(frozen=True, slots=True)
class Fork:
    """Two lists of steps: what both begin with, where each goes its own way, and what both end with.

    `last` is cut before each Begin: between tiers there is less to tell ways apart by.
    """

    first: Steps
    own: tuple[Steps, Steps]
    last: tuple[Steps, ...]

    @staticmethod
    def of(one: Steps, other: Steps) -> "Fork":
        begin = _shared(one, other)
        end = _shared(one[begin:][::-1], other[begin:][::-1])
        own = tuple(each[begin : len(each) - end] for each in (one, other))
        return Fork(one[:begin], (own[0], own[1]), tuple(_tiers(one[len(one) - end :])))


def _shared(one: Sequence[Step], other: Sequence[Step]) -> int:
    count = 0
    for mine, theirs in zip(one, other, strict=False):
        if mine != theirs:
            break
        count += 1
    return count


def _tiers(steps: Steps) -> list[Steps]:
    if not steps:
        return []
    cuts = [place for place, each in enumerate(steps) if place and isinstance(each, Begin | Profiles)]
    return [steps[start:end] for start, end in zip((0, *cuts), (*cuts, len(steps)), strict=True)]
