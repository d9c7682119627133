"""L7 logs: the requests behind a world's HTTP and TLS flows, by path, method and status.

Their bytes are those of the connections of the same window; each connection carries some requests.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tapetum.simulate.connections import Connection
from tapetum.simulate.flushes import Flush, dice, flushes, opened
from tapetum.simulate.inventory import Workload
from tapetum.simulate.naming import digest
from tapetum.simulate.pods import Pod
from tapetum.simulate.world import World

_DICE = 5
_SPEECHES = {"http", "https"}


@dataclass(frozen=True, slots=True)
class _Request:
    method: str
    path: str
    status: str
    weight: float


_READ = (
    _Request("GET", "/{app}/v1/items", "200", 0.62),
    _Request("GET", "/{app}/v1/items/detail", "200", 0.2),
    _Request("POST", "/{app}/v1/items", "201", 0.12),
    _Request("GET", "/{app}/v1/items/detail", "404", 0.05),
    _Request("POST", "/{app}/v1/items", "503", 0.01),
)
_SEALED = (_Request("-", "-", "-", 1.0),)  # of TLS only the handshake is seen
_AGENTS = ("okhttp/4.12.0", "Go-http-client/1.1", "python-requests/2.32", "node-fetch/3.3")


def l7_records(world: World, start: int, end: int, window: int, level: int) -> Iterator[dict[str, Any]]:
    """`level` is not used: L7 logs never name a pod."""
    del level
    speaking = [
        (lane, world.connections[number])
        for lane, number in enumerate(world.lanes.connection.tolist())
        if _speaks(world.connections[number])
    ]
    for flush in flushes(world.spec.epoch, start, end, window):
        happened = opened(world.spec.seed, world.spec.epoch, world.lanes, flush, world.story)
        luck = dice(world.spec.seed, flush, _DICE)
        for lane, connection in speaking:
            count = int(happened.counts[lane])
            if not count:
                continue
            source, target = _pods(world, connection, lane, flush.start // 1000)
            requests = _SEALED if connection.call.port == "https" else _READ
            each = 2 + lane % 3
            split = luck.multinomial(count * each, [request.weight for request in requests]).tolist()
            for request, times in zip(requests, split, strict=True):
                if times:
                    share = times / each
                    delay = float(luck.random())
                    yield {
                        **_ends(connection, source, target),
                        **_counts(connection, flush, times, share, delay),
                        **_request(connection, request),
                    }


def _speaks(connection: Connection) -> bool:
    ends = connection.source, connection.target
    return (
        connection.call.port in _SPEECHES
        and not (connection.silent or connection.closed)
        and connection.service is not None
        and all(isinstance(end, Workload) for end in ends)
    )


def _pods(world: World, connection: Connection, lane: int, moment: int) -> tuple[Pod, Pod]:
    def pod(end: object, ordinal: int) -> Pod:
        if not isinstance(end, Workload):
            msg = "an L7 log names two workloads"
            raise TypeError(msg)
        return world.housing.pod(end, world.housing.generation(end, moment), ordinal)

    lanes = world.lanes
    return (
        pod(connection.source, int(lanes.source_pod[lane])),
        pod(connection.target, int(lanes.target_pod[lane])),
    )


def _ends(connection: Connection, source: Pod, target: Pod) -> dict[str, Any]:
    namespace, service, _ = connection.service or ("-", "-", "-")
    return {
        "host": target.host.name,
        "src_name_aggr": source.aggregated,
        "src_namespace": connection.source.key.partition("/")[0],
        "src_type": "wep",
        "dest_name_aggr": target.aggregated,
        "dest_namespace": namespace,
        "dest_type": "wep",
        "dest_service_name": service,
        "dest_service_namespace": namespace,
        "dest_service_port": connection.port,
    }


def _counts(
    connection: Connection, flush: Flush, times: int, connections: float, luck: float
) -> dict[str, Any]:
    mean = int(connection.call.rtt * 1_000 * (1.5 + 6 * luck))
    return {
        "start_time": flush.start // 1000,
        "end_time": flush.end // 1000,
        "bytes_in": int(connections * connection.call.out),
        "bytes_out": int(connections * connection.call.back),
        "duration_mean": mean,
        "duration_max": int(mean * (1 + 9 * luck)) if times > 1 else mean,
        "count": times,
    }


def _request(connection: Connection, request: _Request) -> dict[str, Any]:
    namespace, service, _ = connection.service or ("-", "-", "-")
    tls = request in _SEALED
    agent = _AGENTS[digest("agent", connection.source.key) % len(_AGENTS)]
    return {
        "url": "-" if tls else f"{service}.{namespace}" + request.path.format(app=service),
        "response_code": request.status,
        "method": request.method,
        "user_agent": "-" if tls else agent,
        "type": "tls" if tls else "html/1.1",
        "protocol": "tls" if tls else "http",
        "protocol_version": "1.3" if tls else "1.1",
        "collector_type": "envoy-access-log",
        "collector_name": "daemonset",
        "tls_sni": f"{service}.{namespace}.svc" if tls else "-",
        "tls_version": "1.3" if tls else "-",
        "tls_cipher_suite": "TLS_AES_128_GCM_SHA256" if tls else "-",
    }
