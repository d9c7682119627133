"""Which kinds of documents are read, and which are known to say nothing about policies."""

from collections.abc import Callable
from functools import partial

from tapetum.policy.resources import (
    calico_objects,
    calico_policies,
    cluster_policies,
    kubernetes_objects,
    kubernetes_policies,
)
from tapetum.policy.resources.endpoints import HostEndpoint, Namespace, Pod, Profile, ServiceAccount
from tapetum.policy.resources.fields import Fields
from tapetum.policy.resources.network_sets import NetworkSet
from tapetum.policy.resources.policies import Policy, Tier
from tapetum.policy.resources.services import EndpointSlice, Service

Resource = (
    Tier
    | Policy
    | NetworkSet
    | HostEndpoint
    | Profile
    | Namespace
    | ServiceAccount
    | Pod
    | Service
    | EndpointSlice
)
Reader = Callable[[Fields], Resource]

_CALICO: dict[str, Reader] = {
    "Tier": calico_policies.tier,
    "NetworkPolicy": calico_policies.network_policy,
    "GlobalNetworkPolicy": calico_policies.global_network_policy,
    "StagedNetworkPolicy": partial(calico_policies.network_policy, staged=True),
    "StagedGlobalNetworkPolicy": partial(calico_policies.global_network_policy, staged=True),
    "StagedKubernetesNetworkPolicy": partial(kubernetes_policies.network_policy, staged=True),
    "NetworkSet": partial(calico_objects.network_set, namespaced=True),
    "GlobalNetworkSet": partial(calico_objects.network_set, namespaced=False),
    "HostEndpoint": calico_objects.host_endpoint,
    "Profile": calico_objects.profile,
}
_CLUSTER: dict[str, Reader] = {"ClusterNetworkPolicy": cluster_policies.cluster_network_policy}
READERS: dict[str, dict[str, Reader]] = {
    "projectcalico.org/v3": _CALICO,
    "crd.projectcalico.org/v1": _CALICO,
    "networking.k8s.io/v1": {"NetworkPolicy": kubernetes_policies.network_policy},
    "policy.networking.k8s.io/v1alpha1": {
        "AdminNetworkPolicy": cluster_policies.admin_network_policy,
        "BaselineAdminNetworkPolicy": cluster_policies.baseline_admin_network_policy,
    },
    "policy.networking.k8s.io/v1alpha2": _CLUSTER,
    "policy.networking.k8s.io/v1beta1": _CLUSTER,
    "v1": {
        "Namespace": kubernetes_objects.namespace,
        "ServiceAccount": kubernetes_objects.service_account,
        "Pod": kubernetes_objects.pod,
        "Service": kubernetes_objects.service,
    },
    "discovery.k8s.io/v1": {"EndpointSlice": kubernetes_objects.endpoint_slice},
}
"""By apiVersion and kind."""

_SILENT = {
    "v1": "Binding ComponentStatus ConfigMap Endpoints Event LimitRange Node PersistentVolume"
    " PersistentVolumeClaim PodTemplate ReplicationController ResourceQuota Secret",
    "apps": "ControllerRevision DaemonSet Deployment ReplicaSet StatefulSet",
    "batch": "CronJob Job",
    "autoscaling": "HorizontalPodAutoscaler",
    "policy": "PodDisruptionBudget PodSecurityPolicy",
    "networking.k8s.io": "Ingress IngressClass IPAddress ServiceCIDR",
    "rbac.authorization.k8s.io": "ClusterRole ClusterRoleBinding Role RoleBinding",
    "apiextensions.k8s.io": "CustomResourceDefinition",
    "storage.k8s.io": "CSIDriver CSINode CSIStorageCapacity StorageClass VolumeAttachment",
    "scheduling.k8s.io": "PriorityClass",
    "coordination.k8s.io": "Lease",
    "admissionregistration.k8s.io": "MutatingWebhookConfiguration ValidatingWebhookConfiguration"
    " ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding",
    "apiregistration.k8s.io": "APIService",
    "projectcalico.org": "BGPConfiguration BGPFilter BGPPeer BlockAffinity CalicoNodeStatus"
    " ClusterInformation ExternalNetwork FelixConfiguration GlobalAlert GlobalAlertTemplate GlobalReport"
    " GlobalReportType"
    " GlobalThreatFeed IPAMConfiguration IPPool IPReservation KubeControllersConfiguration LicenseKey"
    " ManagedCluster Node PacketCapture RemoteClusterConfiguration WorkloadEndpoint",
    "operator.tigera.io": "APIServer Goldmane Installation TigeraStatus Whisker",
}
SILENT = {group: frozenset(kinds.split()) for group, kinds in _SILENT.items()}
"""By group; these may lie among policies and are passed over."""


def silent(api_version: str, kind: str) -> bool:
    group, slash, _ = api_version.rpartition("/")
    return kind in SILENT.get(group.removeprefix("crd.") if slash else api_version, frozenset())
