"""How exports end: cut off, left, refused, and never a part that looks whole."""

import asyncio
import socket
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest
import uvicorn

from tapetum.api import Limits, Pace
from tapetum.domain.batches import RecordKind
from tapetum.domain.errors import UnavailableError
from tapetum.domain.scope import Scope
from tests.api.exports import HOURS, lines, refusal
from tests.api.world import OPEN, World, eventually, opened
from tests.support.factory import MINUTE, Flow


class Raw:
    """One GET as a server would run it: what was sent, and how it ended."""

    def __init__(self, world: World, headers: Sequence[tuple[bytes, bytes]] = ()) -> None:
        self.sent: list[dict[str, Any]] = []
        self.left = asyncio.Event()
        self.takes = asyncio.Event()
        self.takes.set()
        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.4"},
            "http_version": "1.1",
            "method": "GET",
            "path": "/export/v1/flows.ndjson",
            "raw_path": b"/export/v1/flows.ndjson",
            "root_path": "",
            "scheme": "http",
            "query_string": b"from=now-2h",
            "headers": [(b"host", b"localhost"), *headers],
        }
        self.task = asyncio.create_task(world.app(scope, self._receive, self._send))

    async def _receive(self) -> dict[str, Any]:
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:
        await self.takes.wait()
        self.sent.append(message)

    @property
    def whole(self) -> bool:
        return self.sent[-1]["type"] == "http.response.body" and not self.sent[-1]["more_body"]

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.sent)


def outcomes(world: World) -> dict[str, float]:
    samples = next(iter(world.context.metrics.exports.collect())).samples
    return {each.labels["outcome"]: each.value for each in samples if each.name.endswith("_total")}


@pytest.mark.usefixtures("small_pages")
async def test_an_error_on_the_way_leaves_the_body_without_its_end(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.commit([Flow(mark=mark) for mark in range(30)])
    search, pages = world.context.logs.search, 0

    async def away_later(*arguments: Any) -> Any:
        nonlocal pages
        pages += 1
        if pages > 2:
            raise UnavailableError("The log store cannot be reached.")
        return await search(*arguments)

    monkeypatch.setattr(world.context.logs, "search", away_later)
    cut = Raw(world)
    await asyncio.wait_for(cut.task, 5)
    assert cut.sent[0]["status"] == 200
    assert cut.body.count(b"\n") == 14
    assert not cut.whole
    assert outcomes(world) == {"UNAVAILABLE": 1}
    assert await refusal(world, "flows.csv", **HOURS) == (503, "The log store cannot be reached.")


async def test_a_page_that_takes_too_long_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(replace(OPEN, deadline=timedelta(milliseconds=5))) as world:

        async def slow(*_: Any) -> Any:
            await asyncio.sleep(60)

        monkeypatch.setattr(world.context.logs, "search", slow)
        status, told = await refusal(world, "flows.csv", **HOURS)
        assert status == 503
        assert told.startswith("A page of 2000 records took longer than 0.03 s;")


@pytest.mark.usefixtures("small_pages")
async def test_a_client_notices_that_it_was_cut_off(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Over a real connection: whoever reads to the end gets an error, not a shorter file."""
    world.commit([Flow(mark=mark) for mark in range(30)])
    search = world.context.logs.search
    broken = True

    async def away_later(*arguments: Any) -> Any:
        if broken and arguments[-1] is not None:
            raise UnavailableError("The log store cannot be reached.")
        return await search(*arguments)

    monkeypatch.setattr(world.context.logs, "search", away_later)
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(world.app, log_config=None))
    serving = asyncio.create_task(server.serve([listener]))
    url = f"http://127.0.0.1:{listener.getsockname()[1]}/export/v1/flows.csv?from=now-2h"
    try:
        await eventually(lambda: server.started)
        async with httpx.AsyncClient() as client:
            with pytest.raises(httpx.RemoteProtocolError):
                await client.get(url)
            broken = False
            assert (await client.get(url)).content.count(b"\r\n") == 31
    finally:
        server.should_exit = True
        await serving


@pytest.mark.usefixtures("small_pages")
async def test_who_leaves_ends_the_reading(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.commit([Flow(mark=mark) for mark in range(30)])
    search, waiting, cancelled = world.context.logs.search, asyncio.Event(), asyncio.Event()

    async def slow(*arguments: Any) -> Any:
        page = await search(*arguments)
        if arguments[-1] is not None:
            try:
                waiting.set()
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                cancelled.set()
                raise
        return page

    monkeypatch.setattr(world.context.logs, "search", slow)
    download = Raw(world)
    await asyncio.wait_for(waiting.wait(), 5)
    download.left.set()
    await asyncio.wait_for(download.task, 5)
    assert cancelled.is_set()
    assert outcomes(world) == {"LEFT": 1}


@pytest.mark.usefixtures("small_pages")
async def test_few_run_at_once_and_a_place_comes_free() -> None:
    with opened(replace(OPEN, limits=Limits(exports=2))) as world:
        world.commit([Flow(mark=mark) for mark in range(30)])
        running = [Raw(world), Raw(world)]
        for each in running:
            each.takes.clear()
        await asyncio.sleep(0.1)
        refused = Raw(world)
        await asyncio.wait_for(refused.task, 5)
        assert refused.sent[0]["status"] == 503
        assert (b"retry-after", b"5") in refused.sent[0]["headers"]
        assert b"2 exports run here already" in refused.body
        running[0].left.set()
        await asyncio.wait_for(running[0].task, 5)
        assert len(await lines(world, RecordKind.FLOWS)) == 30
        running[1].takes.set()
        await asyncio.wait_for(running[1].task, 5)
        assert running[1].whole
        assert running[1].body.count(b"\n") == 30


@pytest.mark.usefixtures("small_pages")
async def test_who_takes_nothing_is_let_go() -> None:
    with opened(replace(OPEN, pace=Pace(taken=timedelta(milliseconds=50)))) as world:
        world.commit([Flow(mark=mark) for mark in range(30)])
        download = Raw(world)
        await eventually(lambda: len(download.sent) > 0)
        download.takes.clear()
        await asyncio.wait_for(download.task, 5)
        assert not download.whole


@pytest.mark.usefixtures("small_pages")
async def test_a_token_that_ends_ends_its_export(monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(replace(OPEN, require_token=True)) as world:
        world.commit([Flow(mark=mark) for mark in range(30)])
        secret = await world.token(Scope())
        search = world.context.logs.search

        async def later(*arguments: Any) -> Any:
            world.clock.now += 20 * MINUTE
            return await search(*arguments)

        monkeypatch.setattr(world.context.logs, "search", later)
        download = Raw(world, headers=[(b"authorization", b"Bearer " + secret.encode())])
        await asyncio.wait_for(download.task, 5)
        assert 0 < download.body.count(b"\n") < 30
        assert not download.whole
        assert outcomes(world) == {"UNAUTHORIZED": 1}
