"""The numbers of flow lines: counters relative to the reporter, and TCP's statistics."""

import numpy as np

from tapetum.simulate.flushes import Flush, Opened, dice
from tapetum.simulate.lanes import Floats, Ints
from tapetum.simulate.world import World

_MSS = 1_410

MEASURES = (
    b'"bytes_in":%d,"bytes_out":%d,"num_flows":%d,"num_flows_started":%d,"num_flows_completed":%d,'
    b'"packets_in":%d,"packets_out":%d,"http_requests_allowed_in":0,"http_requests_denied_in":0,'
    b'"tcp_mean_send_congestion_window":%d,"tcp_min_send_congestion_window":%d,'
    b'"tcp_mean_smooth_rtt":%d,"tcp_max_smooth_rtt":%d,"tcp_mean_min_rtt":%d,"tcp_max_min_rtt":%d,'
    b'"tcp_mean_mss":%d,"tcp_min_mss":%d,"tcp_total_retransmissions":%d,"tcp_lost_packets":%d,'
    b'"tcp_unrecovered_to":%d,'
)
"""Takes a row of `measure`."""


def measure(world: World, flush: Flush, happened: Opened, chosen: Ints, rows: Ints) -> list[Ints]:
    """One column a number, one entry a row. Both reports of a lane count the same packets."""
    lanes, seen = world.lanes, world.rows
    dawn = dice(world.spec.seed, flush, 2)
    held = lanes.held[chosen]
    started = np.where(happened.counts[chosen] + held > 0, happened.counts[chosen], 1)
    carried = started + 0.5 * held
    exact = lanes.exact[chosen]
    swing = np.where(exact, 1.0, 0.85 + 0.3 * dawn.random(len(chosen)))
    out_packets = _up(carried * lanes.out_packets[chosen])
    out_bytes = _up(carried * lanes.out_bytes[chosen] * swing)
    back_packets = _up(carried * lanes.back_packets[chosen])
    back_bytes = _up(carried * lanes.back_bytes[chosen] * swing)
    closed = started - (~exact & (started > 1) & (dawn.random(len(chosen)) < 0.4))

    spread = np.repeat(np.arange(len(chosen)), lanes.rows[chosen])
    by_target, replied, is_open = seen.by_target[rows], seen.replied[rows], seen.open[rows]
    reply_bytes, reply_packets = back_bytes[spread] * replied, back_packets[spread] * replied
    asked_bytes, asked_packets = out_bytes[spread], out_packets[spread]
    started_here = started[spread]
    tcp = _tcp(dawn, lanes.rtt[seen.lane[rows]], asked_packets + reply_packets, is_open.astype(np.int64))
    tries = 2 * started_here * seen.unanswered[rows]
    window, rtt, max_rtt, min_rtt, max_min_rtt, again, lost = tcp
    ten, mss = 10 * is_open.astype(np.int64), _MSS * is_open.astype(np.int64)
    return [
        np.where(by_target, asked_bytes, reply_bytes),
        np.where(by_target, reply_bytes, asked_bytes),
        started_here + held[spread],
        started_here,
        closed[spread],
        np.where(by_target, asked_packets, reply_packets),
        np.where(by_target, reply_packets, asked_packets),
        window,
        ten,
        rtt,
        max_rtt,
        min_rtt,
        max_min_rtt,
        mss,
        mss,
        again + tries,
        lost + tries,
        tries // 2,
    ]


def _tcp(dawn: np.random.Generator, rtt: Floats, packets: Ints, is_open: Ints) -> tuple[Ints, ...]:
    luck = dawn.random((4, len(rtt)))
    smooth = rtt * (1 + 0.4 * luck[0])
    least = rtt * (0.6 + 0.3 * luck[1])
    again = np.floor(packets * 0.0004 * luck[2] + 0.3 * luck[3]).astype(np.int64)
    columns = (
        10 + 40 * luck[2],
        smooth,
        smooth * (1.1 + luck[3]),
        least,
        least * (1 + 0.2 * luck[2]),
        again,
        again // 3,
    )
    return tuple(column.astype(np.int64) * is_open for column in columns)


def _up(values: Floats) -> Ints:
    return np.ceil(values).astype(np.int64)
