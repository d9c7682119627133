"""HTTP to what users name: each name is resolved once, checked, and that very address is connected to.

So a name that leads elsewhere the next time (DNS rebinding) gains nothing, and each redirect is checked as it
is followed. Proxies of the environment are not used, since they would resolve names themselves.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from ssl import SSLContext

import httpx

from tapetum.domain.errors import BadInputError, UnavailableError
from tapetum.service.outbound.certificates import certificates
from tapetum.service.outbound.targets import Targets

Resolve = Callable[[str, int], Awaitable[list[str]]]
"""The addresses of a host's name, best first; an address is its own."""

_PORTS = {"http": 80, "https": 443}


async def resolve(host: str, port: int) -> list[str]:
    """By the system's resolver; raises OSError or UnicodeError."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


class Guard:
    """Says which address a name is connected to."""

    def __init__(self, targets: Targets, resolving: Resolve = resolve) -> None:
        self._targets = targets
        self._resolve = resolving

    async def address(self, host: str, port: int) -> str:
        """All that the name has must be allowed, or it is not trusted at all.

        Raises BadInputError where it must not be reached, UnavailableError where it is not known.
        """
        try:
            found = await self._resolve(host, port)
        except (OSError, UnicodeError):
            found = []
        if not found:
            raise UnavailableError(f"The name {host[:120]} is not known; correct it, or try again later.")
        for address in found:
            if not self._targets.allows(address):
                raise BadInputError(
                    f"{host[:120]} leads to {address}, which is no address of the internet; if it may be "
                    "reached, allow it with TAPETUM_OUTBOUND_ALLOWED."
                )
        return found[0]


class GuardedTransport(httpx.AsyncBaseTransport):
    """Raises BadInputError where a request would go where it must not, UnavailableError for unknown names."""

    def __init__(
        self, targets: Targets, *, resolving: Resolve = resolve, verify: SSLContext | None = None
    ) -> None:
        self._guard = Guard(targets, resolving)
        # No connection is used twice: another name may share its address, but not its certificate.
        self._inner = httpx.AsyncHTTPTransport(
            verify=verify or certificates(), limits=httpx.Limits(max_keepalive_connections=0)
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        host = request.url.host
        address = await self._guard.address(host, request.url.port or _PORTS.get(request.url.scheme, 0))
        pinned = httpx.Request(
            request.method,
            request.url.copy_with(host=address),
            headers=request.headers,  # among them the name that was asked for
            stream=request.stream,
            extensions={**request.extensions, "sni_hostname": host},
        )
        return await self._inner.handle_async_request(pinned)

    async def aclose(self) -> None:
        await self._inner.aclose()


def guarded_client(
    targets: Targets,
    *,
    timeout: float,
    redirects: int = 5,
    resolving: Resolve = resolve,
    verify: SSLContext | None = None,
) -> httpx.AsyncClient:
    """`timeout` is for each step: to connect, and between two pieces of an answer."""
    return httpx.AsyncClient(
        transport=GuardedTransport(targets, resolving=resolving, verify=verify),
        trust_env=False,
        timeout=timeout,
        follow_redirects=redirects > 0,
        max_redirects=redirects,
    )
