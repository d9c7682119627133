"""The alert for a first denial: one for each pair of nodes, in words that name both."""

from dataclasses import replace

import pytest

from tapetum.detect.first_denied import RULE, raise_alert, spoken
from tapetum.domain.endpoints import NodeKind, NodeRef
from tapetum.graphstore.port import FirstDenied
from tests.support.factory import NOW

WEB = NodeRef(NodeKind.WORKLOAD, "east", "shop", "web-*")
SEEN = FirstDenied(
    WEB, NodeRef(NodeKind.FQDN, "east", None, "evil.example"), "tcp", 443, "src", NOW, "rec", 7
)


def test_it_says_who_what_where_and_why() -> None:
    alert = raise_alert(SEEN, "security/block-egress")
    assert (alert.kind, alert.rule, alert.severity) == ("detector", RULE, 45)
    assert (alert.source, alert.target, alert.cluster) == (SEEN.source, SEEN.target, "east")
    assert (alert.time, alert.protocol, alert.port, alert.evidence) == (NOW, "tcp", 443, ("rec",))
    assert alert.title == "First denial from shop/web to domain evil.example"
    assert alert.description == (
        "tcp 443 from shop/web to domain evil.example was denied at the source by security/block-egress. "
        "Nothing between the two was denied before."
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"port": None}, "tcp from"),
        ({"port": 0}, "tcp 0 from"),
        ({"protocol": None}, "traffic 443 from"),
        ({"protocol": None, "port": None}, "traffic from"),
        ({"reporter": "dst"}, "denied at the destination."),
        ({"reporter": "fwd"}, "denied at the source."),
    ],
)
def test_what_is_not_known_is_not_said(change: dict[str, object], words: str) -> None:
    assert words in raise_alert(replace(SEEN, **change), None).description


def test_its_id_is_that_of_the_pair_alone() -> None:
    first = raise_alert(SEEN, None)
    again = replace(SEEN, protocol="udp", port=1, time=0, record_id="x", trace=0, reporter="dst")
    assert raise_alert(again, "by/whom").id == first.id
    others = [
        replace(SEEN, source=SEEN.target, target=SEEN.source),
        replace(SEEN, source=replace(WEB, cluster="west")),
        replace(SEEN, source=replace(WEB, namespace="sho", name="pweb-*")),
        replace(SEEN, source=replace(WEB, kind=NodeKind.NETWORK_SET)),
        replace(SEEN, target=replace(SEEN.target, name="evil.example.org")),
    ]
    assert len({first.id, *(raise_alert(other, None).id for other in others)}) == 1 + len(others)


@pytest.mark.parametrize(
    ("node", "words"),
    [
        (WEB, "shop/web"),
        (NodeRef(NodeKind.NETWORK, "c", None, "pub"), "the public network"),
        (NodeRef(NodeKind.NETWORK, "c", None, "pvt"), "the private network"),
        (NodeRef(NodeKind.NETWORK, "c", None, "other"), "other"),
        (NodeRef(NodeKind.NETWORK_SET, "c", None, "partners"), "network set partners"),
        (NodeRef(NodeKind.NETWORK_SET, "c", "pay", "partners"), "pay/partners"),
        (NodeRef(NodeKind.HOST, "c", None, "node-1"), "host node-1"),
        (NodeRef(NodeKind.FQDN, "c", None, "example.com"), "domain example.com"),
    ],
)
def test_a_node_is_spoken_of_by_what_it_is(node: NodeRef, words: str) -> None:
    assert spoken(node) == words
