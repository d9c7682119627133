"""Free ports on loopback, that stay free while their server is down."""

import random
import socket
from pathlib import Path

LOWEST = 20_000


def free_ports(count: int = 1) -> list[int]:
    """Neighbours below the range of outgoing connections: one of those could take the port of a server that
    a test killed, or even connect to itself there."""
    shared = Path("/proc/sys/net/ipv4/ip_local_port_range")
    highest = int(shared.read_text().split()[0]) if shared.is_file() else 32_768
    chance = random.SystemRandom()
    for _ in range(200):
        first = chance.randrange(LOWEST, max(highest, LOWEST + 1000) - count)
        if all(_is_free(port) for port in range(first, first + count)):
            return list(range(first, first + count))
    raise OSError(f"No {count} free ports on loopback between {LOWEST} and {highest}.")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
