"""What a score is made of, how much each part weighs, and what counts as external and as cleartext."""

from collections.abc import Mapping
from enum import StrEnum

from tapetum.domain.endpoints import NodeKind


class Component(StrEnum):
    ISOLATION = "isolation"
    EGRESS = "egress"
    EXPOSURE = "exposure"
    CLEARTEXT = "cleartext"
    GAPS = "gaps"
    IMAGES = "images"


class Standing(StrEnum):
    """Of one workload in one component. What is not known is never taken for safe."""

    SAFE = "safe"
    UNSAFE = "unsafe"
    UNKNOWN = "unknown"


Weights = Mapping[Component, int]
WEIGHTS: Weights = {
    Component.ISOLATION: 30,
    Component.EGRESS: 25,
    Component.EXPOSURE: 20,
    Component.CLEARTEXT: 15,
    Component.GAPS: 10,
    Component.IMAGES: 0,
}
"""Images weigh nothing as long as no results of scans are known: whoever does not scan is not rated by it."""
WITH_IMAGES: Weights = {
    Component.ISOLATION: 27,
    Component.EGRESS: 22,
    Component.EXPOSURE: 18,
    Component.CLEARTEXT: 14,
    Component.GAPS: 9,
    Component.IMAGES: 10,
}

EXTERNAL = frozenset({NodeKind.NETWORK_SET, NodeKind.FQDN})
"""Beside public networks: what policies or answers of DNS name is outside of the cluster."""

CLEARTEXT_PORTS = (
    20, 21, 23, 25, 69, 80, 110, 119, 139, 143, 161, 389, 512, 513, 514, 873,
    1433, 2049, 3306, 5900, 5984, 6379, 8080, 9200, 11211, 27017,
)  # fmt: skip
"""By the port alone, as the preset *Cleartext and insecure ports* does; TLS or a mesh may wrap them."""
