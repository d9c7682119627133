"""How records become values, and what those values are."""

from enum import StrEnum


class Op(StrEnum):
    COUNT = "count"
    SUM = "sum"
    AVG = "avg"
    MIN = "min"
    MAX = "max"
    DISTINCT = "distinct"


class Unit(StrEnum):
    """What values are. Those a second are sums, divided by the length of their bucket or range when shown."""

    COUNT = "count"
    COUNT_RATE = "count/s"
    BYTES = "bytes"
    BYTES_RATE = "bytes/s"
    PACKETS = "packets"
    PACKETS_RATE = "packets/s"
    NANOSECONDS = "ns"
    MICROSECONDS = "us"
    MILLISECONDS = "ms"
    SECONDS = "s"
    PERCENT = "percent"
    TIME = "time"
