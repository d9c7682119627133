"""A feed as a GlobalNetworkSet, so that policies can deny what it lists. Pure."""

import re
from typing import Any

from tapetum.domain.errors import TooLargeError
from tapetum.domain.feeds import Feed, Indicators
from tapetum.policy.documents.writing import written_yaml

MOST_BYTES = 1_000_000
"""An API server takes no larger object, as its store takes none beyond 1.5 MiB."""
_LONGEST_NAME = 50


def network_set(feed: Feed, indicators: Indicators) -> str:
    """Its manifest, whose labels rules select it by; raises TooLargeError."""
    slug = re.sub(r"[^a-z0-9]+", "-", feed.title.lower()).strip("-")[:_LONGEST_NAME].strip("-") or "feed"
    spec: dict[str, Any] = {"nets": [_cidr(text) for text in indicators.networks]}
    if indicators.domains:
        # A listed name stands for what is below it too, which a policy must be told.
        spec["allowedEgressDomains"] = [
            name for domain in indicators.domains for name in (domain, f"*.{domain}")
        ]
    written = written_yaml(
        {
            "apiVersion": "projectcalico.org/v3",
            "kind": "GlobalNetworkSet",
            "metadata": {
                "name": f"feed-{slug}",
                "labels": {"feed": slug, "feed-category": feed.category},
            },
            "spec": spec,
        }
    )
    if len(written) > MOST_BYTES:
        raise TooLargeError(
            f"The feed lists {len(indicators):,} indicators, more than a network set can hold; split it."
        )
    return written


def _cidr(text: str) -> str:
    if "/" in text:
        return text
    return f"{text}/128" if ":" in text else f"{text}/32"
