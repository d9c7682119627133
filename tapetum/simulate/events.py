"""Security events: what an intrusion detection beside the cluster would have noticed.

They point at the same endpoints and moments as the flow logs; ids of records are the reader's own,
so an event's evidence is left to whoever stores it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tapetum.simulate.inventory import Endpoint, Host, Remote, Workload
from tapetum.simulate.moments import chances, iso, minutes
from tapetum.simulate.naming import uid
from tapetum.simulate.shop import BEACON_DOMAIN
from tapetum.simulate.world import World


@dataclass(frozen=True, slots=True)
class _Finding:
    kind: str
    rule: str
    title: str
    description: str
    severity: int
    tactics: tuple[str, ...]
    techniques: tuple[str, ...]
    source: str
    target: str
    port: int | None
    mitigation: str


_NOISE = (
    (0.05, _Finding("threat feed", "threat-feed.tor", "Request from a Tor exit node",
                    "An address of the tor-exits network set reached the ingress.", 45, ("TA0011",),
                    ("T1090.003",), "#tor-exits", "ingress/ingress-nginx-controller", 443,
                    "Enforce the staged policy security.deny-tor-exits.")),
    (0.08, _Finding("threat feed", "threat-feed.ip", "Denied request from a listed address",
                    "An address of the threat-feed network set was denied at the ingress.", 30, ("TA0043",),
                    ("T1595",), "#threat-feed", "ingress/ingress-nginx-controller", 443,
                    "None needed: security.threat-feed-block denies it.")),
    (0.02, _Finding("WAF", "waf.sql-injection", "SQL injection in a request parameter",
                    "A request to the shop carried a quoted SQL clause.", 55, ("TA0001",), ("T1190",),
                    "@public", "ingress/ingress-nginx-controller", 443,
                    "Block the client at the ingress and validate the parameter.")),
    (0.03, _Finding("suspicious DNS", "dns.nxdomain-rise", "More unknown names than usual",
                    "The client asks for names that do not exist; most come from its search path.", 20,
                    ("TA0011",), ("T1568",), "checkout/email", "kube-system/coredns", 53,
                    "End absolute names with a dot.")),
)  # fmt: skip
"""Mean number a minute, and the finding."""


def event_records(world: World, start: int, end: int, window: int, level: int) -> Iterator[dict[str, Any]]:
    """`window` and `level` are not used: an event is written when it is noticed."""
    del window, level
    for minute in minutes(start, end):
        noticed = [
            (at, finding)
            for mean, finding in _NOISE
            if finding.source in world.directory.endpoints and finding.target in world.directory.endpoints
            for at in chances(world.spec.seed, finding.rule, minute, mean)
        ]
        noticed += [entry for entry in _of_the_attack(world) if minute <= entry[0] < minute + 60]
        for at, finding in sorted(noticed, key=_first):
            if start <= at < end:
                yield _event(world, at, finding)


def _first(entry: tuple[float, _Finding]) -> float:
    return entry[0]


def _of_the_attack(world: World) -> Iterator[tuple[float, _Finding]]:
    if world.story is None or world.job is None:
        return
    pod, process = world.job.key, world.job.process
    yield world.story.at + 1.5, _Finding(
        "detector", "process.never-seen", "Process never seen in this image",
        f"{process.name} runs in payments/{world.job.job}; the image does not hold it.", 70, ("TA0002",),
        ("T1059",), pod, pod, None, "Quarantine the pod with the label quarantine=true.",
    )  # fmt: skip
    yield world.story.at + 45.0, _Finding(
        "detector", "scan.denied", "Port scan denied at data/postgres",
        f"payments/{world.job.job} tries many ports of several workloads; policies deny most.", 80,
        ("TA0007",), ("T1046",), pod, "data/postgres", 5432, "Quarantine the pod with quarantine=true.",
    )  # fmt: skip
    yield world.story.beacon(9) + 2.0, _Finding(
        "detector", "beacon.new-domain", f"Beacon to {BEACON_DOMAIN}",
        f"payments/{world.job.job} calls one new domain every minute, and no other pod ever did.", 92,
        ("TA0011",), ("T1071.001", "T1568"), pod, f"@{BEACON_DOMAIN}", 443,
        "Enforce the staged policy payments/restrict-egress.",
    )  # fmt: skip


def _event(world: World, at: float, finding: _Finding) -> dict[str, Any]:
    return {
        "time": iso(at),
        "id": uid(world.spec.seed, "event", finding.rule, at),
        "kind": finding.kind,
        "rule": finding.rule,
        "title": finding.title,
        "description": finding.description,
        "severity": finding.severity,
        "mitre_tactics": list(finding.tactics),
        "mitre_techniques": list(finding.techniques),
        "mitigations": [finding.mitigation],
        "cluster": world.spec.cluster,
        "source": _endpoint(world, finding.source, at, None),
        "destination": _endpoint(world, finding.target, at, finding.port),
        "evidence": [],
        "status": "open",
    }


def _endpoint(world: World, key: str, at: float, port: int | None) -> dict[str, Any]:
    endpoint: Endpoint = world.directory.endpoints[key]
    if isinstance(endpoint, Workload):
        pod = world.housing.pod(endpoint, world.housing.generation(endpoint, int(at)), 0)
        kind, namespace, name, address = "wep", endpoint.namespace, pod.name, pod.address
    elif isinstance(endpoint, Host):
        kind, namespace, name, address = "hep", "-", endpoint.endpoint, endpoint.address
    else:
        remote: Remote = endpoint
        kind, namespace = "ns" if remote.in_set else "net", remote.namespace or "-"
        name, address = remote.domains[0] if remote.domains else remote.aggregated, remote.addresses[0]
    return {"kind": kind, "namespace": namespace, "name": name, "ip": address, "port": port}
