"""Alerts in groups: what hangs together by a shared endpoint and by time."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tapetum.domain.alerts import Alert, Status
from tapetum.domain.endpoints import NodeKind, NodeRef
from tapetum.domain.incidents import GAP, entities, incidents_of
from tapetum.domain.moments import MINUTE


def node(name: str, kind: NodeKind = NodeKind.WORKLOAD, cluster: str = "east") -> NodeRef:
    return NodeRef(kind, cluster, None if kind is NodeKind.NETWORK else "shop", name)


def alert(mark: int, at: int, source: str | None = "a", target: str | None = "b", **changes: object) -> Alert:
    found = Alert(
        id=f"alert-{mark}",
        time=at,
        kind="detector",
        rule="scan",
        title=f"Alert {mark}",
        description="",
        severity=50,
        cluster="east",
        source=node(source) if source else None,
        target=node(target) if target else None,
        protocol="tcp",
        port=80,
    )
    return replace(found, **changes)  # pyright: ignore[reportArgumentType] - each test names what it changes


def groups(alerts: list[Alert]) -> list[set[str]]:
    return [{each.id for each in incident.alerts} for incident in incidents_of(alerts)]


def test_an_attack_that_goes_on_from_host_to_host_is_one_incident() -> None:
    steps = [alert(1, 0, "web", "api"), alert(2, MINUTE, "api", "db"), alert(3, 2 * MINUTE, "db", "backup")]
    (incident,) = incidents_of(reversed(steps))
    assert incident.alerts == tuple(steps)
    assert (incident.first, incident.last) == (0, 2 * MINUTE)
    assert {each.name for each in incident.nodes} == {"web", "api", "db", "backup"}
    assert incident.nodes[0].name in {"api", "db"}  # what most alerts are about comes first
    assert incident.edges == tuple((each.source, each.target) for each in steps)


def test_a_quiet_hour_ends_it() -> None:
    assert groups([alert(1, 0), alert(2, GAP), alert(3, 2 * GAP + 1)]) == [
        {"alert-3"},
        {"alert-1", "alert-2"},
    ]


def test_the_outside_ties_nothing_together() -> None:
    pub = node("pub", NodeKind.NETWORK)
    alerts = [alert(1, 0, "web", target=None), alert(2, 1, "db", target=None)]
    assert len(groups([replace(each, target=pub) for each in alerts])) == 2
    assert len(groups([replace(each, source=None, target=pub) for each in alerts])) == 1


def test_alerts_without_endpoints_go_by_their_rule() -> None:
    alone = [alert(mark, mark, None, None) for mark in range(3)]
    assert groups([*alone, alert(9, 5, None, None, rule="bgp")]) == [
        {"alert-9"},
        {"alert-0", "alert-1", "alert-2"},
    ]
    assert len(groups([alone[0], replace(alone[1], cluster="west")])) == 2


def test_what_it_says_is_its_gravest_alerts() -> None:
    (incident,) = incidents_of(
        [
            alert(1, 0, tactic="TA0007", technique="T1046", status=Status.DISMISSED),
            alert(2, 1, severity=90, tactic="TA0010", status=Status.ACKNOWLEDGED),
            alert(3, 2, tactic="TA0007", technique="T1046", status=Status.DISMISSED),
        ]
    )
    assert (incident.severity, incident.title, incident.status) == (90, "Alert 2", Status.ACKNOWLEDGED)
    assert (incident.tactics, incident.techniques) == (("TA0007", "TA0010"), ("T1046",))


_ALERTS = st.lists(
    st.tuples(
        st.integers(0, 6 * GAP),
        st.sampled_from("abcdefgh"),
        st.sampled_from("abcdefgh"),
        st.sampled_from([NodeKind.WORKLOAD, NodeKind.NETWORK]),
    ),
    max_size=25,
).map(
    lambda drawn: [
        replace(alert(mark, at, source), target=node(target, kind))
        for mark, (at, source, target, kind) in enumerate(drawn)
    ]
)


@given(_ALERTS)
def test_groups_are_the_connected_parts(alerts: list[Alert]) -> None:
    """Against a walk from alert to alert over every pair that shares an endpoint within the gap."""
    left = {each.id: each for each in alerts}
    wanted: list[frozenset[str]] = []
    while left:
        todo = [left.pop(next(iter(left)))]
        group: set[str] = set()
        while todo:
            one = todo.pop()
            group.add(one.id)
            near = [
                other.id
                for other in left.values()
                if abs(other.time - one.time) <= GAP and set(entities(one)) & set(entities(other))
            ]
            todo += [left.pop(each) for each in near]
        wanted.append(frozenset(group))
    assert sorted(map(frozenset, groups(alerts)), key=sorted) == sorted(wanted, key=sorted)
