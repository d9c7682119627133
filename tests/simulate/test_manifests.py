"""The verdicts in the logs against the documents: a small second reading of the policies as YAML.

It reads selector text, labels, addresses and named ports from the manifests alone. Only what the
simulator writes is understood; anything else fails.
"""

import re
from ipaddress import ip_address, ip_network
from typing import Any

import pytest
import yaml

from tapetum.simulate import World, as_yaml, manifests
from tapetum.simulate.inventory import Endpoint, Host, Workload

Row = dict[str, Any]

TERM = re.compile(
    r'has\((?P<has>[\w./-]+)\)|(?P<is>[\w./-]+) == "(?P<value>[^"]*)"|(?P<in>[\w./-]+) in \{(?P<set>[^}]*)\}'
)


def selected(text: str, labels: dict[str, str]) -> bool:
    if text == "all()":
        return True
    for term in text.split(" && "):
        match = TERM.fullmatch(term)
        assert match, term
        if match["has"]:
            good = match["has"] in labels
        elif match["is"]:
            good = labels.get(match["is"]) == match["value"]
        else:
            good = labels.get(match["in"]) in re.findall(r'"([^"]*)"', match["set"])
        if not good:
            return False
    return True


class Cluster:
    def __init__(self, documents: list[Row]) -> None:
        self.namespaces = {}
        self.pods, self.hosts, self.sets, self.tiers, self.policies = [], [], [], [], []
        for each in documents:
            meta, spec = each["metadata"], each.get("spec", {})
            match each["kind"]:
                case "Namespace":
                    self.namespaces[meta["name"]] = meta["labels"]
                case "Pod":
                    self.pods.append(each)
                case "HostEndpoint":
                    self.hosts.append(each)
                case "GlobalNetworkSet" | "NetworkSet":
                    self.sets.append(each)
                case "Tier":
                    self.tiers.append((spec["order"], meta["name"], spec["defaultAction"]))
                case kind if kind.endswith("NetworkPolicy"):
                    self.policies.append(calico(each))
        self.tiers.sort()
        self.policies.sort(key=lambda each: (each["order"], each["name"], each["namespace"]))

    def peer(self, endpoint: Endpoint, pod_name: str) -> Row:
        """What policies can know of an endpoint: labels, namespace, addresses, domains, ports."""
        if isinstance(endpoint, Workload):
            (pod,) = (
                each
                for each in self.pods
                if (each["metadata"]["namespace"], each["metadata"]["name"]) == (endpoint.namespace, pod_name)
            )
            ports = pod["spec"]["containers"][0].get("ports", [])
            return {
                "labels": pod["metadata"]["labels"],
                "namespace": endpoint.namespace,
                "ips": [pod["status"]["podIP"]],
                "domains": [],
                "ports": {(port["name"], port["protocol"]): port["containerPort"] for port in ports},
            }
        if isinstance(endpoint, Host):
            (host,) = (each for each in self.hosts if each["spec"]["node"] == endpoint.name)
            return {
                "labels": host["metadata"]["labels"],
                "namespace": None,
                "ips": host["spec"]["expectedIPs"],
                "domains": [],
                "ports": {},
            }
        home, labels = None, None
        for each in self.sets:
            nets = [ip_network(net) for net in each["spec"]["nets"]]
            if all(any(ip_address(ip) in net for net in nets) for ip in endpoint.addresses):
                labels, home = each["metadata"]["labels"], each["metadata"].get("namespace")
        return {
            "labels": labels,
            "namespace": home,
            "ips": endpoint.addresses,
            "domains": endpoint.domains,
            "ports": {},
        }

    def judge(
        self,
        me: Row,
        other: Row,
        target: Row,
        protocol: str,
        port: int | None,
        direction: str,
        *,
        staged: bool,
    ) -> list[Any]:
        hits = []
        for _, tier, default in self.tiers:
            applied = [
                each
                for each in self.policies
                if each["tier"] == tier
                and direction in each["types"]
                and (staged or not each["staged"])
                and self.governs(each, me)
            ]
            if not applied:
                continue
            for policy in applied:
                for index, rule in enumerate(policy[direction]):
                    if rule["action"] != "Log" and self.fits(
                        rule, policy, other, target, protocol, port, direction
                    ):
                        hits.append((tier, policy["logged"], rule["action"].lower(), index))
                        return hits
            hits.append((tier, applied[0]["logged"], default.lower(), -1))
            if default == "Deny":
                return hits
        profile = f"kns.{me['namespace']}" if me["namespace"] else "projectcalico-default-allow"
        return [*hits, ("__PROFILE__", f"__PROFILE__.{profile}", "allow", 0)]

    def governs(self, policy: Row, me: Row) -> bool:
        if policy["namespace"]:
            return me["namespace"] == policy["namespace"] and selected(policy["selector"], me["labels"])
        if policy["namespaces"] is not None and not (
            me["namespace"] and selected(policy["namespaces"], self.namespaces[me["namespace"]])
        ):
            return False
        return selected(policy["selector"], me["labels"])

    def fits(
        self, rule: Row, policy: Row, other: Row, target: Row, protocol: str, port: int | None, direction: str
    ) -> bool:
        near, far = ("source", "destination") if direction == "Ingress" else ("destination", "source")
        assert set(rule) <= {"action", "protocol", "source", "destination"}
        assert far == "source" or set(rule.get(far, {})) <= {"ports"}
        if "protocol" in rule and rule["protocol"].lower() != protocol:
            return False
        ports = rule.get("destination", {}).get("ports", [])
        if ports and not any(
            port == each if isinstance(each, int) else target["ports"].get((each, protocol.upper())) == port
            for each in ports
        ):
            return False
        return all(
            self.among(field, value, policy, other)
            for field, value in rule.get(near, {}).items()
            if field != "ports"
        ) and self.at_home(rule.get(near, {}), policy, other)

    def among(self, field: str, value: Any, policy: Row, other: Row) -> bool:
        match field:
            case "selector":
                return other["labels"] is not None and selected(value, other["labels"])
            case "namespaceSelector":
                return other["namespace"] is not None and selected(value, self.namespaces[other["namespace"]])
            case "nets":
                return all(any(ip_address(ip) in ip_network(net) for net in value) for ip in other["ips"])
            case "domains":
                return any(
                    domain == each or (each.startswith("*.") and domain.endswith(each[1:]))
                    for domain in other["domains"]
                    for each in value
                )
        raise AssertionError(field)

    @staticmethod
    def at_home(entity: Row, policy: Row, other: Row) -> bool:
        """A selector of a namespaced policy means its own namespace, unless a namespaceSelector is there."""
        if policy["namespace"] and "selector" in entity and "namespaceSelector" not in entity:
            return other["namespace"] == policy["namespace"]
        return True


def calico(document: Row) -> Row:
    meta, spec = document["metadata"], document["spec"]
    if document["apiVersion"].startswith("networking"):
        return kubernetes(meta, spec)
    assert document["apiVersion"] == "projectcalico.org/v3"
    assert meta["name"].startswith(spec["tier"] + ".")
    staged = document["kind"].startswith("Staged")
    name = ("staged:" if staged else "") + meta["name"]
    return {
        "tier": spec["tier"],
        "order": spec["order"],
        "name": meta["name"].split(".", 1)[1],
        "namespace": meta.get("namespace", ""),
        "selector": spec["selector"],
        "namespaces": spec.get("namespaceSelector"),
        "types": spec["types"],
        "staged": staged,
        "Ingress": spec.get("ingress", []),
        "Egress": spec.get("egress", []),
        "logged": f"{meta['namespace']}/{name}" if "namespace" in meta else name,
    }


def kubernetes(meta: Row, spec: Row) -> Row:
    def text(block: Row) -> str:
        terms = [f'{key} == "{value}"' for key, value in block.get("matchLabels", {}).items()]
        for each in block.get("matchExpressions", []):
            listed = ", ".join(f'"{value}"' for value in each.get("values", []))
            terms.append(
                f"has({each['key']})" if each["operator"] == "Exists" else f"{each['key']} in {{{listed}}}"
            )
        return " && ".join(terms) or "all()"

    rules = []
    for entry in spec["ingress"]:
        for protocol in sorted({port["protocol"] for port in entry["ports"]}):
            ports = [port["port"] for port in entry["ports"] if port["protocol"] == protocol]
            for peer in entry.get("from", [None]):
                rule = {"action": "Allow", "protocol": protocol, "destination": {"ports": ports}}
                if peer:
                    rule["source"] = {"selector": text(peer["podSelector"])}
                    if "namespaceSelector" in peer:
                        rule["source"]["namespaceSelector"] = text(peer["namespaceSelector"])
                rules.append(rule)
    return {
        "tier": "default",
        "order": 1000,
        "name": meta["name"],
        "namespace": meta["namespace"],
        "selector": text(spec["podSelector"]),
        "namespaces": None,
        "types": spec["policyTypes"],
        "staged": False,
        "Ingress": rules,
        "Egress": [],
        "logged": f"{meta['namespace']}/knp.default.{meta['name']}",
    }


@pytest.fixture(params=["demo", "grown"])
def world(request: pytest.FixtureRequest) -> World:
    return request.getfixturevalue(request.param)


def test_the_manifests_decide_every_connection_as_the_logs_say(world: World) -> None:
    cluster = Cluster(manifests(world))
    pods = world.housing

    def peer(endpoint: Endpoint) -> Row:
        name = ""
        if isinstance(endpoint, Workload):
            name = pods.pod(endpoint, pods.generation(endpoint, world.spec.epoch), 0).name
        return cluster.peer(endpoint, name)

    known = {key: peer(endpoint) for key, endpoint in world.directory.endpoints.items()}
    for each in world.connections:
        source, target = known[each.source.key], known[each.target.key]
        for side, me, other, direction in (
            (each.egress, source, target, "Egress"),
            (each.ingress, target, source, "Ingress"),
        ):
            if side is None:
                continue
            for trace, staged in ((side.enforced, False), (side.pending, True)):
                hits = cluster.judge(me, other, target, each.protocol, each.port, direction, staged=staged)
                assert trace == tuple(
                    f"{index}|{tier}|{name}|{action}|{rule}"
                    for index, (tier, name, action, rule) in enumerate(hits)
                ), (each.call, direction, staged)


def test_the_yaml_is_what_the_documents_are(demo: World) -> None:
    documents = manifests(demo)
    assert list(yaml.load_all(as_yaml(documents), Loader=yaml.CSafeLoader)) == documents


def test_services_and_pods_cover_every_logged_destination(demo: World) -> None:
    documents = manifests(demo)
    services = {
        (each["metadata"]["namespace"], each["metadata"]["name"], port["name"])
        for each in documents
        if each["kind"] == "Service"
        for port in each["spec"]["ports"]
    }
    called = {each.service for each in demo.connections if each.service}
    assert called - services == {("default", "kubernetes", "https")}
    addresses = [each["spec"]["clusterIP"] for each in documents if each["kind"] == "Service"]
    assert len(set(addresses)) == len(addresses)


def test_names_are_unique_within_a_kind(world: World) -> None:
    documents = manifests(world)
    names = [
        (each["apiVersion"], each["kind"], each["metadata"].get("namespace"), each["metadata"]["name"])
        for each in documents
    ]
    assert len(set(names)) == len(names)
    kinds = {each["kind"] for each in documents}
    assert {"Tier", "GlobalNetworkPolicy", "NetworkPolicy", "StagedNetworkPolicy", "HostEndpoint"} <= kinds
