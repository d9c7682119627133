"""The connections that claims are about, cut so finely that every term of a rule takes whole parts.

Ends are classes of the cluster's endpoints that labels and nets do not tell apart, and ranges of other
addresses; or, for claims about any endpoints, ranges of all addresses.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import pairwise

from tapetum.policy.addresses import EVERYWHERE, Region
from tapetum.policy.analysis.boxes import Known
from tapetum.policy.labels import NO_LABELS, Labels
from tapetum.policy.rules import ICMP, ICMP6, LAST_PORT, SCTP, TCP, UDP, Direction, Entity, Ports, Rule
from tapetum.policy.selectors import Selector
from tapetum.policy.state import ClusterState

_REST = "any other protocol"
ANY_VERSION = 0b11
NO_PORT = 1
"""What protocols without ports have for a port."""


class Space:
    def __init__(self, state: ClusterState, *, of_cluster: bool) -> None:
        """`of_cluster` False: for any endpoints; selectors are then compared by what they say."""
        self.of_cluster = of_cluster
        self._state = state
        self._cuts = _cuts(_regions(state))
        self._cells = [Region(((begin, end - 1),)) for begin, end in pairwise(self._cuts)]
        self._ports = sorted({0, LAST_PORT + 1, *_port_cuts(state)})
        named = {name for rule in _rules(state) for name in (rule.protocol, rule.not_protocol) if name}
        self._protocols = [*sorted({TCP, UDP, SCTP, ICMP, ICMP6, *named}), _REST]
        self._selecting: dict[Selector, Known] = {}
        self._among: dict[Selector, Known] = {}
        self._within: dict[Region, Known] = {}

    @cached_property
    def _classes(self) -> list[tuple[Labels, int]]:
        """Labels, and the cells that the addresses may lie in."""
        every = self._state.endpoints if self.of_cluster else ()
        return list(dict.fromkeys((each.labels or NO_LABELS, self.cells(each.addresses)) for each in every))

    @property
    def subjects(self) -> int:
        """Ends that policies can apply to."""
        return (1 << len(self._classes)) - 1 if self.of_cluster else self.ends

    @cached_property
    def ends(self) -> int:
        return (1 << len(self._classes)) - 1 | self._real << len(self._classes)

    @property
    def ports(self) -> int:
        """All of them, and none."""
        return (1 << len(self._ports)) - 1

    def protocols(self, names: Iterable[str] | None = None) -> int:
        if names is None:
            return (1 << len(self._protocols)) - 1
        return sum(1 << self._protocols.index(name) for name in set(names))

    def at_ports(self, ports: Ports) -> int:
        found = 0
        for first, last in ports.ranges:
            begin, end = bisect_left(self._ports, first), bisect_left(self._ports, last + 1)
            found |= (1 << end) - (1 << begin)
        return found << 1

    def cells(self, addresses: Region) -> int:
        """Those that any of it lies in."""
        found = 0
        for first, last in addresses.intervals:
            begin, end = bisect_right(self._cuts, first) - 1, bisect_left(self._cuts, last + 1)
            found |= (1 << end) - (1 << begin)
        return found & self._real

    def at_addresses(self, nets: Region) -> Known:
        """Ends whose address lies in nets of which the space was made."""
        if nets not in self._within:
            inside = self.cells(nets)
            outside = inside << len(self._classes)
            least = _bits(not cells & ~inside for _, cells in self._classes)
            most = _bits(bool(cells & inside) for _, cells in self._classes)
            self._within[nets] = Known(least | outside, most | outside)
        return self._within[nets]

    def selecting(self, selector: Selector) -> Known:
        """Endpoints with such labels."""
        if selector not in self._selecting:
            held = [selector.holds(labels) for labels, _ in self._classes]
            self._selecting[selector] = Known(
                _bits(each is True for each in held), _bits(each is not False for each in held)
            )
        return self._selecting[selector]

    def among(self, selector: Selector) -> Known:
        """Ends that a rule's selector means: endpoints, and what lies in network sets of such labels."""
        if selector not in self._among:
            found = self.selecting(selector)
            for each, labels in self._state.set_labels:
                held = selector.holds(labels)
                if held is False:
                    continue
                inside = self.at_addresses(each.nets)
                found |= inside if held else Known(0, inside.most)
                if each.domains:
                    found |= Known(0, self.ends)
            self._among[selector] = found
        return self._among[selector]

    @cached_property
    def _real(self) -> int:
        """Between the lines of IPv4 and IPv6 lie no addresses."""
        return sum(1 << place for place, cell in enumerate(self._cells) if cell & EVERYWHERE)


def _bits(held: Iterable[bool]) -> int:
    """The first of them is the lowest."""
    return int("".join("01"[each] for each in held)[::-1] or "0", 2)


def _rules(state: ClusterState) -> Iterator[Rule]:
    for policy in state.policies:
        for direction in Direction:
            yield from policy.rules(direction) or ()


def _entities(state: ClusterState) -> Iterator[Entity]:
    for rule in _rules(state):
        yield rule.source
        yield rule.destination


def _regions(state: ClusterState) -> Iterator[Region]:
    yield EVERYWHERE
    for entity in _entities(state):
        yield from (each for each in (entity.nets, entity.not_nets) if each is not None)
    for found in state.network_sets.values():
        yield found.nets


def _cuts(regions: Iterable[Region]) -> list[int]:
    """Where cells begin; the last is where the last ends."""
    return sorted({cut for each in regions for first, last in each.intervals for cut in (first, last + 1)})


def _port_cuts(state: ClusterState) -> Iterator[int]:
    for entity in _entities(state):
        for ports in (entity.ports, entity.not_ports):
            for first, last in ports.ranges if ports else ():
                yield from (first, last + 1)
