"""Bearer tokens: issuing them, and who the caller is that presents one.

Only hashes are kept. A token's secret has 256 bits of chance, so a plain SHA-256 of it cannot be
guessed back. Ingest uses the same callers.
"""

import hmac
import re
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Protocol

from tapetum.catalog.port import Token
from tapetum.domain.errors import BadInputError, UnauthorizedError
from tapetum.domain.moments import Clock, Micros
from tapetum.domain.scope import Scope

_FORM = re.compile(r"tpt_([0-9a-f]{12})_[A-Za-z0-9_-]{43}\Z")
_WAY_OUT = "send `Authorization: Bearer tpt_…` with a token made by `tapetum token`"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, what they may see, whether they may send logs, and until when."""

    scope: Scope
    ingest: bool
    token: Token | None = None

    @property
    def name(self) -> str | None:
        """By which what they save is theirs."""
        return None if self.token is None else self.token.name

    def expired(self, now: Micros) -> bool:
        return self.token is not None and now >= self.token.expires_at

    def may_ingest(self, cluster: str) -> bool:
        """Logs of a whole cluster come in, so a limit to namespaces forbids it."""
        return self.ingest and self.scope.namespaces is None and self.scope.sees_cluster(cluster)


ANYONE = Caller(Scope(), ingest=True)
"""Whoever can connect, where no token is required."""


class Tokens(Protocol):
    """Where they are kept, by their hashes: a catalog, or what remembers one."""

    async def token(self, hashed: str) -> Token | None: ...


@dataclass(frozen=True, slots=True)
class Authenticator:
    catalog: Tokens
    clock: Clock
    require_token: bool

    async def caller(self, presented: str | None) -> Caller:
        """The token's caller; without one, anyone where that is allowed. Raises UnauthorizedError."""
        if presented is None:
            if self.require_token:
                raise UnauthorizedError(f"A token is needed here; {_WAY_OUT}.")
            return ANYONE
        token = await self._known(presented)
        if token is None:
            raise UnauthorizedError(f"The token is not valid, or was revoked; {_WAY_OUT}.")
        caller = Caller(token.scope, token.ingest, token)
        if caller.expired(self.clock()):
            raise UnauthorizedError(f"The token {token.id} has expired; {_WAY_OUT}.")
        return caller

    async def still_valid(self, caller: Caller) -> bool:
        """Whether the caller's token has neither expired nor been revoked since."""
        if caller.token is None:
            return True
        return not caller.expired(self.clock()) and await self.catalog.token(caller.token.hashed) is not None

    async def _known(self, presented: str) -> Token | None:
        if not _FORM.match(presented):
            return None
        hashed = _hash(presented)
        token = await self.catalog.token(hashed)
        return token if token is not None and hmac.compare_digest(token.hashed, hashed) else None


def bearer(headers: Mapping[str, str]) -> str | None:
    """What an Authorization header presents; another scheme than Bearer presents what nobody has."""
    header = headers.get("authorization")
    if header is None:
        return None
    scheme, _, token = header.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def issue(
    name: str,
    scope: Scope,
    *,
    ingest: bool,
    lifetime: timedelta,
    clock: Clock,
    chance: Callable[[int], bytes] = secrets.token_bytes,
) -> tuple[Token, str]:
    """A new token for the catalog, and its secret, which is shown once and kept nowhere."""
    if lifetime <= timedelta(0):
        raise BadInputError(
            f"A lifetime of {lifetime} has already ended; give one above zero, such as 90 days."
        )
    if not name.strip():
        raise BadInputError("The token has no name; give one that says who uses it.")
    token_id = chance(6).hex()
    secret = f"tpt_{token_id}_{_text(chance(32))}"
    now = clock()
    expires_at = now + int(lifetime.total_seconds() * 1_000_000)
    return Token(token_id, name.strip(), _hash(secret), scope, ingest, now, expires_at), secret


def _text(chance: bytes) -> str:
    return urlsafe_b64encode(chance).decode().rstrip("=")


def _hash(presented: str) -> str:
    return sha256(presented.encode()).hexdigest()
