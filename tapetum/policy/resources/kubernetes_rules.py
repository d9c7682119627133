"""What the conversions of Kubernetes' policies share: one rule per (sorted) protocol and peer, ports merged.

That is why a rule's index in a log is not the index in the document; `Rule.origin` keeps the latter.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from tapetum.policy.resources.ports import merged
from tapetum.policy.rules import Direction, Entity, Ports, Rule, RuleAction

Port = tuple[int, int] | str


@dataclass(frozen=True, slots=True)
class ProtocolPort:
    """`port` None: all ports of the protocol. `protocol` None: anything at all."""

    protocol: str | None
    port: Port | None


ANYTHING = ProtocolPort(None, None)


def expanded(
    action: RuleAction,
    direction: Direction,
    peers: Iterable[Entity],
    protocol_ports: Iterable[ProtocolPort],
    origin: int,
) -> list[Rule]:
    """Without peers or ports the caller passes one that is anyone or anything."""
    everyone = list(peers)
    rules: list[Rule] = []
    for protocol, ports in sorted(_by_protocol(protocol_ports).items(), key=lambda item: item[0] or ""):
        for peer in everyone:
            if direction is Direction.INGRESS:
                source, destination = peer, Entity(ports=ports)
            else:
                source = Entity()
                destination = Entity(
                    peer.nets, peer.not_nets, peer.selector, ports=ports, domains=peer.domains
                )
            rules.append(Rule(action, source, destination, protocol, origin=origin))
    return rules


def _by_protocol(given: Iterable[ProtocolPort]) -> dict[str | None, Ports | None]:
    found: dict[str | None, list[Port] | None] = {}
    for each in given:
        if each.protocol is None:
            return {None: None}
        if each.port is None:
            found[each.protocol] = None
            continue
        listed = found.setdefault(each.protocol, [])
        if listed is not None:
            listed.append(each.port)
    return {protocol: None if ports is None else merged(ports) for protocol, ports in found.items()}
