"""A cluster's objects under edits, one after the other: each sees what those before it made.

Edits work on manifests, so that what comes out can be read, compared and applied as it is.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tapetum.domain.errors import BadInputError
from tapetum.policy.documents import Document, Place
from tapetum.policy.resources.keys import Key, key_of
from tapetum.policy.resources.manifests import resolve
from tapetum.policy.resources.policies import BUILT_IN_TIERS, Policy, StagedAction
from tapetum.policy.state import ClusterState
from tapetum.policy.state.order import promoted_id
from tapetum.policy.whatif.edits import Delete, Edit, Promote, Put, Relabel, Reorder, SetDefault

Manifest = Mapping[str, Any]
Made = dict[Key, Manifest | None]

_CALICO, _KUBERNETES = "projectcalico.org/v3", "networking.k8s.io/v1"
_ORDERED = (
    "Tier",
    "CalicoNetworkPolicy",
    "GlobalNetworkPolicy",
    "StagedNetworkPolicy",
    "StagedGlobalNetworkPolicy",
)
_LABELLED = ("Namespace", "Pod", "ServiceAccount", "HostEndpoint", "NetworkSet", "GlobalNetworkSet")
_PROMOTED = {
    "StagedNetworkPolicy": (_CALICO, "NetworkPolicy"),
    "StagedGlobalNetworkPolicy": (_CALICO, "GlobalNetworkPolicy"),
    "StagedKubernetesNetworkPolicy": (_KUBERNETES, "NetworkPolicy"),
}


@dataclass(frozen=True, slots=True)
class Draft:
    """`objects` is what was there, `changed` what edits made of it (None: gone), `state` both together."""

    objects: Mapping[Key, Manifest]
    state: ClusterState
    changed: Mapping[Key, Manifest | None] = field(default_factory=dict[Key, Manifest | None])

    def get(self, key: Key) -> Manifest | None:
        return self.changed[key] if key in self.changed else self.objects.get(key)

    def needed(self, key: Key) -> Manifest:
        found = self.get(key)
        if found is None:
            raise BadInputError(f"{key} is not there; name an object that the cluster has, or put it in.")
        return found

    def edited(self, edit: Edit) -> "Draft":
        """Raises BadInputError where the edit does not fit what is there, or makes an object wrong."""
        made = _made(self, edit)
        kept = {key: manifest for key, manifest in made.items() if manifest is not None}
        found = resolve(Document(Place(str(key)), dict(manifest)) for key, manifest in kept.items())
        if found.problems:
            raise BadInputError(str(found.problems[0]))
        state = self.state.changed(found.resources, made.keys() - kept.keys())
        return Draft(self.objects, state, {**self.changed, **made})


def _made(draft: Draft, edit: Edit) -> Made:
    match edit:
        case Put(key, manifest):
            return {key: manifest}
        case Delete(key):
            draft.needed(key)
            return {key: None}
        case Reorder(key, order):
            if key.kind not in _ORDERED:
                raise BadInputError(f"{key} has no order of its own; tiers and Calico's policies do.")
            return _with_spec(draft, key, {"order": order})
        case SetDefault(tier, action):
            return _with_spec(draft, Key("Tier", None, tier), {"defaultAction": action.value.capitalize()})
        case Relabel():
            return _relabelled(draft, edit)
        case Promote(keys):
            return _promoted(draft, keys)


def _with_spec(draft: Draft, key: Key, values: Mapping[str, Any]) -> Made:
    found = draft.get(key) or _built_in(key) or draft.needed(key)
    spec = {**(found.get("spec") or {}), **values}
    return {key: {**found, "spec": {name: each for name, each in spec.items() if each is not None}}}


def _built_in(key: Key) -> Manifest | None:
    """The manifest of a tier that is there without one."""
    for tier in BUILT_IN_TIERS:
        if key == key_of(tier):
            spec = {"order": tier.order, "defaultAction": tier.default_action.value.capitalize()}
            return {"apiVersion": _CALICO, "kind": "Tier", "metadata": {"name": tier.name}, "spec": spec}
    return None


def _relabelled(draft: Draft, edit: Relabel) -> Made:
    if edit.key.kind not in _LABELLED:
        raise BadInputError(f"Labels of {edit.key} bear on no policy; name one of {', '.join(_LABELLED)}.")
    made: Made = {}
    for key in _siblings(draft, edit.key):
        found = draft.needed(key)
        metadata = found["metadata"]
        labels = {**(metadata.get("labels") or {}), **edit.put}
        kept = {name: value for name, value in labels.items() if name not in edit.remove}
        made[key] = {**found, "metadata": {**metadata, "labels": kept}}
    return made


def _siblings(draft: Draft, key: Key) -> Iterable[Key]:
    if key.kind != "Pod" or draft.get(key) is not None:
        return (key,)
    pods = draft.state.groups.get((key.namespace or "", key.name), ())
    return [key_of(pod) for pod in pods] or (key,)


def _promoted(draft: Draft, keys: Iterable[Key]) -> Made:
    staged = {key_of(each): each for each in draft.state.policies if each.staged is not None}
    for key in keys:
        if key not in staged:
            draft.needed(key)
            raise BadInputError(f"{key} is not staged; name a staged policy.")
    made: Made = {}
    for key in keys or staged:
        if staged[key].staged is not StagedAction.IGNORE:
            made |= _put_in_force(draft, key, staged[key])
    return made


def _put_in_force(draft: Draft, key: Key, policy: Policy) -> Made:
    target = promoted_id(policy.id)
    replaced = (
        each for each in draft.state.policies if each.staged is None and promoted_id(each.id) == target
    )
    made: Made = dict.fromkeys((key, *map(key_of, replaced)))
    if policy.staged is not StagedAction.DELETE:
        manifest = draft.needed(key)
        version, kind = _PROMOTED[key.kind]
        spec = {name: each for name, each in manifest["spec"].items() if name != "stagedAction"}
        enforced = Key(target.kind.value, key.namespace, key.name)
        made[enforced] = {**manifest, "apiVersion": version, "kind": kind, "spec": spec}
    return made
