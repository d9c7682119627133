"""Deliveries over a composition's stores, by the settings."""

from tapetum.service.app import Stores
from tapetum.service.delivery.runner import Deliveries
from tapetum.service.delivery.sender import sender
from tapetum.service.delivery.tally import DeliveryTally
from tapetum.service.settings import Settings


def deliveries(stores: Stores, settings: Settings, holder: str, tally: DeliveryTally) -> Deliveries:
    send = sender(stores.clock, settings).send
    return Deliveries(stores.catalog, stores.logs, send, stores.clock, holder, tally=tally)
