"""Who may send is remembered while the catalog is away, also by the next process; nobody else gets in."""

import asyncio
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from tapetum.catalog.port import Token
from tapetum.domain.errors import UnavailableError
from tapetum.domain.scope import Scope
from tapetum.service.distributed.remembered import RememberedTokens

PAIRS = frozenset({("east", "shop"), ("west", "pay")})
KNOWN = [
    Token("t1", "fluent-bit", "hash-1", Scope(), True, 1, 2**60),
    Token("t2", "reader", "hash-2", Scope(frozenset({"east"}), PAIRS), False, 5, 7),
]


class Catalog:
    def __init__(self) -> None:
        self.tokens = {token.hashed: token for token in KNOWN}
        self.away = False

    async def token(self, hashed: str) -> Token | None:
        if self.away:
            raise UnavailableError("Neo4j is away; try again.")
        return self.tokens.get(hashed)


@pytest.fixture
def catalog() -> Catalog:
    return Catalog()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "tokens.json"


def modes(folder: Path) -> dict[str, int]:
    return {each.name: each.stat().st_mode & 0o777 for each in folder.iterdir()}


async def test_what_the_catalog_said_holds_while_it_is_away(catalog: Catalog, file: Path) -> None:
    tokens = RememberedTokens(catalog.token, file)
    for token in KNOWN:
        assert await tokens.token(token.hashed) == token
    assert await tokens.token("unknown") is None
    catalog.away = True
    for each in (tokens, RememberedTokens(catalog.token, file)):
        for token in KNOWN:
            assert await each.token(token.hashed) == token
        with pytest.raises(UnavailableError):
            await each.token("unknown")
    assert modes(file.parent) == {file.name: 0o600}


async def test_what_was_revoked_is_forgotten_once_the_catalog_says_so(catalog: Catalog, file: Path) -> None:
    tokens = RememberedTokens(catalog.token, file)
    assert await tokens.token("hash-1") == KNOWN[0]
    del catalog.tokens["hash-1"]
    assert await tokens.token("hash-1") is None
    catalog.away = True
    for each in (tokens, RememberedTokens(catalog.token, file)):
        with pytest.raises(UnavailableError):
            await each.token("hash-1")


@pytest.mark.parametrize("content", [b"", b"[{]", b'[{"id": 1}]', b"\xff" * 100])
async def test_a_damaged_file_is_as_none(catalog: Catalog, file: Path, content: bytes) -> None:
    await asyncio.to_thread(file.write_bytes, content)
    with capture_logs() as logged:
        tokens = RememberedTokens(catalog.token, file)
    assert [each["log_level"] for each in logged] == ["warning"]
    assert await tokens.token("hash-1") == KNOWN[0]
    catalog.away = True
    assert await RememberedTokens(catalog.token, file).token("hash-1") == KNOWN[0]


async def test_where_nothing_can_be_written_it_serves_all_the_same(catalog: Catalog, tmp_path: Path) -> None:
    with capture_logs() as logged:
        tokens = RememberedTokens(catalog.token, tmp_path / "gone" / "tokens.json")
        assert await tokens.token("hash-1") == KNOWN[0]
    assert [each["event"] for each in logged] == ["tokens cannot be remembered"]
    catalog.away = True
    assert await tokens.token("hash-1") == KNOWN[0]
