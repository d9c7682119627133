"""What is learnt from records, and how rules name it: case by case."""

from typing import Any

import pytest

from tapetum.policy.documents import Document, Place
from tapetum.policy.recommend import Options, Recommendation, Style, Target, evaluate_held_out, recommend
from tapetum.policy.recommend.edges import Why
from tapetum.policy.recommend.text import as_yaml
from tapetum.policy.resources.manifests import read_manifests, resolve
from tapetum.policy.selectors import parse
from tapetum.policy.state import ClusterState
from tests.policy.clusters import cluster
from tests.policy.observations import host, net, network_set, pods, row, seen

CLUSTER = """
apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: Namespace, metadata: {name: shop}}
- {apiVersion: v1, kind: Namespace, metadata: {name: data}}
- apiVersion: v1
  kind: Pod
  metadata: {name: web-6f7b9c5d48-abcde, generateName: web-6f7b9c5d48-, namespace: shop,
    labels: {app: web, tier: front, pod-template-hash: 6f7b9c5d48, version: '3'}}
  status: {podIP: 10.1.0.1}
- apiVersion: v1
  kind: Pod
  metadata: {name: cart-0, generateName: cart-, namespace: shop,
    labels: {app: cart, tier: back, statefulset.kubernetes.io/pod-name: cart-0}}
  status: {podIP: 10.1.0.2}
- apiVersion: v1
  kind: Pod
  metadata: {name: cart-1, generateName: cart-, namespace: shop,
    labels: {app: cart, tier: back, statefulset.kubernetes.io/pod-name: cart-1}}
  status: {podIP: 10.1.0.3}
- apiVersion: v1
  kind: Pod
  metadata: {name: db-0, generateName: db-, namespace: data, labels: {app: sql, role: primary}}
  status: {podIP: 10.1.0.4}
- apiVersion: v1
  kind: Pod
  metadata: {name: copy-0, generateName: copy-, namespace: data, labels: {app: sql, role: copy}}
  status: {podIP: 10.1.0.5}
- apiVersion: projectcalico.org/v3
  kind: HostEndpoint
  metadata: {name: node-1, labels: {edge: 'yes'}}
  spec: {node: n1, interfaceName: eth0, expectedIPs: [10.0.0.1]}
- apiVersion: projectcalico.org/v3
  kind: GlobalNetworkSet
  metadata: {name: banks, labels: {external: banks}}
  spec: {nets: [192.0.2.0/24]}
"""
BOTH_NETS = "['192.0.2.0/24', '2001:db8:1::/48']"
WEB = pods("shop", "web-6f7b9c5d48-*", app="web", tier="front", pod_template_hash="6f7b9c5d48", version="3")
CART = pods("shop", "cart-*", app="cart", tier="back")
DB = pods("data", "db-*", app="sql", role="primary")
COPY = pods("data", "copy-*", app="sql", role="copy")


def found(
    *rows: Any, state: ClusterState | None = None, unwanted: tuple[int, ...] = (), **options: Any
) -> Recommendation:
    given = Options(**{"style": Style.CALICO, **options})
    return recommend(state or cluster(CLUSTER), seen(*rows, unwanted=unwanted), Target(), given)


def spec(of: Recommendation, name: str) -> dict[str, Any]:
    (document,) = [each for each in of.documents if each["metadata"]["name"].endswith(f"recommended-{name}")]
    return document["spec"]


def both(*arguments: Any, **more: Any) -> list[dict[str, Any]]:
    return [row(*arguments, reporter=each, **more) for each in ("src", "dst")]


def test_peers_are_selected_by_labels_that_a_rollout_keeps() -> None:
    told = found(*both(WEB, CART, 7070), *both(WEB, DB, 5432), *both(CART, DB, 5432))
    assert spec(told, "web")["selector"] == 'app == "web"'
    assert spec(told, "web")["egress"] == [
        {
            "action": "Allow",
            "protocol": "TCP",
            "destination": {
                "selector": 'role == "primary"',
                "namespaceSelector": 'projectcalico.org/name == "data"',
                "ports": [5432],
            },
        },
        {
            "action": "Allow",
            "protocol": "TCP",
            "destination": {"selector": 'app == "cart"', "ports": [7070]},
        },
    ]
    (rule,) = spec(told, "db")["ingress"]
    assert rule["source"] == {
        "selector": 'app in {"cart", "web"}',
        "namespaceSelector": 'projectcalico.org/name == "shop"',
    }


def test_a_pod_that_is_gone_is_known_by_its_labels_or_its_name() -> None:
    rolled = pods("shop", "web-5d4f8b7c6b-*", app="web", tier="front", pod_template_hash="5d4f8b7c6b")
    nameless = {"type": "wep", "namespace": "shop", "name_aggr": "web-5d4f8b7c6b-*"}
    gone = pods("shop", "job-29833333-*", app="job", job_name="job-29833333")
    told = found(*both(rolled, CART, 1), *both(nameless, CART, 2), *both(gone, CART, 3))
    assert [str(each.workload) for each in told.policies] == ["shop/cart", "shop/job", "shop/web"]
    assert spec(told, "job")["selector"] == 'app == "job"'
    assert [each.ports for each in told.policies[2].egress] == [(1, 2)]


def test_siblings_that_only_more_labels_tell_apart_are_told_apart() -> None:
    bare = cluster(CLUSTER.replace(", role: primary}", "}"))
    told = found(*both(WEB, pods("data", "db-*", app="sql"), 5432), state=bare)
    assert spec(told, "db")["selector"] == 'app == "sql" && !has(role)'
    kubernetes = found(*both(WEB, pods("data", "db-*", app="sql")), state=bare, style=Style.KUBERNETES)
    assert spec(kubernetes, "db")["podSelector"] == {
        "matchLabels": {"app": "sql"},
        "matchExpressions": [{"key": "role", "operator": "DoesNotExist"}],
    }


def test_one_connection_counts_once_and_denied_ones_teach_nothing() -> None:
    told = found(
        row(WEB, DB, 5432, connections=7),
        row(WEB, DB, 5432, connections=6, reporter="dst", day=1),
        row(WEB, CART, 22, connections=5),
        row(WEB, CART, 22, connections=5, reporter="dst", action="deny"),
        row(WEB, COPY, 23, action="deny"),
        row(CART, COPY, 80, reporter="fwd"),
    )
    assert told.connections == 6
    (rule,) = told.policies[1].egress
    assert rule.evidence is not None
    assert (rule.evidence.connections, rule.evidence.rows, len(rule.evidence.days)) == (6, (0, 1), 2)
    assert (rule.evidence.one_sided, rule.coverage, rule.unused) == (False, 1.0, ())
    assert [str(each) for each in told.idle] == ["data/copy", "shop/cart"]


def test_what_only_one_end_reported_is_allowed_at_both() -> None:
    told = found(row(WEB, DB, 5432), row(CART, COPY, 9, reporter="dst"))
    assert {str(each.workload): (len(each.ingress), len(each.egress)) for each in told.policies} == {
        "data/copy": (1, 0), "data/db": (1, 0), "shop/cart": (0, 1), "shop/web": (0, 1)
    }  # fmt: skip
    evidence = told.policies[0].ingress[0].evidence
    assert evidence is not None
    assert evidence.one_sided


def test_protocols_are_written_as_calico_calls_them() -> None:
    rows = [each for name in ("icmp6", "ipip", "quic") for each in both(WEB, DB, None, protocol=name)]
    told = found(*rows)
    allowed = [rule for rule in spec(told, "db")["ingress"] if rule["action"] == "Allow"]
    assert sorted(str(rule["protocol"]) for rule in allowed) == ["4", "ICMPv6"]
    assert "Ingress over quic has no form in a NetworkPolicy, so that it is denied." in told.policies[0].notes


def test_unwanted_rare_and_nameless_edges_are_left_out_with_the_reason() -> None:
    rows = [
        *both(WEB, DB, 5432, connections=50),
        *both(WEB, DB, 5432, connections=50, day=1),
        *both(WEB, DB, 22, connections=50),
        *both(WEB, CART, 80, connections=1),
        row({"type": "wep"}, CART, 80, reporter="dst", connections=50),
    ]
    told = found(*rows, unwanted=(4,), min_connections=10)
    assert [(each.port, each.why) for each in told.left_out] == [
        (22, Why.UNWANTED), (80, Why.FEW_CONNECTIONS), (80, Why.UNNAMED)
    ]  # fmt: skip
    assert told.connections == 100
    told = found(*rows, min_days=2)
    assert {each.why for each in told.left_out} == {Why.FEW_DAYS, Why.UNNAMED}
    assert [each.ports for each in told.policies[-1].egress] == [(5432,)]


def test_what_lies_outside_is_named_as_narrowly_as_records_tell() -> None:
    told = found(
        row(WEB, net("pub"), 443, domains=["api.example.com"]),
        row(WEB, net("pub"), 443, domains=["b.example.com", "a.example.com"]),
        row(WEB, net("pvt"), 6443, service="default/kubernetes"),
        row(WEB, net("pvt", "10.20.0.5"), 22),
        row(WEB, network_set("banks"), 444),
        row(WEB, host("node-1"), 9100),
        row(CART, net("pub"), 25),
        row(CART, net("pub", "198.51.100.9"), 26),
        row(CART, pods("data", "-"), 80, protocol="udp"),
        row(DB, net("pvt"), None, protocol="icmp"),
    )
    assert [each.get("destination") for each in spec(told, "web")["egress"]] == [
        {"selector": 'edge == "yes"', "namespaceSelector": "global()", "ports": [9100]},
        {"selector": 'external == "banks"', "namespaceSelector": "global()", "ports": [444]},
        {"nets": ["10.20.0.5/32"], "ports": [22]},
        {"domains": ["a.example.com", "api.example.com", "b.example.com"], "ports": [443]},
        {"services": {"name": "kubernetes", "namespace": "default"}},
    ]
    private = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"]
    assert spec(told, "cart")["egress"] == [
        {"action": "Allow", "protocol": "UDP",
         "destination": {"namespaceSelector": 'projectcalico.org/name == "data"', "ports": [80]}},
        {"action": "Allow", "protocol": "TCP", "destination": {"nets": ["198.51.100.9/32"], "ports": [26]}},
        {"action": "Deny", "destination": {
            "selector": 'projectcalico.org/orchestrator == "k8s"', "namespaceSelector": "all()"}},
        {"action": "Allow", "protocol": "TCP", "destination": {"notNets": private, "ports": [25]}},
    ]  # fmt: skip
    cart = next(each for each in told.policies if each.workload.name == "cart")
    assert [(each.name, each.ports) for each in cart.egress[0].unused] == [("copy-*", (80,)), ("db-*", (80,))]
    assert spec(told, "db")["egress"][-1] == {
        "action": "Allow", "protocol": "ICMP", "destination": {"nets": private}
    }  # fmt: skip


def test_nets_of_both_ip_versions_become_a_rule_for_each() -> None:
    state = cluster(
        CLUSTER.replace("labels: {external: banks}", "labels: {}").replace("[192.0.2.0/24]", BOTH_NETS)
    )
    told = found(
        row(WEB, net("pub", "198.51.100.9"), 26, connections=3),
        row(WEB, net("pub", "2001:db8::9"), 26, connections=4),
        *(row(WEB, network_set("banks"), None, protocol=each, connections=5) for each in ("icmp", "icmp6")),
        row(WEB, network_set("banks"), 444, connections=6),
        row(CART, net("pub"), None, protocol="icmp6"),
        row(DB, net("pub", "2001:db8::7"), None, protocol="icmp"),
        state=state,
    )
    assert spec(told, "web")["egress"] == [
        {"action": "Allow", "protocol": "ICMP", "destination": {"nets": ["192.0.2.0/24"]}},
        {"action": "Allow", "protocol": "TCP", "destination": {"nets": ["192.0.2.0/24"], "ports": [444]}},
        {"action": "Allow", "protocol": "TCP", "destination": {"nets": ["198.51.100.9/32"], "ports": [26]}},
        {"action": "Allow", "protocol": "ICMPv6", "destination": {"nets": ["2001:db8:1::/48"]}},
        {"action": "Allow", "protocol": "TCP", "destination": {"nets": ["2001:db8:1::/48"], "ports": [444]}},
        {"action": "Allow", "protocol": "TCP", "destination": {"nets": ["2001:db8::9/128"], "ports": [26]}},
    ]
    assert "destination" not in spec(told, "cart")["egress"][-1]
    by_name = {each.workload.name: each for each in told.policies}
    assert "Egress over icmp has no form in a NetworkPolicy, so that it is denied." in by_name["db"].notes
    rules = {(each.protocol, str(each.peer)): each for each in by_name["web"].egress}
    told_of = {key: rule.evidence and rule.evidence.connections for key, rule in rules.items()}
    assert told_of["tcp", "198.51.100.9/32"] == 3
    assert told_of["tcp", "2001:db8::9/128"] == 4
    assert told_of["tcp", "192.0.2.0/24"] == told_of["tcp", "2001:db8:1::/48"] == 6
    shared = "The rule for IPv4 rests on the same connections."
    assert {key for key, rule in rules.items() if shared in rule.notes} == {("tcp", "2001:db8:1::/48")}
    strict = resolve(Document(Place("written"), each) for each in told.documents)
    assert strict.problems == ()


def test_many_addresses_become_their_network() -> None:
    rows = [row(WEB, net("pub", f"198.51.100.{each}"), 443) for each in range(9)]
    assert len(spec(found(*rows[:8]), "web")["egress"][0]["destination"]["nets"]) == 8
    assert "notNets" in spec(found(*rows), "web")["egress"][-1]["destination"]


def test_what_permits_more_than_was_seen_says_what() -> None:
    told = found(row(WEB, net(None), 53, protocol="udp"), style=Style.KUBERNETES)
    (policy,) = told.policies
    (rule,) = policy.egress
    assert policy.document["spec"]["egress"] == [{"ports": [{"protocol": "UDP", "port": 53}]}]
    assert {(each.namespace, each.name, each.ports, each.pairs) for each in rule.unused} == {
        ("data", "copy-*", (53,), 1),
        ("data", "db-*", (53,), 1),
        ("shop", "cart-*", (53,), 2),
        ("shop", "web-6f7b9c5d48-*", (53,), 1),
        (None, "node-1", (53,), 1),
    }
    assert "Permits, and never seen (6 of endpoint and port): data/copy-*:53" in as_yaml(told)


def test_what_kubernetes_cannot_say_is_said() -> None:
    told = found(
        row(WEB, net("pub"), 443, domains=["api.example.com"]),
        row(WEB, net("pub"), None, protocol="icmp"),
        style=Style.KUBERNETES,
    )
    (policy,) = told.policies
    assert policy.notes == ("Egress over icmp has no form in a NetworkPolicy, so that it is denied.",)
    (rule,) = policy.document["spec"]["egress"]
    assert [each["ipBlock"]["cidr"] for each in rule["to"]] == ["0.0.0.0/0", "::/0"]


LATER = """---
apiVersion: projectcalico.org/v3
kind: NetworkPolicy
metadata: {name: open, namespace: shop}
spec: {order: 500, egress: [{action: Allow}]}
---
apiVersion: projectcalico.org/v3
kind: NetworkPolicy
metadata: {name: first, namespace: shop}
spec: {order: 1, egress: [{action: Deny, destination: {nets: [10.9.0.0/16]}}]}
"""


def test_a_policy_closes_where_a_later_one_would_open() -> None:
    told = found(*both(WEB, DB, 5432), state=cluster(CLUSTER + LATER))
    web = next(each for each in told.policies if each.workload.name == "web")
    assert web.notes == (
        "Egress rules of first are asked before these.",
        "Egress rules of open no longer decide for these pods.",
    )
    assert web.document["spec"]["egress"][-1] == {"action": "Deny"}
    assert web.document["spec"]["ingress"] == []
    again = recommend(
        cluster(CLUSTER + LATER + as_yaml(told)), seen(*both(WEB, DB, 5432)), Target(), told.options
    )
    assert as_yaml(again) == as_yaml(told)


def test_a_tier_that_is_not_there_comes_along() -> None:
    told = found(*both(WEB, DB, 5432), tier="learnt", style=Style.STAGED)
    assert [each["kind"] for each in told.documents] == ["Tier", "StagedNetworkPolicy", "StagedNetworkPolicy"]
    assert told.documents[1]["metadata"]["name"] == "learnt.recommended-db"
    assert read_manifests([("a", as_yaml(told))]).resources == told.resources


def test_a_target_is_namespaces_and_a_selector() -> None:
    observed = seen(*both(WEB, CART, 80), *both(WEB, DB, 5432))
    options = Options(style=Style.CALICO)
    state = cluster(CLUSTER)
    for target, names in (
        (Target(frozenset(("shop",))), ["cart", "web"]),
        (Target(selector=parse("app == 'sql'")), ["db"]),
        (Target(frozenset(("shop",)), parse("tier == 'front'")), ["web"]),
    ):
        told = recommend(state, observed, target, options)
        assert [each.workload.name for each in told.policies] == names


def test_held_out_connections_tell_what_would_be_lost_and_where() -> None:
    told = found(*both(WEB, DB, 5432))
    later = seen(
        *both(WEB, DB, 5432, connections=90),
        row(WEB, net("pub"), 443, connections=10, domains=["api.example.com"]),
        row(CART, WEB, 1, action="deny", reporter="dst"),
        row(WEB, CART, 2, connections=5),
        row(WEB, CART, 2, connections=5, action="deny", reporter="dst"),
    )
    held = evaluate_held_out(told, cluster(CLUSTER), later)
    assert (held.legitimate.total, held.legitimate.denied, held.legitimate.uncertain) == (100, 10, 0)
    (lost,) = held.lost
    assert (lost.connections, lost.port, lost.rows) == (10, 443, (2,))
    assert str(lost.step.policy.name) == "recommended-web"
    assert held.newly_allowed == 0


def test_equal_input_gives_equal_text_whatever_its_order() -> None:
    rows = [*both(WEB, DB, 5432), *both(CART, DB, 5432), row(WEB, net("pub"), 443, domains=["a.b"])]
    assert as_yaml(found(*rows)) == as_yaml(found(*reversed(rows)))


@pytest.mark.parametrize("style", Style)
def test_labels_that_look_like_numbers_stay_texts(style: Style) -> None:
    state = cluster(CLUSTER.replace("app: web", "app: '1e3'"))
    told = found(*both({**WEB, "labels": ["app=1e3", "tier=front"]}, DB, 5432), state=state, style=style)
    read = read_manifests([("a", as_yaml(told))])
    assert read.problems == ()
    assert read.resources == told.resources
