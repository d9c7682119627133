"""Every connection of a world: from whom to whom, what it carries, and what both sides decide."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tapetum.simulate.directory import Directory
from tapetum.simulate.inventory import Endpoint, Host, Process, Rhythm, Workload
from tapetum.simulate.naming import share
from tapetum.simulate.shop_calls import Answer, Call
from tapetum.simulate.verdicts import Rulebook, Verdict

_TRACED = ("api", "worker", "web")
_OUTSIDE = Process("-")


@dataclass(frozen=True, slots=True, eq=False)
class Connection:
    """`service` is namespace, name and port name as the client called it; None: it went straight there."""

    source: Endpoint
    target: Endpoint
    protocol: str
    port: int | None
    service: tuple[str, str, str] | None
    client: Process
    server: Process
    call: Call
    rhythm: Rhythm
    egress: Verdict | None  # None: that side is outside the cluster and reports nothing
    ingress: Verdict | None

    @property
    def refused(self) -> bool:
        return not all(side.allowed for side in (self.egress, self.ingress) if side)

    @property
    def silent(self) -> bool:
        """Nobody ever answers: denied on the way, or allowed and still no word."""
        return self.refused or self.call.answer is Answer.NONE

    @property
    def closed(self) -> bool:
        """Allowed, and nobody listens at the port: one packet there, a reset back."""
        return not self.silent and not self.call.out


def connect(directory: Directory, rulebook: Rulebook, calls: Sequence[Call]) -> list[Connection]:
    """Calls become connections where both ends exist in this world."""
    return [
        _connection(directory, rulebook, call)
        for call in calls
        if call.source in directory.endpoints and call.target in directory.endpoints
    ]


def routine_calls(seed: int, workloads: Sequence[Workload], hosts: Sequence[Host]) -> Iterator[Call]:
    """What every cluster's workloads do beside their work: resolve names, be scraped, send traces."""
    for each in workloads:
        noise = share(seed, "routine", each.key)
        if each.name != "coredns":
            ends = "denied at source" if "quarantine" in each.labels else "allowed"
            rate = round(0.3 + 4 * noise, 3)
            yield Call(each.key, "kube-system/coredns", "dns", rate, 74, 180, 240, ends=ends)
        for port in each.ports:
            if port.name == "metrics":
                yield Call(
                    "observability/prometheus",
                    each.key,
                    "metrics",
                    0.07,
                    420,
                    24_000 + int(40_000 * noise),
                    800,
                )
        if each.labels.get("role", each.labels.get("tier")) in _TRACED:
            yield Call(
                each.key, "observability/otel-collector", "otlp", round(0.1 + noise, 3), 12_000, 200, 900, 1
            )
    for host in hosts:
        if host.interface:
            yield Call("observability/prometheus", host.key, "9100/tcp", 0.07, 400, 48_000, 700)
            yield Call("@bastion", host.key, "22/tcp", 0.01, 3_000, 6_000, 7_000)
            yield Call("@bastion", host.key, "icmp", 0.02, 84, 84, 7_000)
            yield Call(host.key, "@registry.k8s.io", "443/tcp", 0.02, 2_400, 900_000, 21_000)
    for host in [each for each in hosts if each.interface][:1]:
        yield Call("@scanner", host.key, "22/tcp", 0.08, ends="denied at destination")


def _connection(directory: Directory, rulebook: Rulebook, call: Call) -> Connection:
    source, target = directory.endpoints[call.source], directory.endpoints[call.target]
    protocol, port, service = _destination(target, call.port)
    if call.source == "observability/prometheus" and call.port in {"metrics", "telemetry"}:
        service = None  # Prometheus reads the pods, not their service
    return Connection(
        source=source,
        target=target,
        protocol=protocol,
        port=port,
        service=service,
        client=_process(source, call),
        server=_process(target, call),
        call=call,
        rhythm=next((end.rhythm for end in (source, target) if isinstance(end, Workload)), Rhythm.STEADY),
        egress=rulebook.egress(source, target, protocol, port),
        ingress=rulebook.ingress(source, target, protocol, port),
    )


def _destination(target: Endpoint, port: str) -> tuple[str, int | None, tuple[str, str, str] | None]:
    """`postgresql` is a named port behind the target's service, `443/tcp` is a plain one."""
    if port == "icmp":
        return "icmp", None, None
    number, slash, protocol = port.partition("/")
    if slash:
        return protocol, int(number), None if isinstance(target, Workload | Host) else target.service
    if not isinstance(target, Workload):
        msg = f"{target.key} is outside the cluster and has no port named {port}"
        raise TypeError(msg)
    named = target.port(port)
    return named.protocol, named.number, (target.namespace, target.service_name, named.name)


def _process(endpoint: Endpoint, call: Call) -> Process:
    if isinstance(endpoint, Workload):
        return endpoint.process
    if isinstance(endpoint, Host):
        return _HOST_PROCESSES.get(call.port, _OUTSIDE)
    return _OUTSIDE


_HOST_PROCESSES = {
    "9100/tcp": Process("/bin/node_exporter"),
    "22/tcp": Process("/usr/sbin/sshd", ("-D",)),
    "443/tcp": Process("/usr/bin/containerd"),
}
