"""What a caller asks of a simulated world. Knows nothing of how it is made."""

from dataclasses import dataclass

from tapetum.domain.errors import BadInputError

FEWEST_WORKLOADS = 6
FEWEST_NAMESPACES = 3
MOST_WORKLOADS = 50_000
MOST_NAMESPACES = 2_000


@dataclass(frozen=True, slots=True)
class WorldSpec:
    """Equal specs give equal worlds, and equal worlds write equal bytes.

    `epoch` (unix seconds) is when the cluster was set up: its policies are created then, and flush
    windows are counted from it. `edges` asks for about so many connections; None leaves it to the
    applications. `attack_at` starts the attack's story; None leaves it out and changes nothing else.
    """

    seed: int = 1
    workloads: int = 40
    namespaces: int = 8
    cluster: str = "demo"
    epoch: int = 1_790_000_000
    edges: int | None = None
    attack_at: int | None = None

    def __post_init__(self) -> None:
        _within("workloads", self.workloads, FEWEST_WORKLOADS, MOST_WORKLOADS)
        _within("namespaces", self.namespaces, FEWEST_NAMESPACES, MOST_NAMESPACES)
        if self.epoch < 0:
            raise BadInputError(f"The epoch of a simulated cluster is a time after 1970, not {self.epoch}.")
        if self.attack_at is not None and self.attack_at < self.epoch:
            raise BadInputError(
                f"The attack at {self.attack_at} would begin before the cluster exists; "
                f"give a time from {self.epoch} on."
            )


def _within(what: str, value: int, least: int, most: int) -> None:
    if not least <= value <= most:
        raise BadInputError(f"A simulated cluster has {least} to {most} {what}, not {value}.")
