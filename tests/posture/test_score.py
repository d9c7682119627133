"""What a score must hold to: missing data never raises it, and gains are what actions say."""

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tapetum.domain.endpoints import NodeKind, NodeRef
from tapetum.posture import (
    WEIGHTS,
    WITH_IMAGES,
    Component,
    Facts,
    Score,
    Standing,
    Standings,
    actions,
    ratings,
    score_of,
    standings,
    tallied,
)

SAFE, UNSAFE, UNKNOWN = Standing
_PER_WORKLOAD = st.fixed_dictionaries(
    {component: st.sampled_from(Standing) for component in Component if component is not Component.IMAGES}
    | {Component.IMAGES: st.just(UNKNOWN)}
)
_NODES = [
    NodeRef(NodeKind.WORKLOAD, cluster, namespace, name)
    for cluster in ("east", "west")
    for namespace in ("pay", "shop")
    for name in ("api-*", "web-*")
]
TOLD = st.dictionaries(st.sampled_from(_NODES), _PER_WORKLOAD, min_size=1)
SUBJECTS = st.sets(st.tuples(st.sampled_from(_NODES), st.sampled_from(Component)))


def turned(told: Standings, subjects: set[tuple[NodeRef, Component]], to: Standing) -> Standings:
    return {
        node: {
            component: to if (node, component) in subjects else standing
            for component, standing in each.items()
        }
        for node, each in told.items()
    }


def score(told: Standings) -> Score:
    return score_of(tallied(told.values()))


@settings(max_examples=50)
@given(TOLD, SUBJECTS)
def test_what_is_no_longer_known_raises_nothing(
    told: Standings, lost: set[tuple[NodeRef, Component]]
) -> None:
    before, after = score(told), score(turned(told, lost, UNKNOWN))
    assert (after.value or 0) <= (before.value or 0) + 1e-9
    assert after.at_most >= before.at_most - 1e-9
    assert after.coverage <= before.coverage + 1e-9


@settings(max_examples=50)
@given(TOLD, SUBJECTS)
def test_what_becomes_safe_lowers_nothing(told: Standings, better: set[tuple[NodeRef, Component]]) -> None:
    before = score(told)
    # By the same weights: the first image that is scanned begins to count.
    after = score_of(tallied(turned(told, better, SAFE).values()), before.weights)
    assert (after.value or 0) >= (before.value or 0) - 1e-9
    assert after.at_most >= before.at_most - 1e-9
    assert after.at_most >= (after.value or 0) - 1e-9


@settings(max_examples=50)
@given(TOLD)
def test_an_action_gains_what_it_says(told: Standings) -> None:
    whole = score(told)
    found = actions(told, whole.tallies)
    assert [each.gain for each in found] == sorted((each.gain for each in found), reverse=True)
    for each in found:
        done = turned(told, {(node, each.component) for node in each.subjects}, SAFE)
        assert (score(done).value or 0) - (whole.value or 0) == pytest.approx(each.gain)
    assert (whole.value or 0) + sum(each.gain for each in found) == pytest.approx(100)
    lost = sum(each.gain for each in found if each.certain)
    assert 100 - lost == pytest.approx(whole.at_most)


@settings(max_examples=50)
@given(TOLD, st.lists(TOLD, max_size=3))
def test_namespaces_add_up_to_their_clusters(told: Standings, parts: list[Standings]) -> None:
    found = ratings(told, parts)
    assert found.whole.score == score(told)
    weights = found.whole.score.weights
    assert found.whole.trend == tuple(score_of(tallied(part.values()), weights) for part in parts)
    assert sum(each.workloads for each in found.clusters) == found.whole.workloads == len(told)
    for component, tally in found.whole.score.tallies.items():
        for level in (found.clusters, found.namespaces):
            assert sum(each.score.tallies[component].unsafe for each in level) == tally.unsafe
    values = [each.score.value or 0 for each in found.namespaces]
    assert values == sorted(values)


def test_nothing_known_is_no_score() -> None:
    node = _NODES[0]
    for told in ({}, {node: dict.fromkeys(Component, UNKNOWN)}):
        found = score(told)
        assert (found.value, found.at_most, found.coverage) == (None, 100, 0)
    assert ratings({}, []).namespaces == ()


def test_images_weigh_nothing_as_long_as_none_was_scanned() -> None:
    assert sum(WEIGHTS.values()) == sum(WITH_IMAGES.values()) == 100
    facts = Facts(sources=frozenset(_NODES[:2]))
    told = standings(facts, {})
    assert told[_NODES[0]][Component.IMAGES] is UNKNOWN
    assert not [each for each in actions(told, score(told).tallies) if each.component is Component.IMAGES]
    node = _NODES[0]
    scanned = standings(facts, {}, {node.cluster: {(node.namespace or "", node.name): UNSAFE}})
    assert score(scanned).weights == WITH_IMAGES
    about = [each for each in actions(scanned, score(scanned).tallies) if each.component is Component.IMAGES]
    assert sorted(each.certain for each in about) == [False, True], "the others were not scanned"


CASES: dict[str, tuple[Facts, Mapping[Component, Standing]]] = {
    "logs of neither end": (Facts(), {}),
    "only sources report": (
        Facts(sources=frozenset(_NODES[:1])),
        {Component.EGRESS: SAFE, Component.EXPOSURE: UNKNOWN, Component.GAPS: UNKNOWN},
    ),
    "only destinations report": (
        Facts(targets=frozenset(_NODES[:1])),
        {Component.EGRESS: UNKNOWN, Component.EXPOSURE: SAFE, Component.GAPS: UNKNOWN},
    ),
    "both ends report": (
        Facts(sources=frozenset(_NODES[:1]), targets=frozenset(_NODES[1:2])),
        {Component.EGRESS: SAFE, Component.EXPOSURE: SAFE, Component.GAPS: SAFE},
    ),
    "no traces of what was allowed": (
        Facts(frozenset(_NODES[:1]), frozenset(_NODES[:1]), untraced=frozenset(_NODES[:1])),
        {Component.GAPS: UNKNOWN},
    ),
    "no addresses of a network set": (
        Facts(targets=frozenset(_NODES[:1]), unaddressed=frozenset(_NODES[:1])),
        {Component.EXPOSURE: UNKNOWN},
    ),
    "some addresses of a network set": (
        Facts(
            targets=frozenset(_NODES[:1]), exposed=frozenset(_NODES[:1]), unaddressed=frozenset(_NODES[:1])
        ),
        {Component.EXPOSURE: UNSAFE},
    ),
    "no traces of what leaves": (
        Facts(sources=frozenset(_NODES[:1]), untraced_egress=frozenset(_NODES[:1])),
        {Component.EGRESS: UNKNOWN},
    ),
    "some without traces, some unpoliced": (
        Facts(frozenset(_NODES[:1]), frozenset(), frozenset(_NODES[:1]), frozenset(_NODES[:1])),
        {Component.EGRESS: UNSAFE},
    ),
    "ports are not logged": (
        Facts(sources=frozenset(_NODES[:1]), portless=frozenset(_NODES[:1])),
        {Component.CLEARTEXT: UNKNOWN},
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_not_logged_is_not_known(case: str) -> None:
    facts, expected = CASES[case]
    told = standings(facts, {}).get(_NODES[0], {})
    assert {component: told[component] for component in expected} == expected
    assert told.get(Component.ISOLATION, UNKNOWN) is UNKNOWN
