"""What is kept of dismissed advice: each as text under a key of what it is about. Knows no engine."""

import msgspec

from tapetum.domain.dismissals import Advice, Dismissal
from tapetum.domain.errors import NotAllowedError, NotFoundError
from tapetum.domain.scope import Scope


def hold_scope(scope: Scope, advice: Advice) -> None:
    """Raises NotFoundError where the caller does not see it, NotAllowedError where it sees a part of it."""
    if advice.visible(scope):
        return
    if advice.namespace is None and scope.sees_cluster(advice.cluster):
        raise NotAllowedError(
            f"This is about all of the cluster {advice.cluster}, which your token sees a part of; "
            "leave it to somebody who sees all.",
            path="id",
        )
    raise NotFoundError("There is no such action among what you may see.", path="id")


def key_of(advice: Advice) -> str:
    told = (advice.component, advice.cluster, advice.namespace, advice.certain)
    return msgspec.json.encode(told).decode()


def text_of(dismissal: Dismissal) -> str:
    return msgspec.json.encode(dismissal).decode()


def read(text: str) -> Dismissal:
    return msgspec.json.decode(text, type=Dismissal)


def seen(scope: Scope, texts: list[str]) -> list[Dismissal]:
    """Those that the caller may see, by what they are about."""
    found = [each for each in map(read, texts) if each.advice.visible(scope)]
    return sorted(found, key=lambda each: key_of(each.advice))
