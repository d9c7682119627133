"""Traffic: the counters of one verdict, singly and for many edges at once."""

from typing import Any

import strawberry
from strawberry import field

from tapetum.api.schema.scalars import BigInt
from tapetum.domain import traffic as domain
from tapetum.domain.traffic import COUNTER_NAMES, TrafficMatrix


@strawberry.type(
    description="Counters of one verdict. bytesIn / bytesOut / packetsIn / packetsOut are relative to the "
    "reporter they were taken from; bytesToTarget / bytesToSource are not. Null: the source does not "
    "count it."
)
class Traffic:
    records: BigInt = field(description="Log records that were counted.")
    connections: BigInt | None = field(description="Connections started.")
    packets: BigInt | None = field(description="Packets in either direction.")
    packets_in: BigInt | None = field(description="Packets that the reporter received.")
    packets_out: BigInt | None = field(description="Packets that the reporter sent.")
    bytes_in: BigInt | None = field(description="Bytes that the reporter received.")
    bytes_out: BigInt | None = field(description="Bytes that the reporter sent.")
    bytes_to_target: BigInt | None = field(description="Bytes that went from source to target.")
    bytes_to_source: BigInt | None = field(description="Bytes that came back from target to source.")
    estimated: bool = field(description="Whether some of it was sampled, so that the counters are estimates.")

    @classmethod
    def of(cls, traffic: domain.Traffic) -> "Traffic":
        return _traffic([getattr(traffic, name) for name in COUNTER_NAMES], estimated=traffic.estimated)


def traffics(matrix: TrafficMatrix) -> list[Traffic]:
    """One Traffic for each row, without a numpy scalar in between."""
    shown: list[Traffic] = []
    for counts, known, estimated in zip(
        matrix.counts.tolist(), matrix.known.tolist(), matrix.estimated.tolist(), strict=True
    ):
        values = (
            counts
            if all(known)
            else [count if is_known else None for count, is_known in zip(counts, known, strict=True)]
        )
        shown.append(_traffic(values, estimated=estimated))
    return shown


def _traffic(values: list[Any], *, estimated: bool) -> Traffic:
    """From the values of a matrix row, in the order of COUNTER_NAMES."""
    records, connections, packets_in, packets_out, bytes_in, bytes_out, to_target, to_source = values
    packets: Any = None
    if packets_in is not None or packets_out is not None:
        packets = (packets_in or 0) + (packets_out or 0)
    return Traffic(
        records=records,
        connections=connections,
        packets=packets,
        packets_in=packets_in,
        packets_out=packets_out,
        bytes_in=bytes_in,
        bytes_out=bytes_out,
        bytes_to_target=to_target,
        bytes_to_source=to_source,
        estimated=estimated,
    )
