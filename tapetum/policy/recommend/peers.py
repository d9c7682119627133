"""The other end of a rule, as both Calico's and Kubernetes' documents can say it."""

from dataclasses import dataclass
from typing import Any

from tapetum.policy.recommend.parties import PRIVATE_NETS
from tapetum.policy.recommend.selections import EVERYONE, Selection
from tapetum.policy.rules import ServiceRef
from tapetum.policy.wording import plain


@dataclass(frozen=True, slots=True)
class Among:
    """Endpoints and network sets by their labels; `namespace` None: those that are in no namespace."""

    namespace: str | None
    selection: Selection

    def __str__(self) -> str:
        where = "outside namespaces" if self.namespace is None else self.namespace
        return f"{where}: {plain(self.selection.selector)}"


@dataclass(frozen=True, slots=True)
class Nets:
    nets: tuple[str, ...] = ()
    but: tuple[str, ...] = ()

    def __str__(self) -> str:
        but = f" but {', '.join(self.but)}" if self.but else ""
        return f"{', '.join(self.nets) or 'any address'}{but}"

    @property
    def versions(self) -> tuple[int, ...]:
        """IP versions of the nets, in order; none: of any."""
        return tuple(sorted(set(map(ip_version, self.nets))))

    def of_version(self, version: int) -> "Nets":
        """What it says of addresses of this IP version, which its nets, if any, must have."""
        nets, but = (
            tuple(each for each in some if ip_version(each) == version) for some in (self.nets, self.but)
        )
        return Nets(nets, but)


@dataclass(frozen=True, slots=True)
class Names:
    domains: tuple[str, ...]

    def __str__(self) -> str:
        return ", ".join(self.domains)


@dataclass(frozen=True, slots=True)
class Behind:
    service: ServiceRef

    def __str__(self) -> str:
        return f"service {self.service.namespace}/{self.service.name}"


@dataclass(frozen=True, slots=True)
class AnyPod:
    """Every pod of the cluster: what is denied before a whole network is allowed."""

    def __str__(self) -> str:
        return "any pod"


Peer = Among | Nets | Names | Behind | AnyPod
PUBLIC_NETS = Nets(but=PRIVATE_NETS)
ANYWHERE = Nets()


def ip_version(text: str) -> int:
    """Of an address or net."""
    return 6 if ":" in text else 4


def calico(peer: Peer, namespace: str) -> dict[str, Any]:
    """An end of a rule of a policy in `namespace`."""
    match peer:
        case Among(where, selection):
            text = {} if selection == EVERYONE and where != namespace else {
                "selector": plain(selection.selector)
            }  # fmt: skip
            return text | ({} if where == namespace else {"namespaceSelector": _space(where)})
        case Nets(nets, but):
            return {**({"nets": list(nets)} if nets else {}), **({"notNets": list(but)} if but else {})}
        case Names(domains):
            return {"domains": list(domains)}
        case Behind(service):
            return {"services": {"name": service.name, "namespace": service.namespace}}
        case AnyPod():
            return {"selector": 'projectcalico.org/orchestrator == "k8s"', "namespaceSelector": "all()"}


def kubernetes(peer: Peer, namespace: str) -> list[dict[str, Any]] | None:
    """Peers of a NetworkPolicy; none: anyone. None: it has no form for it."""
    match peer:
        case Among(None, _) | Names() | Behind() | AnyPod():
            return None
        case Among(where, selection):
            other = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": where}}}
            return [{**({} if where == namespace else other), "podSelector": selection.label_selector}]
        case Nets(nets, but):
            if not nets and not but:
                return []
            if nets:
                return [_block(each, but) for each in nets]
            return [_block("0.0.0.0/0", but), _block("::/0", ())]


def _block(cidr: str, but: tuple[str, ...]) -> dict[str, Any]:
    return {"ipBlock": {"cidr": cidr, **({"except": list(but)} if but else {})}}


def _space(namespace: str | None) -> str:
    return "global()" if namespace is None else f'projectcalico.org/name == "{namespace}"'
