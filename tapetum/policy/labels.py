"""Labels of an endpoint or a network set: hashable, and honest about being only a part of them."""

from collections.abc import Iterator, Mapping

NAMESPACE = "projectcalico.org/namespace"
ORCHESTRATOR = "projectcalico.org/orchestrator"
SERVICE_ACCOUNT = "projectcalico.org/serviceaccount"
NAMESPACE_PREFIX = "pcns."
SERVICE_ACCOUNT_PREFIX = "pcsa."
OWN_NAME = "projectcalico.org/name"
"""With a prefix, the label that holds the namespace's or the service account's own name."""


class Labels(Mapping[str, str]):
    """`complete` False: these it has, and others may be there too (a log keeps what all pods share)."""

    __slots__ = ("_hash", "_held", "complete")

    def __init__(self, held: Mapping[str, str] | None = None, *, complete: bool = True) -> None:
        self._held = dict(held or {})
        self.complete = complete
        self._hash = hash((frozenset(self._held.items()), complete))

    def __getitem__(self, key: str) -> str:
        return self._held[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._held)

    def __len__(self) -> int:
        return len(self._held)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Labels):
            return NotImplemented
        return self._held == other._held and self.complete == other.complete

    def __repr__(self) -> str:
        return f"Labels({self._held!r}{'' if self.complete else ', complete=False'})"

    def with_(self, more: Mapping[str, str]) -> "Labels":
        return Labels({**self._held, **more}, complete=self.complete)


NO_LABELS = Labels()
