"""A day of a small cluster, with a roll-out and jobs, and attacks in its last hour, as records."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from tapetum.domain.batches import RecordKind
from tests.support.factory import DAY, HOUR, MINUTE, NOW, SECOND, End, Flow, net, wep
from tests.support.records import Entry, entry

BEGAN = NOW // HOUR * HOUR - DAY
ATTACKED = BEGAN + 23 * HOUR
"""In the last hour of the day."""
ENDED = BEGAN + DAY
_ROLLED_OUT = BEGAN + 12 * HOUR
_TALK: dict[str, Any] = {"bytes_in": 4000, "bytes_out": 900}
_WEB, _NEW_WEB = wep("shop", "web-6b687c8dcb"), wep("shop", "web-75d8f4c9b6")
_TARGETS = [(space, name) for space in ("data", "checkout", "mail") for name in ("cart", "store")]


def web(at: int) -> End:
    return _WEB if at < _ROLLED_OUT else _NEW_WEB


def flow(at: int, source: End, dest: End, port: int = 80, process: str = "/bin/app", **says: Any) -> Flow:
    return Flow(at=at, source=source, dest=dest, port=port, fields=(("process_name", process),), **says)


def normal_flows() -> Iterator[Flow]:
    prometheus, batch_ = wep("monitoring", "prometheus"), wep("shop", "worker")
    backup = wep("shop", "db-backup")
    for at in range(BEGAN, ENDED, 20 * MINUTE):
        yield flow(at, web(at), wep("shop", "db"), 5432, **_TALK)
        yield flow(at, web(at), net(), 443, domain="api.example.com", **_TALK)
        yield flow(at, batch_, wep("shop", "db"), 5432, **_TALK)
        yield flow(at, backup, net(), 443, domain="eu.backups.example", bytes_out=900_000_000)
        yield flow(at, prometheus, wep("data", "store-7c9d-6b687c8dcb"), 9100, **_TALK)
        for number, (space, name) in enumerate(_TARGETS):
            yield flow(at + number, prometheus, wep(space, name), 9000 + number, **_TALK)
    for hour in range(24):
        job = wep("shop", f"export-{28_390_000 + 60 * hour}")
        at = BEGAN + hour * HOUR + 5 * MINUTE
        yield flow(at, job, wep("data", "store"), 5432, process="/bin/export", **_TALK)


def normal_lookups() -> Iterator[Entry]:
    for at in range(BEGAN, ENDED, 20 * MINUTE):
        for name in (
            "api.example.com",
            "db.shop.svc.cluster.local",
            "api.example.com.shop.svc.cluster.local",
        ):
            code = "NXDomain" if name.endswith("com.shop.svc.cluster.local") else "NoError"
            yield lookup(at, name, code)
        for number in range(8):
            yield lookup(at, f"node-{number}.eu-west-1.compute.example.com", "NXDomain")


def lookup(at: int, name: str, rcode: str = "NoError", client: str = "web") -> Entry:
    return entry(
        RecordKind.DNS, at, qname=name, rcode=rcode, count=1, type="LOG",
        client_namespace="shop", client_name_aggr=f"{client}-*",
    )  # fmt: skip


def scan(at: int) -> Iterator[Flow]:
    for port in range(20, 32):
        yield flow(at + port * SECOND, web(at), wep("data", "store"), port, action="deny", bytes_in=0)


def sweep(at: int) -> Iterator[Flow]:
    """One port of many addresses outside, none of which answers."""
    for number in range(25):
        address = ("dest_ip", f"203.0.113.{number}")
        one = flow(at + number * SECOND, web(at), net(), 22, bytes_in=0)
        yield replace(one, fields=(*one.fields, address))


def lateral(at: int) -> Iterator[Flow]:
    for number, (space, name) in enumerate(_TARGETS):
        yield flow(at + number * MINUTE, web(at), wep(space, name), 9000 + number, **_TALK)


def beacon(at: int) -> Iterator[Flow]:
    for number in range(30):
        yield flow(at + number * MINUTE, web(at), net(), 443, domain="cdn.evil.example", **_TALK)


def exfiltration(at: int) -> Iterator[Flow]:
    for number in range(10):
        yield flow(at + number * MINUTE, web(at), net(), 443, domain="api.example.com", bytes_out=50_000_000)


def process(at: int) -> Iterator[Flow]:
    yield flow(at, web(at), wep("shop", "db"), 5432, process="/run/.x/miner", **_TALK)


def edge(at: int) -> Iterator[Flow]:
    """To one whose own name ends as generated ones do."""
    yield flow(at, web(at), wep("data", "store-7c9d-6b687c8dcb"), 5432, **_TALK)


def tunnel(at: int) -> Iterator[Entry]:
    for number in range(40):
        yield lookup(at + number * SECOND, f"{number:04x}6f7468657220776f726c64.t.tunnel.example")


def generated(at: int) -> Iterator[Entry]:
    for name in (
        "xkqjzvwp",
        "qzv3k9xw1p",
        "bdfghtrwq",
        "zxcvbnmkl",
        "a8f3d9c1b7",
        "pqwrtzxk",
        "k3j9x2q8",
        "vbnmtrw",
    ):
        yield lookup(at, f"{name}.top", "NXDomain")


def quiet(at: int) -> Iterator[Flow]:
    """A release: new workloads that are scraped, and one that calls others by logs without bytes."""
    yield flow(at, web(at), wep("shop", "db"), 5432, **_TALK)
    for number in range(6):
        fresh = wep(("data", "checkout")[number % 2], f"fresh{number}")
        yield flow(at + number, wep("monitoring", "prometheus"), fresh, 9100, **_TALK)
    for number, (space, name) in enumerate(_TARGETS):
        fresh = wep("shop", "newcomer")
        yield flow(at + number, fresh, wep(space, name), 9000 + number, bytes_in=None, bytes_out=None)


def sweep_of_a_known_port(at: int) -> Iterator[Flow]:
    for one in sweep(at):
        yield replace(one, port=443)


def taken_over(at: int) -> Iterator[Flow]:
    """Who was only ever called sends away what its neighbour of a similar name sends every hour."""
    for number in range(10):
        name = "drop.evil.example"
        yield flow(at + number * MINUTE, wep("shop", "db"), net(), 443, domain=name, bytes_out=50_000_000)


def quiet_lookups(at: int) -> Iterator[Entry]:
    for number in range(40):
        yield lookup(at + number, f"ip-10-120-110-{number}.eu-west-1.compute.internal")


ATTACKS: dict[str, Callable[[int], Iterator[Flow] | Iterator[Entry]]] = {
    "quiet": quiet,
    "quiet-lookups": quiet_lookups,
    "scan": scan,
    "sweep": sweep,
    "sweep-of-a-known-port": sweep_of_a_known_port,
    "taken-over": taken_over,
    "lateral-movement": lateral,
    "beacon": beacon,
    "exfiltration": exfiltration,
    "new-process": process,
    "new-edge": edge,
    "dns-tunnel": tunnel,
    "generated-domains": generated,
}
