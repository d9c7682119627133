"""Replaying recorded connections under a policy set, beside the plain evaluator one by one."""

import os

import numpy as np

from bench import policies
from bench.figures import Figure, Of, Target
from bench.setting import Setting
from bench.timing import Took, middle, took
from tapetum.policy.evaluate import evaluate
from tapetum.policy.replay import Connections, replay
from tapetum.policy.state import ClusterState

ROW = "whatif"
_KEYS, _POLICIES, _ONE_BY_ONE = 1_000_000, 400, 2_000
_BOTH = 2
_MUST = Target(2.0, at_least=False, of=Of.VALUE, unit="s")


def run(setting: Setting) -> list[Figure]:
    connections = policies.connections(setting.sized(_KEYS, 1_000))
    count = setting.sized(_POLICIES, 10)
    threads = os.cpu_count() or 1
    ours = middle([_replayed(policies.state(count), connections, threads) for _ in range(setting.rounds)])
    few = min(_ONE_BY_ONE, len(connections))
    state = policies.state(count)
    plain = took(lambda: _one_by_one(state, connections, few))
    _agree(state, connections, few)
    what = f"{len(connections):,} keys x {count} policies x {policies.RULES} rules"
    each = plain.cpu / few * len(connections)
    return [
        Figure(ROW, f"{what}, a direction", ours.wall / _BOTH, "s", target=_MUST),
        Figure(
            ROW,
            f"{what}, both directions, CPU",
            ours.cpu,
            "s",
            each,
            f"the plain evaluator, from {few:,} of them",
            each / ours.cpu,
            each / ours.cpu,
        ),
    ]


def _replayed(state: ClusterState, connections: Connections, threads: int) -> Took:
    """With a state that nobody asked before: what it works out once belongs to the answer."""
    return took(lambda: replay(state, connections, threads=threads))


def _one_by_one(state: ClusterState, connections: Connections, few: int) -> None:
    for place in range(few):
        evaluate(state, connections.at(place))


def _agree(state: ClusterState, connections: Connections, few: int) -> None:
    """What is fast must be right as well."""
    told = replay(state, connections)
    for place in np.linspace(0, len(connections) - 1, few).astype(int).tolist():
        wanted = evaluate(state, connections.at(place)).verdict
        if told.at(place) is not wanted:
            raise AssertionError(f"Connection {place} is {wanted}, and the replay says {told.at(place)}.")
