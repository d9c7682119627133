"""The evaluator beyond the published cases: what is unknown, hosts, services, ICMP, staging, names."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapetum.domain.endpoints import EndpointKind
from tapetum.domain.policy_trace import Action, PolicyKind
from tapetum.policy.addresses import EVERYWHERE
from tapetum.policy.connection import Connection, HttpRequest, Peer
from tapetum.policy.evaluate import evaluate
from tapetum.policy.labels import Labels
from tapetum.policy.resources.keys import Key
from tapetum.policy.resources.manifests import read_manifests
from tapetum.policy.resources.policies import Policy, Tier
from tapetum.policy.rules import ServiceRef
from tapetum.policy.state import ClusterState, LoggedEnd
from tapetum.policy.trace import Verdict
from tapetum.policy.truth import Fact
from tests.policy.clusters import cluster, connection

BASE = """
apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {team: a}}}
- apiVersion: v1
  kind: Pod
  metadata: {name: web-1, generateName: web-, namespace: shop, labels: {app: web, i: "1"}}
  spec: {containers: [{ports: [{name: http, containerPort: 8080}]}]}
  status: {podIP: 10.1.0.1}
- apiVersion: v1
  kind: Pod
  metadata: {name: web-2, generateName: web-, namespace: shop, labels: {app: web, i: "2"}}
  spec: {containers: [{ports: [{name: http, containerPort: 8080}]}]}
  status: {podIP: 10.1.0.2}
- apiVersion: v1
  kind: Pod
  metadata: {name: db, namespace: shop, labels: {app: db}}
  spec: {serviceAccountName: keeper, containers: [{ports: [{name: sql, containerPort: 5432}]}]}
  status: {podIPs: [{ip: 10.1.0.3}, {ip: "fd00::3"}]}
- {apiVersion: v1, kind: ServiceAccount, metadata: {name: keeper, namespace: shop, labels: {role: store}}}
- apiVersion: v1
  kind: Service
  metadata: {name: sql, namespace: shop}
  spec: {clusterIP: 10.9.0.1, selector: {app: db}, ports: [{port: 3306, targetPort: sql}]}
- apiVersion: projectcalico.org/v3
  kind: HostEndpoint
  metadata: {name: node-eth0, labels: {node: "yes"}}
  spec: {node: node, interfaceName: eth0, expectedIPs: [10.0.0.5]}
---
"""
WEB, DB, OUT, HOST = "shop/web-1", "shop/db", "198.51.100.7", "10.0.0.5"


def policy(spec: str, kind: str = "GlobalNetworkPolicy", name: str = "p", namespace: str = "") -> str:
    where = f", namespace: {namespace}" if namespace else ""
    metadata = f"{{name: {name}{where}}}"
    return f"apiVersion: projectcalico.org/v3\nkind: {kind}\nmetadata: {metadata}\nspec: {{{spec}}}\n---\n"


def verdicts(state: ClusterState, asked: Connection) -> tuple[Verdict, Verdict]:
    found = evaluate(state, asked)
    return found.verdict, found.pending_verdict


def ingress(rule: str) -> ClusterState:
    """The database takes what the rule allows, and nothing else; stored rules may be odd."""
    return cluster(
        BASE + policy(f"selector: app == 'db', ingress: [{{action: Allow, {rule}}}]"), lenient=True
    )


def test_what_the_record_lacks_is_named_with_its_rule() -> None:
    state = ingress("source: {nets: [198.51.100.0/24]}")
    unknown = Peer(EndpointKind.NETWORK, name="pub", addresses=EVERYWHERE)
    asked = replace(connection(state, OUT, DB), source=unknown)
    trace = evaluate(state, asked).ingress.enforced
    assert trace.verdict is Verdict.UNCERTAIN
    assert [step.rule for step in trace.steps] == [-1]
    (doubt,) = trace.doubts
    assert (doubt.step.rule, doubt.missing) == (0, {Fact.SOURCE_ADDRESS})
    assert str(doubt) == "GlobalNetworkPolicy p, rule 0: the source's address not known"
    assert verdicts(state, connection(state, OUT, DB))[0] is Verdict.ALLOW
    assert verdicts(state, connection(state, "198.51.99.7", DB))[0] is Verdict.DENY


def test_a_doubt_that_changes_nothing_leaves_the_verdict_certain() -> None:
    rules = "{action: Deny, source: {nets: [198.51.100.0/24]}}, {action: Deny}"
    state = cluster(BASE + policy(f"selector: app == 'db', ingress: [{rules}]"))
    asked = replace(connection(state, OUT, DB), source=Peer(EndpointKind.NETWORK))
    trace = evaluate(state, asked).ingress.enforced
    assert (trace.verdict, trace.missing) == (Verdict.DENY, {Fact.SOURCE_ADDRESS})


def test_a_doubtful_pass_is_followed_into_the_next_tier() -> None:
    text = (
        BASE
        + policy("order: 1, defaultAction: Deny", "Tier", "first")
        + policy("tier: first, selector: app == 'db', ingress: [{action: Pass, source: {nets: [1.0.0.0/8]}}]")
    )
    state = cluster(text)
    asked = replace(connection(state, OUT, DB), source=Peer(EndpointKind.NETWORK))
    assert verdicts(state, asked)[0] is Verdict.UNCERTAIN  # denied at the tier's end, or by profile allowed
    closed = cluster(text + policy("selector: app == 'db', ingress: []", name="q"))
    assert verdicts(closed, asked)[0] is Verdict.DENY  # either way


@pytest.mark.parametrize(
    ("rule", "more", "verdict"),
    [
        ("protocol: TCP, destination: {ports: [sql]}", {"port": 5432}, Verdict.ALLOW),
        ("protocol: TCP, destination: {ports: [sql]}", {"port": 5433}, Verdict.DENY),
        ("protocol: UDP, destination: {ports: [sql]}", {"protocol": "udp", "port": 5432}, Verdict.DENY),
        ("protocol: TCP, destination: {ports: [sql]}", {"protocol": None, "port": 5432}, Verdict.UNCERTAIN),
        ("protocol: TCP, destination: {ports: [sql]}", {"protocol": None, "port": 5433}, Verdict.DENY),
        ("protocol: TCP, destination: {ports: ['1:90']}", {"port": None}, Verdict.UNCERTAIN),
        ("protocol: TCP, destination: {ports: ['0:65535']}", {"port": None}, Verdict.ALLOW),
        ("protocol: TCP, destination: {notPorts: [80]}", {"port": 81}, Verdict.ALLOW),
        ("protocol: SCTP, destination: {ports: [9]}", {"protocol": "sctp", "port": 9}, Verdict.ALLOW),
        ("protocol: 132, destination: {ports: [9]}", {"protocol": "sctp", "port": 9}, Verdict.ALLOW),
        ("protocol: TCP, source: {ports: [1]}", {}, Verdict.UNCERTAIN),
        ("protocol: TCP, source: {ports: [1]}", {"source_port": 1}, Verdict.ALLOW),
        ("protocol: TCP", {"protocol": None}, Verdict.UNCERTAIN),
        ("notProtocol: TCP", {}, Verdict.DENY),
        ("protocol: ICMP, icmp: {type: 8}", {"protocol": "icmp", "port": None}, Verdict.UNCERTAIN),
        ("protocol: ICMP, icmp: {type: 8}", {"protocol": "icmp", "icmp_type": 8}, Verdict.ALLOW),
        (
            "protocol: ICMP, icmp: {type: 8, code: 1}",
            {"protocol": "icmp", "icmp_type": 8, "icmp_code": 0},
            Verdict.DENY,
        ),
        ("protocol: ICMP, notICMP: {type: 8}", {"protocol": "icmp", "icmp_type": 8}, Verdict.DENY),
        ("icmp: {type: 8}", {}, Verdict.DENY),
        ("ipVersion: 4", {}, Verdict.ALLOW),
        ("ipVersion: 6", {}, Verdict.DENY),
        ("http: {methods: [GET]}", {}, Verdict.UNCERTAIN),
        ("http: {methods: [GET]}", {"protocol": "udp"}, Verdict.DENY),
        ("http: {methods: ['*']}", {}, Verdict.ALLOW),
        ("http: {methods: ['*']}", {"protocol": None}, Verdict.UNCERTAIN),
        ("http: {methods: [GET]}", {"http": HttpRequest("GET")}, Verdict.ALLOW),
        ("http: {methods: [GET]}", {"http": HttpRequest("PUT")}, Verdict.DENY),
        ("http: {paths: [{prefix: /a}]}", {"http": HttpRequest("GET", "/a/b?c")}, Verdict.ALLOW),
        ("http: {paths: [{prefix: /a}]}", {"http": HttpRequest("GET", "/ab?c")}, Verdict.DENY),
        ("http: {paths: [{exact: /a}]}", {"http": HttpRequest("GET", "/ab")}, Verdict.DENY),
        (
            "http: {headers: [{header: X, operator: In, values: [v]}]}",
            {"http": HttpRequest("GET")},
            Verdict.UNCERTAIN,
        ),
        (
            "http: {headers: [{header: X, operator: HasPrefix, values: [v]}]}",
            {"http": HttpRequest("GET", "/", (("x", "vw"),))},
            Verdict.ALLOW,
        ),
        ("source: {serviceAccounts: {names: [default]}}", {}, Verdict.ALLOW),
        ("source: {serviceAccounts: {selector: role == 'store'}}", {}, Verdict.DENY),
        ("source: {namespaceSelector: team == 'a'}", {}, Verdict.ALLOW),
        ("source: {namespaceSelector: global()}", {}, Verdict.DENY),
        ("source: {selector: all(), notSelector: app == 'web'}", {}, Verdict.DENY),
        ("source: {nets: [10.1.0.0/16], notNets: [10.1.0.1/32]}", {}, Verdict.DENY),
        ("source: {services: {name: sql, namespace: shop}}", {}, Verdict.DENY),
    ],
)
def test_terms(rule: str, more: dict[str, object], verdict: Verdict) -> None:
    state = ingress(rule)
    assert verdicts(state, connection(state, WEB, DB, **more))[0] is verdict


@pytest.mark.parametrize(
    ("destination", "more", "verdict"),
    [
        (DB, {"port": 5432}, Verdict.ALLOW),
        (DB, {"port": 3306}, Verdict.DENY),
        (WEB, {"port": 5432}, Verdict.DENY),
        (OUT, {"port": 443, "service": ServiceRef("shop", "sql")}, Verdict.ALLOW),
    ],
)
def test_services_are_the_pods_and_ports_behind_them(
    destination: str, more: dict[str, object], verdict: Verdict
) -> None:
    rule = "{action: Allow, destination: {services: {name: sql}}}"
    state = cluster(BASE + policy(f"types: [Egress], egress: [{rule}]", "NetworkPolicy", namespace="shop"))
    assert verdicts(state, connection(state, "shop/web-2", destination, **more))[0] is verdict


def test_a_service_that_nothing_tells_of_is_unknown() -> None:
    rule = "{action: Allow, destination: {services: {name: gone}}}"
    state = cluster(BASE + policy(f"types: [Egress], egress: [{rule}]", "NetworkPolicy", namespace="shop"))
    trace = evaluate(state, connection(state, WEB, DB)).egress.enforced
    assert (trace.verdict, trace.missing) == (Verdict.UNCERTAIN, {Fact.SERVICE_ENDPOINTS})


DOMAINS = BASE + policy(
    "selector: app == 'web', types: [Egress], "
    "egress: [{action: Allow, destination: {domains: ['*.example.com']}}]"
)


@pytest.mark.parametrize(
    ("domains", "verdict"),
    [
        (("a.example.com",), Verdict.ALLOW),
        (("A.B.Example.com.",), Verdict.ALLOW),
        (("example.com",), Verdict.DENY),
        ((), Verdict.DENY),
        (None, Verdict.UNCERTAIN),
    ],
)
def test_domains(domains: tuple[str, ...] | None, verdict: Verdict) -> None:
    state = cluster(DOMAINS)
    asked = connection(state, WEB, DB)
    asked = replace(asked, destination=Peer(EndpointKind.NETWORK, domains=domains))
    assert verdicts(state, asked)[0] is verdict


def test_staged_policies_count_only_as_pending_and_edits_replace_their_original() -> None:
    enforced = policy("selector: app == 'db', ingress: [{action: Allow}]", name="default.p")
    edited = policy("selector: app == 'db', ingress: [{action: Deny}]", "StagedGlobalNetworkPolicy")
    state = cluster(BASE + enforced + edited)
    asked = connection(state, WEB, DB)
    found = evaluate(state, asked)
    assert (found.verdict, found.pending_verdict) == (Verdict.ALLOW, Verdict.DENY)
    assert found.ingress.logged_pending.verdict is Verdict.ALLOW  # beside its original, and after it
    assert found.ingress.pending.steps[0].policy.kind is PolicyKind.STAGED_GLOBAL_NETWORK_POLICY
    assert evaluate(state.promoted(), asked).verdict is Verdict.DENY
    assert len(state.promoted().policies) == 1


def test_staged_deletions_are_simulated_and_ignored_ones_are_not() -> None:
    enforced = policy("selector: app == 'db', ingress: []")
    asked_of = {
        "Delete": (Verdict.DENY, Verdict.ALLOW),
        "Ignore": (Verdict.DENY, Verdict.DENY),
    }
    for action, expected in asked_of.items():
        staged = policy(f"stagedAction: {action}", "StagedGlobalNetworkPolicy")
        state = cluster(BASE + enforced + staged)
        asked = connection(state, WEB, DB)
        assert verdicts(state, asked) == expected
        assert evaluate(state.promoted(), asked).verdict is expected[1]


def test_hosts_meet_untracked_then_early_then_normal_policies() -> None:
    untracked = policy("selector: has(node), doNotTrack: true, applyOnForward: true, "
                       "ingress: [{action: Allow, protocol: TCP, destination: {ports: [1]}}]",
                       name="u")  # fmt: skip
    early = policy("selector: has(node), preDNAT: true, applyOnForward: true, "
                   "ingress: [{action: Deny, protocol: TCP, destination: {ports: ['1:2']}}]",
                   name="e")  # fmt: skip
    normal = policy("selector: has(node), ingress: [{action: Allow}]", name="n")
    state = cluster(BASE + untracked + early + normal)
    found = [evaluate(state, connection(state, OUT, HOST, port=port)) for port in (1, 2, 3)]
    assert [each.verdict for each in found] == [Verdict.ALLOW, Verdict.DENY, Verdict.ALLOW]
    assert [each.ingress.enforced.steps[0].policy.name for each in found] == ["u", "e", "n"]
    bare = cluster(BASE)
    (step,) = evaluate(bare, connection(bare, OUT, HOST)).ingress.enforced.steps
    assert (step.action, step.policy.kind, step.rule) == (Action.DENY, PolicyKind.PROFILE, -1)


def test_workloads_never_meet_policies_for_hosts_alone() -> None:
    state = cluster(BASE + policy("preDNAT: true, applyOnForward: true, ingress: [{action: Deny}]"))
    assert verdicts(state, connection(state, OUT, DB))[0] is Verdict.ALLOW


def test_what_an_endpoint_sends_itself_is_nobodys_business() -> None:
    state = cluster(BASE + policy("types: [Ingress, Egress]"))
    assert verdicts(state, connection(state, DB, DB))[0] is Verdict.ALLOW
    assert verdicts(state, connection(state, WEB, "shop/web-2"))[0] is Verdict.DENY


def test_siblings_in_a_log_are_known_as_far_as_they_agree() -> None:
    state = ingress("source: {selector: i == '1'}")
    group = state.logged(LoggedEnd(EndpointKind.WORKLOAD, "shop", aggregate="web-*"))
    asked = replace(connection(state, WEB, DB), source=group)
    trace = evaluate(state, asked).ingress.enforced
    assert (trace.verdict, trace.missing) == (Verdict.UNCERTAIN, {Fact.SOURCE_LABELS})
    same = ingress("source: {selector: app == 'web', nets: [10.1.0.0/30]}")
    assert (
        verdicts(
            same,
            replace(asked, source=same.logged(LoggedEnd(EndpointKind.WORKLOAD, "shop", aggregate="web-*"))),
        )[0]
        is Verdict.ALLOW
    )


SETS = (
    BASE
    + """
apiVersion: projectcalico.org/v3
kind: GlobalNetworkSet
metadata: {name: bad, labels: {feed: threat}}
spec: {nets: [198.51.100.0/24]}
---
"""
)


def test_a_networks_address_lies_outside_of_all_sets_that_were_there() -> None:
    state = cluster(
        SETS
        + policy(
            "selector: app == 'db', "
            "ingress: [{action: Deny, source: {selector: feed == 'threat'}}, {action: Allow}]"
        )
    )
    public = state.logged(LoggedEnd(EndpointKind.NETWORK, aggregate="pub"))
    asked = replace(connection(state, OUT, DB), source=public)
    assert verdicts(state, asked)[0] is Verdict.ALLOW
    assert verdicts(state, connection(state, OUT, DB))[0] is Verdict.DENY
    member = state.logged(LoggedEnd(EndpointKind.NETWORK_SET, aggregate="bad"))
    assert verdicts(state, replace(asked, source=member))[0] is Verdict.DENY
    (grown,) = read_manifests([("g", SETS.replace("198.51.100.0/24", "198.51.0.0/16"))]).resources[-1:]
    assert verdicts(state.changed(put=[grown]), asked)[0] is Verdict.UNCERTAIN
    assert (
        verdicts(state.changed(remove=[Key("GlobalNetworkSet", None, "bad")]), connection(state, OUT, DB))[0]
        is Verdict.ALLOW
    )


def test_a_selector_that_takes_all_takes_endpoints_and_sets_but_no_stranger() -> None:
    state = ingress("source: {selector: all()}")
    assert verdicts(state, connection(state, OUT, DB))[0] is Verdict.DENY
    assert verdicts(state, connection(state, WEB, DB))[0] is Verdict.ALLOW


def test_changes_derive_another_state_and_leave_this_one() -> None:
    state = cluster(
        BASE
        + policy("order: 1, defaultAction: Pass", "Tier", "first")
        + policy("tier: first, selector: app == 'db', ingress: []", name="first.a")
    )
    asked = connection(state, WEB, DB)
    assert verdicts(state, asked)[0] is Verdict.ALLOW
    closed = state.changed(put=[Tier("first", 1, Action.DENY)])
    assert verdicts(closed, asked)[0] is Verdict.DENY
    assert (
        verdicts(closed.changed(remove=[Key("GlobalNetworkPolicy", None, "first.a")]), asked)[0]
        is Verdict.ALLOW
    )
    assert verdicts(state, asked)[0] is Verdict.ALLOW


def test_tiers_that_no_document_describes_come_last_and_deny() -> None:
    state = cluster(BASE + policy("tier: lost, selector: app == 'db', ingress: []", name="lost.x"))
    assert [tier.name for tier in state.tiers][-1] == "lost"
    assert not state.tiers[-1].defined
    assert verdicts(state, connection(state, WEB, DB))[0] is Verdict.DENY


ORDERED = [
    policy("order: 2, selector: app == 'db', ingress: [{action: Allow}]", name="b"),
    policy("order: 2, selector: app == 'db', ingress: [{action: Deny}]", name="a"),
    policy("selector: all(), ingress: [{action: Allow}]", name="c"),
    policy("order: 1, selector: app == 'web', egress: [{action: Pass}]", "NetworkPolicy", "d", "shop"),
    policy("order: 5, defaultAction: Deny", "Tier", "t"),
    policy("tier: t, selector: app == 'web', types: [Egress], egress: [{action: Pass}]", name="t.z"),
    *(each + "---\n" for each in BASE.split("---\n") if each.strip()),
]


@given(st.permutations(ORDERED))
def test_the_order_of_documents_decides_nothing(documents: list[str]) -> None:
    state, reference = cluster("".join(documents)), cluster("".join(ORDERED))
    for source, destination in ((WEB, DB), (DB, WEB), (OUT, DB), (WEB, OUT)):
        assert evaluate(state, connection(state, source, destination)) == evaluate(
            reference, connection(reference, source, destination)
        )


PARTS = st.sampled_from(["app == 'web'", "i == '1'", "has(x)", "!has(x)", "i != '2'"])


@given(PARTS, PARTS, st.booleans(), st.sampled_from(["Allow", "Deny", "Pass"]))
def test_a_certain_verdict_holds_whatever_the_unknown_labels_are(
    first: str, second: str, also: bool, action: str
) -> None:
    """Knowing less never turns one certain verdict into another."""
    rules = (
        f'{{action: {action}, source: {{selector: "{first}"}}}}, '
        f'{{action: Allow, source: {{selector: "{second}"}}}}'
    )
    state = cluster(BASE + policy(f"selector: app == 'db', ingress: [{rules}]"))
    asked = connection(state, WEB, DB)
    whole = {**(asked.source.labels or {}), **({"x": "1"} if also else {})}
    shown = {key: value for key, value in whole.items() if key not in ("i", "x")}
    exact = evaluate(state, replace(asked, source=replace(asked.source, labels=Labels(whole)))).verdict
    partial = replace(asked.source, labels=Labels(shown, hidden=("i", "x")))
    found = evaluate(state, replace(asked, source=partial)).verdict
    assert found in (exact, Verdict.UNCERTAIN)


def test_policies_are_found_under_their_keys() -> None:
    state = cluster(BASE + policy("", name="default.p"))
    found = state.resources[Key("GlobalNetworkPolicy", None, "default.p")]
    assert isinstance(found, Policy)
    assert found.id.plain_name == "p"
