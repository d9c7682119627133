"""Histograms and top values."""

import strawberry
from strawberry import field

from tapetum.api.schema.common import TimeRange, point
from tapetum.api.schema.scalars import BigInt, TimePoint
from tapetum.domain import moments
from tapetum.logstore import port


@strawberry.type(description="One line of a histogram.")
class HistogramSeries:
    key: str = field(
        description="The value of the field `by`, - for records without it; all where there is no `by`."
    )
    counts: list[BigInt] = field(description="Records that start in each bucket.")


@strawberry.type(
    description="Counts over time. `starts` are the buckets' beginnings, `interval` seconds apart."
)
class Histogram:
    range: TimeRange = field(description="The range that was counted.")
    interval: int = field(description="Length of a bucket in seconds.")
    starts: list[TimePoint] = field(description="Where each bucket begins.")
    series: list[HistogramSeries] = field(description="One for each value of `by`, most frequent first.")

    @classmethod
    def of(cls, histogram: port.Histogram) -> "Histogram":
        return cls(
            range=TimeRange.of(histogram.range),
            interval=histogram.interval,
            starts=[point(start) for start in histogram.starts],
            series=[
                HistogramSeries(key=key, counts=[BigInt(count) for count in counts])
                for key, counts in histogram.counts.items()
            ],
        )


@strawberry.type(description="A value of a field and how many records have it.")
class ValueCount:
    value: str | None = field(description="The value.")
    count: BigInt = field(description="Records that have it.")


@strawberry.type(description="The most frequent values of a field.")
class TopValues:
    range: TimeRange = field(description="The range that was counted.")
    values: list[ValueCount] = field(description="Values, most frequent first.")
    other: BigInt = field(description="Records with none of these values, but another.")
    missing: BigInt = field(description="Records without any value.")

    @classmethod
    def of(cls, within: moments.TimeRange, top: port.TopValues) -> "TopValues":
        return cls(
            range=TimeRange.of(within),
            values=value_counts(top),
            other=BigInt(top.other),
            missing=BigInt(top.missing),
        )


def value_counts(top: port.TopValues) -> list[ValueCount]:
    return [ValueCount(value=value, count=BigInt(count)) for value, count in top.values]
