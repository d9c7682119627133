"""What tells one object of a cluster from another."""

from typing import NamedTuple

from tapetum.policy.resources.endpoints import HostEndpoint, Namespace, Profile
from tapetum.policy.resources.kinds import Resource
from tapetum.policy.resources.network_sets import NetworkSet
from tapetum.policy.resources.policies import Policy, Tier


class Key(NamedTuple):
    """`kind` is the kind of a policy as in traces (Calico's NetworkPolicy is CalicoNetworkPolicy)."""

    kind: str
    namespace: str | None
    name: str

    def __str__(self) -> str:
        return f"{self.kind} {self.namespace}/{self.name}" if self.namespace else f"{self.kind} {self.name}"


def key_of(resource: Resource) -> Key:
    match resource:
        case Policy(id=id_):
            return Key(id_.kind.value, id_.namespace, id_.name)
        case NetworkSet(namespace=namespace, name=name):
            return Key("GlobalNetworkSet" if namespace is None else "NetworkSet", namespace, name)
        case Tier(name=name) | Namespace(name=name) | Profile(name=name) | HostEndpoint(name=name):
            return Key(type(resource).__name__, None, name)
        case _:
            return Key(type(resource).__name__, resource.namespace, resource.name)
