"""DNS logs: the lookups behind a world's DNS flows, by client and name.

Their counts add up to the connections of the DNS flow logs of the same window.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tapetum.simulate.connections import Connection
from tapetum.simulate.flushes import Flush, dice, flushes, opened
from tapetum.simulate.inventory import Remote, Workload
from tapetum.simulate.manifests import service_addresses
from tapetum.simulate.moments import iso
from tapetum.simulate.pieces import KEEP_PODS
from tapetum.simulate.pods import Pod
from tapetum.simulate.world import World

_MOST_NAMES = 12  # a client asks for in one flush
_LOGGED = 6  # names of one client that are logged in one flush; the rest is only counted
_DICE = 3


@dataclass(frozen=True, slots=True)
class _Question:
    name: str
    kind: str = "A"
    code: str = "NoError"
    answers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Row:
    lookups: int
    question: _Question
    lane: int
    client: Workload
    pod: Pod
    server: Workload
    server_pod: Pod


def dns_records(world: World, start: int, end: int, window: int, level: int) -> Iterator[dict[str, Any]]:
    questions = _questions(world)
    asking = _asking(world)
    for flush in flushes(world.spec.epoch, start, end, window):
        delays = dice(world.spec.seed, flush, _DICE)
        logged: Counter[int] = Counter()
        unlogged: Counter[str] = Counter()
        for row in _rows(world, flush, asking, questions):
            logged[row.lane] += 1
            if logged[row.lane] > _LOGGED:
                unlogged[row.pod.host.name] += row.lookups
            else:
                yield _logged(row, flush, level, float(delays.random()))
        for host, lookups in unlogged.items():
            yield {**_times(flush), "type": "UNLOGGED", "count": lookups, "host": host}


def _asking(world: World) -> list[tuple[int, Connection]]:
    """Lanes of lookups that reach the server."""
    numbers = world.lanes.connection.tolist()
    lanes = [(lane, world.connections[number]) for lane, number in enumerate(numbers)]
    return [(lane, each) for lane, each in lanes if each.call.port == "dns" and not each.refused]


def _rows(
    world: World,
    flush: Flush,
    asking: Sequence[tuple[int, Connection]],
    questions: dict[str, list[_Question]],
) -> Iterator[_Row]:
    happened = opened(world.spec.seed, world.spec.epoch, world.lanes, flush, world.story)
    luck = dice(world.spec.seed, flush, _DICE + 1)
    moment = flush.start // 1000
    for lane, connection in asking:
        count = int(happened.counts[lane])
        client, server = connection.source, connection.target
        if not count or not isinstance(client, Workload) or not isinstance(server, Workload):
            continue
        names = questions[client.key]
        split = luck.multinomial(count, np.full(len(names), 1 / len(names))).tolist()
        ordinals = int(world.lanes.source_pod[lane]), int(world.lanes.target_pod[lane])
        housing = world.housing
        pod = housing.pod(client, housing.generation(client, moment), ordinals[0])
        server_pod = housing.pod(server, housing.generation(server, moment), ordinals[1])
        for question, lookups in zip(names, split, strict=True):
            if lookups:
                yield _Row(lookups, question, lane, client, pod, server, server_pod)


def _questions(world: World) -> dict[str, list[_Question]]:
    """What each client asks for: the names of what it calls, and the search path's misses."""
    addresses = service_addresses(world)
    asked: dict[str, dict[_Question, None]] = defaultdict(dict)
    for connection in world.connections:
        client, target = connection.source, connection.target
        if not isinstance(client, Workload) or connection.call.port == "dns":
            continue
        if isinstance(target, Remote) and target.domains:
            domain = target.domains[0]
            asked[client.key][_Question(domain, answers=target.addresses)] = None
            asked[client.key][_Question(domain, "AAAA")] = None
            if client is not world.job:
                miss = f"{domain}.{client.namespace}.svc.cluster.local"
                asked[client.key][_Question(miss, code="NXDomain")] = None
        elif connection.service and isinstance(target, Workload):
            namespace, name, _ = connection.service
            found = (addresses[target.key],)
            asked[client.key][_Question(f"{name}.{namespace}.svc.cluster.local", answers=found)] = None
    itself = _Question("kubernetes.default.svc.cluster.local", answers=("172.20.0.1",))
    known = {each.key: list(asked[each.key])[:_MOST_NAMES] or [itself] for each in world.workloads}
    if world.job is not None:
        from_job = asked[world.job.key]
        known[world.job.key] = [
            each for each in from_job if each.answers and "cluster.local" not in each.name
        ]
    return known


def _logged(row: _Row, flush: Flush, level: int, luck: float) -> dict[str, Any]:
    kept = level == KEEP_PODS
    question = row.question
    mean = int(180_000 + 900_000 * luck + (4_000_000 if "cluster.local" not in question.name else 0))
    answers = [{"name": question.name, "class": "IN", "type": question.kind, "rdata": list(question.answers)}]
    return {
        **_times(flush),
        "type": "LOG",
        "count": row.lookups,
        "client_ip": row.pod.address if kept else None,
        "client_name": row.pod.name if kept else "-",
        "client_name_aggr": row.pod.aggregated,
        "client_namespace": row.client.namespace,
        "client_labels": _labels(row.pod if kept else None, row.pod),
        "qname": question.name,
        "qtype": question.kind,
        "qclass": "IN",
        "rcode": question.code,
        "rrsets": answers if question.answers else [],
        "servers": [
            {
                "ip": row.server_pod.address,
                "name": row.server_pod.name,
                "name_aggr": row.server_pod.aggregated,
                "namespace": row.server.namespace,
                "labels": _labels(row.server_pod, row.server_pod),
            }
        ],
        "latency_count": row.lookups,
        "latency_mean": mean,
        "latency_max": int(mean * (1.2 + 3 * luck)) if row.lookups > 1 else mean,
        "host": row.pod.host.name,
    }


def _labels(own: Pod | None, pod: Pod) -> list[str]:
    labels = own.labels if own else pod.shared_labels
    return [f"{key}={value}" for key, value in labels.items()]


def _times(flush: Flush) -> dict[str, str]:
    return {"start_time": iso(flush.start / 1000), "end_time": iso(flush.end / 1000)}
