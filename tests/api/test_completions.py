"""Completion of filters: what the language offers, and values as far as the caller may see them."""

from typing import Any

import pytest

from tapetum.api import ApiSettings
from tapetum.domain.batches import RecordKind
from tapetum.domain.scope import Scope
from tapetum.kql import parse
from tests.api.world import World, opened, some_alert
from tests.support.factory import Flow, Hit, net, wep
from tests.support.records import entry

ASKED = """query($kind: RecordKind!, $text: String!, $cursor: Int!, $limit: Int! = 20) {
  completions(kind: $kind, text: $text, cursor: $cursor, range: {from: "now-1h"}, limit: $limit) {
    kind text description start end field count } }"""


async def asked(world: World, kind: str, marked: str, token: str | None = None, **more: Any) -> list[Any]:
    cursor = marked.index("|")
    variables = {"kind": kind, "text": marked.replace("|", "", 1), "cursor": cursor, **more}
    return (await world.ask(ASKED, variables, token))["completions"]


async def applied(world: World, kind: str, marked: str, token: str | None = None) -> list[str]:
    text = marked.replace("|", "", 1)
    return [
        text[: one["start"]] + one["text"] + text[one["end"] :]
        for one in await asked(world, kind, marked, token)
    ]


async def test_fields_operators_and_keywords_of_each_kind(world: World) -> None:
    assert await applied(world, "AUDIT", "objectRef.na|") == ["objectRef.namespace", "objectRef.name"]
    assert await applied(world, "DNS", "rrsets:{rd|") == ["rrsets:{rdata"]
    assert await applied(world, "FLOWS", "proto |") == ["proto :", "proto :*", "proto and", "proto or"]
    (found,) = await asked(world, "BGP", "peer_i|")
    assert found == {
        "kind": "FIELD",
        "text": "peer_ip",
        "description": "Address in that name.",
        "start": 0,
        "end": 6,
        "field": "peer_ip",
        "count": None,
    }


async def test_values_are_written_so_that_they_can_be_read(world: World) -> None:
    world.log(
        entry(RecordKind.DNS, qname="api.example.com", client_ip="2001:db8::1", mark=1),
        entry(RecordKind.DNS, qname="api.example.com", client_labels=["app=web", 'say "hi"'], mark=2),
        entry(RecordKind.DNS, qname="or", servers=[{"ip": "10.0.0.1", "namespace": "kube-system"}], mark=3),
    )
    assert await applied(world, "DNS", "qname: ap|") == ["qname: api.example.com"]
    assert [one["count"] for one in await asked(world, "DNS", "qname: |")] == ["2", "1"]
    assert await applied(world, "DNS", "qname: o|") == ['qname: "or"']
    assert await applied(world, "DNS", "client_ip: 2001|") == ['client_ip: "2001:db8::1"']
    assert await applied(world, "DNS", 'client_labels: "s|ay" and x') == [
        'client_labels: "say \\"hi\\"" and x'
    ]
    assert await applied(world, "DNS", "servers:{namespace: kube|") == ["servers:{namespace: kube-system"]
    world.log(entry(RecordKind.DNS, rrsets=[{"name": "a", "rdata": ["192.0.2.1", "192.0.2.2"]}], mark=4))
    assert await applied(world, "DNS", "rrsets:{rdata: 192|") == [
        "rrsets:{rdata: 192.0.2.1",
        "rrsets:{rdata: 192.0.2.2",
    ]
    assert await applied(world, "DNS", "servers.ip: |") == ["servers.ip: 10.0.0.1"]
    for text in await applied(world, "DNS", "client_labels: |"):
        parse(text)


async def test_values_of_policies_of_a_flow(world: World) -> None:
    world.commit([Flow(hits=(Hit(0, "default", "tenant-01-restrict", "deny"),))])
    found = await applied(world, "FLOWS", "policy_hits:{name: ten|")
    assert found == ["policy_hits:{name: tenant-01-restrict"]
    (found,) = await applied(world, "FLOWS", "policies:{enforced_policies: |")
    assert found == 'policies:{enforced_policies: "0|default|gnp:tenant-01-restrict|deny|0"'


async def test_alerts_have_fields_and_values_of_their_own(world: World) -> None:
    world.alert(some_alert(1), some_alert(2), some_alert(3, namespace="pay"))
    assert await applied(world, "ALERTS", "techn|") == ["technique"]
    assert await applied(world, "EVENTS", "techn|") == ["techniques"]
    found = await asked(world, "ALERTS", "source_namespace: |")
    assert [(one["text"], one["count"]) for one in found] == [("shop", "2"), ("pay", "1")]
    assert await applied(world, "ALERTS", "title: Al|") == [
        'title: "Alert 1"',
        'title: "Alert 2"',
        'title: "Alert 3"',
    ]


async def test_values_obey_the_scope() -> None:
    with opened(ApiSettings()) as world:
        world.commit(
            [Flow(wep("shop", "web"), net("pub"), mark=1), Flow(wep("pay", "api"), net("pub"), mark=2)]
        )
        token = await world.token(Scope(namespaces=frozenset({("east", "shop")})))
        everything = await world.token(Scope())
        assert await applied(world, "FLOWS", "source_namespace: |", token) == ["source_namespace: shop"]
        assert len(await applied(world, "FLOWS", "source_namespace: |", everything)) == 2


async def test_at_most_so_many_and_none_where_nothing_can_be_read(world: World) -> None:
    assert len(await asked(world, "FLOWS", "|", limit=7)) == 7
    assert await asked(world, "FLOWS", "a:b:c|") == []
    assert await asked(world, "FLOWS", "policy_hits:{staged:t|") != []
    assert await asked(world, "FLOWS", "start_time > |") == []


@pytest.mark.parametrize(
    ("variables", "says"),
    [
        ({"text": "a", "cursor": 2}, "cursor is 2; give it a value from 0 to 1"),
        ({"text": "a", "cursor": -1}, "cursor is -1"),
        ({"text": "a", "cursor": 1, "limit": 0}, "limit is 0"),
        ({"text": "a" * 9000, "cursor": 1}, "longer than 8192"),
    ],
)
async def test_bad_arguments_get_one_sentence(world: World, variables: dict[str, Any], says: str) -> None:
    code, message = await world.refusal(ASKED, {"kind": "FLOWS", **variables})
    assert code == "BAD_INPUT"
    assert says in message
