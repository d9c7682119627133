"""What is kept of a delivery target beside its document: its state as text. Knows no engine.

Targets are looked at by those who may see everything, since alerts of all clusters go through them.
"""

import msgspec

from tapetum.domain.deliveries import DeliveryState
from tapetum.domain.errors import NotAllowedError
from tapetum.domain.scope import Scope


def hold_scope(scope: Scope) -> None:
    """Raises NotAllowedError."""
    if not scope.everything:
        raise NotAllowedError(
            "Delivery targets are for tokens without limits to clusters or namespaces; use such a one."
        )


def state_text(state: DeliveryState) -> str:
    return msgspec.json.encode(state).decode()


def state_of(text: str) -> DeliveryState:
    return msgspec.json.decode(text, type=DeliveryState)
