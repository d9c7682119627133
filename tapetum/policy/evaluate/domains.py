"""Whether an end was looked up by a domain that a rule or a network set names."""

from tapetum.domain.endpoints import EndpointKind
from tapetum.policy.connection import Peer
from tapetum.policy.resources.domains import fits
from tapetum.policy.truth import Fact, Match, unknown

_LOCAL = ".local"


def looked_up(patterns: tuple[str, ...], peer: Peer) -> Match:
    """Endpoints of the cluster have no names but those under `.local`."""
    if peer.domains and any(fits(domain, each) for domain in peer.domains for each in patterns):
        return True
    open_ = [each for each in patterns if each not in peer.not_domains]
    if peer.kind in (EndpointKind.WORKLOAD, EndpointKind.HOST):
        open_ = [each for each in open_ if each.endswith((_LOCAL, "*"))]
    return unknown(Fact.DOMAINS) if open_ and peer.domains is None else False
