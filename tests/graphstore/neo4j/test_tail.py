"""A reader that gives up while memory is filled leaves what came for the next one."""

import asyncio
from typing import Any, cast

import pytest

from tapetum.graphdb.neo4j import Neo4j
from tapetum.graphstore.memory import GraphMemory
from tapetum.graphstore.neo4j.apply import KEYS
from tapetum.graphstore.neo4j.keys import SCHEMA
from tapetum.graphstore.neo4j.store import PATIENCE
from tapetum.graphstore.neo4j.tail import ASK, Tail

_KEYS = 150_000


class Slow:
    """A database of so many flow keys; the second page of them comes only when it may."""

    def __init__(self) -> None:
        self.pages: list[tuple[int, int]] = []
        self.reached, self.may = asyncio.Event(), asyncio.Event()

    async def read(self, question: str, values: Any = None, **_: Any) -> Any:
        if question == ASK["state"]:
            return [(_KEYS, 0, 0, 1)]
        assert question == KEYS
        first, last = values["first"], values["last"]
        self.pages.append((first, last))
        if first:
            self.reached.set()
            await self.may.wait()
        texts = {"cluster": "c", "action": "allow", "source_type": "wep", "dest_type": "wep"}
        texts |= {"source_namespace": "n", "dest_namespace": "n", "proto": "tcp", "reporter": "src"}
        numbers = {"code": range(first, last), "flow_key": range(first, last)}
        size = last - first
        page = {name: [text] * size for name, text in texts.items()} | numbers | {"known": [0] * size}
        return [[list(page.get(name, [None] * size)) for name in SCHEMA.names]]


async def test_who_gives_up_leaves_what_came_for_the_next() -> None:
    database = Slow()
    memory = GraphMemory()
    tail = Tail(cast("Neo4j", database), memory, PATIENCE)
    impatient = asyncio.create_task(tail.level())
    async with asyncio.timeout(60):
        await database.reached.wait()
    impatient.cancel()
    with pytest.raises(asyncio.CancelledError):
        await impatient
    held = memory.keys
    assert 0 < held < _KEYS
    database.may.set()
    assert await tail.level()
    assert memory.keys == _KEYS
    firsts = [first for first, _ in database.pages]
    assert firsts.count(0) == 1
    assert firsts.count(held) == 2, "asked for again by whoever came next"
