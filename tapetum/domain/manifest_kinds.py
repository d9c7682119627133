"""The kinds of objects whose manifests are kept: how policy traces, manifests and API servers call each."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ManifestKind:
    """`name` is as in traces, `written` as in manifests; `resource` is the plural in paths."""

    name: str
    written: str
    group: str
    resource: str
    namespaced: bool


_CALICO = "projectcalico.org"
_POLICY = "policy.networking.k8s.io"
KINDS = (
    ManifestKind("Tier", "Tier", _CALICO, "tiers", False),
    ManifestKind("CalicoNetworkPolicy", "NetworkPolicy", _CALICO, "networkpolicies", True),
    ManifestKind("GlobalNetworkPolicy", "GlobalNetworkPolicy", _CALICO, "globalnetworkpolicies", False),
    ManifestKind("StagedNetworkPolicy", "StagedNetworkPolicy", _CALICO, "stagednetworkpolicies", True),
    ManifestKind(
        "StagedGlobalNetworkPolicy",
        "StagedGlobalNetworkPolicy",
        _CALICO,
        "stagedglobalnetworkpolicies",
        False,
    ),
    ManifestKind(
        "StagedKubernetesNetworkPolicy",
        "StagedKubernetesNetworkPolicy",
        _CALICO,
        "stagedkubernetesnetworkpolicies",
        True,
    ),
    ManifestKind("NetworkSet", "NetworkSet", _CALICO, "networksets", True),
    ManifestKind("GlobalNetworkSet", "GlobalNetworkSet", _CALICO, "globalnetworksets", False),
    ManifestKind("HostEndpoint", "HostEndpoint", _CALICO, "hostendpoints", False),
    ManifestKind("Profile", "Profile", _CALICO, "profiles", False),
    ManifestKind("NetworkPolicy", "NetworkPolicy", "networking.k8s.io", "networkpolicies", True),
    ManifestKind("AdminNetworkPolicy", "AdminNetworkPolicy", _POLICY, "adminnetworkpolicies", False),
    ManifestKind(
        "BaselineAdminNetworkPolicy",
        "BaselineAdminNetworkPolicy",
        _POLICY,
        "baselineadminnetworkpolicies",
        False,
    ),
    ManifestKind("ClusterNetworkPolicy", "ClusterNetworkPolicy", _POLICY, "clusternetworkpolicies", False),
    ManifestKind("Namespace", "Namespace", "", "namespaces", False),
    ManifestKind("ServiceAccount", "ServiceAccount", "", "serviceaccounts", True),
    ManifestKind("Pod", "Pod", "", "pods", True),
    ManifestKind("Service", "Service", "", "services", True),
    ManifestKind("EndpointSlice", "EndpointSlice", "discovery.k8s.io", "endpointslices", True),
)
_BY_RESOURCE = {(each.group, each.resource): each for each in KINDS}


def kind_of(group: str | None, resource: str | None) -> ManifestKind | None:
    """Of a resource of an API server; Calico's storage, crd.projectcalico.org, holds the same objects."""
    return _BY_RESOURCE.get(((group or "").removeprefix("crd."), resource or ""))
