"""From manifests that were read to what is kept of them: a key and one text for each object."""

from typing import Any

from tapetum.domain.manifests import ManifestKey, written
from tapetum.policy.resources.manifests import Manifest, Manifests


def bodies_of(cluster: str, found: Manifests) -> dict[ManifestKey, str]:
    return {ManifestKey(cluster, *each.key): written(_placed(each)) for each in found.manifests}


def _placed(manifest: Manifest) -> dict[str, Any]:
    """With the namespace that it lies in, where kubectl would have put it there."""
    document, namespace = manifest.document, manifest.key.namespace
    if namespace is None or document["metadata"].get("namespace") == namespace:
        return document
    return {**document, "metadata": {**document["metadata"], "namespace": namespace}}
