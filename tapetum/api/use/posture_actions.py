"""What an action of the posture asks for, in a sentence, and where in the page it begins."""

from collections.abc import Callable
from enum import StrEnum

from tapetum.api.use.posture import FROM_PUBLIC_SETS, STAGED_DENIES
from tapetum.kql.literals import write_quoted
from tapetum.posture import Action, Component
from tapetum.posture.components import CLEARTEXT_PORTS

_PORTS = " or ".join(map(str, CLEARTEXT_PORTS))


class PosturePage(StrEnum):
    RECOMMENDED_POLICIES = "recommended_policies"
    POLICIES = "policies"
    LOGS = "logs"


_UNSAFE = {
    Component.ISOLATION: "without policies that deny by default, in both directions; let some be recommended",
    Component.EGRESS: "with traffic to outside of the cluster under no policy; let some be recommended",
    Component.EXPOSURE: "let in from public networks; see by whom, and deny it where it is not meant",
    Component.CLEARTEXT: "at ports of protocols without encryption; see which, and encrypt them",
    Component.GAPS: "with connections that are denied, or that staged policies would deny; see which",
    Component.IMAGES: "with critical or high flaws in their images; update them, and see who reaches them",
}
_UNKNOWN = {
    Component.ISOLATION: "whose policies are not known; import the manifests, those of pods among them",
    Component.EGRESS: "whose traffic to outside, or its policies, are not known; send flow logs of sources",
    Component.EXPOSURE: "of which it is not known who reaches them; send flow logs of destinations",
    Component.CLEARTEXT: "whose ports are not known; send flow logs that name them",
    Component.GAPS: "of which it is not known what they are denied; send logs of both ends, with policies",
    Component.IMAGES: "whose images are not known, or were not scanned lately; import manifests and results",
}


def sentence(action: Action) -> str:
    count = len(action.workloads)
    who = [f"{count:,} workload{'s' if count > 1 else ''}"] if count else []
    if len(action.subjects) > count:
        who.append("new pods")
    told = (_UNSAFE if action.certain else _UNKNOWN)[action.component]
    where = action.namespace or action.cluster
    text = f"{' and '.join(who)} of {where} {told}."
    return text[0].upper() + text[1:]


def page(action: Action) -> PosturePage:
    if action.component in (Component.ISOLATION, Component.IMAGES) and not action.certain:
        return PosturePage.POLICIES
    if action.certain and action.component in (Component.ISOLATION, Component.EGRESS):
        return PosturePage.RECOMMENDED_POLICIES
    return PosturePage.LOGS


def logs_filter(action: Action) -> str | None:
    """The flows that it is about; None where the page takes none, or there are none yet."""
    if page(action) is not PosturePage.LOGS or action.namespace is None:
        return None
    return _FILTERS[action.component](write_quoted(action.namespace))


def _at_own_end(namespace: str) -> str:
    return (
        f"((reporter: src and source_namespace: {namespace}) or "
        f"(reporter: dst and dest_namespace: {namespace}))"
    )


_FILTERS: dict[Component, Callable[[str], str]] = {
    Component.EXPOSURE: lambda namespace: (
        "((reporter: dst and action: allow and source_type: net and source_network: pub) "
        f"or ({FROM_PUBLIC_SETS})) and dest_namespace: {namespace}"
    ),
    Component.IMAGES: lambda namespace: f"action: allow and reporter: dst and dest_namespace: {namespace}",
    Component.CLEARTEXT: lambda namespace: (
        f"action: allow and dest_port: ({_PORTS}) and {_at_own_end(namespace)}"
    ),
    Component.GAPS: lambda namespace: (
        f"(action: deny and source_namespace: {namespace}) or ({STAGED_DENIES} and {_at_own_end(namespace)})"
    ),
}
