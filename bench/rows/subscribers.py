"""Two thousand subscribers of alerts, one of them stalled, against encoding once and writing in sequence."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from bench import served
from bench.audience import audience
from bench.figures import Figure, Of, Target
from bench.listeners import Heard, mark
from bench.served import Served
from bench.setting import Setting

ROW = "subscribers"
_CLIENTS = 2_000
_A_SECOND = 10
_SECONDS = 15
_ALL = Target(100, at_least=True, of=Of.VALUE, unit="%")
_QUICK = Target(300, at_least=False, of=Of.VALUE, unit="ms")
_INGEST = "/ingest/v1/flows?cluster=bench"
_PEER = "encode once, write in sequence"


@dataclass(frozen=True, slots=True)
class Outcome:
    heard: Heard
    raised: int
    cpu: float
    """Seconds of the server while the alerts were raised."""

    @property
    def delivered(self) -> float:
        """Percent of what should have arrived; more than was raised is as wrong as less."""
        exact = sum(min(count, 2 * self.raised - count) for count in self.heard.messages)
        return 100 * exact / (self.raised * len(self.heard.messages))

    def micros(self, ingest: float = 0.0) -> float:
        """CPU a message, after what raising an alert costs by itself."""
        return 1e6 * (self.cpu - ingest * self.raised) / max(1, sum(self.heard.messages))


def run(setting: Setting) -> list[Figure]:
    served.many_files()
    clients = setting.sized(_CLIENTS, 20)
    seconds = max(1, min(_SECONDS, round(_SECONDS * setting.scale * 5)))
    with setting.directory() as data, served.product(data) as server:
        alone = _measure(server, 1, 0, seconds / 2, _INGEST, denied)
        ours = _measure(server, clients, 1, seconds, _INGEST, denied)
    with served.module("bench.fanout") as server:
        floor = _measure(server, clients, 0, seconds, "/announce", _event)
    ingest = alone.cpu / alone.raised
    micros = ours.micros(ingest)
    what = f"{clients:,} x {_A_SECOND}/s, 1 stalled"
    return [
        Figure(ROW, f"{what}: delivered", ours.delivered, "%", floor.delivered, _PEER, target=_ALL),
        Figure(
            ROW,
            f"{what}: from sent to heard, p99",
            ours.heard.p99,
            "ms",
            floor.heard.p99,
            _PEER,
            target=_QUICK,
        ),
        Figure(ROW, f"{what}: p50", ours.heard.p50, "ms", floor.heard.p50, _PEER),
        Figure(
            ROW,
            f"{what}: CPU a message",
            micros,
            "us",
            floor.micros(),
            _PEER,
            cpu_ratio=micros / floor.micros(),
        ),
        Figure(ROW, "CPU of one flow's commit and alert", ingest * 1e3, "ms"),
    ]


def _measure(
    server: Served, clients: int, stalled: int, seconds: float, path: str, body: Callable[[], bytes]
) -> Outcome:
    with audience(server.port, clients, stalled) as end:
        before = server.cpu
        raised = _raise(server, seconds, path, body)
        heard = end()
        return Outcome(heard, raised, server.cpu - before)


def _raise(server: Served, seconds: float, path: str, body: Callable[[], bytes]) -> int:
    connection = server.connect()
    began, raised = time.monotonic(), 0
    while time.monotonic() - began < seconds:
        connection.request("POST", path, body())
        answer = connection.getresponse()
        if answer.status != 200:
            raise AssertionError(f"{path} answered {answer.status}: {answer.read()[:200]!r}")
        answer.read()
        raised += 1
        time.sleep(max(0.0, began + raised / _A_SECOND - time.monotonic()))
    connection.close()
    return raised


def denied() -> bytes:
    """One flow between two that were never denied before: it raises an alert."""
    now = int(time.time())
    return msgspec.json.encode(
        {
            "start_time": now - 5,
            "end_time": now,
            "source_name_aggr": mark(),
            "source_namespace": "shop",
            "source_type": "wep",
            "dest_name_aggr": "db-*",
            "dest_namespace": "data",
            "dest_type": "wep",
            "dest_port": 5432,
            "proto": "tcp",
            "action": "deny",
            "reporter": "dst",
            "num_flows_started": 1,
            "bytes_in": 60,
            "bytes_out": 0,
            "packets_in": 1,
            "packets_out": 0,
        }
    )


def _event() -> bytes:
    """An event as long as ours."""
    text = mark()
    alert = {
        "id": "x" * 40,
        "time": "2026-11-23T12:00:00.000000Z",
        "title": f"First denial from shop/{text} to data/db",
        "description": f"tcp 5432 from shop/{text} to data/db was denied at the destination. " * 2,
        "severity": 45,
        "source": {"name": text, "namespace": "shop"},
        "target": {"name": "db-*", "namespace": "data"},
    }
    return msgspec.json.encode({"alertRaised": {"cursor": "x" * 20, "gap": 0, "alert": alert}})
