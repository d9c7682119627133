"""Links between records of different kinds: what belongs together is found, what looks like it is not."""

from typing import Any

import pytest

from tapetum.api import ApiSettings
from tapetum.api.schema.log import record_id
from tapetum.domain.batches import RecordKind
from tapetum.domain.scope import Scope
from tests.api.sockets import connected
from tests.api.world import World, opened
from tests.support.factory import DAY, HOUR, MINUTE, NOW, SECOND, Flow, Hit, net, wep
from tests.support.records import Entry, entry

AT = NOW - 30 * MINUTE
CLIENT: dict[str, Any] = {"client_name_aggr": "web-*", "client_namespace": "shop"}
ENDS: dict[str, Any] = {
    "src_name_aggr": "web-*",
    "src_namespace": "shop",
    "dest_name_aggr": "db-*",
    "dest_namespace": "shop",
}


async def linked(world: World, one: Flow | Entry, link: str, token: str | None = None) -> set[str]:
    """Ids of what a link of a record leads to."""
    kind = RecordKind.FLOWS if isinstance(one, Flow) else one.kind
    types = {
        RecordKind.FLOWS: "Flow",
        RecordKind.DNS: "DnsLog",
        RecordKind.L7: "L7Log",
        RecordKind.AUDIT: "AuditLog",
        RecordKind.EVENTS: "SecurityEvent",
    }
    query = f"query($id: ID!) {{ node(id: $id) {{ ... on {types[kind]} {{ {link}(limit: 50) {{ id }} }} }} }}"
    answer = await world.ask(query, {"id": record_id(kind, one.id)}, token)
    return {found["id"] for found in answer["node"][link]}


def ids(*entries: Entry) -> set[str]:
    return {record_id(one.kind, one.id) for one in entries}


def flow_ids(*flows: Flow) -> set[str]:
    return {record_id(RecordKind.FLOWS, one.id) for one in flows}


def dns(at: int = AT, *, mark: int = 0, cluster: str = "east", **fields: Any) -> Entry:
    return entry(RecordKind.DNS, at, mark=mark, cluster=cluster, **(CLIENT | fields))


def answered(*addresses: str) -> list[dict[str, Any]]:
    return [
        {"name": "x", "type": "CNAME", "class": "IN", "rdata": ["other"]},
        {"name": "x", "type": "A", "class": "IN", "rdata": list(addresses)},
    ]


async def test_a_flow_and_the_answer_that_held_its_address(world: World) -> None:
    flow = Flow(dest=net(), at=AT, fields=(("dest_ip", "1.2.3.4"), ("dest_domains", ["a.example"])))
    good = [
        dns(AT - 50 * MINUTE, qname="a.example", rrsets=answered("9.9.9.9", "1.2.3.4")),
        dns(AT + 10 * SECOND, qname="a.example", rrsets=answered("1.2.3.4")),
    ]
    bad = [
        dns(AT - 2 * HOUR, rrsets=answered("1.2.3.4")),
        dns(AT + MINUTE, rrsets=answered("1.2.3.4")),
        dns(rrsets=answered("1.2.3.40")),
        dns(qname="a.example", rrsets=answered("9.9.9.9")),  # the name, but another address
        dns(rrsets=answered("1.2.3.4"), client_name_aggr="api-*"),
        dns(rrsets=answered("1.2.3.4"), client_namespace="data"),
    ]
    world.log(*good, *bad)
    world.log(dns(cluster="west", rrsets=answered("1.2.3.4")))
    world.commit([flow])
    assert await linked(world, flow, "dnsAnswers") == ids(*good)
    assert [one for one in good + bad if await linked(world, one, "flows")] == [*good, bad[3]]


async def test_a_flow_whose_address_was_aggregated_is_told_by_its_domains(world: World) -> None:
    flow = Flow(dest=net(), at=AT, fields=(("dest_domains", ["a.example", "b.example"]),))
    nameless = Flow(dest=net(), at=AT, mark=1)
    named, other = dns(qname="b.example"), dns(qname="c.example")
    world.log(named, other)
    world.commit([flow, nameless])
    assert await linked(world, flow, "dnsAnswers") == ids(named)
    assert await linked(world, nameless, "dnsAnswers") == set()
    assert await linked(world, named, "flows") == flow_ids(flow)
    assert await linked(world, other, "flows") == set()


async def test_a_flow_to_a_service_is_told_by_the_services_name(world: World) -> None:
    flow = Flow(at=AT, service=("shop", "db"), fields=(("dest_ip", "10.0.0.9"),))
    named, other = dns(qname="db.shop.svc.cluster.local"), dns(qname="db.shopping.svc.cluster.local")
    world.log(named, other)
    world.commit([flow])
    assert await linked(world, flow, "dnsAnswers") == ids(named)
    assert await linked(world, named, "flows") == flow_ids(flow)


async def test_a_client_outside_of_workloads_is_known_by_its_address(world: World) -> None:
    flow = Flow(net(), net(), at=AT, fields=(("source_ip", "10.1.1.1"), ("dest_ip", "1.2.3.4")))
    several = Flow(net(), net(), at=AT, fields=(("source_ip", "*"), ("dest_ip", "1.2.3.4")))
    mine = dns(rrsets=answered("1.2.3.4"), client_name_aggr=None, client_namespace=None, client_ip="10.1.1.1")
    world.log(mine, dns(rrsets=answered("1.2.3.4"), client_ip="10.1.1.2"))
    world.commit([flow, several])
    assert await linked(world, flow, "dnsAnswers") == ids(mine)
    assert await linked(world, several, "dnsAnswers") == set()
    assert await linked(world, mine, "flows") == flow_ids(flow)


async def test_requests_between_the_ends_of_a_flow(world: World) -> None:
    flow = Flow(at=AT, port=8080, fields=(("source_ip", "10.0.0.1"), ("dest_ip", "10.0.0.2")))
    l7 = RecordKind.L7
    other: dict[str, Any] = {**ENDS, "src_namespace": "data"}
    good = [
        entry(l7, AT - MINUTE, end_time=AT + SECOND, **ENDS),
        entry(l7, AT + SECOND, src_ip="10.0.0.1", dest_ip="10.0.0.2", dest_port=8080),
    ]
    bad = [
        entry(l7, AT - MINUTE, end_time=AT - SECOND, **ENDS),  # it was over
        entry(l7, AT + MINUTE, **ENDS),
        entry(l7, AT, dest_port=9090, **ENDS),
        entry(l7, AT, **other),
        entry(l7, AT, src_ip="10.0.0.1", dest_ip="10.0.0.3"),
        entry(l7, AT, dest_name_aggr="db-*", dest_namespace="shop"),
    ]
    world.log(*good, *bad)
    world.commit([flow])
    assert await linked(world, flow, "l7Records") == ids(*good)
    for one in good:
        assert await linked(world, one, "flows") == flow_ids(flow)
    for one in (*bad[:1], *bad[2:]):
        assert await linked(world, one, "flows") == set()


def change(at: int = AT - MINUTE, *, verb: str = "update", code: int = 200, **reference: Any) -> Entry:
    named = {"resource": "networkpolicies", "namespace": "shop", "apiGroup": "projectcalico.org"} | reference
    fields: dict[str, Any] = {f"objectRef__{name}": value for name, value in named.items()}
    return entry(
        RecordKind.AUDIT, at, verb=verb, stage="ResponseComplete", responseStatus__code=code, **fields
    )


async def test_changes_of_the_policies_that_decided_a_flow(world: World) -> None:
    hits = (
        Hit(0, "security", "deny-all", "deny", namespace="shop", kind="CalicoNetworkPolicy"),
        Hit(1, "platform", "base", "pass", kind="GlobalNetworkPolicy", end_of_tier=True),
        Hit(2, "default", "web", "allow", namespace="shop", kind="NetworkPolicy"),
        Hit(0, "security", "soon", "allow", namespace="shop", kind="StagedNetworkPolicy", set="pending"),
    )
    flow = Flow(at=AT, hits=hits)
    everywhere: dict[str, Any] = {"resource": "globalnetworkpolicies", "namespace": None}
    good = [
        change(name="security.deny-all"),
        change(AT - 20 * DAY, verb="create", name="deny-all", apiGroup="crd.projectcalico.org"),
        change(verb="delete", name="platform.base", **everywhere),
        change(verb="patch", name="platform", resource="tiers", namespace=None),
        change(name="web", apiGroup="networking.k8s.io"),
    ]
    bad = [
        change(AT + MINUTE, name="security.deny-all"),
        change(AT - 40 * DAY, name="security.deny-all"),
        change(verb="get", name="security.deny-all"),
        change(name="security.deny-all", code=403),
        change(name="other.deny-all"),
        change(name="security.deny-all", namespace="data"),
        change(name="deny-all", apiGroup="networking.k8s.io"),
        change(name="web"),
        change(name="soon", resource="stagednetworkpolicies"),
        change(name="security", resource="tiers", namespace=None),
    ]
    world.log(*good, *bad)
    world.commit([flow, Flow(at=AT, mark=1)])
    assert await linked(world, flow, "policyChanges") == ids(*good)
    assert await linked(world, Flow(at=AT, mark=1), "policyChanges") == set()
    near = [one for one in (*good, *bad) if await linked(world, one, "flows") == flow_ids(flow)]
    assert near == [good[0], *good[2:], bad[0], bad[2], bad[3], bad[8]]


async def test_flows_of_a_security_event(world: World) -> None:
    named = ("source_name", "web-abc-1"), ("source_ip", "10.0.0.1")
    flow = Flow(at=AT, fields=named)
    aggregated = Flow(at=AT, mark=1)
    world.commit([flow, aggregated, Flow(at=AT, port=81, mark=2), Flow(wep("data", "web"), at=AT, mark=3)])
    pod = entry(RecordKind.EVENTS, AT, source_name="web-abc-1", source_namespace="shop", dest_port=80)
    workload = entry(
        RecordKind.EVENTS, AT + MINUTE, source_name="web-*", source_namespace="shop", dest_port=80
    )
    address = entry(RecordKind.EVENTS, AT, source_ip="10.0.0.1")
    vague, late = (
        entry(RecordKind.EVENTS, AT, dest_port=80),
        entry(RecordKind.EVENTS, AT + HOUR, source_ip="10.0.0.1"),
    )
    world.log(pod, workload, address, vague, late)
    assert await linked(world, pod, "flows") == flow_ids(flow)
    assert await linked(world, workload, "flows") == flow_ids(flow, aggregated)
    assert await linked(world, address, "flows") == flow_ids(flow)
    assert await linked(world, vague, "flows") == await linked(world, late, "flows") == set()


async def test_evidence_of_a_security_event_is_of_several_kinds(world: World) -> None:
    flow, lookup = Flow(at=AT - 2 * SECOND), dns(AT - SECOND, qname="bad.example")
    world.commit([flow, Flow(at=AT, mark=1)])
    world.log(lookup)
    event = entry(RecordKind.EVENTS, AT, evidence=[flow.id, lookup.id, "gone"])
    world.log(event, entry(RecordKind.EVENTS, AT))
    query = """query($limit: Int!) { securityEvents(range: {from: "now-1h"}, first: 2) {
      nodes { id evidenceRecords(limit: $limit) { __typename id ... on DnsLog { qname } } } } }"""
    for limit in (1, 50):
        found = (await world.ask(query, {"limit": limit}))["securityEvents"]["nodes"]
        shown = {node["id"]: node["evidenceRecords"] for node in found}
        assert (
            shown[record_id(RecordKind.EVENTS, event.id)]
            == [
                {"__typename": "DnsLog", "id": record_id(RecordKind.DNS, lookup.id), "qname": "bad.example"},
                {"__typename": "Flow", "id": record_id(RecordKind.FLOWS, flow.id)},
            ][:limit]
        )
        assert sorted(map(len, shown.values())) == [0, min(limit, 2)]


async def test_a_link_shows_nothing_of_another_tenant() -> None:
    """The flow is both tenants' business as far as each may see it; its links obey the scope of who asks."""
    with opened(ApiSettings()) as world:
        flow = Flow(
            at=AT,
            fields=(("dest_ip", "10.0.0.2"),),
            hits=(Hit(0, "t", "p", "allow", kind="GlobalNetworkPolicy"),),
        )
        world.commit([flow])
        mine = dns(rrsets=answered("10.0.0.2"))
        across = entry(RecordKind.L7, AT, **ENDS)
        whole = change(name="t.p", resource="globalnetworkpolicies", namespace=None)
        for one in (mine, across, whole):
            world.log(one)
        world.log(entry(RecordKind.EVENTS, AT, evidence=[flow.id, mine.id], source_namespace="data"))
        everything = await world.token(Scope())
        tenant = await world.token(Scope(namespaces=frozenset({("east", "shop")})))
        other = await world.token(Scope(namespaces=frozenset({("east", "data")})))
        for link, one in (("dnsAnswers", mine), ("l7Records", across), ("policyChanges", whole)):
            assert await linked(world, flow, link, everything) == ids(one)
            assert await linked(world, flow, link, tenant) == (set() if one is whole else ids(one))
        query = """{ securityEvents(range: {from: "now-1h"}, first: 2) {
          nodes { evidence evidenceRecords { id } } } }"""
        (event,) = (await world.ask(query, token=other))["securityEvents"]["nodes"]
        assert event == {"evidence": [flow.id, mine.id], "evidenceRecords": []}


@pytest.mark.parametrize(
    ("first", "asked", "answered"),
    [
        (500, "dnsAnswers { id }", False),
        (500, "dnsAnswers(limit: 1) { id }", False),
        (100, "dnsAnswers { id }", False),
        (90, "dnsAnswers { id }", True),
        (40, "dnsAnswers { id } l7Records { id } policyChanges { id }", False),
        (30, "dnsAnswers { id } l7Records { id } policyChanges { id }", True),
        (1, "dnsAnswers(limit: 50) { flows(limit: 50) { dnsAnswers { id } } }", False),
        (1, "dnsAnswers(limit: 40) { flows(limit: 50) { id } }", True),
    ],
)
async def test_a_page_of_links_costs_its_searches(
    world: World, first: int, asked: str, answered: bool
) -> None:
    query = f'{{ flows(range: {{from: "now-1h"}}, first: {first}) {{ nodes {{ {asked} }} }} }}'
    if answered:
        await world.ask(query)
    else:
        code, sentence = await world.refusal(query)
        assert code == "REFUSED"
        assert "links" in sentence


async def test_few_searches_of_one_operation_run_at_a_time(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.commit([Flow(at=AT, domain="a.example", mark=mark) for mark in range(40)])
    logs, running, most = world.context.logs, 0, 0
    search = logs.search

    async def counted(*arguments: Any) -> Any:
        nonlocal running, most
        running += 1
        most = max(most, running)
        try:
            return await search(*arguments)
        finally:
            running -= 1

    monkeypatch.setattr(logs, "search", counted)
    await world.ask('{ flows(range: {from: "now-1h"}, first: 40) { nodes { dnsAnswers { id } } } }')
    assert 1 < most <= 4


async def test_a_subscription_follows_no_links(world: World) -> None:
    async with connected(world.app) as socket:
        await socket.init()
        socket.subscribe("subscription { flowsIngested { records { dnsAnswers { id } } } }")
        (error,) = (await socket.next())["payload"]
    assert error["extensions"]["code"] == "REFUSED"
    assert "ask `node`" in error["message"]
