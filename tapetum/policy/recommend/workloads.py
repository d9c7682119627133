"""Who a policy can tell apart: pods of one namespace with the same labels but for what rollouts change.

Pods that a record names and the cluster no longer holds are known by their labels, else by their name.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tapetum.domain.endpoints import EndpointKind
from tapetum.policy.labels import Labels
from tapetum.policy.recommend.selections import EVERYONE, Selection, StableLabels, stable, telling
from tapetum.policy.state import ClusterState, LoggedEnd

_HASHED = re.compile(r"-[bcdfghjklmnpqrstvwxz2456789]{6,10}$")
_STARTED = re.compile(r"-\d{6,}$")
"""What a CronJob adds to the names of its jobs: the minute at which they were due."""


@dataclass(frozen=True, slots=True)
class Workload:
    """`pods` 0: only records tell of it. Its selection holds for its pods and no other of the namespace."""

    namespace: str
    name: str
    labels: StableLabels
    pods: int
    selection: Selection

    def __str__(self) -> str:
        return f"{self.namespace}/{self.name}"


class Workloads:
    """All of a cluster's, and those that the given ends name besides."""

    def __init__(self, state: ClusterState, ends: Iterable[LoggedEnd]) -> None:
        self._state = state
        names: dict[tuple[str, StableLabels], set[str]] = defaultdict(set)
        pods: dict[tuple[str, StableLabels], int] = defaultdict(int)
        for (namespace, aggregate), siblings in state.groups.items():
            for pod in siblings:
                key = namespace, stable(pod.labels)
                names[key].add(_plain(aggregate, pod.labels))
                pods[key] += 1
        self._named = {
            (namespace, name): key
            for key, every in sorted(names.items(), key=_order)
            for namespace in key[:1]
            for name in sorted(every)
        }
        for end in ends:
            if end.kind is EndpointKind.WORKLOAD and end.labels and self._known(end, names) is None:
                labels = _labels(end)
                key = end.namespace or "", stable(labels)
                if key[0] and key[1]:
                    names[key].add(_plain(end.aggregate or end.name or "", labels))
        self.every: Mapping[tuple[str, StableLabels], Workload] = _told_apart(names, pods)
        self._names = names

    def of(self, end: LoggedEnd) -> Workload | None:
        """None: neither labels nor name tell whose pod it is."""
        key = self._known(end, self._names)
        return None if key is None else self.every.get(key)

    def _known(
        self, end: LoggedEnd, known: Mapping[tuple[str, StableLabels], set[str]]
    ) -> tuple[str, StableLabels] | None:
        namespace, aggregate = end.namespace or "", end.aggregate or ""
        pod = self._state.pods.get((namespace, end.name or aggregate))
        if pod is not None and pod.networked:
            return namespace, stable(pod.labels)
        siblings = {stable(each.labels) for each in self._state.groups.get((namespace, aggregate), ())}
        if len(siblings) == 1:
            return namespace, next(iter(siblings))
        labels = _labels(end)
        own = namespace, stable(labels)
        if own in known and (own[1] or not aggregate):
            return own
        named = self._named.get((namespace, _plain(aggregate or end.name or "", labels)))
        # A record holds only labels that all siblings share, so that some of the workload's may be missing.
        return named if named is not None and own[1] <= named[1] else None


def _told_apart(
    names: Mapping[tuple[str, StableLabels], set[str]], pods: Mapping[tuple[str, StableLabels], int]
) -> dict[tuple[str, StableLabels], Workload]:
    here: dict[str, list[StableLabels]] = defaultdict(list)
    for namespace, labels in names:
        here[namespace].append(labels)
    found: dict[tuple[str, StableLabels], Workload] = {}
    taken: set[tuple[str, str]] = set()
    for (namespace, labels), every in sorted(names.items(), key=_order):
        plain = min(every, key=lambda each: (len(each), each))
        name, number = plain, 1
        while (namespace, name) in taken:
            number += 1
            name = f"{plain}-{number}"
        taken.add((namespace, name))
        selection = telling([labels], here[namespace]) if len(here[namespace]) > 1 or labels else EVERYONE
        found[namespace, labels] = Workload(
            namespace, name, labels, pods.get((namespace, labels), 0), selection or EVERYONE
        )
    return found


def _order(item: tuple[tuple[str, StableLabels], set[str]]) -> tuple[str, list[str], list[tuple[str, str]]]:
    (namespace, labels), every = item
    return namespace, sorted(every), sorted(labels)


def _plain(name: str, labels: Mapping[str, str]) -> str:
    """The workload's name in that of its pods: without what a controller appended."""
    text = name.removesuffix("*").removesuffix("-")
    stamp = labels.get("pod-template-hash")
    if stamp:
        text = text.removesuffix(f"-{stamp}")
    elif name.endswith("*") and "job-name" not in labels:
        text = _HASHED.sub("", text)
    return _STARTED.sub("", text) or name


def _labels(end: LoggedEnd) -> Labels:
    pairs = (text.partition("=") for text in end.labels or ())
    return Labels({key: value for key, _, value in pairs})
