"""What every store must answer, in plain Python over the same flows: dicts, loops and Counters."""

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from tapetum.domain.scope import EVERYTHING, Scope
from tests.support.factory import COUNTS, HOUR, MINUTE, End, Flow

Node = tuple[str, str, str | None, str]
Pair = tuple[Node, Node]
EdgeKey = tuple[Node, Node, str | None, int | None]
Sums = tuple[int | None, ...]
"""Records, connections, packets in and out, bytes in and out, bytes to target and to source."""

_KINDS = {"wep": "WORKLOAD", "hep": "HOST", "ns": "NETWORK_SET", "net": "NETWORK"}


def node_of(cluster: str, end: End, domain: str | None = None) -> Node:
    kind = end.kind
    if kind is None:  # judged by what it names
        outside = end.name in ("pub", "pvt") or (end.name is None and end.network is not None)
        kind = "wep" if end.namespace else "net" if outside else "hep"
    if kind == "net":
        if domain:
            return ("FQDN", cluster, None, domain)
        return ("NETWORK", cluster, None, end.network or end.name or "unknown")
    return (_KINDS[kind], cluster, end.namespace, end.name or "unknown")


def ends_of(flow: Flow) -> Pair:
    return node_of(flow.cluster, flow.source), node_of(flow.cluster, flow.dest, flow.domain)


def folded(node: Node) -> Node:
    _, cluster, namespace, _ = node
    return node if namespace is None else ("NAMESPACE", cluster, namespace, namespace)


@dataclass(frozen=True)
class Services:
    """docs/data-model.md, Services, spelled out anew: which node is a service, and what is behind it."""

    of_service: dict[Node, Node]
    of_workload: dict[Node, Node]
    sources: dict[EdgeKey, set[Node | None]]
    """By what sources called that which is no workload."""

    def called(self, flow: Flow) -> Node | None:
        """The service that a flow to what is no workload belongs to."""
        source, target = ends_of(flow)
        if target[0] == "WORKLOAD":
            return None
        if flow.service is not None:
            return self.of_service[service_of(flow)]
        said = self.sources.get((source, target, flow.proto, flow.port), set())
        return next(iter(said)) if flow.reporter != "src" and len(said) == 1 else None

    def placed(self, node: Node, expand: Collection[Node] = ()) -> Node:
        stands = self.of_workload.get(node)
        opened = {self.of_service.get(one) for one in expand if one[0] == "SERVICE"}
        return node if stands is None or stands in opened or folded(node) in expand else stands

    def target(self, flow: Flow, expand: Collection[Node] = ()) -> Node:
        return self.called(flow) or self.placed(ends_of(flow)[1], expand)

    def behind(self, service: Node) -> set[Node]:
        stands = self.of_service.get(service)
        return {node for node, group in self.of_workload.items() if group == stands}


def service_of(flow: Flow) -> Node:
    assert flow.service is not None
    return ("SERVICE", flow.cluster, *flow.service)


def services(flows: Iterable[Flow]) -> Services:
    """From all flows that somebody may see, of any time."""
    flows = list(flows)
    sharing = {service_of(flow): {service_of(flow)} for flow in flows if flow.service is not None}
    behind: dict[Node, set[Node]] = defaultdict(set)
    for flow in flows:
        target = ends_of(flow)[1]
        if flow.service is not None and target[0] == "WORKLOAD":
            behind[target].add(service_of(flow))
    for named in behind.values():
        whole = set().union(*(sharing[one] for one in named))
        for one in whole:
            sharing[one] = whole
    of_service = {one: min(whole, key=lambda each: each[1:]) for one, whole in sharing.items()}
    sources: dict[EdgeKey, set[Node | None]] = defaultdict(set)
    for flow in flows:
        if flow.reporter == "src" and ends_of(flow)[1][0] != "WORKLOAD":
            named_one = of_service[service_of(flow)] if flow.service is not None else None
            sources[(*ends_of(flow), flow.proto, flow.port)].add(named_one)
    of_workload = {node: of_service[next(iter(named))] for node, named in behind.items()}
    return Services(of_service, of_workload, sources)


def placed(node: Node, level: str, expand: Collection[Node] = ()) -> Node:
    whole = folded(node)
    return node if level == "WORKLOAD" or whole in {folded(one) for one in expand} else whole


def is_direct(level: str, target: Node) -> bool:
    return level == "SERVICE" and target[0] not in ("SERVICE", "WORKLOAD")


def distinct(flows: Iterable[Flow]) -> list[Flow]:
    """Each record once, as it came first."""
    return list({flow.id: flow for flow in flows}.values())


def seen_by(scope: Scope, flow: Flow) -> bool:
    """docs/data-model.md, Scopes, spelled out anew."""
    if scope.clusters is not None and flow.cluster not in scope.clusters:
        return False
    if scope.namespaces is None:
        return True
    touched = [end.namespace for end in (flow.source, flow.dest) if end.namespace is not None]
    return len(touched) > 0 and all((flow.cluster, name) in scope.namespaces for name in touched)


def chosen(
    flows: Iterable[Flow],
    start: int,
    end: int,
    scope: Scope = EVERYTHING,
    test: Callable[[Flow], bool] = lambda _: True,
) -> list[Flow]:
    return [flow for flow in flows if start <= flow.at < end and seen_by(scope, flow) and test(flow)]


def edge_keys(flows: Iterable[Flow]) -> dict[EdgeKey, list[Flow]]:
    found: dict[EdgeKey, list[Flow]] = defaultdict(list)
    for flow in flows:
        found[(*ends_of(flow), flow.proto, flow.port)].append(flow)
    return found


def verdicts(flows: Sequence[Flow]) -> tuple[list[Flow], list[Flow]]:
    """What counts as allowed and as denied of one edge key: DESIGN 3.2."""
    heard = any(flow.reporter == "dst" for flow in flows)
    allowed = [
        flow for flow in flows if flow.action == "allow" and flow.reporter == ("dst" if heard else "src")
    ]
    denied = [flow for flow in flows if flow.action == "deny" and flow.reporter in ("src", "dst")]
    return allowed, denied


def verdicts_of(flows: Iterable[Flow]) -> tuple[list[Flow], list[Flow]]:
    """Of many edge keys together."""
    allowed: list[Flow] = []
    denied: list[Flow] = []
    for told in edge_keys(flows).values():
        let, stopped = verdicts(told)
        allowed += let
        denied += stopped
    return allowed, denied


def add(flows: Sequence[Flow]) -> Sums:
    """A counter that nobody knows is None; nothing seen is a true zero."""
    if not flows:
        return (0,) * 8
    sums: list[int | None] = [len(flows)]
    for name in (*COUNTS, "to_target", "to_source"):
        known = [value for value in (_count(flow, name) for flow in flows) if value is not None]
        sums.append(sum(known) if known else None)
    return tuple(sums)


def _count(flow: Flow, name: str) -> int | None:
    if name in ("to_target", "to_source"):
        inwards = (name == "to_target") == (flow.reporter == "dst")
        name = "bytes_in" if inwards else "bytes_out"
    value: int | None = getattr(flow, name)
    return value


def estimated(flows: Iterable[Flow]) -> bool:
    return any((flow.sampling or 0) > 1 for flow in flows)


@dataclass(frozen=True)
class Edge:
    allowed: Sums
    denied: Sums
    estimated: tuple[bool, bool]


def service_graph(
    flows: Sequence[Flow],
    level: str = "NAMESPACE",
    expand: Collection[Node] = (),
    known: Sequence[Flow] | None = None,
) -> dict[Pair, Edge]:
    """`known` are all flows that the caller may see, of any time: they tell which services there are."""
    allowed: dict[Pair, list[Flow]] = defaultdict(list)
    denied: dict[Pair, list[Flow]] = defaultdict(list)
    told_of = services(flows if known is None else known)

    def pair_of(flow: Flow) -> Pair:
        source, target = ends_of(flow)
        if level == "SERVICE":
            return told_of.placed(source, expand), told_of.target(flow, expand)
        return placed(source, level, expand), placed(target, level, expand)

    for told in edge_keys(flows).values():
        let, stopped = verdicts(told)
        for flow in told:
            allowed[pair_of(flow)] += [flow] if flow in let else []
            denied[pair_of(flow)] += [flow] if flow in stopped else []
    return {
        pair: Edge(add(allowed[pair]), add(denied[pair]), (estimated(allowed[pair]), estimated(denied[pair])))
        for pair in allowed
    }


def members(
    flows: Sequence[Flow], level: str, expand: Collection[Node] = (), known: Sequence[Flow] | None = None
) -> dict[Node, int]:
    """Workloads with traffic that each namespace or service on screen stands for."""
    inside: dict[Node, set[Node]] = defaultdict(set)
    told_of = services(flows if known is None else known)
    for flow in flows:
        for node in ends_of(flow):
            place = told_of.placed(node, expand) if level == "SERVICE" else placed(node, level, expand)
            if place[0] in ("NAMESPACE", "SERVICE"):
                inside[place] |= {node} if node[0] == "WORKLOAD" else set()
    return {node: len(held) for node, held in inside.items()}


def of_edge(
    flows: Sequence[Flow],
    source: Node,
    target: Node,
    known: Sequence[Flow] | None = None,
    *,
    direct: bool = False,
) -> list[Flow]:
    """Flows of the edge between two nodes, each at its own level."""
    told_of = services(flows if known is None else known)

    def stands(one: Node, end: Node) -> bool:
        return end in told_of.behind(one) if one[0] == "SERVICE" else one in (end, folded(end))

    def arrives(flow: Flow) -> bool:
        called = told_of.called(flow)
        if target[0] == "SERVICE" and called is not None:
            return told_of.of_service.get(target) == called
        return stands(target, ends_of(flow)[1]) and not (direct and called)

    return [flow for flow in flows if stands(source, ends_of(flow)[0]) and arrives(flow)]


def reports(flows: Sequence[Flow]) -> dict[str, tuple[Sums, Sums]]:
    return {
        reporter: (
            add([flow for flow in told if flow.action == "allow"]),
            add([flow for flow in told if flow.action == "deny"]),
        )
        for reporter in ("src", "dst", "fwd")
        if (told := [flow for flow in flows if flow.reporter == reporter])
    }


def ports(flows: Sequence[Flow]) -> dict[tuple[str, int | None], tuple[str | None, Sums, Sums]]:
    """The service is named where the reports of a port name one only."""
    allowed: dict[tuple[str, int | None], list[Flow]] = defaultdict(list)
    denied: dict[tuple[str, int | None], list[Flow]] = defaultdict(list)
    services: dict[tuple[str, int | None], set[str]] = defaultdict(set)
    for (_, _, proto, port), told in edge_keys(flows).items():
        use = (proto or "unknown", port)
        let, stopped = verdicts(told)
        allowed[use] += let
        denied[use] += stopped
        services[use] |= {"/".join(flow.service) for flow in told if flow.service is not None}
    return {
        use: (
            next(iter(services[use])) if len(services[use]) == 1 else None,
            add(allowed[use]),
            add(denied[use]),
        )
        for use in allowed
    }


def neighbours(flows: Iterable[Flow], direction: str) -> dict[Node, set[Node]]:
    """Over edges that carried allowed traffic."""
    found: dict[Node, set[Node]] = defaultdict(set)
    for (source, target, _, _), told in edge_keys(flows).items():
        if verdicts(told)[0]:
            if direction in ("OUTGOING", "BOTH"):
                found[source].add(target)
            if direction in ("INCOMING", "BOTH"):
                found[target].add(source)
    return found


def standing_for(flows: Iterable[Flow], node: Node) -> set[Node]:
    return {end for flow in flows for end in ends_of(flow) if node in (end, folded(end))}


def reach(flows: Sequence[Flow], start: Node, direction: str, hops: int) -> dict[Node, int]:
    beside = neighbours(flows, direction)
    distance = dict.fromkeys(standing_for(flows, start), 0)
    waiting = deque(distance)
    while waiting:
        node = waiting.popleft()
        if distance[node] == hops:
            continue
        for other in beside[node]:
            if other not in distance:
                distance[other] = distance[node] + 1
                waiting.append(other)
    return {node: hop for node, hop in distance.items() if hop}


def shortest_paths(flows: Sequence[Flow], start: Node, end: Node) -> set[tuple[Node, ...]]:
    """All of them, from any node that `start` stands for to any that `end` does."""
    beside = neighbours(flows, "OUTGOING")
    goals = standing_for(flows, end)
    paths = [(node,) for node in standing_for(flows, start)]
    seen = {path[-1] for path in paths}
    if seen & goals:
        return set()
    while paths:
        paths = [(*path, node) for path in paths for node in beside[path[-1]] if node not in seen]
        arrived = {path for path in paths if path[-1] in goals}
        if arrived:
            return arrived
        seen |= {path[-1] for path in paths}
    return set()


def namespaces(flows: Iterable[Flow]) -> dict[tuple[str, str], int]:
    """(cluster, namespace) -> workloads."""
    inside: dict[tuple[str, str], set[Node]] = defaultdict(set)
    for flow in flows:
        for node in ends_of(flow):
            _, cluster, namespace, _ = node
            if namespace is not None:
                inside[cluster, namespace] |= {node} if node[0] == "WORKLOAD" else set()
    return {place: len(held) for place, held in inside.items()}


def effective(start: int, end: int, now: int) -> tuple[int, int]:
    unit = MINUTE if start >= now - 24 * HOUR - MINUTE else HOUR
    return start // unit * unit, -(-end // unit) * unit


def value_of(flow: Flow, name: str) -> Any:
    return flow.row[name]


def values_of(flow: Flow, name: str) -> list[Any]:
    """A field's distinct values; of the policy trace `policy_hits.part` or `policies.list`."""
    if name.startswith("policy_hits."):
        found = [hit.row[name.removeprefix("policy_hits.")] for hit in flow.hits]
    elif name.startswith("policies."):
        found = [hit.text for hit in flow.hits if name == f"policies.{hit.set}_policies"]
    else:
        value = value_of(flow, name)
        found = value if isinstance(value, list) else [value]
    return list(dict.fromkeys(value for value in found if value is not None))


def in_order(flows: Iterable[Flow], name: str, *, descending: bool) -> list[Flow]:
    """By the field then the id, both in the same direction; flows without the field come last."""
    present = [flow for flow in flows if value_of(flow, name) is not None]
    missing = [flow for flow in flows if value_of(flow, name) is None]
    present.sort(key=lambda flow: (value_of(flow, name), flow.id), reverse=descending)
    missing.sort(key=lambda flow: flow.id, reverse=descending)
    return present + missing


def histogram(flows: Iterable[Flow], step: int, by: str | None = None) -> dict[str, Counter[int]]:
    """series -> start of bucket -> records. Unlike the store, every series by its own name."""
    found: dict[str, Counter[int]] = defaultdict(Counter)
    for flow in flows:
        series = "all" if by is None else str(value_of(flow, by) or "-")
        found[series][flow.at // step * step] += 1
    return dict(found)


def top_values(
    flows: Sequence[Flow], name: str, limit: int, prefix: str = ""
) -> tuple[list[tuple[str, int]], int, int]:
    """(values, other, missing)"""
    counts = Counter(str(value) for flow in flows for value in values_of(flow, name))
    listed = [(value, count) for value, count in counts.items() if value.startswith(prefix)]
    listed.sort(key=lambda item: (-item[1], item[0]))
    kept = {value for value, _ in listed[:limit]}
    missing = sum(not values_of(flow, name) for flow in flows)
    covered = sum(any(str(value) in kept for value in values_of(flow, name)) for flow in flows)
    return listed[:limit], len(flows) - missing - covered, missing


def key_sums(flows: Iterable[Flow]) -> dict[int, tuple[int, ...]]:
    """flow key -> records and counters, unknown ones adding nothing."""
    found: dict[int, list[int]] = {}
    for flow in flows:
        sums = found.setdefault(flow.row["flow_key"], [0] * 6)
        for place, count in enumerate([1, *(getattr(flow, name) or 0 for name in COUNTS)]):
            sums[place] += count
    return {key: tuple(sums) for key, sums in found.items()}
