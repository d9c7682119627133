"""The ingest pipeline over a composition's stores, with the settings' limits."""

from tapetum.domain.moments import DAY
from tapetum.domain.networks import Networks
from tapetum.ingest.context import Limits
from tapetum.ingest.pipeline import Pipeline, Store
from tapetum.service.console import now
from tapetum.service.settings import Settings


def pipeline(store: Store, settings: Settings, *, history: bool) -> Pipeline:
    """`history` takes records of any age, as what somebody imports on purpose; pushed ones may be too old."""
    retention = None if history else settings.retention_days * DAY
    return Pipeline(
        store,
        clock=now,
        networks=Networks(settings.private_ranges),
        limits=Limits(max_line=settings.max_line, retention=retention),
    )
