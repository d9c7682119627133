"""Changes of a cluster's objects, as the API takes them."""

from collections.abc import Iterable, Iterator

import strawberry
from strawberry import UNSET, field

from tapetum.api.use.simulation import read_puts
from tapetum.domain.errors import BadInputError
from tapetum.domain.policy_trace import Action
from tapetum.policy.resources.keys import Key
from tapetum.policy.whatif.edits import Delete, Edit, Promote, Relabel, Reorder, SetDefault


@strawberry.input(description="An object of the cluster.")
class ObjectInput:
    kind: str = field(
        description="Its kind as in policy traces: Calico's NetworkPolicy is CalicoNetworkPolicy, so that "
        "NetworkPolicy is Kubernetes'."
    )
    name: str = field(description="Its name, as its manifest has it.")
    namespace: str | None = field(default=None, description="Its namespace; null where it lies in none.")

    @property
    def key(self) -> Key:
        return Key(self.kind, self.namespace, self.name)


@strawberry.input(description="Another order for a tier, or for one of Calico's policies.")
class ReorderInput:
    object: ObjectInput = field(description="The tier or policy.")
    order: float | None = field(description="Lower comes first; null comes last.")


@strawberry.input(description="Another default action for a tier.")
class TierDefaultInput:
    tier: str = field(description="Name of the tier.")
    action: Action = field(description="DENY or PASS: what becomes of what no rule of it matches.")


@strawberry.input(description="A label.")
class LabelInput:
    key: str = field(description="Its key.")
    value: str = field(description="Its value.")


@strawberry.input(
    description="Other labels of a namespace, pod, service account, host endpoint or network set."
)
class RelabelInput:
    object: ObjectInput = field(
        description="What is labelled. A Pod may have the name that flow logs give to its siblings (web-*): "
        "all of them are meant then."
    )
    set: list[LabelInput] = field(default_factory=list, description="Labels to add or to change.")
    remove: list[str] = field(default_factory=list, description="Keys of labels to remove.")


@strawberry.input(description="Staged policies to put in force.")
class PromoteInput:
    policies: list[ObjectInput] | None = field(default=None, description="Which ones; null is all of them.")


@strawberry.input(
    one_of=True, description="One change of a cluster's objects; it sees what those before it made."
)
class PolicyChangeInput:
    apply: str | None = field(
        default=UNSET,
        description="Objects as YAML or JSON, as kubectl would apply them: each is added, or takes the place "
        "of what has its name. Policies, tiers, network sets, and whatever else bears on policies.",
    )
    delete: ObjectInput | None = field(default=UNSET, description="An object to remove.")
    reorder: ReorderInput | None = field(default=UNSET, description="Another order.")
    tier_default: TierDefaultInput | None = field(default=UNSET, description="Another default of a tier.")
    relabel: RelabelInput | None = field(default=UNSET, description="Other labels.")
    promote: PromoteInput | None = field(
        default=UNSET,
        description="Staged policies in force: edits replace what they edit, deletions delete it.",
    )

    def edits(self, path: str) -> list[Edit]:
        if self.apply:
            return read_puts(self.apply, f"{path}.apply")
        if self.delete:
            return [Delete(self.delete.key)]
        if self.reorder:
            return [Reorder(self.reorder.object.key, self.reorder.order)]
        if self.tier_default:
            return [SetDefault(self.tier_default.tier, self.tier_default.action)]
        if self.relabel:
            labels = {label.key: label.value for label in self.relabel.set}
            return [Relabel(self.relabel.object.key, labels, tuple(self.relabel.remove))]
        if self.promote:
            return [Promote(tuple(each.key for each in self.promote.policies or ()))]
        raise BadInputError("The change is empty; give the objects to apply, or leave it out.", path=path)


def edits_of(changes: Iterable[PolicyChangeInput]) -> Iterator[tuple[Edit, str]]:
    """Each with the path of its change, which may be several edits: one for each document."""
    for place, change in enumerate(changes):
        path = f"changes[{place}]"
        yield from ((edit, path) for edit in change.edits(path))
