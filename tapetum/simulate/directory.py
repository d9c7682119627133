"""Finds a world's endpoints by label, namespace, address or domain: the members of a selection.

Reads the author's values, never selector text; who decides a connection is in `verdicts`.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from ipaddress import ip_address, ip_network
from types import MappingProxyType

from tapetum.simulate.inventory import Endpoint, Host, Labels, Namespace, Remote, Workload
from tapetum.simulate.policies import Peer, Selection, Terms

Keys = frozenset[str]


class Directory:
    """Keys of endpoints, indexed once. Immutable after construction."""

    def __init__(self, namespaces: Iterable[Namespace], endpoints: Iterable[Endpoint]) -> None:
        self._namespaces = tuple(namespaces)
        self.endpoints: Mapping[str, Endpoint] = MappingProxyType({each.key: each for each in endpoints})
        self._by_label = _index((each.key, labels_of(each)) for each in self.endpoints.values())
        self._by_namespace_label = _index((each.name, each.labels) for each in self._namespaces)
        residents: dict[str, set[str]] = defaultdict(set)
        for each in self.endpoints.values():
            residents[namespace_of(each)].add(each.key)
        self._residents = {name: frozenset(keys) for name, keys in residents.items()}
        self._everyone = frozenset(self.endpoints)
        self._known: dict[tuple[Selection, str], Keys] = {}

    def members(self, selection: Selection, namespace: str) -> Keys:
        """Who a selection means in a policy of `namespace` (empty: a global policy)."""
        known = self._known.get((selection, namespace))
        if known is None:
            known = self._known[selection, namespace] = self._select(selection, namespace)
        return known

    def peers(self, peer: Peer, namespace: str) -> Keys | None:
        """Who may stand on the other side of a rule; None: anyone."""
        if peer.who is not None:
            return self.members(peer.who, namespace)
        if peer.nets:
            return frozenset(each.key for each in self._fixed() if _inside(each, peer.nets))
        if peer.domains:
            return frozenset(each.key for each in self._fixed() if _named(each, peer.domains))
        return None

    def _select(self, selection: Selection, namespace: str) -> Keys:
        if selection.namespaces is not None:
            names = _all(self._by_namespace_label, selection.namespaces)
            if names is None:
                names = frozenset(each.name for each in self._namespaces)
            base = frozenset[str]().union(*(self._residents.get(name, frozenset()) for name in names))
        elif namespace:
            base = self._residents.get(namespace, frozenset[str]())
        else:
            base = self._everyone
        labelled = _all(self._by_label, selection.labels)
        return base if labelled is None else base & labelled

    def _fixed(self) -> Iterable[Host | Remote]:
        """Endpoints whose addresses are written down; no policy of ours names a pod's address."""
        return (each for each in self.endpoints.values() if not isinstance(each, Workload))


def labels_of(endpoint: Endpoint) -> Labels:
    return endpoint.labels or {}


def namespace_of(endpoint: Endpoint) -> str:
    return "" if isinstance(endpoint, Host) else endpoint.namespace


def _index(entries: Iterable[tuple[str, Labels]]) -> dict[str, dict[str, Keys]]:
    sets: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for key, labels in entries:
        for label, value in labels.items():
            sets[label][value].add(key)
    return {
        label: {value: frozenset(keys) for value, keys in values.items()} for label, values in sets.items()
    }


def _all(index: dict[str, dict[str, Keys]], terms: Terms) -> Keys | None:
    found: Keys | None = None
    for label, values in terms:
        held = index.get(label, {})
        wanted = held.values() if not values else (held.get(value, frozenset[str]()) for value in values)
        keys = frozenset[str]().union(*wanted)
        found = keys if found is None else found & keys
    return found


def _inside(endpoint: Host | Remote, nets: tuple[str, ...]) -> bool:
    addresses = (endpoint.address,) if isinstance(endpoint, Host) else endpoint.addresses
    wide = [ip_network(net) for net in nets]
    return all(any(ip_address(address) in net for net in wide) for address in addresses)


def _named(endpoint: Host | Remote, patterns: tuple[str, ...]) -> bool:
    if isinstance(endpoint, Host):
        return False
    return any(_fits(domain, pattern) for domain in endpoint.domains for pattern in patterns)


def _fits(domain: str, pattern: str) -> bool:
    """A `*` stands for one or more labels of the name; here it is only ever the first."""
    if pattern.startswith("*."):
        return domain.endswith(pattern[1:]) and domain != pattern[1:]
    return domain == pattern
