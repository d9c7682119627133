"""A preview that is told what to say, and notes what was announced."""

from collections.abc import Callable
from dataclasses import dataclass, field

from tapetum.bus.port import Delivery
from tapetum.domain.batches import Receipt


@dataclass
class Previews:
    told: Receipt
    announced: list[str] = field(default_factory=list)
    meanwhile: Callable[[], object] = lambda: None
    """What happens while one is announced."""

    def of(self, delivery: Delivery) -> "_Preview":
        return _Preview(self, delivery.id)


@dataclass
class _Preview:
    of: Previews
    delivery_id: str

    def receipt(self) -> Receipt:
        return self.of.told

    async def announce(self) -> None:
        self.of.announced.append(self.delivery_id)
        self.of.meanwhile()
