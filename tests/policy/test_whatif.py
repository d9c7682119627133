"""What a change flips, against going through every connection under both states."""

import os
from random import Random

import numpy as np
import pytest

from tapetum.domain.endpoints import EndpointKind
from tapetum.domain.policy_trace import Action
from tapetum.policy.connection import Connection
from tapetum.policy.evaluate import evaluate
from tapetum.policy.replay import Connections, Traffic, replay, replay_both
from tapetum.policy.resources.keys import key_of
from tapetum.policy.resources.policies import Policy, Tier
from tapetum.policy.state import ClusterState, LoggedEnd
from tapetum.policy.trace import Trace, Verdict
from tapetum.policy.whatif import Change, Recorded, what_if
from tests.policy import random_clusters
from tests.policy.clusters import cluster, connection


def edited(chance: Random, state: ClusterState) -> ClusterState:
    """One to three changes of any kind: policies come, go, change and are promoted, tiers and sets change."""
    for _ in range(chance.randint(1, 3)):
        tiers = [each for each in state.resources.values() if isinstance(each, Tier)]
        keys = [key_of(each) for each in state.policies]
        match chance.randrange(6):
            case 0 | 1:
                state = state.changed([random_clusters.policy(chance, chance.randrange(20), tiers)])
            case 2:
                state = state.changed(remove=chance.sample(keys, min(len(keys), 1)))
            case 3:
                state = state.promoted()
            case 4:
                state = state.changed([random_clusters.network_set(chance, chance.randrange(4))])
            case _:
                was = chance.choice(tiers)
                default = chance.choice((Action.DENY, Action.PASS))
                state = state.changed([Tier(was.name, chance.choice((0.5, 3.0, None)), default)])
    return state


def expected(before: ClusterState, after: ClusterState, connection: Connection) -> Change | None:
    """None: one of the verdicts is uncertain."""
    was, would = (evaluate(state, connection).verdict for state in (before, after))
    if Verdict.UNCERTAIN in (was, would):
        return None
    if was is would:
        return Change.UNCHANGED
    return Change.NEWLY_DENIED if would is Verdict.DENY else Change.NEWLY_ALLOWED


def enforced(state: ClusterState, connection: Connection) -> list[Trace | None]:
    """What is in force at both ends; what is staged is no change's business."""
    found = evaluate(state, connection)
    return [None if end is None else end.enforced for end in (found.egress, found.ingress)]


_RUNS = int(os.environ.get("WHATIF_RUNS", "12"))


@pytest.mark.parametrize("seed", range(_RUNS))
def test_two_states_replayed_together_are_each_replayed_alone(seed: int) -> None:
    chance = Random(seed)
    before, sets = random_clusters.state(chance)
    after = edited(chance, before)
    after = ClusterState(  # only what may be shared differs
        [each for each in before.resources.values() if not isinstance(each, Policy | Tier)]
        + [each for each in after.resources.values() if isinstance(each, Policy | Tier)]
    )
    connections = Connections.of(random_clusters.connections(chance, sets, 300))
    for threads in (1, 3):
        together = replay_both(before, after, connections, threads=threads)
        for told, alone in zip(together, (before, after), strict=True):
            wanted = replay(alone, connections)
            np.testing.assert_array_equal(told.egress, wanted.egress)
            np.testing.assert_array_equal(told.ingress, wanted.ingress)


@pytest.mark.parametrize("seed", range(_RUNS))
def test_flips_are_those_of_going_through_every_connection(seed: int) -> None:
    chance = Random(seed)
    before, sets = random_clusters.state(chance)
    after = edited(chance, before)
    every = list(random_clusters.connections(chance, sets, 300))
    connections = Connections.of(every)
    found = what_if((before, connections), (after, connections))
    for place, one in enumerate(every):
        wanted = expected(before, after, one)
        told = Change(int(found.codes[place]))
        if wanted is not None:
            assert told is wanted, one
        elif told is Change.UNCHANGED:  # nothing that changed bears on it, so its doubts are the same
            assert enforced(before, one) == enforced(after, one)
        else:
            assert told is Change.UNCERTAIN


def test_random_edits_lead_to_every_change() -> None:
    seen: set[Change] = set()
    for seed in range(12):
        chance = Random(seed)
        before, sets = random_clusters.state(chance)
        after = edited(chance, before)
        connections = Connections.of(random_clusters.connections(chance, sets, 300))
        seen.update(Change(code) for code in what_if((before, connections), (after, connections)).codes)
    assert seen == set(Change)


CLUSTER = """
apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: Namespace, metadata: {name: shop}}
- {apiVersion: v1, kind: Namespace, metadata: {name: data}}
- apiVersion: v1
  kind: Pod
  metadata: {name: web, namespace: shop}
  spec: {containers: []}
  status: {podIP: 10.1.0.1}
- apiVersion: v1
  kind: Pod
  metadata: {name: db, namespace: data}
  spec: {containers: []}
  status: {podIP: 10.1.0.2}
"""
DENY = """---
apiVersion: projectcalico.org/v3
kind: %s
metadata: {name: closed, namespace: data}
spec: {types: [Ingress]}
"""


def test_only_what_a_changed_policy_may_apply_to_is_replayed() -> None:
    before = cluster(CLUSTER)
    every = [
        connection(before, source, target)
        for source, target in (("shop/web", "data/db"), ("data/db", "shop/web"), ("shop/web", "203.0.113.9"))
    ]
    connections = Connections.of(every)
    for kind, touched, codes in (
        ("NetworkPolicy", [0], [Change.NEWLY_DENIED, Change.UNCHANGED, Change.UNCHANGED]),
        ("StagedNetworkPolicy", [], [Change.UNCHANGED] * 3),
    ):
        after = cluster(CLUSTER + DENY % kind)
        found = what_if((before, connections), (after, connections))
        assert (found.touched.tolist(), found.codes.tolist()) == (touched, codes)
        back = what_if((after, connections), (before, connections))
        assert back.places(Change.NEWLY_ALLOWED).tolist() == touched


def test_a_label_that_changes_is_seen_by_who_is_selected_by_it() -> None:
    """The ends are those of the records; each state tells what labels they have."""
    closed = DENY % "NetworkPolicy" + "  selector: guarded == 'yes'\n"
    closed = closed.replace("spec: {types: [Ingress]}\n", "spec:\n  types: [Ingress]\n")
    before = cluster(CLUSTER + closed)
    labelled = "name: db, namespace: data, labels: {guarded: 'yes'}"
    after = cluster((CLUSTER + closed).replace("name: db, namespace: data", labelled))
    recorded = Recorded(
        (LoggedEnd(EndpointKind.WORKLOAD, "shop", "web"), LoggedEnd(EndpointKind.WORKLOAD, "data", "db")),
        (Traffic("tcp", 5432),),
        np.array([0, 1]),
        np.array([1, 0]),
        np.array([0, 0]),
    )
    found = what_if((before, recorded.under(before)), (after, recorded.under(after)))
    assert found.codes.tolist() == [Change.NEWLY_DENIED, Change.UNCHANGED]
