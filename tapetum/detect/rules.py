"""Alert rules, compiled: which of a batch's new records raise which alerts.

Records that are alike to a rule (domain/record_ends.py) raise one alert an hour, so that a flood is told
once; its id depends on the rule and on what they have in common. Pure: rules come as documents.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import islice
from typing import Any

import msgspec
import numpy as np

from tapetum.detect.wording import Text, Wording
from tapetum.domain.alert_rules import AlertRule
from tapetum.domain.alerts import Alert
from tapetum.domain.batches import RecordKind
from tapetum.domain.documents import ALERTS_PAGE, Document, Mark, read_body
from tapetum.domain.errors import TapetumError
from tapetum.domain.events import EventKind
from tapetum.domain.moments import HOUR, Micros
from tapetum.domain.record_ends import Ends, ends_of, seen_columns, telling_apart
from tapetum.domain.shapes import SHAPES
from tapetum.kql import Query, parse
from tapetum.kql.binding import bind
from tapetum.kql.columns import Codes, Columns, Mask, MaskTest, compile_mask

MOST_EVIDENCE = 10
_EARLIER, _LATER = 0, HOUR + 1
"""Two moments: a filter that means the same at both does not speak of now."""


@dataclass(frozen=True, slots=True)
class Rule:
    """`fixed` is the filter compiled; None where it depends on when it is asked."""

    id: str
    mark: Mark
    says: AlertRule
    wording: Wording
    filter: Query
    fixed: MaskTest | None

    @property
    def watch(self) -> str:
        """What it watches and how: a change of its texts is none of that."""
        says = self.says
        detector = () if says.detector is None else (says.detector,)
        return identity(self.id, says.kind, says.filter, says.window, *detector)

    @property
    def later(self) -> bool:
        """Whether it is judged by the runner, over time, instead of record by record."""
        return self.says.window is not None or self.says.detector is not None

    def concerns(self, cluster: str) -> bool:
        return self.says.clusters is None or cluster in self.says.clusters

    def matching(self, columns: Columns, now: Micros) -> Mask:
        """Which records meet its filter."""
        test = self.fixed or compile_mask(bind(self.filter, self.says.kind.value, now))
        return test(columns, np.ones(columns.rows, np.bool_))

    def times(self, columns: Columns, now: Micros) -> tuple[Micros, Micros] | None:
        """Of the oldest and the newest record that meet its filter."""
        times = columns.numbers(SHAPES[self.says.kind].time)[self.matching(columns, now)]
        return (int(times.min()), int(times.max())) if len(times) else None

    def see(self, columns: Columns, cluster: str, now: Micros) -> list[Alert]:
        """What the records of a cluster raise, in the order of the records."""
        places = np.flatnonzero(self.matching(columns, now))
        if not len(places):
            return []
        alike = _alike(columns, self.says.kind, places)
        time = SHAPES[self.says.kind].time
        names = {"id", time, *seen_columns(self.says.kind), *self.wording.columns}
        first = columns.taken([each[0] for each in alike], names)
        evidence = [each[:MOST_EVIDENCE] for each in alike]
        ids = iter(
            columns.records.column("id").take([place for each in evidence for place in each]).to_pylist()
        )
        return [
            self.raised(cluster, row, tuple(islice(ids, len(each))))
            for row, each in zip(first, evidence, strict=True)
        ]

    def raised(self, cluster: str, first: Mapping[str, Any], evidence: tuple[str, ...]) -> Alert:
        """By records that are alike, of which the earliest comes first."""
        kind = self.says.kind
        at: Micros = first[SHAPES[kind].time]
        return self.alert(
            identity(self.id, cluster, at // HOUR, *(first[name] for name in telling_apart(kind))),
            at,
            ends_of(kind, cluster, first),
            self.wording.of_record(first),
            cluster,
            evidence,
        )

    def alert(
        self, alert_id: str, at: Micros, ends: Ends, text: Text, cluster: str, evidence: tuple[str, ...]
    ) -> Alert:
        return Alert(
            id=alert_id,
            time=at,
            kind=(EventKind.ALERT_RULE if self.says.detector is None else EventKind.DETECTOR).value,
            rule=self.says.title,
            title=text.title,
            description=text.description,
            severity=self.says.severity,
            cluster=cluster,
            source=ends.source,
            target=ends.target,
            protocol=ends.protocol,
            port=ends.port,
            technique=self.says.technique,
            tactic=self.says.tactic,
            evidence=evidence,
            evidence_kind=self.says.kind,
            mitigations=text.mitigations,
        )


@dataclass(frozen=True, slots=True)
class RuleSet:
    """The rules in force, and why others are not."""

    rules: tuple[Rule, ...] = ()
    broken: Mapping[str, str] = field(default_factory=dict[str, str])

    def watching(self, kind: RecordKind, cluster: str) -> list[Rule]:
        """Those that records of a kind concern."""
        return [rule for rule in self.rules if rule.says.kind is kind and rule.concerns(cluster)]


def rule_set(documents: Sequence[Document], before: RuleSet | None = None) -> RuleSet:
    """Of rule documents; one that cannot be used is left out and told. Known ones are not read anew."""
    known = {(rule.id, rule.mark): rule for rule in before.rules} if before else {}
    rules: list[Rule] = []
    broken: dict[str, str] = {}
    for document in sorted(documents, key=lambda each: each.id):
        try:
            rule = known.get((document.id, document.mark)) or compile_rule(document)
        except TapetumError as error:
            broken[document.id] = error.message
        else:
            rules += [rule] if rule.says.enabled else []
    return RuleSet(tuple(rules), broken)


def compile_rule(document: Document) -> Rule:
    """Raises BadInputError where the document, or its filter, cannot be used."""
    says = read_body(document.body.encode(), AlertRule, ALERTS_PAGE)
    query = parse(says.filter)
    kind = says.kind.value
    earlier, later = bind(query, kind, _EARLIER), bind(query, kind, _LATER)
    fixed = compile_mask(earlier) if earlier == later else None
    return Rule(document.id, document.mark, says, Wording.of(says), query, fixed)


def identity(rule: str, *parts: object) -> str:
    """Of an alert of a rule: the same for the same parts."""
    return sha256(msgspec.json.encode([rule, *parts])).hexdigest()[:24]


def _alike(columns: Columns, kind: RecordKind, rows: Codes) -> list[list[int]]:
    """The rows in groups that raise one alert each, in order of time, and so are those of a group."""
    times = columns.numbers(SHAPES[kind].time)[rows]
    codes = np.stack(
        [times // HOUR, *(columns.items(name).codes[rows] for name in telling_apart(kind))], axis=1
    )
    ids = columns.records.column("id").take(rows).to_pylist()
    groups: dict[int, list[int]] = {}
    _, group = np.unique(codes, axis=0, return_inverse=True)
    for place in sorted(range(len(rows)), key=lambda place: (times[place], ids[place])):
        groups.setdefault(int(group.flat[place]), []).append(int(rows[place]))
    return list(groups.values())
