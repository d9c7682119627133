"""What a detector found of one group in one window: when, by which records, and what an alert says of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tapetum.detect.rules import Rule, identity
from tapetum.detect.windows import Group
from tapetum.domain.alerts import Alert
from tapetum.domain.moments import Micros, TimeRange
from tapetum.domain.record_ends import ends_of
from tapetum.kql import Query


@dataclass(frozen=True, slots=True)
class Finding:
    """`where` and `seen` name the records that show it; `ends` are fields by which a record names its ends.

    `at` is when it began to be seen, and `told` fills the templates.
    """

    group: Group
    at: Micros
    seen: TimeRange
    where: tuple[Query, ...]
    ends: Mapping[str, Any]
    told: Mapping[str, str] = field(default_factory=dict[str, str])


def alert_of(rule: Rule, cluster: str, found: Finding, evidence: tuple[str, ...]) -> Alert:
    told = {name: None if value is None else str(value) for name, value in found.ends.items()}
    return rule.alert(
        identity(rule.id, "detector", cluster, found.group, found.at),
        found.at,
        ends_of(rule.says.kind, cluster, found.ends),
        rule.wording.of_values({**told, **found.told}),
        cluster,
        evidence,
    )
