"""A layer: nodes and flows of the service graph that people name, to dim or hide them and to bring them back.

It holds names and a filter, no data. Whether the filter fits flows is the catalogue's (api/use/fitting.py).
"""

from enum import StrEnum
from typing import Annotated, Literal

from msgspec import Meta

from tapetum.domain.documents import MemberError, Prose, Title, printable
from tapetum.domain.endpoints import NodeKind
from tapetum.domain.saved_query import Filter, Form

MOST_MEMBERS = 200
Name = Annotated[str, Meta(min_length=1, max_length=500)]


class MemberKind(StrEnum):
    """A node's kind as documents write it."""

    NAMESPACE = "namespace"
    WORKLOAD = "workload"
    HOST = "host"
    NETWORK_SET = "network_set"
    NETWORK = "network"
    FQDN = "fqdn"

    @property
    def node(self) -> NodeKind:
        return NodeKind[self.name]


_HOUSED = (MemberKind.WORKLOAD, MemberKind.HOST, MemberKind.NETWORK_SET)


class Member(Form, frozen=True, kw_only=True):
    """Nodes by their names. In each of the three texts `*` is any part, and a backslash takes the next
    character as it is. None is any cluster, or any namespace and none.
    """

    kind: MemberKind
    name: Name
    namespace: Name | None = None
    cluster: Name | None = None

    def __post_init__(self) -> None:
        if self.namespace is not None and self.kind not in _HOUSED:
            raise MemberError("namespace", f"a {self.kind.value} lies in no namespace")


class Layer(Form, frozen=True, kw_only=True):
    """A namespace brings all that lives in it. Edges belong to it with their ends, and where the filter finds
    all of their flows.
    """

    format: Literal[1]
    title: Title
    description: Prose = ""
    members: Annotated[tuple[Member, ...], Meta(max_length=MOST_MEMBERS)] = ()
    filter: Filter = ""

    def __post_init__(self) -> None:
        printable("the title", self.title)
        if not self.members and not self.filter.strip():
            raise ValueError("it has neither members nor a filter, so nothing would be in it")
