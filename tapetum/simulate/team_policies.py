"""The policies that a generated team writes: one of four styles, from careful to none at all."""

from collections.abc import Iterator, Sequence
from enum import IntEnum

from tapetum.simulate.policies import (
    Block,
    Peer,
    Policy,
    PolicyKind,
    Rule,
    Selection,
    allow,
    deny,
    kubernetes,
    terms,
    who,
)


class Style(IntEnum):
    ZONED = 0  # a policy for each role's ingress
    SEALED = 1  # the same, and egress held to what is needed
    KUBERNETES = 2  # Kubernetes NetworkPolicies
    OPEN = 3  # the namespace's profile lets everything through


_WEB_ROLES = "role=api,web,worker,sync"


def policies_of(
    namespace: str, number: int, style: Style, *, callers: Sequence[str], needs: Sequence[str], domain: str
) -> Iterator[Policy]:
    """`callers` may call this team's APIs, `needs` are the teams that it calls itself."""
    if style is Style.OPEN:
        return
    order = 2_000 + 10 * number
    if style is Style.KUBERNETES:
        yield from _kubernetes(namespace, callers)
        return
    yield _ingress(namespace, "web", order, "role=web", allow("tcp", _INGRESS, 8080))
    rules = [allow("tcp", who(_WEB_ROLES), 8443)]
    if callers:
        rules.append(allow("tcp", who("role=api,web,worker", namespaces=f"team={','.join(callers)}"), 8443))
    yield _ingress(namespace, "api", order + 1, "role=api", *rules)
    yield _ingress(
        namespace,
        "stores",
        order + 2,
        "role=db,cache",
        deny("tcp", who("role=web,sync"), 5432, 6379),
        allow("tcp", who("role=api,worker"), 5432),
        allow("tcp", who("role=api,worker"), 6379),
    )
    if style is Style.SEALED:
        yield _egress(namespace, order + 3, needs, domain)


_INGRESS = who("app=ingress-nginx-controller", namespaces="team=edge")


def _ingress(namespace: str, name: str, order: int, subject: str, *rules: Rule) -> Policy:
    return Policy(
        PolicyKind.NAMESPACED, "default", name, order, Selection(terms(subject)), rules, namespace=namespace
    )


def _egress(namespace: str, order: int, needs: Sequence[str], domain: str) -> Policy:
    rules = [allow("tcp", who())]
    if needs:
        rules.append(allow("tcp", who("role=api", namespaces=f"team={','.join(needs)}"), 8443))
    rules += [
        allow("tcp", Peer(domains=(domain,)), 443),
        allow("tcp", who("app=kafka", namespaces="team=data"), 9092),
        allow("tcp", who("app=otel-collector", namespaces="team=sre"), 4317),
    ]
    return Policy(
        PolicyKind.NAMESPACED,
        "default",
        "egress",
        order,
        Selection(),
        egress=tuple(rules),
        namespace=namespace,
    )


def _kubernetes(namespace: str, callers: Sequence[str]) -> Iterator[Policy]:
    gateway = Selection(terms("app=ingress-nginx-controller"), terms("team=edge"))
    yield kubernetes(namespace, "web", "role=web", Block((gateway,), (("TCP", 8080),)))
    peers = [Selection(terms(_WEB_ROLES))]
    if callers:
        peers.append(Selection(terms("role=api,web,worker"), terms(f"team={','.join(callers)}")))
    yield kubernetes(namespace, "api", "role=api", Block(tuple(peers), (("TCP", 8443),)))
    stores = Block((Selection(terms("role=api,worker")),), (("TCP", 6379), ("TCP", 5432)))
    yield kubernetes(namespace, "stores", "role=db,cache", stores)
