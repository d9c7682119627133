"""The profiles that endpoints have, given or implied."""

from collections.abc import Mapping

from tapetum.policy.resources.endpoints import Profile
from tapetum.policy.rules import Rule, RuleAction
from tapetum.policy.state.cluster import ClusterState

_EVERYTHING = (Rule(RuleAction.ALLOW),)
_DEFAULT_ALLOW = "projectcalico-default-allow"


def profile_of(state: ClusterState, name: str) -> Profile | None:
    """None: it may have any rules."""
    return profile_named(state.profiles, name)


def profile_named(given: Mapping[str, Profile], name: str) -> Profile | None:
    return given.get(name) or _implied(name)


def _implied(name: str) -> Profile | None:
    """Profiles that Calico makes: of a namespace, which allow; of a service account, which have no rules."""
    if name.startswith("kns.") or name == _DEFAULT_ALLOW:
        return Profile(name, ingress=_EVERYTHING, egress=_EVERYTHING)
    return Profile(name) if name.startswith("ksa.") else None
