"""What is asked of traffic beside its ends: protocols, ports, ICMP, HTTP, by kind of traffic."""

from collections.abc import Callable, Sequence
from functools import cache, reduce

import numpy as np

from tapetum.domain.endpoints import EndpointKind
from tapetum.policy.connection import Peer
from tapetum.policy.evaluate import Matcher
from tapetum.policy.replay.connections import Traffic
from tapetum.policy.replay.truths import NO, UNKNOWN, YES, Ints, Mask, Truths, column, truth_of
from tapetum.policy.rules import LAST_PORT, WITH_PORTS, Ports, Rule, RuleAction, ServiceRef
from tapetum.policy.state.behind import Backend
from tapetum.policy.state.cluster import ClusterState

_ALL_PORTS = ((0, LAST_PORT),)
_ANYONE = Peer(EndpointKind.NETWORK)
_NONE = -1


class Kinds:
    """Columns over distinct traffic."""

    def __init__(self, state: ClusterState, every: Sequence[Traffic]) -> None:
        self._matchers = [Matcher(state, each.between(_ANYONE, _ANYONE)) for each in every]
        self._every = every
        self.protocols = [each.protocol for each in every]
        self.ports = {
            True: _numbers(every, lambda each: each.port),
            False: _numbers(every, lambda each: each.source_port),
        }
        self._portless = np.array(
            [each is not None and each not in WITH_PORTS for each in self.protocols], np.bool_
        )
        self.plain = cache(self._plain)
        self.at_port = cache(self._at_port)
        self.to_service = cache(self._to_service)
        self.takes = cache(self._takes)

    def __len__(self) -> int:
        return len(self._every)

    def _plain(self, rule: Rule) -> Truths:
        """A rule that says nothing of its ends."""
        return np.array([truth_of(each.matches(rule)) for each in self._matchers], np.uint8)

    def _at_port(self, ports: Ports, destination: bool) -> Truths:
        """By number; names are another matter (`named`)."""
        given = self.ports[destination]
        inside = reduce(
            np.logical_or, ((given >= first) & (given <= last) for first, last in ports.ranges), given < _NONE
        )
        told = np.where(inside, YES, NO).astype(np.uint8)
        told[given == _NONE] = YES if ports.ranges == _ALL_PORTS else UNKNOWN
        told[self._portless] = NO
        return told

    def may_be_named(self, destination: bool) -> Mask:
        """Where a port's name could match: there is a port at all, in a protocol that has them."""
        return (self.ports[destination] != _NONE) & ~self._portless

    def _to_service(self, service: ServiceRef) -> Truths:
        return np.array([YES if each.service == service else NO for each in self._every], np.uint8)

    def _takes(self, backend: Backend) -> Truths:
        """Whether a backend of a service listens there."""
        told = column(len(self))
        for place, each in enumerate(self._every):
            if each.protocol is None or each.port is None:
                told[place] = UNKNOWN
            elif (each.protocol, each.port) in backend.ports:
                told[place] = YES
        return told


def plain_part(rule: Rule) -> Rule | None:
    """What a rule asks of the traffic alone; None where that is nothing."""
    part = Rule(
        RuleAction.ALLOW,
        protocol=rule.protocol,
        not_protocol=rule.not_protocol,
        icmp=rule.icmp,
        not_icmp=rule.not_icmp,
        http=rule.http,
    )
    return None if part == Rule(RuleAction.ALLOW) else part


def _numbers(every: Sequence[Traffic], of: Callable[[Traffic], int | None]) -> Ints:
    return np.array([_NONE if (port := of(each)) is None else port for each in every], np.int64)
