"""Which labels a person would have chosen, and what of a name was registered."""

import random
import string

import pytest

from tapetum.detect.detectors.names import carried, looks_generated, outside, registered


@pytest.mark.parametrize(
    "label",
    ["cloudfront", "kubernetes", "googleapis", "prometheus", "my-company", "sendgrid", "stackoverflow",
     "wikipedia", "letsencrypt", "office365", "s3", "example", "hashicorp", "github", "elastic"],
)  # fmt: skip
def test_names_that_people_gave(label: str) -> None:
    assert not looks_generated(label)


@pytest.mark.parametrize("label", ["xkqjzvwp", "a8f3d9c1b7", "qzv3k9xw1p", "bdfghtrwq", "k3j9x2q8"])
def test_names_that_nobody_gave(label: str) -> None:
    assert looks_generated(label)


def test_most_random_labels_are_told() -> None:
    chance = random.Random(8)
    signs = (string.ascii_lowercase, string.ascii_lowercase + string.digits, "0123456789abcdef")
    made = ["".join(chance.choices(signs[number % 3], k=14)) for number in range(3000)]
    assert sum(map(looks_generated, made)) > 0.85 * len(made)


def test_what_was_registered() -> None:
    assert registered("a.b.example.co.uk.") == "example.co.uk"
    assert registered("D1.CloudFront.net") == "d1.cloudfront.net", "a suffix under which others register"
    assert registered("com") == "com"


@pytest.mark.parametrize(
    "name",
    ["db.shop.svc.cluster.local", "api.example.com.shop.svc.cluster.local.", "host", "1.0.10.in-addr.arpa"],
)
def test_the_clusters_own_names(name: str) -> None:
    assert not outside(name)
    assert outside("api.example.com")


@pytest.mark.parametrize(
    ("below", "signs"),
    [("31415926535897932384", 20), ("20261123", 0), ("k8s-worker-17", 0), ("a8f3d9c1b7.0007", 10)],
)
def test_what_carries_data(below: str, signs: int) -> None:
    assert carried(f"{below}.evil.example", "evil.example") == signs
