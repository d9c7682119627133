"""Feeds at work over a composition's stores, by the settings."""

from contextlib import nullcontext
from typing import Protocol

from tapetum.domain.alerts import Alert
from tapetum.domain.moments import Micros
from tapetum.service.app import Stores
from tapetum.service.feeds.history import past_alerts
from tapetum.service.feeds.keeper import Keeper, Turn
from tapetum.service.outbound.certificates import certificates
from tapetum.service.outbound.targets import Targets
from tapetum.service.outbound.transport import guarded_client
from tapetum.service.settings import Settings

_STEP = 20.0


class Raising(Stores, Protocol):
    def raise_alerts(self, owner: str, alerts: list[Alert]) -> None: ...


def feed_keeper(
    stores: Raising, settings: Settings, turn: Turn = nullcontext, *, settled: Micros = 0
) -> Keeper:
    targets, trusted = Targets(settings.outbound_allowed), certificates(settings.outbound_authorities)
    return Keeper(
        stores.catalog,
        lambda: guarded_client(targets, timeout=_STEP, verify=trusted),
        stores.clock,
        lambda watch: past_alerts(stores.logs, watch, stores.clock()),
        stores.raise_alerts,
        turn=turn,
        settled=settled,
    )
