"""The labels that endpoints and network sets have with all that they inherit, and their profiles."""

from collections.abc import Mapping

from tapetum.policy.labels import (
    NAMESPACE,
    NAMESPACE_PREFIX,
    ORCHESTRATOR,
    OWN_NAME,
    SERVICE_ACCOUNT,
    SERVICE_ACCOUNT_PREFIX,
    Labels,
)
from tapetum.policy.resources.endpoints import HostEndpoint, Namespace, Pod, Profile, ServiceAccount
from tapetum.policy.resources.network_sets import NetworkSet

KUBERNETES_NAME = "kubernetes.io/metadata.name"
"""Kubernetes gives every namespace this label."""


class Inheritance:
    """Looks up what a namespace, a service account or a profile hands down.

    A namespace that is not given may have any labels; a service account that is not given has its name only.
    """

    def __init__(
        self,
        namespaces: Mapping[str, Namespace],
        accounts: Mapping[tuple[str, str], ServiceAccount],
        profiles: Mapping[str, Profile],
    ) -> None:
        self._namespaces = namespaces
        self._accounts = accounts
        self._profiles = profiles

    def of_pod(self, pod: Pod) -> Labels:
        return self.of_workload(pod.namespace, pod.labels, pod.service_account)

    def of_workload(self, namespace: str, own: Labels, account: str | None) -> Labels:
        """`account` None: it is not known, so that any label of it may be there."""
        built_in = {NAMESPACE: namespace, ORCHESTRATOR: "k8s"}
        handed_down, hidden = self._namespace(namespace)
        if account is None:
            hidden += (SERVICE_ACCOUNT, SERVICE_ACCOUNT_PREFIX)
        else:
            built_in[SERVICE_ACCOUNT] = account
            given = self._accounts.get((namespace, account))
            labels = {OWN_NAME: account, **(given.labels if given else {})}
            handed_down |= _prefixed(SERVICE_ACCOUNT_PREFIX, labels)
        return Labels({**handed_down, **own, **built_in}, hidden=(*hidden, *own.hidden))

    def of_host(self, host: HostEndpoint) -> Labels:
        handed_down: dict[str, str] = {}
        for name in host.profiles:
            if name in self._profiles:
                handed_down |= self._profiles[name].labels
        return Labels({**handed_down, **host.labels})

    def of_set(self, found: NetworkSet) -> Labels:
        if found.namespace is None:
            return found.labels
        handed_down, hidden = self._namespace(found.namespace)
        return Labels({**handed_down, **found.labels, NAMESPACE: found.namespace}, hidden=hidden)

    def _namespace(self, name: str) -> tuple[dict[str, str], tuple[str, ...]]:
        given = self._namespaces.get(name)
        labels = {KUBERNETES_NAME: name, **(given.labels if given else {}), OWN_NAME: name}
        return _prefixed(NAMESPACE_PREFIX, labels), () if given else (NAMESPACE_PREFIX,)


def profiles_of(namespace: str, account: str | None) -> tuple[str, ...]:
    return (f"kns.{namespace}", *((f"ksa.{namespace}.{account}",) if account else ()))


def _prefixed(prefix: str, labels: Mapping[str, str]) -> dict[str, str]:
    return {prefix + label: value for label, value in labels.items()}
