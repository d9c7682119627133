"""Feeds at work over a composition's stores, by the settings."""

from contextlib import nullcontext

from tapetum.service.app import Stores
from tapetum.service.feeds.keeper import Keeper, Turn
from tapetum.service.outbound.targets import Targets
from tapetum.service.outbound.transport import guarded_client
from tapetum.service.settings import Settings

_STEP = 20.0


def feed_keeper(stores: Stores, settings: Settings, turn: Turn = nullcontext) -> Keeper:
    targets = Targets(settings.outbound_allowed)
    return Keeper(stores.catalog, lambda: guarded_client(targets, timeout=_STEP), stores.clock, turn=turn)
