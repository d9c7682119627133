"""A workload is the same through its roll-outs and the runs of its job, and others are not."""

import pytest

from tapetum.detect.detectors.workloads import stem


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("web-6b687c8dcb-*", "web"),
        ("web-75d8f4c9b6-*", "web"),
        ("web-*", "web"),
        ("export-28390060-*", "export"),
        ("export-7c9d-*", "export"),
        ("postgres-*", "postgres"),
        ("cert-manager-webhook-*", "cert-manager-webhook"),
        ("redis-6379-*", "redis-6379"),
        ("app-v2-*", "app-v2"),
        ("web-7c9d-6b687c8dcb-*", "web-7c9d"),
        ("node-1", "node-1"),
        ("pub", "pub"),
        ("", ""),
    ],
)
def test_what_a_controller_added_is_left_off(name: str, told: str) -> None:
    assert stem(name) == told
