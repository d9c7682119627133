"""Who the ends of records are: a state derived by changes says the same as one made anew."""

from random import Random

import pytest

from tapetum.domain.endpoints import EndpointKind
from tapetum.policy.labels import Labels
from tapetum.policy.resources.endpoints import Namespace, Pod
from tapetum.policy.resources.policies import Tier
from tapetum.policy.state import ClusterState, LoggedEnd
from tests.policy import random_clusters

ENDS = [
    *(
        LoggedEnd(EndpointKind.WORKLOAD, namespace, None, f"{app}-old-*", None, labels)
        for namespace in ("one", "two")
        for app in "ab"
        for labels in (None, (f"app={app}",), (f"app={app}", "pod-template-hash=old"), ())
    ),
    LoggedEnd(EndpointKind.NETWORK, aggregate="pvt"),
    LoggedEnd(EndpointKind.NETWORK, aggregate="pub", address="192.0.2.9"),
    *(LoggedEnd(EndpointKind.NETWORK_SET, None, None, f"set{place}") for place in range(3)),
]


def pod(chance: Random) -> Pod:
    app, place = chance.choice("ab"), chance.randrange(3)
    revision, tier = chance.choice(("old", "new")), {"tier": "x"} if chance.random() < 0.3 else {}
    labels = Labels({"app": app, "pod-template-hash": revision, **tier})
    return Pod(
        chance.choice(("one", "two")), f"{app}-{revision}-{place}", f"{app}-{revision}-*", labels, f"of-{app}"
    )


def edited(chance: Random, state: ClusterState) -> ClusterState:
    tiers = [each for each in state.resources.values() if isinstance(each, Tier)] or [Tier("t")]
    match chance.randrange(6):
        case 0 | 1:
            return state.changed([random_clusters.policy(chance, chance.randrange(9), tiers)])
        case 2:
            return state.promoted()
        case 3:
            return state.changed([pod(chance), random_clusters.network_set(chance, chance.randrange(3))])
        case 4:
            return state.changed([Namespace("one", Labels({"team": chance.choice("xy")}))])
        case _:
            return state.changed(remove=chance.sample([*state.resources], min(2, len(state.resources))))


@pytest.mark.parametrize("seed", range(40))
def test_ends_are_those_of_a_state_made_anew(seed: int) -> None:
    chance = Random(seed)
    state, _ = random_clusters.state(chance)
    state = state.changed([pod(chance) for _ in range(6)])
    for _ in range(8):
        anew = ClusterState(state.resources.values())
        assert [state.logged(end) for end in ENDS] == [anew.logged(end) for end in ENDS]
        state = edited(chance, state)


def test_what_a_rollout_replaced_is_like_what_came() -> None:
    new = Labels({"app": "a", "pod-template-hash": "new"})
    state = ClusterState([Pod("one", "a-new-1", "a-new-*", new, "of-a")])

    def profiles(*labels: str, namespace: str = "one") -> tuple[str, ...]:
        end = LoggedEnd(EndpointKind.WORKLOAD, namespace, None, "a-old-*", None, labels)
        return state.logged(end).profiles

    assert profiles("app=a", "pod-template-hash=old") == profiles("app=a") == ("kns.one", "ksa.one.of-a")
    others = (("app=b",), ("app=a", "tier=x"), ("pod-template-hash=new",), ())
    assert {profiles(*labels) for labels in others} == {("kns.one",)}
    assert profiles("app=a", namespace="two") == ("kns.two",)
