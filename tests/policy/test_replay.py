"""The replay gives what the plain evaluator gives, on clusters and connections of every odd kind."""

import os
from collections import Counter
from dataclasses import replace
from random import Random

import pytest

from tapetum.domain.endpoints import EndpointKind
from tapetum.domain.policy_trace import PolicyKind
from tapetum.policy.connection import Connection, Peer
from tapetum.policy.evaluate import evaluate
from tapetum.policy.labels import NO_LABELS, Labels
from tapetum.policy.replay import Connections, replay
from tapetum.policy.resources.policies import Policy, PolicyId
from tapetum.policy.rules import Entity, Rule, RuleAction
from tapetum.policy.selectors import parse
from tapetum.policy.state import ClusterState
from tapetum.policy.state.order import View
from tapetum.policy.trace import Verdict
from tests.policy import random_clusters

_RUNS = int(os.environ.get("REPLAY_RUNS", "8"))
"""Of 400 connections each; 2,500 make a million."""
_FIRST = int(os.environ.get("REPLAY_SEED", "0"))


@pytest.mark.parametrize("seed", range(_FIRST, _FIRST + _RUNS))
def test_replay_is_evaluation_one_by_one(seed: int) -> None:
    chance = Random(seed)
    state, sets = random_clusters.state(chance)
    every = list(random_clusters.connections(chance, sets, 400))
    columns = Connections.of(every)
    enforced, pending = replay(state, columns), replay(state, columns, View.PENDING, threads=3)
    for place, connection in enumerate(every):
        assert columns.at(place) == connection
        told = evaluate(state, connection)
        assert (enforced.at(place), pending.at(place)) == (told.verdict, told.pending_verdict), connection


def test_labels_of_which_nothing_is_known_are_not_no_labels() -> None:
    """Neither where a policy selects nor where a rule does."""
    policy = Policy(
        PolicyId(PolicyKind.GLOBAL_NETWORK_POLICY, None, "p"),
        None,
        parse("has(app)"),
        ingress=(Rule(RuleAction.ALLOW, source=Entity(selector=parse("has(app)"))),),
    )
    state = ClusterState([policy])
    hidden = Peer(EndpointKind.HOST, name="h", labels=Labels(complete=False), profiles=("kns.one",))
    known = replace(hidden, name="k", labels=Labels({"app": "a"}))
    bare = replace(hidden, name="b", labels=NO_LABELS)
    for source, destination, verdict in (
        (known, hidden, Verdict.UNCERTAIN),
        (bare, hidden, Verdict.UNCERTAIN),
        (hidden, known, Verdict.UNCERTAIN),
        (hidden, bare, Verdict.ALLOW),
    ):
        connection = Connection(source, destination, "tcp", 80)
        assert evaluate(state, connection).verdict is verdict
        assert replay(state, Connections.of([connection])).at(0) is verdict


def test_the_random_clusters_lead_to_every_verdict() -> None:
    found: Counter[Verdict] = Counter()
    for seed in range(10):
        chance = Random(seed)
        state, sets = random_clusters.state(chance)
        found.update(evaluate(state, each).verdict for each in random_clusters.connections(chance, sets, 100))
    assert all(found[verdict] > 50 for verdict in Verdict), found
