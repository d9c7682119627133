"""A delivery target: which alerts are sent to which receiver.

Whether its filter fits alerts is asked elsewhere (api/use/fitting.py), how it stands is deliveries.py's.
"""

from dataclasses import dataclass, replace
from typing import Annotated, Literal

from msgspec import Meta, structs

from tapetum.domain.alert_rules import ClusterName
from tapetum.domain.alert_rules import Severity as Bound
from tapetum.domain.alerts import Alert
from tapetum.domain.deliveries import DeliveryState
from tapetum.domain.documents import DELIVERY_PAGE, Document, Title, printable, read_body, write_body
from tapetum.domain.errors import BadInputError
from tapetum.domain.receivers import MASK, Receiver, kind_of, masked, place_of, secret_of, with_secret
from tapetum.domain.saved_query import Filter, Form


class DeliveryTarget(Form, frozen=True, kw_only=True):
    """The clusters are names, None is all of them. Switched off it sends nothing and keeps its place."""

    format: Literal[1]
    title: Title
    enabled: bool = True
    filter: Filter = ""
    clusters: Annotated[tuple[ClusterName, ...], Meta(min_length=1, max_length=500)] | None = None
    minimum_severity: Bound = 1
    receiver: Receiver

    def __post_init__(self) -> None:
        printable("the title", self.title)

    def concerns(self, alert: Alert) -> bool:
        """But for what its filter says."""
        return alert.severity >= self.minimum_severity and (
            self.clusters is None or alert.cluster in self.clusters
        )


@dataclass(frozen=True, slots=True)
class KnownTarget:
    """A target as it is saved, with its secret, and how it stands; None where it never stood."""

    document: Document
    target: DeliveryTarget
    state: DeliveryState | None


def target_of(document: Document) -> DeliveryTarget:
    return read_body(document.body.encode(), DeliveryTarget, DELIVERY_PAGE)


def hidden(document: Document) -> Document:
    """The same with a mask in place of its secret: for whoever reads it."""
    target = target_of(document)
    shown = structs.replace(target, receiver=masked(target.receiver))
    return replace(document, body=write_body(shown).decode())


def completed(target: DeliveryTarget, before: DeliveryTarget | None) -> DeliveryTarget:
    """What to keep of a target that may hold a mask, given what it is saved over.

    A secret is kept for the place that it was given for: whoever names another one gives it again.
    """
    receiver = target.receiver
    if secret_of(receiver) != MASK:
        return target
    known = None if before is None else secret_of(before.receiver)
    path = f"document.receiver.{receiver.hidden_member}"
    if before is None or known is None or kind_of(before.receiver) is not kind_of(receiver):
        raise BadInputError(
            f"{path} is the mask of a secret that is not known here; give the secret.", path=path
        )
    kept = with_secret(receiver, known)
    if place_of(kept) != place_of(before.receiver):
        raise BadInputError(
            f"{path}: the secret was given for another address; give it again for this one.", path=path
        )
    return structs.replace(target, receiver=kept)
