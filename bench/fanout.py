"""`python -m bench.fanout`: the floor of live alerts. Encodes an event once, writes it in sequence."""

import socket

import msgspec
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from bench.served import many_files

_listening: list[WebSocket] = []


async def subscribe(websocket: WebSocket) -> None:
    await websocket.accept(subprotocol="graphql-transport-ws")
    await websocket.receive_text()
    await websocket.send_text('{"type":"connection_ack"}')
    await websocket.receive_text()
    _listening.append(websocket)
    try:
        while True:
            await websocket.receive_text()
    except WebSocketDisconnect:
        _listening.remove(websocket)


async def announce(request: Request) -> Response:
    event = msgspec.json.decode(await request.body())
    text = msgspec.json.encode({"type": "next", "id": "1", "payload": {"data": event}}).decode()
    for websocket in tuple(_listening):
        await websocket.send_text(text)
    return Response()


if __name__ == "__main__":
    many_files()
    place = socket.socket()
    place.bind(("127.0.0.1", 0))
    place.listen(2_048)  # whoever reads the port may connect at once, before the server has started
    print(place.getsockname()[1], flush=True)
    app = Starlette(
        routes=[WebSocketRoute("/graphql", subscribe), Route("/announce", announce, methods=["POST"])]
    )
    uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, ws_per_message_deflate=False)).run(
        sockets=[place]
    )
