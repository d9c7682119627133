"""Edges of one workload in one direction to rules: equal ports together, peers merged.

Nothing is widened but where a record or the style leaves no narrower form; then a note says so.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tapetum.policy.recommend.edges import Edge, Evidence
from tapetum.policy.recommend.naming import by_version, naming
from tapetum.policy.recommend.options import Options, Style
from tapetum.policy.recommend.parties import PRIVATE_NETS, Address, Outside, Party
from tapetum.policy.recommend.peers import Among, AnyPod, Behind, Names, Nets, Peer
from tapetum.policy.rules import WITH_PORTS, Direction
from tapetum.policy.state import ClusterState

_WIDE = 6
_At = tuple[str | None, int | None, Outside]
"""A network at a protocol and port."""
Ports = tuple[int, ...] | None
"""None: the protocol has none, or the record leaves them out."""


@dataclass(frozen=True, slots=True)
class Draft:
    """`evidence` None: the rule denies, and rests on none."""

    peer: Peer
    protocol: str | None = None
    ports: Ports = None
    parties: tuple[Party, ...] = ()
    evidence: Evidence | None = None
    notes: tuple[str, ...] = ()

    @property
    def denies(self) -> bool:
        return self.evidence is None


ANY_POD = Draft(AnyPod())


def drafts(
    state: ClusterState, direction: Direction, edges: Iterable[Edge], options: Options
) -> tuple[Draft, ...]:
    found: dict[tuple[str | None, Party], dict[int | None, list[Evidence]]] = defaultdict(
        lambda: defaultdict(list)
    )
    every = list(edges)
    crowded = _crowded(direction, every, options)
    for edge in every:
        party = _other(edge, direction)
        if isinstance(party, Address) and (edge.protocol, edge.port, party.outside) in crowded:
            party = party.outside
        found[edge.protocol, party][edge.port].append(edge.evidence)
    by_ports: dict[tuple[str | None, Ports], dict[Party, Evidence]] = defaultdict(dict)
    for (protocol, party), ports in found.items():
        numbers = None if None in ports else tuple(sorted(port for port in ports if port is not None))
        by_ports[protocol, numbers][party] = _sum(each for some in ports.values() for each in some)
    rules = [
        each
        for (protocol, ports), parties in by_ports.items()
        for each in _rules(state, protocol, ports, parties, options)
    ]
    rules.sort(key=_order)
    wide = next((place for place, each in enumerate(rules) if _rank(each.peer) == _WIDE), None)
    if wide is not None and options.style is not Style.KUBERNETES:
        rules.insert(wide, ANY_POD)
    return tuple(rules)


def _other(edge: Edge, direction: Direction) -> Party:
    return edge.destination if direction is Direction.EGRESS else edge.source


def _crowded(direction: Direction, edges: Sequence[Edge], options: Options) -> set[_At]:
    """Networks of which too many addresses are known to list them, or some record leaves them out."""
    addresses: dict[_At, set[str]] = defaultdict(set)
    found: set[_At] = set()
    for edge in edges:
        party = _other(edge, direction)
        if isinstance(party, Address):
            addresses[edge.protocol, edge.port, party.outside].add(party.text)
        elif isinstance(party, Outside):
            found.add((edge.protocol, edge.port, party))
    return found | {key for key, texts in addresses.items() if len(texts) > options.few_addresses}


def _rules(
    state: ClusterState, protocol: str | None, ports: Ports, parties: dict[Party, Evidence], options: Options
) -> Iterable[Draft]:
    lost = () if ports or protocol not in WITH_PORTS else ("The records leave the port out.",)
    if protocol is None:
        lost = ("The records leave the protocol out.",)
    every = naming(state, parties, options)
    if options.style is not Style.KUBERNETES:
        every = (one for each in every for one in by_version(each, protocol))
    for named in every:
        held = tuple(sorted(named.parties, key=repr))
        evidence = _sum(parties[each] for each in held)
        yield Draft(named.peer, protocol, ports, held, evidence, (*lost, *named.notes))


def _sum(every: Iterable[Evidence]) -> Evidence:
    first, *rest = every
    return sum(rest, first)


def _rank(peer: Peer) -> int:
    match peer:
        case Among(namespace, _):
            return 1 if namespace is None else 0
        case Behind():
            return 4
        case Names():
            return 3
        case AnyPod():
            return 5
        case Nets(nets, _):
            return _WIDE if not nets or nets == PRIVATE_NETS else 2


def _order(draft: Draft) -> tuple[int, str, str, tuple[int, ...]]:
    return _rank(draft.peer), str(draft.peer), draft.protocol or "", draft.ports or ()
