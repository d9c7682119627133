"""Selections by labels that a rollout does not change, and how few of them tell some from others."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from tapetum.policy.labels import Labels
from tapetum.policy.selectors import Equals, Has, In, Not, Selector, both

StableLabels = frozenset[tuple[str, str]]

_PASSING = frozenset((
    "pod-template-hash", "controller-revision-hash", "pod-template-generation", "rollouts-pod-template-hash",
    "statefulset.kubernetes.io/pod-name", "apps.kubernetes.io/pod-index",
    "job-name", "batch.kubernetes.io/job-name", "controller-uid", "batch.kubernetes.io/controller-uid",
    "batch.kubernetes.io/job-completion-index",
    "version", "app.kubernetes.io/version", "helm.sh/chart", "chart", "release-revision",
))  # fmt: skip
"""What controllers, rollouts and releases change, so that a policy must not hang on it."""
_IDENTIFYING = (
    "app.kubernetes.io/name", "app", "k8s-app", "app.kubernetes.io/instance", "app.kubernetes.io/component",
    "component", "role", "tier", "name", "run",
)  # fmt: skip
"""In the order in which they are tried."""
_LABEL = re.compile(r"[A-Za-z0-9_./-]{1,317}")
_VALUE = re.compile(r"[A-Za-z0-9_.-]{0,63}")
_MOST = 3


@dataclass(frozen=True, slots=True)
class Selection:
    """Each label has one of its values, and none of `absent` is there. Nothing given: everything."""

    terms: tuple[tuple[str, tuple[str, ...]], ...] = ()
    absent: tuple[str, ...] = ()

    @property
    def selector(self) -> Selector:
        held = (Equals(key, v[0]) if len(v) == 1 else In(key, frozenset(v)) for key, v in self.terms)
        return both(*held, *(Not(Has(key)) for key in self.absent))

    @property
    def label_selector(self) -> dict[str, Any]:
        """As Kubernetes writes it."""
        single = {key: values[0] for key, values in self.terms if len(values) == 1}
        several = [
            {"key": key, "operator": "In", "values": list(values)}
            for key, values in self.terms
            if len(values) > 1
        ]
        several += [{"key": key, "operator": "DoesNotExist"} for key in self.absent]
        return {
            **({"matchLabels": single} if single else {}),
            **({"matchExpressions": several} if several else {}),
        }

    def holds(self, labels: StableLabels) -> bool:
        return bool(self.selector.holds(Labels(dict(labels))))


EVERYONE = Selection()


def stable(labels: Mapping[str, str]) -> StableLabels:
    return frozenset(
        (key, value)
        for key, value in labels.items()
        if key not in _PASSING and _LABEL.fullmatch(key) and _VALUE.fullmatch(value)
    )


def telling(wanted: Sequence[StableLabels], others: Iterable[StableLabels]) -> Selection | None:
    """The fewest labels that all wanted share and that hold for no other; None where none do.

    Labels that name applications are preferred. Where only some of the others have more labels, their
    absence is asked for.
    """
    rivals = [each for each in others if each not in wanted]
    shared = sorted(frozenset.intersection(*wanted), key=_preference)
    for count in range(1, _MOST + 1):
        for chosen in combinations(shared, count):
            if not any(each.issuperset(chosen) for each in rivals):
                return Selection(tuple((key, (value,)) for key, value in chosen))
    absent: set[str] = set()
    held = {key for each in wanted for key, _ in each}
    for rival in rivals:
        if rival.issuperset(shared):
            more = sorted(key for key, _ in rival if key not in held)
            if not more:
                return None
            absent.add(more[0])
    return Selection(tuple((key, (value,)) for key, value in shared), tuple(sorted(absent)))


def merged(selections: Sequence[Selection]) -> list[Selection]:
    """Those that differ in the value of one label become one; exactly the same is selected."""
    by_label: dict[str, set[str]] = {}
    found: list[Selection] = []
    for each in selections:
        if len(each.terms) == 1 and not each.absent:
            (key, values), = each.terms  # fmt: skip
            by_label.setdefault(key, set()).update(values)
        else:
            found.append(each)
    one = [Selection(((key, tuple(sorted(values))),)) for key, values in by_label.items()]
    return sorted([*one, *found], key=repr)


def _preference(label: tuple[str, str]) -> tuple[int, str]:
    key = label[0]
    return _IDENTIFYING.index(key) if key in _IDENTIFYING else len(_IDENTIFYING), key
