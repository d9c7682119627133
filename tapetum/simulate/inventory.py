"""What a simulated cluster consists of: namespaces, workloads, hosts, and what lies outside.

Values only. Who may talk to whom is in `policies`, who does is in `connections`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

Labels = Mapping[str, str]

POD_NETWORK = "10.128.0.0/10"
HOST_NETWORK = "10.0.0.0/16"


class Kind(StrEnum):
    DEPLOYMENT = "Deployment"
    STATEFUL_SET = "StatefulSet"
    DAEMON_SET = "DaemonSet"
    CRON_JOB = "CronJob"
    JOB = "Job"  # started by hand from a CronJob; runs until it is stopped


class Rhythm(StrEnum):
    """How a workload's traffic follows the day."""

    USER = "user"
    BATCH = "batch"
    STEADY = "steady"


@dataclass(frozen=True, slots=True)
class Port:
    name: str
    number: int
    protocol: str = "tcp"


@dataclass(frozen=True, slots=True)
class Process:
    """`pid` 0 lets every pod have its own."""

    name: str
    args: tuple[str, ...] = ()
    pid: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Namespace:
    name: str
    labels: Labels


@dataclass(frozen=True, slots=True, eq=False)
class Workload:
    """`period` and `phase` (seconds) say when its pods are replaced: a rollout, or a CronJob's run."""

    namespace: str
    name: str
    kind: Kind
    replicas: int
    labels: Labels
    ports: tuple[Port, ...]
    process: Process
    rhythm: Rhythm = Rhythm.STEADY
    period: int = 0
    phase: int = 0
    service: str = ""  # its Service's name where that is another
    job: str = ""  # the name of a Job that was started by hand

    @property
    def key(self) -> str:
        return f"{self.namespace}/{self.name}" + (f":{self.job}" if self.job else "")

    @property
    def service_name(self) -> str:
        return self.service or self.name

    def port(self, name: str) -> Port:
        for port in self.ports:
            if port.name == name:
                return port
        msg = f"{self.key} has no port named {name}"
        raise KeyError(msg)


@dataclass(frozen=True, slots=True, eq=False)
class Host:
    """A node of the cluster; with `interface` it is a host endpoint, else only a place for pods."""

    name: str
    address: str
    labels: Labels
    interface: str = ""

    @property
    def key(self) -> str:
        return f"host:{self.name}"

    @property
    def endpoint(self) -> str:
        return f"{self.name}-{self.interface}"


@dataclass(frozen=True, slots=True, eq=False)
class Remote:
    """What lies outside: a network (`pub`, `pvt`, with `domains` an FQDN) or a network set."""

    key: str
    aggregated: str
    addresses: tuple[str, ...]
    domains: tuple[str, ...] = ()
    in_set: bool = False
    namespace: str = ""
    labels: Labels | None = None
    service: tuple[str, str, str] | None = None  # namespace, name, port name


@dataclass(frozen=True, slots=True, eq=False)
class NetworkSet:
    """Namespaced where `namespace` says so, else global."""

    name: str
    labels: Labels
    nets: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    namespace: str = ""


Endpoint = Workload | Host | Remote
