"""BGP logs: what the routing daemons of the hosts say of their sessions with the two reflectors."""

from collections.abc import Iterator
from typing import Any

from tapetum.simulate.moments import chances, iso, minutes
from tapetum.simulate.naming import digest
from tapetum.simulate.world import World

_REFLECTORS = ("10.0.0.1", "10.0.0.2")
_FLAPS = 0.03  # a minute, over all hosts
_BETWEEN = 0.4
_RISE = (
    "State changed to start",
    "Connected to table master",
    "BGP session established",
    "State changed to up",
)
_FALL = (
    "Received: Hold timer expired",
    "BGP session closed",
    "State changed to stop",
    "State changed to down",
)


def bgp_records(world: World, start: int, end: int, window: int, level: int) -> Iterator[dict[str, Any]]:
    """`window` and `level` are not used: a line is written when it happens."""
    del window, level
    for minute in minutes(start, end):
        before = [*_flaps(world, minute - 60), *_flaps(world, minute)]
        if minute <= world.spec.epoch < minute + 60:
            before += _first_sessions(world)
        lines = sorted(before, key=_order)
        yield from (
            _line(at, host, text)
            for at, host, text in lines
            if max(start, minute) <= at < min(end, minute + 60)
        )


def _order(entry: tuple[float, str, str]) -> tuple[float, str, str]:
    return entry


def _first_sessions(world: World) -> Iterator[tuple[float, str, str]]:
    for number, host in enumerate(world.hosts):
        for reflector in _REFLECTORS:
            for step, said in enumerate(_RISE):
                at = world.spec.epoch + (number * 0.01 + step * _BETWEEN)
                yield at, host.name, f"{_peer(reflector)}: {said}"


def _flaps(world: World, minute: int) -> Iterator[tuple[float, str, str]]:
    """A session falls and rises again within half a minute."""
    if minute + 60 <= world.spec.epoch:
        return
    for at in chances(world.spec.seed, "bgp", minute, _FLAPS):
        luck = digest(world.spec.seed, "flap", at)
        host = world.hosts[luck % len(world.hosts)].name
        peer = _peer(_REFLECTORS[luck // 1000 % 2])
        pause = 4 + luck // 2000 % 20
        for step, said in enumerate(_FALL):
            yield at + step * _BETWEEN, host, f"{peer}: {said}"
        for step, said in enumerate(_RISE):
            yield at + pause + step * _BETWEEN, host, f"{peer}: {said}"


def _peer(address: str) -> str:
    return "Node_" + address.replace(".", "_")


def _line(at: float, host: str, text: str) -> dict[str, Any]:
    return {"logtime": iso(at), "host": host, "ip_version": "IPv4", "message": f"bird: {text}"}
