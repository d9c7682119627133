"""The security posture over the engines is the one that the embedded stores tell."""

import asyncio
from typing import Any, cast

import pytest

from tapetum.api import ApiContext, ApiSettings
from tapetum.embedded.duckdb import Engine
from tests.api.test_manifests import brought
from tests.api.test_posture import FLOWS, MANIFESTS, filled, posture
from tests.api.world import Clock, World, opened
from tests.support import distributed
from tests.support.factory import HOUR, NOW, batch

pytestmark = pytest.mark.engine


def test_both_compositions_tell_the_same() -> None:
    clock = Clock()
    with distributed.stores(cast("Any", clock)) as stores:
        context = ApiContext(
            stores.logs, stores.graph, stores.catalog, stores.bus, clock, ApiSettings(require_token=False)
        )
        world = World(context, cast("Engine", None), clock)
        clock.now = NOW - 2 * HOUR
        asyncio.run(brought(world, MANIFESTS))
        clock.now = NOW
        stores.commit(batch(FLOWS))
        found = asyncio.run(posture(world, **{"from": "now-14m"}))
    with opened() as embedded:
        asyncio.run(filled(embedded))
        assert found == asyncio.run(posture(embedded, **{"from": "now-14m"}))
    assert found["overall"]["score"]
