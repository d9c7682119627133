"""The pods of a workload at a moment: names as Kubernetes makes them, addresses, hosts, labels.

A generation is what a rollout or a CronJob's run brings; everything here depends on it alone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network

from tapetum.simulate.inventory import POD_NETWORK, Host, Kind, Labels, Workload
from tapetum.simulate.naming import digest, pod_suffix, template_hash, uid

_FIRST_ADDRESS = int(IPv4Network(POD_NETWORK).network_address) + 256


@dataclass(frozen=True, slots=True)
class Pod:
    name: str
    aggregated: str  # its generateName and `*`
    address: str
    host: Host
    labels: Labels  # of this pod
    shared_labels: Labels  # of all pods of its generation


class Housing:
    """Gives every pod of a world a name, an address and a host. Immutable after construction."""

    def __init__(self, seed: int, epoch: int, hosts: Sequence[Host], workloads: Iterable[Workload]) -> None:
        self._seed = seed
        self._epoch = epoch
        self._hosts = tuple(hosts)
        self._slots: dict[str, int] = {}
        slot = _FIRST_ADDRESS
        for each in workloads:
            self._slots[each.key] = slot
            slot += 2 * self.replicas(each)

    def replicas(self, workload: Workload) -> int:
        return len(self._hosts) if workload.kind is Kind.DAEMON_SET else workload.replicas

    def generation(self, workload: Workload, moment: int) -> int:
        if not workload.period:
            return 0
        return (moment - self._epoch + workload.phase) // workload.period

    def began(self, workload: Workload, generation: int) -> int:
        """When a generation's pods were made."""
        return self._epoch - workload.phase + generation * workload.period

    def pods(self, workload: Workload, generation: int) -> list[Pod]:
        return [self.pod(workload, generation, ordinal) for ordinal in range(self.replicas(workload))]

    def pod(self, workload: Workload, generation: int, ordinal: int) -> Pod:
        prefix, shared = self._stamp(workload, generation)
        if workload.kind is Kind.STATEFUL_SET:
            name = f"{prefix}{ordinal}"
            own = {
                **shared,
                "statefulset.kubernetes.io/pod-name": name,
                "apps.kubernetes.io/pod-index": str(ordinal),
            }
        else:
            name = prefix + pod_suffix(self._seed, workload.key, generation, ordinal)
            own = shared
        slot = self._slots[workload.key] + ordinal + (generation & 1) * self.replicas(workload)
        return Pod(name, f"{prefix}*", _dotted(slot), self.host(workload, generation, ordinal), own, shared)

    def host(self, workload: Workload, generation: int, ordinal: int) -> Host:
        """Pods of one generation are on hosts of their own, as long as there are enough."""
        moved = generation if workload.kind in (Kind.DEPLOYMENT, Kind.CRON_JOB) else 0
        start = digest(self._seed, "host", workload.key, moved)
        return self._hosts[(start + ordinal) % len(self._hosts)]

    def template(self, workload: Workload, generation: int) -> str:
        return template_hash(self._seed, workload.key, generation)

    def _stamp(self, workload: Workload, generation: int) -> tuple[str, dict[str, str]]:
        """The generateName and the labels that the workload's controller adds."""
        labels = dict(workload.labels)
        stamp = self.template(workload, generation)
        match workload.kind:
            case Kind.DEPLOYMENT:
                labels["pod-template-hash"] = stamp
                return f"{workload.name}-{stamp}-", labels
            case Kind.CRON_JOB | Kind.JOB:
                job = workload.job or f"{workload.name}-{self.began(workload, generation) // 60}"
                owner = uid(self._seed, workload.key, generation)
                labels.update({"job-name": job, "batch.kubernetes.io/job-name": job, "controller-uid": owner})
                return f"{job}-", labels
            case Kind.STATEFUL_SET | Kind.DAEMON_SET:
                labels["controller-revision-hash"] = f"{workload.name}-{stamp}"
                return f"{workload.name}-", labels


def _dotted(number: int) -> str:
    return f"{number >> 24}.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
