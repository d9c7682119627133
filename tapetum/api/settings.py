"""The values that turn the API's behaviour; the service reads them from its own settings."""

from dataclasses import dataclass, field
from datetime import timedelta

from tapetum.domain.moments import HOUR, Micros


@dataclass(frozen=True, slots=True)
class Limits:
    """What a request may cost; anything above is refused before it runs.

    `cost` estimates field values: the executor takes about 2 microseconds for each, so that 250,000
    keep the event loop busy for half a second at worst. A link from a record to others is a search in a
    store, and costs as much as `search` values. `fields` counts selections once fragments are
    expanded, `merged` how often one response name may be selected beside itself.
    """

    request_bytes: int = 64 * 1024
    import_bytes: int = 16 * 1024 * 1024  # of a request that imports manifests or uploads a feed
    simulation_bytes: int = 2 * 1024 * 1024  # of one that tries changes of them
    tokens: int = 1000
    depth: int = 12
    aliases: int = 30
    directives: int = 30
    fields: int = 1000
    merged: int = 30
    root_fields: int = 20
    values: int = 2000  # in the variables, nested ones counted
    cost: int = 250_000
    search: int = 2500
    operations_per_socket: int = 50
    streams: int = 500  # different subscriptions that run at once
    exports: int = 4  # that run at once
    captures: int = 2  # that are read at once, and of one caller that arrive at once
    capture_bytes: int = 64 * 1024 * 1024  # of one that is sent, unpacked


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast live data goes out, and how far behind a subscriber may fall."""

    init: timedelta = timedelta(seconds=10)
    recheck: timedelta = timedelta(seconds=30)  # how soon a revoked token ends its sockets and streams
    keep_alive: timedelta = timedelta(seconds=12)
    queue: int = 512  # messages held for one client before it is closed as too slow
    stalled: timedelta = timedelta(seconds=30)  # longest wait for one message to leave
    taken: timedelta = timedelta(minutes=2)  # longest wait for a client to take a piece of its export
    records: timedelta = timedelta(milliseconds=250)
    graph: timedelta = timedelta(seconds=1)
    graph_idle: timedelta = timedelta(seconds=10)
    shows_after: timedelta = timedelta(0)  # how long what was committed may take to be found


@dataclass(frozen=True, slots=True)
class ApiSettings:
    """`require_token` False gives whoever can connect the whole data: for loopback only.

    `hosts` are the names that requests may be addressed to, against DNS rebinding; None allows any.
    `trusted` are SHA-256 digests (hex) of the only documents that run; None allows any document.
    """

    require_token: bool = True
    introspection: bool = True
    deadline: timedelta = timedelta(seconds=10)
    allowed_origins: frozenset[str] = frozenset()
    hosts: frozenset[str] | None = None
    trusted: frozenset[str] | None = None
    raw_window: Micros = HOUR  # graphs and sums over at most this are of raw records
    limits: Limits = field(default_factory=Limits)
    pace: Pace = field(default_factory=Pace)


LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "[::1]"})
