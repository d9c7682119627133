"""Policies as the world's author writes them: over label values, never over selector text.

`manifests` renders them as selectors; `verdicts` reads the very same values.
"""

from dataclasses import dataclass
from enum import StrEnum

Terms = tuple[tuple[str, tuple[str, ...]], ...]
"""All must hold: a label has one of the values; no values: the label is there."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Endpoints by their labels; `namespaces` None leaves the namespace to the context."""

    labels: Terms = ()
    namespaces: Terms | None = None


@dataclass(frozen=True, slots=True)
class Peer:
    """The other side of a rule. Only one of the three is ever set; none: anyone."""

    who: Selection | None = None
    nets: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()


ANYONE = Peer()


class Act(StrEnum):
    ALLOW = "allow"
    DENY = "deny"
    LOG = "log"


@dataclass(frozen=True, slots=True)
class Rule:
    """`ports` are the destination's: numbers, or names that each pod resolves for itself."""

    act: Act
    protocol: str | None = None
    peer: Peer = ANYONE
    ports: tuple[int | str, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """One entry of a Kubernetes NetworkPolicy's `ingress`: any of the peers on any of the ports."""

    peers: tuple[Selection, ...]
    ports: tuple[tuple[str, int], ...]


class PolicyKind(StrEnum):
    GLOBAL = "GlobalNetworkPolicy"
    NAMESPACED = "NetworkPolicy"
    STAGED_GLOBAL = "StagedGlobalNetworkPolicy"
    STAGED = "StagedNetworkPolicy"
    KUBERNETES = "KubernetesNetworkPolicy"


@dataclass(frozen=True, slots=True)
class Tier:
    name: str
    order: int
    default: str  # pass or deny


@dataclass(frozen=True, slots=True)
class Policy:
    """`ingress` or `egress` None: the policy does not govern that direction; (): it allows nothing."""

    kind: PolicyKind
    tier: str
    name: str
    order: int
    subject: Selection
    ingress: tuple[Rule, ...] | None = None
    egress: tuple[Rule, ...] | None = None
    namespace: str = ""
    blocks: tuple[Block, ...] = ()

    @property
    def staged(self) -> bool:
        return self.kind in (PolicyKind.STAGED, PolicyKind.STAGED_GLOBAL)

    @property
    def logged_name(self) -> str:
        """The name in a policy string, in the classic grammar as Calico Enterprise documents it."""
        if self.kind is PolicyKind.KUBERNETES:
            return f"{self.namespace}/knp.default.{self.name}"
        name = f"{'staged:' if self.staged else ''}{self.tier}.{self.name}"
        return f"{self.namespace}/{name}" if self.namespace else name


def terms(text: str) -> Terms:
    """`"app=cart,session tier=api team"` as terms."""
    pairs = (term.partition("=") for term in text.split())
    return tuple((key, tuple(values.split(",")) if values else ()) for key, _, values in pairs)


def who(labels: str = "", *, namespaces: str | None = None) -> Peer:
    return Peer(Selection(terms(labels), None if namespaces is None else terms(namespaces)))


def allow(protocol: str | None, peer: Peer, *ports: int | str) -> Rule:
    return Rule(Act.ALLOW, protocol, peer, ports)


def deny(protocol: str | None = None, peer: Peer = ANYONE, *ports: int | str) -> Rule:
    return Rule(Act.DENY, protocol, peer, ports)


def kubernetes(namespace: str, name: str, subject: str, *blocks: Block) -> Policy:
    """A Kubernetes NetworkPolicy with the rules that Calico makes of it.

    Within a block one rule for each protocol (sorted) and peer, its ports merged: that is why rule
    indexes in the logs are not those of the document.
    """
    rules = [
        allow(protocol.lower(), Peer(peer), *(number for name, number in block.ports if name == protocol))
        for block in blocks
        for protocol in sorted({name for name, _ in block.ports})
        for peer in (block.peers or (None,))
    ]
    return Policy(
        PolicyKind.KUBERNETES,
        "default",
        name,
        1000,
        Selection(terms(subject)),
        ingress=tuple(rules),
        namespace=namespace,
        blocks=blocks,
    )
