"""The connections as arrays: a lane for each pair of pods that carries a share, a row for each report.

No two lanes of a connection share a pod or, while hosts suffice, a host: so no flush holds two rows
of one key, just as a real collector would have merged them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tapetum.simulate.connections import Connection
from tapetum.simulate.inventory import Kind, Rhythm, Workload
from tapetum.simulate.naming import digest, share
from tapetum.simulate.pods import Housing
from tapetum.simulate.shop_calls import Answer

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

RHYTHMS = tuple(Rhythm)
_WIDEST = 3
_HEADERS = 52  # bytes of a packet that are not payload
_SYN = 60
_TRIES = 3  # packets of a connection that nobody answers
_RUN = 0.5  # share of its period for which a CronJob's pods are there


@dataclass(frozen=True, slots=True, eq=False)
class Lanes:
    """One entry a lane: rates a second, bytes and packets a connection, `rtt` in microseconds.

    `story` lanes take their counts from the attack's timeline. Rows `first_row[i]` and, where both
    sides report, the next one are lane i's.
    """

    connection: Ints
    source_pod: Ints
    target_pod: Ints
    rate: Floats
    rhythm: Ints
    held: Ints
    out_bytes: Floats
    out_packets: Floats
    back_bytes: Floats
    back_packets: Floats
    exact: Bools  # every connection is the same few packets
    rtt: Floats
    period: Ints
    phase: Ints
    story: Bools
    first_row: Ints
    rows: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """One entry a report: whether the destination wrote it, whether a reply was seen, TCP's state."""

    lane: Ints
    by_target: Bools
    replied: Bools
    open: Bools  # TCP, and the handshake was completed
    unanswered: Bools  # TCP, seen by the source, and no handshake: each connection is retried

    def __len__(self) -> int:
        return len(self.lane)


@dataclass(frozen=True, slots=True)
class _Lane:
    number: int
    connection: Connection
    source_pod: int
    target_pod: int
    width: int


def lay_out(
    seed: int, housing: Housing, connections: Sequence[Connection], story_from: int
) -> tuple[Lanes, Rows]:
    """Connections from `story_from` on belong to the attack."""
    laid = [
        lane
        for number, connection in enumerate(connections)
        for lane in _split(seed, housing, number, connection)
    ]
    rows = [(index, by_target) for index, lane in enumerate(laid) for by_target in _reports(lane.connection)]
    counts = np.bincount([index for index, _ in rows], minlength=len(laid)).astype(np.int64)
    loads = np.array([_load(lane.connection) for lane in laid], dtype=np.float64).reshape(-1, 4)
    lanes = Lanes(
        connection=_ints([lane.number for lane in laid]),
        source_pod=_ints([lane.source_pod for lane in laid]),
        target_pod=_ints([lane.target_pod for lane in laid]),
        rate=np.array([lane.connection.call.rate / lane.width for lane in laid]),
        rhythm=_ints([RHYTHMS.index(lane.connection.rhythm) for lane in laid]),
        held=_ints([-(-lane.connection.call.held // lane.width) for lane in laid]),
        out_bytes=loads[:, 0],
        out_packets=loads[:, 1],
        back_bytes=loads[:, 2],
        back_packets=loads[:, 3],
        exact=np.array([lane.connection.silent or lane.connection.closed for lane in laid], dtype=np.bool_),
        rtt=np.array([lane.connection.call.rtt * (0.8 + 0.4 * _noise(seed, lane)) for lane in laid]),
        period=_ints([_run(lane.connection)[0] for lane in laid]),
        phase=_ints([_run(lane.connection)[1] for lane in laid]),
        story=np.array([lane.number >= story_from for lane in laid], dtype=np.bool_),
        first_row=np.concatenate(([0], np.cumsum(counts)[:-1])).astype(np.int64),
        rows=counts,
    )
    return lanes, _rows(laid, rows)


def present(lanes: Lanes, since_epoch: float) -> Bools:
    """Which lanes have pods at that moment; only those of CronJobs come and go."""
    runs = lanes.period > 0
    place = (since_epoch + lanes.phase) % np.where(runs, lanes.period, 1)
    return ~runs | (place < _RUN * lanes.period)


def _split(seed: int, housing: Housing, number: int, connection: Connection) -> list[_Lane]:
    source, target = connection.source, connection.target
    pods = [housing.replicas(end) for end in (source, target) if isinstance(end, Workload)]
    width = min([*pods, _WIDEST]) if pods else 1
    shift = digest(seed, "shift", source.key, target.key)
    if source is target:
        width, shift = min(width, pods[0] - 1) or 1, 1
    return [
        _Lane(
            number,
            connection,
            lane,
            (lane + shift) % housing.replicas(target) if isinstance(target, Workload) else lane,
            width,
        )
        for lane in range(width)
    ]


def _reports(connection: Connection) -> list[bool]:
    """Who reports, the source (False) first: a connection denied there never arrives."""
    egress, ingress = connection.egress, connection.ingress
    by_source = [False] if egress else []
    by_target = [True] if ingress and (egress is None or egress.allowed) else []
    return by_source + by_target


def _load(connection: Connection) -> tuple[float, float, float, float]:
    """Bytes and packets there, bytes and packets back, for one connection."""
    call = connection.call
    if connection.protocol != "tcp":
        return call.out, 1, call.back, 1 if call.back else 0
    if connection.silent:
        return _SYN * _TRIES, _TRIES, 0, 0
    if connection.closed:
        return _SYN, 1, _SYN - 6, 1
    packets = 4 + call.out / 1_400 + call.back / 2_800
    replies = 3 + call.back / 1_400 + call.out / 2_800
    return call.out + _HEADERS * packets, packets, call.back + _HEADERS * replies, replies


def _run(connection: Connection) -> tuple[int, int]:
    source = connection.source
    if isinstance(source, Workload) and source.kind is Kind.CRON_JOB:
        return source.period, source.phase
    return 0, 0


def _rows(laid: Sequence[_Lane], rows: Sequence[tuple[int, bool]]) -> Rows:
    def marks(of: Sequence[bool]) -> Bools:
        return np.array(of, dtype=np.bool_)

    connections = [laid[index].connection for index, _ in rows]
    answers = [connection.call.answer for connection in connections]
    sides = [by_target for _, by_target in rows]
    tcp = [connection.protocol == "tcp" for connection in connections]
    lively = [not connection.silent for connection in connections]
    accepted = [not (connection.silent or connection.closed) for connection in connections]
    return Rows(
        lane=_ints([index for index, _ in rows]),
        by_target=marks(sides),
        replied=marks(
            [
                up and (by_target or answer is Answer.GIVEN)
                for up, by_target, answer in zip(lively, sides, answers, strict=True)
            ]
        ),
        open=marks([up and yes for up, yes in zip(accepted, tcp, strict=True)]),
        unanswered=marks(
            [yes and not up and not side for up, yes, side in zip(lively, tcp, sides, strict=True)]
        ),
    )


def _noise(seed: int, lane: _Lane) -> float:
    return share(seed, "rtt", lane.number, lane.source_pod)


def _ints(values: Sequence[int]) -> Ints:
    return np.array(values, dtype=np.int64)
