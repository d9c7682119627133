"""Ends of connections by class: a peer, with its addresses narrowed to one IP version."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from typing import TypeVar

import numpy as np

from tapetum.policy.addresses import Region
from tapetum.policy.connection import Peer
from tapetum.policy.evaluate.addresses import narrowed
from tapetum.policy.evaluate.domains import looked_up
from tapetum.policy.labels import NO_LABELS
from tapetum.policy.replay.label_columns import LabelColumns
from tapetum.policy.replay.region_columns import RegionColumns
from tapetum.policy.replay.truths import NO, YES, Ints, Mask, Truths, negated, truth_of
from tapetum.policy.resources.network_sets import NetworkSet
from tapetum.policy.rules import Entity
from tapetum.policy.selectors import Selector
from tapetum.policy.state.cluster import ClusterState

VERSIONS = (None, 4, 6)
T = TypeVar("T")
V = TypeVar("V", bound=Hashable)


@dataclass(frozen=True, slots=True)
class EndClass:
    peer: int
    addresses: Region


class Ends:
    """All classes of ends of one set of connections. Only peers of both versions have several."""

    def __init__(self, state: ClusterState, peers: Sequence[Peer]) -> None:
        self._state = state
        self._peers = peers
        self._classes: list[EndClass] = []
        self._of = np.empty((len(peers), len(VERSIONS)), np.int64)
        for place, peer in enumerate(peers):
            single = peer.addresses.version is not None
            for which, version in enumerate(VERSIONS):
                if not (single and which):
                    self._classes.append(EndClass(place, narrowed(peer.addresses, version)))
                self._of[place, which] = len(self._classes) - 1
        self.peer = np.array([each.peer for each in self._classes], np.int64)
        self._among: dict[tuple[Selector, bool], Truths] = {}

    def of(self, peers: Ints, versions: Ints) -> Ints:
        """The class of each end, given its peer and the place of its connection's version in VERSIONS."""
        return self._of[peers, versions]

    def within(self, nets: Region) -> Truths:
        """By class."""
        places, columns = self._regions
        return columns.within(nets)[places]

    def selected(self, selector: Selector) -> Truths:
        """By peer: whether a policy applies to it."""
        places, columns = self._labels
        return columns.held(selector)[places]

    def entity(self, entity: Entity, *, destination: bool) -> Truths | None:
        """By class: all terms of a rule's end but ports and services; None where there are none."""
        terms: list[Truths] = []
        if entity.nets is not None:
            terms.append(self.within(entity.nets))
        if entity.not_nets is not None:
            terms.append(negated(self.within(entity.not_nets)))
        if entity.selector is not None:
            terms.append(self.among(entity.selector, destination=destination))
        if entity.not_selector is not None:
            terms.append(negated(self.among(entity.not_selector, destination=destination)))
        if entity.domains:
            terms.append(self._looked_up(entity.domains)[self.peer])
        return reduce(np.minimum, terms) if terms else None

    def among(self, selector: Selector, *, destination: bool) -> Truths:
        """By class. A selector means endpoints by their labels, and whatever lies in network sets of these
        labels.
        """
        key = selector, destination
        if key not in self._among:
            places, columns = self._labels
            found = np.where(self._labelled, columns.held(selector)[places], NO)[self.peer]
            for each in self._state.sets_selected(selector):
                found = np.maximum(found, self._member(each, destination))
            self._among[key] = found
        return self._among[key]

    def _member(self, found: NetworkSet, destination: bool) -> Truths:
        told = self.within(found.nets)
        if found.domains and destination:
            told = np.maximum(told, self._looked_up(found.domains)[self.peer])
        for place in self._known_sets:
            if any(each.still_in(found) for each in self._peers[place].sets):
                told = np.where(self.peer == place, YES, told)
        return told

    def _looked_up(self, patterns: tuple[str, ...]) -> Truths:
        """By peer, though only few differ in what domains they can have."""
        places, kinds = self._lookups
        told = [truth_of(looked_up(patterns, self._peers[each])) for each in kinds]
        return np.array(told, np.uint8)[places]

    @cached_property
    def _labelled(self) -> Mask:
        return np.array([peer.labels is not None for peer in self._peers], np.bool_)

    @cached_property
    def _known_sets(self) -> list[int]:
        return [place for place, peer in enumerate(self._peers) if peer.sets]

    @cached_property
    def _labels(self) -> tuple[Ints, LabelColumns]:
        places, every = distinct(self._peers, lambda peer: NO_LABELS if peer.labels is None else peer.labels)
        return places, LabelColumns(every)

    @cached_property
    def _regions(self) -> tuple[Ints, RegionColumns]:
        places, every = distinct(self._classes, lambda each: each.addresses)
        return places, RegionColumns(every)

    @cached_property
    def _lookups(self) -> tuple[Ints, list[int]]:
        """One peer for each way to have domains."""
        places, every = distinct(self._peers, lambda peer: (peer.kind, peer.domains, peer.not_domains))
        first = {way: place for place, way in reversed(list(enumerate(places.tolist())))}
        return places, [first[way] for way in range(len(every))]


def distinct(every: Sequence[T], of: Callable[[T], V]) -> tuple[Ints, list[V]]:
    """The place of each one's value among the distinct values, and these."""
    values: dict[V, int] = {}
    places = [values.setdefault(of(each), len(values)) for each in every]
    return np.array(places, np.int64), list(values)
