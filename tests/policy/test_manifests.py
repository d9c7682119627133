"""Objects of each kind: what they become, and one sentence for each that is wrong."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from tapetum.domain.policy_trace import Action, PolicyKind
from tapetum.policy.documents import Document, Place
from tapetum.policy.resources.endpoints import NamedPort, Profile
from tapetum.policy.resources.manifests import Manifests, read_manifests, resolve
from tapetum.policy.resources.policies import Policy, Stage, StagedAction, Tier
from tapetum.policy.rules import Direction, Ports, RuleAction

WRONG_IN_THE_DOCS = {
    2: "spec.egress[0].ports: ports stand beside destination, not in it",
    7: "spec.ingress[0].destination: ports without a protocol, which Calico refuses",
    27: "spec.ingress[0].icmp.type: the comment sign before `Ping request` is lost",
    28: "spec.ingress[0].icmp.type: the comment sign is lost",
    41: "spec.expectedIPs: a placeholder",
    43: "spec.ingress[0].destination.nets: the comment sign is lost",
    44: "spec.ingress[0].destination.nets: the comment sign is lost",
    45: "spec.types[1]: a rule is indented under types",
    64: "spec.selector: one = for ==",
    80: "spec.selector: a value without quotes",
    121: "spec.expectedIPs: a placeholder",
    125: "spec.ingress[0].destination: ports without a protocol, which Calico refuses",
    131: "spec.ingress[0].source.nets: a placeholder",
    178: "spec.egress[0].destination: ports without a protocol, which Calico refuses",
}
"""By line (from 0) of the published examples: the field, and what the page has wrong there."""


def read(text: str, *, lenient: bool = False) -> Manifests:
    return read_manifests([("f.yaml", text)], lenient=lenient)


def sole(text: str) -> Any:
    found = read(text)
    assert found.problems == ()
    (resource,) = found.resources
    return resource


@pytest.mark.samples
def test_every_documented_example_is_read_or_is_wrong_for_a_reason(samples: Path) -> None:
    lines = (samples / "policies/tigera_docs_policy_examples.ndjson").read_text().splitlines()
    assert len(lines) == 179
    wrong: dict[int, str] = {}
    for number, line in enumerate(lines):
        found = resolve([Document(Place("docs"), json.loads(line)["object"])])
        assert len(found.manifests) + len(found.problems) == 1
        for problem in found.problems:
            wrong[number] = problem.path
    assert wrong == {number: reason.partition(": ")[0] for number, reason in WRONG_IN_THE_DOCS.items()}


KUBERNETES = """
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
  ingress:
  - from: [{podSelector: {matchLabels: {a: b}}}, {ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}]
    ports: [{protocol: UDP, port: 53}, {port: 80}, {port: 8000, endPort: 8002}, {port: http}]
  - {}
"""


def test_a_kubernetes_policy_has_a_rule_per_protocol_and_peer_and_knows_their_origins() -> None:
    policy: Policy = sole(KUBERNETES)
    assert (policy.id.kind, policy.id.tier, policy.order) == (
        PolicyKind.KUBERNETES_NETWORK_POLICY,
        "default",
        1000,
    )
    assert str(policy.selector) == (
        '(projectcalico.org/namespace == "shop" && (projectcalico.org/orchestrator == "k8s" && app == "web"))'
    )
    assert policy.egress is None
    assert policy.ingress is not None
    assert [(rule.protocol, rule.destination.ports, rule.origin) for rule in policy.ingress] == [
        ("tcp", Ports(((80, 80), (8000, 8002)), frozenset(("http",))), 0),
        ("tcp", Ports(((80, 80), (8000, 8002)), frozenset(("http",))), 0),
        ("udp", Ports(((53, 53),)), 0),
        ("udp", Ports(((53, 53),)), 0),
        (None, None, 1),
    ]
    assert policy.ingress[0].source.nets is None
    assert policy.ingress[1].source.nets is not None
    assert policy.ingress[1].source.not_nets is not None


def test_cluster_policies_fail_closed() -> None:
    policy: Policy = sole("""
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: c}
spec:
  tier: Baseline
  priority: 7
  subject: {pods: {namespaceSelector: {}, podSelector: {matchLabels: {a: b}}}}
  egress:
  - {action: Accept, to: [{domainNames: ["*.example.com"]}]}
  - {action: Pass, to: [{nodes: {}}]}
  - action: Accept
    to: [{networks: [10.0.0.0/8]}, {namespaces: {}}]
    protocols: [{udp: {destinationPort: {number: 53}}}, {tcp: {destinationPort: {range: {start: 5, end: 9}}}}]
""")
    assert (policy.id.tier, policy.order, policy.ingress) == ("kube-baseline", 7, None)
    assert policy.egress is not None
    assert [(rule.action, rule.protocol, rule.origin) for rule in policy.egress] == [
        (RuleAction.DENY, None, 1),
        (RuleAction.ALLOW, "tcp", 2),
        (RuleAction.ALLOW, "tcp", 2),
        (RuleAction.ALLOW, "udp", 2),
        (RuleAction.ALLOW, "udp", 2),
    ]
    assert [note.rpartition("; ")[2] for note in policy.notes] == [
        "the rule is left out",
        "the rule denies everything",
    ]


def test_admin_policies() -> None:
    policy: Policy = sole("""
apiVersion: policy.networking.k8s.io/v1alpha1
kind: AdminNetworkPolicy
metadata: {name: a}
spec:
  priority: 3
  subject: {namespaces: {}}
  ingress:
  - {action: Deny, from: [{namespaces: {}}], ports: [{portNumber: {protocol: SCTP, port: 9}}]}
""")
    assert (policy.id.tier, policy.egress) == ("adminnetworkpolicy", None)
    assert policy.ingress is not None
    (rule,) = policy.ingress
    assert (rule.action, rule.protocol, rule.destination.ports) == (RuleAction.DENY, "sctp", Ports(((9, 9),)))


def calico(spec: str, kind: str = "GlobalNetworkPolicy", name: str = "p") -> str:
    return f"apiVersion: projectcalico.org/v3\nkind: {kind}\nmetadata: {{name: {name}}}\nspec: {{{spec}}}\n"


@pytest.mark.parametrize(
    ("spec", "ingress", "egress"),
    [
        ("", True, False),
        ("ingress: [{action: Allow}]", True, False),
        ("egress: [{action: Allow}]", False, True),
        ("egress: [{action: Allow}], ingress: [{action: Deny}]", True, True),
        ("types: []", True, False),
        ("types: [Egress]", False, True),
        ("types: [Egress], ingress: [{action: Allow}]", False, True),
    ],
)
def test_directions(spec: str, ingress: bool, egress: bool) -> None:
    policy: Policy = sole(calico(spec))
    assert (policy.rules(Direction.INGRESS) is not None, policy.rules(Direction.EGRESS) is not None) == (
        ingress,
        egress,
    )


def test_calico_policies_and_tiers() -> None:
    policy: Policy = sole(
        calico(
            "tier: sec, order: 1.5, selector: a == 'b', stagedAction: Learn, "
            "serviceAccountSelector: r == 's', "
            "ingress: [{action: Log, source: {notSelector: has(x), serviceAccounts: {names: [u, v]}}}]",
            "StagedNetworkPolicy",
        )
    )
    assert policy.id.namespace == "default"
    assert (policy.id.tier, policy.order, policy.staged) == ("sec", 1.5, StagedAction.LEARN)
    assert str(policy.selector) == ('(projectcalico.org/namespace == "default" && pcsa.r == "s" && a == "b")')
    assert policy.ingress is not None
    assert str(policy.ingress[0].source.selector) == (
        '(projectcalico.org/namespace == "default" && projectcalico.org/serviceaccount in {"u", "v"})'
    )
    early: Policy = sole(calico("preDNAT: true, applyOnForward: true"))
    assert (early.stage, early.apply_on_forward) == (Stage.PRE_DNAT, True)
    assert sole(calico("order: 10, defaultAction: Pass", "Tier")) == Tier("p", 10, Action.PASS)


def test_what_a_built_in_tier_leaves_out_is_what_calico_gives_to_it() -> None:
    assert sole(calico("", "Tier", "kube-admin")) == Tier("kube-admin", 1_000, Action.PASS)
    assert sole(calico("", "Tier", "default")) == Tier("default", 1_000_000, Action.DENY)
    assert sole(calico("order: 1000000", "Tier", "default")).default_action is Action.DENY
    assert sole(calico("", "Tier")) == Tier("p", None, Action.DENY)


def test_a_stored_policy_before_translation_is_of_ingress_alone() -> None:
    """The datastore may hold it without types, which is both directions for any other policy."""
    text = calico("preDNAT: true, applyOnForward: true, ingress: [{action: Allow}]")
    found = read_manifests([("f.yaml", text)], stored=True)
    assert found.problems == ()
    (policy,) = found.resources
    assert isinstance(policy, Policy)
    assert (policy.stage, policy.egress) == (Stage.PRE_DNAT, None)


def test_init_containers_have_named_ports_too() -> None:
    found = sole(
        "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{ports: [{name: a, "
        "containerPort: 1}]}], initContainers: [{ports: [{name: b, containerPort: 2, protocol: UDP}]}]}"
    )
    assert found.ports == {NamedPort("a", "tcp", 1), NamedPort("b", "udp", 2)}


def test_what_a_profile_passes_on_is_denied_as_no_tier_comes_after_it() -> None:
    found: Profile = sole(calico("ingress: [{action: Pass}, {action: Allow}]", "Profile"))
    assert [each.action for each in found.ingress] == [RuleAction.DENY, RuleAction.ALLOW]


@pytest.mark.parametrize(
    ("text", "path", "said"),
    [
        (calico("ingres: []"), "spec.ingres", "did you mean ingress?"),
        (calico("selector: a = 'b'"), "spec.selector", "column 3"),
        (calico("order: '5'"), "spec.order", "not a number"),
        (calico("order: 1e999"), "spec.order", "too large"),
        (calico("applyOnForward: 'yes'"), "spec.applyOnForward", "neither true nor false"),
        (calico("", name="no"), "metadata.name", '"false" is not a text'),
        (calico("types: [Inward]"), "spec.types", "Inward"),
        (calico("ingress: {action: Allow}"), "spec.ingress", "not a list"),
        (calico("ingress: [Allow]"), "spec.ingress[0]", "not an object"),
        (calico("ingress: [{action: allow}]"), "spec.ingress[0].action", "Allow, Deny, Pass, Log"),
        (calico("ingress: [{}]"), "spec.ingress[0].action", "missing"),
        (calico("ingress: [{action: Deny, ipVersion: 5}]"), "spec.ingress[0].ipVersion", "4 or 6"),
        (calico("ingress: [{action: Deny, protocol: TCPP}]"), "spec.ingress[0].protocol", "not a protocol"),
        (
            calico("ingress: [{action: Deny, protocol: TCP, source: {ports: [70000]}}]"),
            "spec.ingress[0].source.ports[0]",
            "70000",
        ),
        (
            calico("ingress: [{action: Deny, destination: {ports: [80]}}]"),
            "spec.ingress[0].destination",
            "set protocol",
        ),
        (calico("ingress: [{action: Deny, icmp: {code: 1}}]"), "spec.ingress[0].icmp.code", "type"),
        (
            calico("ingress: [{action: Deny, source: {nets: [10.0.0.0/33]}}]"),
            "spec.ingress[0].source.nets",
            "CIDR",
        ),
        (
            calico("egress: [{action: Deny, destination: {domains: [a.b]}}]"),
            "spec.egress[0].destination.domains",
            "allow",
        ),
        (
            calico("egress: [{action: Allow, destination: {domains: ['*.*.b']}}]"),
            "spec.egress[0].destination.domains[0]",
            "one part as *",
        ),
        (calico("preDNAT: true, types: [Egress]"), "spec.preDNAT", "ingress"),
        (calico("", name="a|b"), "metadata.name", "cannot be a name"),
        (calico("", name="''"), "metadata.name", "no name"),
        (calico("", "Frobnicator"), "kind", "not known"),
        ("apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: w}", "kind", "not known"),
        ("apiVersion: v1\nkind: NetworkPolicy\nmetadata: {name: w}", "kind", "networking.k8s.io/v1"),
        ("kind: Pod", "apiVersion", "missing"),
        ("apiVersion: [v1]\nkind: Pod", "apiVersion", "not a text"),
        ("apiVersion: v1\nkind: Pod\nmetadata: [a]", "metadata", "not an object"),
        (
            "apiVersion: v1\nkind: Namespace\nmetadata: {name: n, labels: {a: 1}}",
            "metadata.labels.a",
            "quotes",
        ),
        (calico("") + "---\n" + calico(""), "", "given twice"),
        (
            KUBERNETES.replace("endPort: 8002", "endPort: 1"),
            "spec.ingress[0].ports[2].endPort",
            "not above it",
        ),
        (KUBERNETES.replace("podSelector: {matchLabels: {a: b}}", ""), "spec.ingress[0].from[0]", "ipBlock"),
    ],
)
def test_what_is_wrong_is_one_sentence_with_its_place(text: str, path: str, said: str) -> None:
    found = read(text)
    (problem,) = found.problems
    assert problem.path == path
    assert said in problem.message
    assert str(problem).startswith("f.yaml, line ")


def test_one_problem_for_each_wrong_object_and_none_for_what_is_beside_the_point() -> None:
    text = "---\n".join(
        (
            calico("order: x", name="one"),
            calico("order: 1", name="two"),
            calico("order: y", name="three"),
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\n",
            "apiVersion: crd.projectcalico.org/v1\nkind: IPPool\nmetadata: {name: d}\n",
        )
    )
    found = read(text)
    assert [str(each).split(": ")[1] for each in found.problems] == [
        "GlobalNetworkPolicy one",
        "GlobalNetworkPolicy three",
    ]
    assert [each.key.name for each in found.manifests] == ["two"]
    assert [each.value["kind"] for each in found.passed_over] == ["Deployment", "IPPool"]


def test_leniency_is_told() -> None:
    text = "---\n".join(
        (
            calico("order: 1, odd: 2"),
            calico("order: 2, ingress: [{action: Deny, destination: {ports: [80]}}]"),
            "apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: w}",
        )
    )
    found = read(text, lenient=True)
    assert found.problems == ()
    assert [each.path for each in found.forgiven] == ["spec.odd", "spec.ingress[0].destination", "", "kind"]
    (policy,) = found.resources
    assert isinstance(policy, Policy)
    assert policy.order == 2


def test_what_is_told_is_one_line_without_commands_to_terminals() -> None:
    """Names and keys come as they were given."""
    names = ("a\\e[31m", "a\\nb", "\\u2028", "a" * 100_000)
    for name in names:
        for text in (calico("", name=f'"{name}"'), calico(f'"{name}": 1'), calico("", kind=f'"{name}"')):
            (problem,) = read(text).problems
            assert str(problem).isprintable()
            assert len(str(problem)) < 1_000


def test_names_of_service_endpoints_are_no_addresses() -> None:
    found = sole(
        "apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {name: s}\naddressType: FQDN\n"
        "endpoints: [{addresses: [db.example.com]}]"
    )
    assert not found.addresses


def test_a_broken_file_beside_good_ones_is_a_problem_of_its_own() -> None:
    found = read_manifests([("a", calico("")), ("b", "a: ["), ("c", yaml.safe_dump({"kind": 1}))])
    assert [each.place.source for each in found.problems] == ["b", "c"]
    assert len(found.manifests) == 1
