"""One attempt at writing: what it made, so that a direct write can be taken back whole."""

from dataclasses import dataclass, field

from tapetum.domain.batches import Receipt


@dataclass(slots=True)
class Attempt:
    """An open write. Without a delivery it is direct: all or nothing, and done when its block ends.

    With one it is a step of a delivery that is repeated until it succeeds (decision 8): what it made
    stays when it fails, since the graph may hold its sums already.
    """

    delivery: str | None
    applied: dict[str, Receipt] = field(default_factory=dict[str, Receipt])
    begun: list[str] = field(default_factory=list[str])  # batches of which something may be stored
    raised: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])  # alerts, by index and id
    touched: set[str] = field(default_factory=set[str])  # indices that something was sent to
