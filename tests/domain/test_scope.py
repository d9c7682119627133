"""What a scope sees: every namespaced end must be allowed, and one at least must be there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapetum.domain.scope import EVERYTHING, Scope

CLUSTERS = st.sampled_from(["east", "west"])
PLACES = st.frozensets(st.tuples(CLUSTERS, st.sampled_from(["a", "b", "c"])))
SCOPES = st.builds(Scope, st.one_of(st.none(), st.frozensets(CLUSTERS)), st.one_of(st.none(), PLACES))
ENDS = st.lists(st.sampled_from([None, "a", "b", "c"]), max_size=3)


@given(SCOPES, CLUSTERS, ENDS)
def test_the_rule(scope: Scope, cluster: str, ends: list[str | None]) -> None:
    named = {end for end in ends if end is not None}
    if scope.clusters is not None and cluster not in scope.clusters:
        expected = False
    elif scope.namespaces is None:
        expected = True
    else:
        allowed = {name for own, name in scope.namespaces if own == cluster}
        expected = bool(named) and named <= allowed
    assert scope.sees(cluster, *ends) == expected


@given(SCOPES, st.one_of(st.none(), st.frozensets(CLUSTERS)), CLUSTERS, ENDS)
def test_narrowing_never_shows_more(
    scope: Scope, clusters: frozenset[str] | None, cluster: str, ends: list[str | None]
) -> None:
    asked = clusters is None or cluster in clusters
    assert scope.narrowed(clusters).sees(cluster, *ends) == (asked and scope.sees(cluster, *ends))
    assert scope.narrowed(clusters).sees_cluster(cluster) == (asked and scope.sees_cluster(cluster))


@given(SCOPES, CLUSTERS)
def test_a_cluster_is_seen_where_anything_in_it_is(scope: Scope, cluster: str) -> None:
    inside = any(scope.sees(cluster, name) for name in "abc") or scope.sees(cluster)
    assert scope.sees_cluster(cluster) == inside


@pytest.mark.parametrize("scope", [Scope(frozenset()), Scope(None, frozenset()), Scope(frozenset({"east"}))])
def test_a_limit_is_not_everything(scope: Scope) -> None:
    assert EVERYTHING.everything
    assert not scope.everything
    assert EVERYTHING.sees("any", None)
