"""The story of an attack: when the compromised pod touches what. Verdicts are none of its business.

A Job started by hand from the CronJob payments/export runs a process that was never seen before: it
beacons to a new domain, sweeps ports, and keeps trying a database that denies it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import ceil, floor

from tapetum.simulate.inventory import Kind, Process, Workload
from tapetum.simulate.naming import share
from tapetum.simulate.shop import BEACON_DOMAIN
from tapetum.simulate.shop_calls import Call

PROCESS = Process("/tmp/.x/kworkerd", ("--scan data-postgres:5432,5433,22",), 4127)  # noqa: S108 (a name in a log)
JOB = "export-7c9d"
VICTIM = "payments/export"
LASTS = 3 * 3600
_BEACON = 60.0  # seconds between beacons
_FIRST_BEACON = 7.0
_JITTER = 1.3
_LOOKUP = 1.0  # before each beacon
_SWEEP, _FIRST_PROBE = 0.7, 12.0
_KNOCK, _FIRST_KNOCK = 1.3, 20.0
_KNOCKS = (("postgresql", 94), ("5433/tcp", 4), ("22/tcp", 2))  # port and per cent of the tries
BEFORE_THE_SWEEP = 2 + len(_KNOCKS)
"""Calls that are not the sweep's: the lookup, the beacon, the knocks."""
_SWEPT = (
    "data/postgres",
    "data/redis",
    "payments/ledger",
    "payments/fraud-check",
    "checkout/cart",
    "observability/grafana",
    "kube-system/metrics-server",
)
_PORTS = (21, 23, 80, 443, 3306, 3389, 8080, 9200, 27017)


@dataclass(frozen=True, slots=True)
class Contact:
    """One connection that the compromised pod opens: `call` is an index into `calls()`."""

    at: float
    call: int


def compromised(victim: Workload) -> Workload:
    return replace(victim, kind=Kind.JOB, job=JOB, period=0, phase=0, process=PROCESS)


def calls(pod: str, present: frozenset[str]) -> list[Call]:
    """What it opens, in a fixed order: the lookup, the beacon, the three knocks, then the sweep."""
    return [
        Call(pod, "kube-system/coredns", "dns", 0.0, 80, 130, 260),
        Call(pod, f"@{BEACON_DOMAIN}", "443/tcp", 0.0, 1_290, 240, 71_000),
        *(Call(pod, "data/postgres", port, 0.0, 0, 0, ends="denied at destination") for port, _ in _KNOCKS),
        *(
            Call(pod, target, f"{port}/tcp", 0.0, 0, 0, ends="either")
            for target in _SWEPT
            if target in present
            for port in _PORTS
        ),
    ]


@dataclass(frozen=True, slots=True)
class Story:
    """When each contact happens, in seconds since 1970; a pure function of the interval asked for."""

    seed: int
    at: int
    probes: int  # how many ports are swept

    @property
    def until(self) -> int:
        return self.at + LASTS

    def contacts(self, start: float, end: float) -> Iterator[Contact]:
        """What happens in [start, end), in no particular order."""
        for number in _numbers(self.at + _FIRST_BEACON - _JITTER - _LOOKUP, _BEACON, start, end, self.until):
            beacon = self.beacon(number)
            yield from _inside(start, end, Contact(beacon - _LOOKUP, 0), Contact(beacon, 1))
        for number in _numbers(self.at + _FIRST_KNOCK, _KNOCK, start, end, self.until):
            yield from _inside(
                start, end, Contact(self.at + _FIRST_KNOCK + number * _KNOCK, self._knock(number))
            )
        for number in range(self.probes):
            yield from _inside(
                start, end, Contact(self.at + _FIRST_PROBE + number * _SWEEP, BEFORE_THE_SWEEP + number)
            )

    def beacon(self, number: int) -> float:
        jitter = (2 * share(self.seed, "beacon", number) - 1) * _JITTER
        return self.at + _FIRST_BEACON + number * _BEACON + jitter

    def _knock(self, number: int) -> int:
        place = 100 * share(self.seed, "knock", number)
        for index, (_, per_cent) in enumerate(_KNOCKS):
            place -= per_cent
            if place < 0:
                return 2 + index
        return 2


def _numbers(first: float, step: float, start: float, end: float, until: float) -> range:
    """Which of first, first + step, … may lie in the interval, with one to spare for the jitter."""
    low = max(0, ceil((start - first) / step) - 1)
    return range(low, max(low, floor((min(end, until) - first) / step) + 1))


def _inside(start: float, end: float, *contacts: Contact) -> Iterator[Contact]:
    return (contact for contact in contacts if start <= contact.at < end)
