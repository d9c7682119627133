"""Asking for exports in tests."""

from typing import Any

import msgspec

from tapetum.domain.batches import RecordKind
from tests.api.world import World

HOURS = {"from": "now-2h"}


async def exported(world: World, name: str, token: str | None = None, **arguments: Any) -> bytes:
    async with world.client(token) as client:
        response = await client.get(f"/export/v1/{name}", params=HOURS | arguments)
    assert response.status_code == 200, response.text
    return response.content


async def lines(world: World, kind: RecordKind, token: str | None = None, **arguments: Any) -> list[Any]:
    body = await exported(world, f"{kind}.ndjson", token, **arguments)
    return [msgspec.json.decode(line) for line in body.splitlines()]


async def refusal(world: World, name: str, token: str | None = None, **arguments: Any) -> tuple[int, str]:
    async with world.client(token) as client:
        response = await client.get(f"/export/v1/{name}", params=arguments)
    return response.status_code, response.json()["error"]
