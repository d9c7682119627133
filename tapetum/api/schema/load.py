"""Load higher than normal: groups of flows now, before, and at the same hours of earlier days."""

from typing import Annotated

import strawberry
from strawberry import argument, field

from tapetum.api.context import Info
from tapetum.api.schema.common import ClustersArgument, FilterArgument, RangeArgument, TimeRange
from tapetum.api.schema.enums import LoadMeasure
from tapetum.api.schema.scalars import BigInt
from tapetum.api.use import load
from tapetum.api.use.aggregation import read_groups
from tapetum.api.use.arguments import read_limit
from tapetum.api.use.load import compare_load
from tapetum.api.use.records import search_of
from tapetum.domain.batches import RecordKind
from tapetum.domain.errors import BadInputError
from tapetum.logstore.aggregation import GROUP_FIELDS

_FACTORS = 1.0, 1000.0


@strawberry.type(description="A group's load, now and then.")
class GroupLoad:
    keys: list[str | None] = field(
        description="The group's value of each field of `groupBy`; null stands for records without it."
    )
    now: BigInt | None = field(description="In the range; null where no source counts it.")
    before: BigInt | None = field(description="In the range before; null where that is not stored.")
    days: list[BigInt | None] = field(
        description="At the same hours of earlier days, in the order of the comparison's `days`."
    )
    normal: float | None = field(
        description="Mean of the earlier days; where none is stored, the range before; else null."
    )
    ratio: float | None = field(description="Of now to what is normal; null where there was nothing.")
    ratio_to_before: float | None = field(
        description="Of now to the range before; null where there was nothing, or nothing is stored."
    )
    exceeds: bool = field(
        description="Whether now is more than `factor` times what is normal; so is anything beside nothing."
    )

    @classmethod
    def of(cls, group: load.Load) -> "GroupLoad":
        return cls(
            keys=list(group.keys),
            now=_big(group.now),
            before=_big(group.before),
            days=[_big(day) for day in group.days],
            normal=group.normal,
            ratio=group.ratio,
            ratio_to_before=None if group.now is None or not group.before else group.now / group.before,
            exceeds=group.exceeds,
        )


@strawberry.type(description="Load beside what is normal, highest load first.")
class LoadComparison:
    range: TimeRange = field(description="The range that was asked about.")
    before: TimeRange | None = field(description="The range before; null where it is not stored.")
    days: list[TimeRange] = field(
        description=f"The same hours of up to {load.DAYS} earlier days, the last one first; those that are "
        "stored and do not overlap the range."
    )
    groups: list[GroupLoad] = field(description="Groups with the highest load now, at most `limit`.")
    truncated: bool = field(description="Whether there are more groups than `limit`.")


async def resolve(
    info: Info,
    within: RangeArgument,
    group_by: Annotated[
        list[str], argument(description=f"Up to {GROUP_FIELDS} fields; none is one group of all flows.")
    ],
    measure: Annotated[
        LoadMeasure, argument(description="What load is measured by.")
    ] = LoadMeasure.CONNECTIONS,
    clusters: ClustersArgument = None,
    query: FilterArgument = None,
    factor: Annotated[
        float, argument(description="How many times the normal load is too much, 1 to 1000.")
    ] = 2.0,
    limit: Annotated[int, argument(description=f"How many groups, 1 to {load.MOST}.")] = 20,
) -> LoadComparison:
    asked = info.context
    if not _FACTORS[0] <= factor <= _FACTORS[1]:
        raise BadInputError(f"factor is {factor:g}; give it a value from 1 to 1000.", path="factor")
    groups = read_groups(RecordKind.FLOWS, group_by)
    search = search_of(RecordKind.FLOWS, within.read(asked), clusters, query)
    most = read_limit("limit", limit, load.MOST)
    told = await compare_load(asked, search, groups, measure.value, most, factor)
    return LoadComparison(
        range=TimeRange.of(told.range),
        before=None if told.before is None else TimeRange.of(told.before),
        days=[TimeRange.of(day) for day in told.days],
        groups=[GroupLoad.of(group) for group in told.groups],
        truncated=told.truncated,
    )


def _big(value: int | None) -> BigInt | None:
    return None if value is None else BigInt(value)
