"""What real clusters do that looks like an attack and is none, each beside an attack that looks like it.

Background traffic is that of tests/support/attacks.py; `at` lies in its last hour.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from tests.support.attacks import BEGAN, flow, lookup, web
from tests.support.factory import DAY, HOUR, MINUTE, SECOND, End, Flow, hep, net, wep
from tests.support.records import Entry

TALK: dict[str, Any] = {"bytes_in": 4000, "bytes_out": 900}
REFUSED: dict[str, Any] = {"bytes_in": 40, "bytes_out": 60}
OPENED: dict[str, Any] = {"bytes_in": 112, "bytes_out": 164}
"""A connection that was accepted and closed without a word, as checks do."""
_DNS, _PROMETHEUS = wep("kube-system", "coredns"), wep("monitoring", "prometheus")
_SPACES = ("data", "checkout", "mail", "ads", "search", "media")


def services(count: int) -> Iterator[End]:
    for number in range(count):
        yield wep(_SPACES[number % 6], f"service{number}")


def known(count: int) -> Iterator[Flow]:
    """Workloads that each call DNS all day."""
    for at in range(BEGAN, BEGAN + 22 * HOUR, HOUR):
        for each in services(count):
            yield flow(at, each, _DNS, 53, proto="udp", **TALK)


def slow_scan(at: int) -> Iterator[Flow]:
    """A port every six minutes."""
    for number in range(28):
        yield flow(at - (30 - number) * 6 * MINUTE, web(at), wep("data", "store"), 20 + number, **REFUSED)


def first_scrapes(at: int) -> Iterator[Flow]:
    """Metrics begin to be collected: most answer, and some have none."""
    scraper = wep("monitoring", "scraper")
    for number, each in enumerate(services(60)):
        answer = REFUSED if number % 3 == 0 else TALK
        yield flow(at + number * SECOND, scraper, each, 8080, **answer)
        yield flow(at + number * SECOND, scraper, each, 9090, **answer)


def late_answers(at: int) -> Iterator[Flow]:
    """DNS answers when nobody waits any more."""
    yield from known(12)
    for number, each in enumerate(services(12)):
        for port in (33_000, 44_123, 60_999):
            yield flow(at + number, _DNS, each, port + number, action="deny", proto="udp", bytes_in=0)


def called_back(at: int) -> Iterator[Flow]:
    """DNS was taken over: it calls its clients where they serve."""
    yield from known(12)
    for number, each in enumerate(services(12)):
        for port in (22, 445, 3306, 60_999):
            yield flow(at + number, _DNS, each, port, action="deny", bytes_in=0)


def checks(at: int) -> Iterator[Flow]:
    """Pods come up at another node, where their ports refuse at first; others only open and close."""
    for number, each in enumerate(services(60)):
        yield flow(at - 2 * HOUR, hep("node-1"), each, 8080, process="/kubelet", **TALK)
        place = flow(at + number % 9, hep("node-2"), each, 8080, process="/kubelet", **REFUSED)
        yield place
        yield replace(place, port=9000, bytes_in=112, bytes_out=164)


def sweep_from_a_node(at: int) -> Iterator[Flow]:
    for number, each in enumerate(services(25)):
        yield flow(at + number, hep("node-2"), each, 6379, process="/run/x", **REFUSED)


def new_gateway(at: int) -> Iterator[Flow]:
    """It opens its connections at once and speaks by them later, in records of their own."""
    gateway = wep("shop", "gateway")
    for number, each in enumerate(services(25)):
        yield flow(at + number * SECOND // 2, gateway, each, 8080, bytes_in=104, bytes_out=164)
        for later in range(2, 30):
            yield flow(
                at + later * 15 * SECOND, gateway, each, 8080, connections=0, bytes_in=9000, bytes_out=3000
            )


def half_open_sweep(at: int) -> Iterator[Flow]:
    """Who is swept accepts, and nothing is said by any connection."""
    for number, each in enumerate(services(25)):
        yield flow(at + number * SECOND, wep("shop", "gateway"), each, 8080, **OPENED)


def _at_address(one: Flow, number: int) -> Flow:
    return replace(one, fields=(*one.fields, ("dest_ip", f"198.51.100.{number}")))


def statistics(at: int) -> Iterator[Flow]:
    """By UDP to an agent on each node, and gossip to peers; none answers."""
    billing = wep("shop", "billing")
    sent: dict[str, Any] = {"proto": "udp", "bytes_in": 0, "bytes_out": 400}
    for number in range(32):
        yield flow(at + number * SECOND, billing, hep(f"node-{number}"), 8125, **sent)
        yield _at_address(flow(at + number * SECOND, billing, net("pvt"), 7946, **sent), number)


def pings(at: int) -> Iterator[Flow]:
    """All answer, in as many bytes as were sent."""
    for number in range(32):
        one = flow(at + number * SECOND, _PROMETHEUS, net(), proto="icmp", bytes_in=84, bytes_out=84)
        yield _at_address(replace(one, port=None), number)


def silent_pings(at: int) -> Iterator[Flow]:
    for one in pings(at):
        yield replace(one, bytes_in=0)


def udp_ports(at: int) -> Iterator[Flow]:
    """Many ports of one target."""
    for number in range(12):
        yield flow(
            at + number * SECOND, web(at), wep("data", "store"), 1000 + number, proto="udp", bytes_in=0
        )


def udp_sweep(at: int) -> Iterator[Flow]:
    """A port where answers are due, of many targets."""
    for number in range(25):
        yield _at_address(
            flow(at + number * SECOND, web(at), net(), 161, proto="udp", bytes_in=0, bytes_out=60), number
        )


def denied_udp_sweep(at: int) -> Iterator[Flow]:
    for number, each in enumerate(services(25)):
        yield flow(at + number * SECOND, web(at), each, 8125, proto="udp", action="deny", bytes_in=0)


def resolver(at: int) -> Iterator[Flow]:
    """It asks the servers of many zones, which answer in few bytes."""
    for number in range(40):
        one = flow(at + number, wep("shop", "unbound"), net(), 53, proto="udp", bytes_in=90, bytes_out=60)
        yield replace(one, fields=(*one.fields, ("dest_ip", f"198.51.100.{number}")))


def more_to_scrape(at: int) -> Iterator[Flow]:
    """Who collects the metrics of many comes to collect those of some more."""
    yield from known(30)
    for number, each in enumerate(services(30)):
        when = at + number if number >= 25 else BEGAN
        yield flow(when, _PROMETHEUS, each, 9100, **TALK)


def crawler(at: int) -> Iterator[Flow]:
    yield from _crawled(at, 60)


def young_crawler(at: int) -> Iterator[Flow]:
    yield from _crawled(at, 18)


def _crawled(at: int, sites: int) -> Iterator[Flow]:
    """Another site every ten minutes."""
    yield from known(1)
    (worker,) = services(1)
    for number in range(sites):
        when = at - (sites - number) * 10 * MINUTE
        yield flow(when, worker, net(), 443, domain=f"site{number}.example", **TALK)


def nightly_and_new(at: int) -> Iterator[Flow]:
    """A job that calls many domains once a day, and today one that it never called."""
    (worker,) = services(1)
    for day in range(1, 12):
        for hour in range(1, 24, 3):
            yield flow(at - day * DAY + hour * HOUR, worker, _DNS, 53, proto="udp", **TALK)
        for number in range(14):
            yield flow(
                at - day * DAY + number * MINUTE,
                worker,
                net(),
                443,
                domain=f"partner{number}.example",
                **TALK,
            )
    yield flow(at, worker, net(), 443, domain="elsewhere.example", **TALK)


def new_version(at: int) -> Iterator[Flow]:
    """It calls what the one before did not, and starts another program, as soon as it is there."""
    fresh = wep("shop", "web-5f7c9d8b46")
    yield flow(at, fresh, wep("shop", "db"), 5432, **TALK)
    yield flow(at + MINUTE, fresh, wep("data", "store-7c9d-6b687c8dcb"), 5432, process="/bin/app2", **TALK)
    yield flow(at + MINUTE, fresh, net(), 443, domain="api.flags.example", **TALK)


def settled_version(at: int) -> Iterator[Flow]:
    """The same an hour after it came."""
    first, *others = new_version(at)
    yield replace(first, at=at - HOUR)
    yield from others


def common_target(at: int) -> Iterator[Flow]:
    """What the whole cluster calls."""
    telemetry = wep("monitoring", "collector")
    for each in services(6):
        yield flow(BEGAN, each, net(), 443, domain="in.telemetry.example", **TALK)
        yield flow(BEGAN, each, telemetry, 4317, **TALK)
    yield flow(at, web(at), net(), 443, domain="in.telemetry.example", **TALK)
    yield flow(at, web(at), telemetry, 4317, **TALK)


def _polls(at: int, domain: str) -> Iterator[Flow]:
    for number in range(40):
        yield flow(at + number * MINUTE, web(at), net(), 443, domain=domain, **TALK)


def known_poll(at: int) -> Iterator[Flow]:
    for each in services(2):
        yield flow(BEGAN - 3 * HOUR, each, net(), 443, domain="agent.vendor.example", **TALK)
    yield from _polls(at, "agent.vendor.example")


def jittered_beacon(at: int) -> Iterator[Flow]:
    """Three in ten of the distance, either way."""
    for number in range(40):
        shift = (number * 7919 % 37 - 18) * SECOND
        yield flow(at + number * MINUTE + shift, web(at), net(), 443, domain="c2.evil.example", **TALK)


def _sent(at: int, name: str) -> Iterator[Flow]:
    for each in services(1):
        yield flow(BEGAN, each, _DNS, 53, proto="udp", **TALK)
    for number in range(9):
        source = wep("data", name)
        yield flow(at + number * MINUTE, source, net(), 443, domain="s3.example", bytes_out=100_000_000)


def first_backup(at: int) -> Iterator[Flow]:
    """A CronJob runs for the first time, when it is due."""
    return _sent(at, f"backup-{at // MINUTE}")


def job_by_hand(at: int) -> Iterator[Flow]:
    return _sent(at, "backup-7c9d")


def slow_tunnel(at: int) -> Iterator[Entry]:
    for number in range(40):
        yield lookup(
            at - 20 * MINUTE + number * MINUTE, f"{number:04x}9b1c7e02d4.{number:04x}.t.tunnel.example"
        )


def tunnel_of_digits(at: int) -> Iterator[Entry]:
    for number in range(40):
        yield lookup(
            at + number * SECOND, f"{number:04}{271_828_182_845_904_523 * (number + 7)}.tunnel.example"
        )


def dated(at: int) -> Iterator[Entry]:
    """Names with days and numbers that count."""
    for number in range(40):
        yield lookup(at + number * SECOND, f"202611{number % 30:02}.{4_000_000 + number}.reports.example")


def tenants(at: int) -> Iterator[Entry]:
    """Names with codes that are asked for day by day."""
    for number in range(40):
        for when in (at - DAY + HOUR, at):
            yield lookup(when + number * SECOND, f"{number:04x}f3a91c07b2e4.eu.saas.example")


def reputation(at: int) -> Iterator[Entry]:
    """Every name is asked for once, and always below one domain."""
    for day in range(2):
        for number in range(40):
            yield lookup(
                at - day * (DAY + HOUR) + number * SECOND,
                f"{number:04x}{day}a91c07b2e4d5.hash.vendor.example",
            )


def numbered(at: int) -> Iterator[Entry]:
    for number in range(40):
        yield lookup(at + number * SECOND, f"recommendation-service-k8s-worker-{number}.corp.example")


_GENERATED = [f"{chr(98 + number)}xkq{number}jz{number}vwp" for number in range(10)]


def slow_generated(at: int) -> Iterator[Entry]:
    for number, name in enumerate(_GENERATED):
        yield lookup(at - 25 * MINUTE + 5 * number * MINUTE, f"{name}.top", "NXDomain")


def dead_names(at: int) -> Iterator[Entry]:
    """An old configuration asks for what is gone, day by day."""
    for name in _GENERATED:
        for when in (at - 12 * HOUR, at):
            yield lookup(when, f"{name}.cloudfront.net", "NXDomain")


Traffic = Callable[[int], Iterator[Flow] | Iterator[Entry]]
NORMAL: dict[Traffic, tuple[str, ...]] = {
    first_scrapes: ("port-scan", "slow-scan", "lateral-movement"),
    late_answers: ("port-scan", "slow-scan", "new-edge", "lateral-movement"),
    checks: ("port-scan", "slow-scan"),
    new_gateway: ("port-scan", "slow-scan"),
    statistics: ("port-scan", "slow-scan"),
    pings: ("port-scan", "slow-scan"),
    resolver: ("port-scan", "slow-scan"),
    more_to_scrape: ("lateral-movement",),
    new_version: ("new-edge", "new-destination", "new-process"),
    common_target: ("new-edge", "new-destination"),
    known_poll: ("beaconing",),
    first_backup: ("exfiltration",),
    tenants: ("dns-tunnel",),
    reputation: ("dns-tunnel",),
    numbered: ("dns-tunnel",),
    dated: ("dns-tunnel",),
    dead_names: ("generated-domains",),
}
"""With the detectors that it must not raise."""
ATTACKS: dict[Traffic, tuple[str, ...]] = {
    slow_scan: ("slow-scan",),
    called_back: ("port-scan", "new-edge"),
    sweep_from_a_node: ("port-scan",),
    half_open_sweep: ("port-scan",),
    silent_pings: ("port-scan",),
    udp_ports: ("port-scan",),
    udp_sweep: ("port-scan",),
    denied_udp_sweep: ("port-scan",),
    nightly_and_new: ("new-destination",),
    settled_version: ("new-edge", "new-destination", "new-process"),
    jittered_beacon: ("beaconing",),
    job_by_hand: ("exfiltration",),
    slow_tunnel: ("dns-tunnel",),
    tunnel_of_digits: ("dns-tunnel",),
    slow_generated: ("generated-domains",),
}
"""With those that it must."""
