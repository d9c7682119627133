"""Labels and annotations, which API servers look at whoever else does."""

import pytest

from tests.policy.resources.refusals import refused

KINDS = {
    "GlobalNetworkPolicy": "projectcalico.org/v3",
    "Tier": "projectcalico.org/v3",
    "NetworkPolicy": "networking.k8s.io/v1",
    "Namespace": "v1",
    "Service": "v1",
}
MOST = 256 * 1024


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("metadata", "path"),
    [
        ("labels: {a.b/C_d: E-1, f: ''}, annotations: {A.b/C: any text, d: }", None),
        (f"annotations: {{a: {'x' * (MOST - 1)}}}", None),
        (f"annotations: {{a: {'x' * MOST}}}", "annotations"),
        ("annotations: {'a b': c}", "annotations"),
        ("labels: {A.b/c: d}", "labels"),
        ("labels: {a: 'b c'}", "labels"),
        (f"labels: {{a: {'x' * 64}}}", "labels"),
    ],
)
def test_metadata(kind: str, metadata: str, path: str | None) -> None:
    text = f"apiVersion: {KINDS[kind]}\nkind: {kind}\nmetadata: {{name: n, {metadata}}}\n"
    assert refused(text) == (path and f"metadata.{path}")


@pytest.mark.parametrize(
    "metadata", ["labels: 1", "labels: {a: 1}", "annotations: []", "annotations: {a: []}"]
)
def test_what_decides_nothing_is_forgiven_whatever_it_is(metadata: str) -> None:
    path = refused(f"apiVersion: projectcalico.org/v3\nkind: Tier\nmetadata: {{name: n, {metadata}}}\n")
    assert path is not None
    assert path.startswith("metadata.")
