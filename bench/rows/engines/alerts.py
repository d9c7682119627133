"""From a POST to one replica to the alert on the WebSockets of both, while 5,000 flows a second come in."""

from urllib.parse import urlsplit

from bench.figures import Figure, Of, Target
from bench.rows.alerts import BODIES_A_SECOND, bodies, measure, post
from bench.rows.subscribers import denied
from bench.served import Served
from bench.servers import emptied
from bench.setting import Setting
from tests.support.fleet import Fleet, Process

ROW = "engines.alerts"
_A_SECOND = 5_000
_SECONDS = 20
_BEFORE = 3
"""Seconds' worth of flows before it counts: indices are made and engines are slow with their first ones."""

_QUICK = Target(2000, at_least=False, of=Of.VALUE, unit="ms")
_SETTLING = 120.0
_PATIENCE = "0.1"
"""Seconds that a sender waits for what workers count: else four of them would send no more than is stored."""


def run(setting: Setting) -> list[Figure]:
    flows = setting.sized(_A_SECOND, 100)
    seconds = max(1, round(_SECONDS * min(1.0, setting.scale * 5)))
    on = emptied()
    with setting.directory() as files:
        ready = bodies(files / "flows.ndjson", flows, _BEFORE + seconds, setting.scale)
        early, sending = ready[: _BEFORE * BODIES_A_SECOND], ready[_BEFORE * BODIES_A_SECOND :]
        with Fleet(files, on, apis=2, workers=1, TAPETUM_PUSH_PATIENCE=_PATIENCE) as fleet:
            replicas = list(map(_served, fleet.apis))
            for body in early:
                post(replicas[0], body + denied())
            fleet.drained(_SETTLING)
            left: list[float] = []
            heard, sent = measure(replicas, sending, lambda: left.append(fleet.drained(_SETTLING)))
    for each in heard:
        if each.messages[0] != len(sending):
            raise AssertionError(f"{each.messages[0]} of {len(sending)} alerts were heard.")
    what = f"{flows:,} flows/s, 2 replicas, 1 worker"
    return [
        Figure(
            ROW,
            f"{what}: from POST to alert on both, p95",
            max(each.p95 for each in heard),
            "ms",
            target=_QUICK,
        ),
        Figure(ROW, "p50", max(each.p50 for each in heard), "ms"),
        Figure(ROW, "flows sent", flows * seconds / sent, "flows/s"),
        Figure(ROW, "until all was applied, after the last was sent", left[0], "s"),
    ]


def _served(process: Process) -> Served:
    return Served(urlsplit(process.url).port or 0, process.pid)
