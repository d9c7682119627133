"""Tokens: only hashes are kept, each ends, and a scope never widens."""

from datetime import timedelta

import pytest

from tapetum.api import ANYONE, Authenticator, Caller, bearer, issue
from tapetum.domain.errors import BadInputError, UnauthorizedError
from tapetum.domain.scope import Scope
from tests.api.fakes import MemoryCatalog
from tests.support.factory import NOW

HOUR = timedelta(hours=1)


def now() -> int:
    return NOW


async def test_a_token_is_its_caller_until_it_expires() -> None:
    scope = Scope(clusters=frozenset({"east"}))
    token, secret = issue("ci", scope, ingest=True, lifetime=HOUR, clock=now)
    catalog = MemoryCatalog(token)
    caller = await Authenticator(catalog, now, require_token=True).caller(secret)
    assert (caller.scope, caller.ingest, caller.token) == (scope, True, token)
    late = Authenticator(catalog, lambda: token.expires_at, require_token=True)
    with pytest.raises(UnauthorizedError, match="has expired"):
        await late.caller(secret)
    assert await Authenticator(catalog, lambda: token.expires_at - 1, require_token=True).caller(secret)


def test_neither_the_secret_nor_a_part_of_it_is_kept() -> None:
    token, secret = issue("ci", Scope(), ingest=False, lifetime=HOUR, clock=now)
    assert secret.startswith(f"tpt_{token.id}_")
    chance = secret.rpartition("_")[2] or secret
    assert chance not in repr(token)
    assert secret not in repr(token)


def test_secrets_hold_256_bits_of_the_given_chance() -> None:
    asked: list[int] = []

    def chance(count: int) -> bytes:
        asked.append(count)
        return bytes(range(count))

    token, secret = issue("ci", Scope(), ingest=False, lifetime=HOUR, clock=now, chance=chance)
    assert asked == [6, 32]
    assert token.id == "000102030405"
    assert len(secret) == len("tpt_") + 12 + 1 + 43


@pytest.mark.parametrize(
    "presented",
    [
        "",
        "tpt_",
        "x",
        "tpt_000102030405_short",
        "tpt_000102030405_" + "A" * 43,
        "tpt_000102030405_" + "é" * 43,
        "\x00",
    ],
)
async def test_any_other_text_is_refused_even_where_no_token_is_needed(presented: str) -> None:
    token, _ = issue("ci", Scope(), ingest=False, lifetime=HOUR, clock=now)
    for required in (True, False):
        with pytest.raises(UnauthorizedError, match="not valid"):
            await Authenticator(MemoryCatalog(token), now, require_token=required).caller(presented)


async def test_no_token_is_anyone_only_where_none_is_required() -> None:
    assert await Authenticator(MemoryCatalog(), now, require_token=False).caller(None) is ANYONE
    with pytest.raises(UnauthorizedError, match="A token is needed"):
        await Authenticator(MemoryCatalog(), now, require_token=True).caller(None)


@pytest.mark.parametrize(
    ("header", "presented"),
    [
        (None, None),
        ("Bearer tpt_x", "tpt_x"),
        ("bearer  tpt_x ", "tpt_x"),
        ("Basic dXNlcg==", ""),
        ("tpt_x", ""),
        ("", ""),
    ],
)
def test_headers_are_read(header: str | None, presented: str | None) -> None:
    assert bearer({} if header is None else {"authorization": header}) == presented


@pytest.mark.parametrize(
    ("scope", "ingest", "cluster", "allowed"),
    [
        (Scope(), True, "east", True),
        (Scope(), False, "east", False),
        (Scope(clusters=frozenset({"east"})), True, "east", True),
        (Scope(clusters=frozenset({"east"})), True, "west", False),
        (Scope(namespaces=frozenset({("east", "shop")})), True, "east", False),
    ],
)
def test_who_may_send_logs(scope: Scope, ingest: bool, cluster: str, allowed: bool) -> None:
    assert Caller(scope, ingest).may_ingest(cluster) is allowed


@pytest.mark.parametrize(("name", "lifetime"), [("ci", timedelta(0)), ("ci", -HOUR), ("  ", HOUR)])
def test_tokens_have_a_name_and_a_future(name: str, lifetime: timedelta) -> None:
    with pytest.raises(BadInputError):
        issue(name, Scope(), ingest=False, lifetime=lifetime, clock=now)
