"""Hubble's endpoints: pods, hosts and the world, told apart by their identity's labels."""

from typing import Any

from tapetum.domain.endpoints import EndpointKind
from tapetum.domain.networks import Networks
from tapetum.ingest import values
from tapetum.ingest.flat import Row
from tapetum.ingest.pods import aggregated
from tapetum.ingest.refusals import wrong
from tapetum.ingest.strict_json import refuse_repeats

_RESERVED = "reserved:"
_KUBERNETES = "k8s:"
_WORLD = "world"  # and world-ipv4, world-ipv6
_HOST = "host"
_HOSTS = ("kube-apiserver", _HOST, "remote-node", "health", "ingress")
_NAMESPACE_LABEL = "io.kubernetes.pod.namespace"
_NAME_LABELS = ("app.kubernetes.io/name", "app", "k8s-app", "name")
_KNOWN = frozenset(["labels", "namespace", "pod_name", "workloads"])


def endpoint(
    side: str, found: dict[str, Any], where: str, address: str | None, node: str | None, networks: Networks
) -> Row:
    """The columns of one side of a flow."""
    refuse_repeats(found, _KNOWN, f"{where}.")
    labels = values.texts(found.get("labels"), f"{where}.labels") or []
    plain = [label.removeprefix(_KUBERNETES) for label in labels]
    by_key: dict[str, str] = {}
    for label in plain:
        key, _, value = label.partition("=")
        by_key[key] = value
    namespace = values.text(found.get("namespace"), f"{where}.namespace") or by_key.get(_NAMESPACE_LABEL)
    pod = values.text(found.get("pod_name"), f"{where}.pod_name")
    workload = _workload(found, where)
    reserved = {label.removeprefix(_RESERVED) for label in labels if label.startswith(_RESERVED)}
    kind: EndpointKind | None
    if namespace or pod or workload:
        kind, name = EndpointKind.WORKLOAD, workload or (aggregated(pod) if pod else _app(by_key))
    elif any(word.startswith(_WORLD) for word in reserved):
        kind, name = EndpointKind.NETWORK, networks.classify(address) if address else None
    elif reserved.intersection(_HOSTS):
        word = next(word for word in _HOSTS if word in reserved)
        kind, name = EndpointKind.HOST, (node if word == _HOST else None) or word
    else:
        kind = EndpointKind.NETWORK if address else None
        name = networks.classify(address) if address else None
    return {
        f"{side}_ip": address,
        f"{side}_type": None if kind is None else kind.value,
        f"{side}_namespace": namespace,
        f"{side}_name": pod,
        f"{side}_name_aggr": name,
        f"{side}_labels": plain or None,
    }


def _workload(found: dict[str, Any], where: str) -> str | None:
    workloads = found.get("workloads")
    if workloads is None:
        return None
    if not isinstance(workloads, list) or not all(isinstance(item, dict) for item in workloads):
        raise wrong(f"{where}.workloads", workloads, "a list of workloads")
    return values.text(workloads[0].get("name"), f"{where}.workloads[0].name") if workloads else None


def _app(by_key: dict[str, str]) -> str | None:
    return next((by_key[name] for name in _NAME_LABELS if by_key.get(name)), None)
