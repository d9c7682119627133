"""The cluster's documents at a moment: enough to resolve every selector, service and named port."""

from typing import Any

from tapetum.simulate.inventory import Kind, Port, Workload
from tapetum.simulate.pods import Pod
from tapetum.simulate.policy_documents import (
    CALICO,
    Document,
    network_set_document,
    policy_document,
    tier_document,
)
from tapetum.simulate.world import World

_FIRST_SERVICE = (172 << 24) + (20 << 16) + 16


def manifests(world: World, *, at: int | None = None) -> list[Document]:
    """Namespaces, nodes, service accounts, workloads with their pods, services, sets, tiers, policies.

    Pods are those of `at` (unix seconds; None: when the cluster was set up). The pod of an attack is
    always among them, so that its flows can be judged.
    """
    moment = world.spec.epoch if at is None else at
    return [
        *(_plain("v1", "Namespace", each.name, labels=dict(each.labels)) for each in world.namespaces),
        *(
            _plain("v1", "Node", host.name, labels={"kubernetes.io/hostname": host.name, **host.labels})
            for host in world.hosts
        ),
        *(_plain("v1", "ServiceAccount", each.name, each.namespace) for each in world.workloads),
        *(_controller(each) for each in world.workloads),
        *(
            pod_document(each, pod)
            for each in world.workloads_and_job
            for pod in world.housing.pods(each, world.housing.generation(each, moment))
        ),
        *_services(world),
        *_host_endpoints(world),
        *(network_set_document(each) for each in world.network_sets),
        *(tier_document(each) for each in world.tiers),
        *(policy_document(each) for each in world.policies),
    ]


def pod_document(workload: Workload, pod: Pod) -> Document:
    document = _plain("v1", "Pod", pod.name, workload.namespace, dict(pod.labels))
    document["metadata"]["generateName"] = pod.aggregated.removesuffix("*")
    document["spec"] = {"nodeName": pod.host.name, **_pod_spec(workload)}
    document["status"] = {"phase": "Running", "podIP": pod.address, "podIPs": [{"ip": pod.address}]}
    return document


def job_document(workload: Workload, pod: Pod) -> Document:
    """What `kubectl create job --from=cronjob/…` sends."""
    document = _plain("batch/v1", "Job", workload.job, workload.namespace, dict(workload.labels))
    document["metadata"]["annotations"] = {"cronjob.kubernetes.io/instantiate": "manual"}
    document["spec"] = {"template": {"metadata": {"labels": dict(pod.labels)}, "spec": _pod_spec(workload)}}
    return document


def service_addresses(world: World) -> dict[str, str]:
    with_ports = [each for each in world.workloads if each.ports]
    return {each.key: _dotted(_FIRST_SERVICE + place) for place, each in enumerate(with_ports)}


def _plain(
    api: str, kind: str, name: str, namespace: str = "", labels: dict[str, str] | None = None
) -> Document:
    metadata: dict[str, Any] = {"name": name}
    if namespace:
        metadata["namespace"] = namespace
    if labels:
        metadata["labels"] = labels
    return {"apiVersion": api, "kind": kind, "metadata": metadata}


def _pod_spec(workload: Workload) -> Document:
    container: Document = {
        "name": workload.name,
        "image": f"registry.shop.example/{workload.key.partition(':')[0]}:1.0",
    }
    if workload.ports:
        container["ports"] = [_container_port(port) for port in workload.ports]
    return {"serviceAccountName": workload.name, "containers": [container]}


def _container_port(port: Port) -> Document:
    return {"name": port.name, "containerPort": port.number, "protocol": port.protocol.upper()}


def _controller(workload: Workload) -> Document:
    kind = workload.kind
    api = "batch/v1" if kind is Kind.CRON_JOB else "apps/v1"
    document = _plain(api, kind.value, workload.name, workload.namespace, dict(workload.labels))
    template: Document = {"metadata": {"labels": dict(workload.labels)}, "spec": _pod_spec(workload)}
    if kind is Kind.CRON_JOB:
        template["spec"]["restartPolicy"] = "Never"
        document["spec"] = {"schedule": _schedule(workload), "jobTemplate": {"spec": {"template": template}}}
        return document
    spec: Document = {"selector": {"matchLabels": {"app": workload.labels["app"]}}, "template": template}
    if kind is not Kind.DAEMON_SET:
        spec["replicas"] = workload.replicas
    if kind is Kind.STATEFUL_SET:
        spec["serviceName"] = workload.service_name
    return {**document, "spec": spec}


def _schedule(workload: Workload) -> str:
    hours, minutes = divmod(workload.period // 60, 60)
    return f"0 */{hours} * * *" if hours > 1 else "0 * * * *" if hours else f"*/{minutes} * * * *"


def _services(world: World) -> list[Document]:
    documents: list[Document] = []
    addresses = service_addresses(world)
    for each in world.workloads:
        if not each.ports:
            continue
        document = _plain("v1", "Service", each.service_name, each.namespace)
        document["spec"] = {
            "clusterIP": addresses[each.key],
            "selector": {"app": each.labels["app"]},
            "ports": [
                {
                    "name": port.name,
                    "port": port.number,
                    "protocol": port.protocol.upper(),
                    "targetPort": port.name,
                }
                for port in each.ports
            ],
        }
        documents.append(document)
    return documents


def _host_endpoints(world: World) -> list[Document]:
    documents: list[Document] = []
    for host in world.hosts:
        if host.interface:
            document = _plain(CALICO, "HostEndpoint", host.endpoint, labels=dict(host.labels))
            document["spec"] = {
                "node": host.name,
                "interfaceName": host.interface,
                "expectedIPs": [host.address],
                "profiles": ["projectcalico-default-allow"],
            }
            documents.append(document)
    return documents


def _dotted(number: int) -> str:
    return f"{number >> 24}.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
