"""The API in a process of its own, on a real socket, with a route by which a test raises alerts.

`python -m tests.api.served QUEUE` prints its port.
"""

import asyncio
import os
import socket
import sys
from dataclasses import replace
from pathlib import Path

import uvicorn
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from tapetum.api import Pace
from tests.api.world import OPEN, World, opened, some_alert

_PAGES = 4096


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * _PAGES


def _routes(world: World) -> list[Route]:
    raised = 0

    async def raise_alerts(request: Request) -> JSONResponse:
        nonlocal raised
        count, size = (int(request.query_params[name]) for name in ("count", "size"))
        alerts = [replace(some_alert(mark), description="x" * size) for mark in range(raised, raised + count)]
        raised += count
        return JSONResponse({"last": world.alert(*alerts)[-1].number})

    async def state(_: Request) -> JSONResponse:
        metrics = world.context.metrics
        return JSONResponse(
            {
                "sockets": metrics.sockets._value.get(),
                "subscribers": metrics.subscribers._value.get(),
                "streams": metrics.streams._value.get(),
                "slow": metrics.closed.labels("4503")._value.get(),
                "resident": _resident(),
                "files": len(os.listdir("/proc/self/fd")),  # noqa: PTH208 - pathlib would open one more
            }
        )

    return [Route("/raise", raise_alerts, methods=["POST"]), Route("/state", state)]


def main() -> None:
    place = socket.socket()
    place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    place.bind(("127.0.0.1", 0))
    place.listen(4096)  # whoever connects before uvicorn accepts waits here
    with opened(replace(OPEN, pace=Pace(queue=int(sys.argv[1])))) as world:
        world.app.router.routes += _routes(world)
        config = uvicorn.Config(
            world.app,
            log_config=None,
            access_log=False,
            ws="tapetum.api.uvicorn_sockets:DirectSockets",
            ws_per_message_deflate=False,
            backlog=4096,
        )
        print(place.getsockname()[1], flush=True)  # noqa: T201 - how the test learns it
        asyncio.run(uvicorn.Server(config).serve(sockets=[place]))


if __name__ == "__main__":
    main()
