"""Rules as people read them: which traffic, and from or to whom."""

from collections.abc import Iterator

from tapetum.policy.rules import Direction, Entity, HttpMatch, Icmp, Ports, Rule
from tapetum.policy.selectors import And, Or, Selector

_MOST_NETS = 4


def traffic_of(rule: Rule) -> str:
    """Such as `tcp 443, 8443`; `any` is all of it."""
    words = list(_traffic(rule))
    return " ".join(words) or "any"


def peer_of(rule: Rule, direction: Direction) -> str:
    """The end that the policy does not select; empty is anyone."""
    peer = rule.source if direction is Direction.INGRESS else rule.destination
    return " and ".join(_entity(peer))


def subject_of(rule: Rule, direction: Direction) -> str:
    """What narrows the endpoints that the policy selects; mostly empty."""
    own = rule.destination if direction is Direction.INGRESS else rule.source
    return " and ".join(_entity(own))


def plain(selector: Selector) -> str:
    """As it is written by itself: without parentheses around the whole."""
    text = str(selector)
    return text[1:-1] if isinstance(selector, And | Or) else text


def _traffic(rule: Rule) -> Iterator[str]:
    if rule.ip_version is not None:
        yield f"IPv{rule.ip_version}"
    if rule.protocol is not None:
        yield rule.protocol
    if rule.not_protocol is not None:
        yield f"not {rule.not_protocol}"
    for before, ports in (
        ("", rule.destination.ports),
        ("not ", rule.destination.not_ports),
        ("from port ", rule.source.ports),
        ("not from port ", rule.source.not_ports),
    ):
        if ports is not None:
            yield before + _ports(ports)
    for before, icmp in (("", rule.icmp), ("not ", rule.not_icmp)):
        if icmp is not None:
            yield before + _icmp(icmp)
    if rule.http is not None:
        yield _http(rule.http)


def _ports(ports: Ports) -> str:
    ranges = [str(first) if first == last else f"{first} to {last}" for first, last in ports.ranges]
    return ", ".join([*ranges, *sorted(ports.names)])


def _icmp(icmp: Icmp) -> str:
    parts = [
        f"{name} {value}" for name, value in (("type", icmp.type), ("code", icmp.code)) if value is not None
    ]
    return " ".join(["ICMP", *parts])


def _http(http: HttpMatch) -> str:
    paths = [f"{path.text}{'*' if path.prefix else ''}" for path in http.paths]
    headers = [f"{each.header} {each.operator} {', '.join(each.values)}".strip() for each in http.headers]
    return " ".join(["HTTP", *sorted(http.methods), *paths, *headers])


def _entity(entity: Entity) -> Iterator[str]:
    if entity.selector is not None:
        yield plain(entity.selector)
    if entity.not_selector is not None:
        yield f"not ({plain(entity.not_selector)})"
    if entity.nets is not None:
        nets = [str(each) for each in entity.nets.networks()]
        more = f" and {len(nets) - _MOST_NETS} more" if len(nets) > _MOST_NETS else ""
        yield ", ".join(nets[:_MOST_NETS]) + more if nets else "no address"
    if entity.not_nets is not None:
        yield "not " + ", ".join(str(each) for each in entity.not_nets.networks()[:_MOST_NETS])
    if entity.service is not None:
        yield f"service {entity.service.namespace}/{entity.service.name}"
    if entity.domains:
        yield ", ".join(entity.domains)
