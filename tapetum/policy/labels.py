"""Labels of an endpoint or a network set: hashable, and honest about being only a part of them."""

from collections.abc import ItemsView, Iterable, Iterator, Mapping

NAMESPACE = "projectcalico.org/namespace"
ORCHESTRATOR = "projectcalico.org/orchestrator"
SERVICE_ACCOUNT = "projectcalico.org/serviceaccount"
NAMESPACE_PREFIX = "pcns."
SERVICE_ACCOUNT_PREFIX = "pcsa."
OWN_NAME = "projectcalico.org/name"
"""With a prefix, the label that holds the namespace's or the service account's own name."""


class Labels(Mapping[str, str]):
    """`complete` False: these it has, and others may be there too (a log keeps what all pods share).

    With `hidden` only labels that begin with one of these may be there too.
    """

    __slots__ = ("_hash", "_held", "hidden")

    def __init__(
        self, held: Mapping[str, str] | None = None, *, complete: bool = True, hidden: Iterable[str] = ()
    ) -> None:
        self._held = dict(held or {})
        self.hidden = tuple(sorted(set(hidden))) if complete else ("",)
        self._hash = hash((frozenset(self._held.items()), self.hidden))

    @property
    def complete(self) -> bool:
        return not self.hidden

    def lacks(self, label: str) -> bool:
        """For sure."""
        return label not in self._held and not label.startswith(self.hidden)

    def __getitem__(self, key: str) -> str:
        return self._held[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._held)

    def __len__(self) -> int:
        return len(self._held)

    def items(self) -> ItemsView[str, str]:
        return self._held.items()

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Labels):
            return NotImplemented
        return self._held == other._held and self.hidden == other.hidden

    def __repr__(self) -> str:
        return f"Labels({self._held!r}{f', hidden={self.hidden!r}' if self.hidden else ''})"


NO_LABELS = Labels()
