"""Alert rules: the type, and the window or the detector that it may have."""

import strawberry
from strawberry import ID, field

from tapetum.api.schema.enums import Severity, level_of
from tapetum.api.schema.saved import SavedDocument
from tapetum.api.schema.scalars import KQL
from tapetum.api.use.alert_rules import read_rule
from tapetum.api.use.builtin import replaces_builtin
from tapetum.api.use.saved import document_id
from tapetum.domain import alert_rules as domain
from tapetum.domain import detectors
from tapetum.domain.alert_rules import Condition
from tapetum.domain.batches import RecordKind
from tapetum.domain.documents import Document
from tapetum.domain.metrics import Op


@strawberry.type(description="What a rule measures over time, and when that is an alarm; docs/alerts.md.")
class AlertWindow:
    lookback: int = field(description="Seconds that are looked back on.")
    period: int = field(description="How often it is judged, in seconds.")
    group_by: list[str] = field(description="Fields by which groups are judged each for itself.")
    op: Op = field(description="How the records of a group become its value.")
    field_: str | None = field(name="field", description="What is measured; null counts records.")
    condition: Condition = field(description="How the value stands to the threshold in an alarm.")
    threshold: float = field(description="The bound.")
    clear: float | None = field(description="The bound by which an alarm ends; null is the threshold.")
    hold: int = field(description="Seconds after an alarm's end in which its group raises nothing.")

    @classmethod
    def of(cls, window: domain.Window) -> "AlertWindow":
        return cls(
            lookback=window.lookback,
            period=window.period,
            group_by=list(window.group_by),
            op=window.metric.op,
            field_=window.metric.field,
            condition=window.condition,
            threshold=window.threshold,
            clear=window.clear,
            hold=window.hold,
        )


@strawberry.type(description="One bound of a detector.")
class AlertDetectorBound:
    name: str = field(description="As documents call it.")
    value: float = field(description="What it is set to.")


@strawberry.type(description="What looks for an attack in many records together; docs/detectors.md.")
class AlertDetector:
    name: str = field(description="Which one, such as `beacon`.")
    lookback: int = field(description="Seconds of records that are looked at together.")
    hold: int = field(description="Seconds in which what was told of once raises nothing.")
    bounds: list[AlertDetectorBound] = field(description="All that can be set of it.")

    @classmethod
    def of(cls, detector: detectors.Detector) -> "AlertDetector":
        return cls(
            name=detectors.name_of(detector),
            lookback=detector.lookback,
            hold=detector.hold,
            bounds=[
                AlertDetectorBound(name=name, value=float(value))
                for name, value in detectors.bounds(detector).items()
            ],
        )


@strawberry.type(description="Which records raise an alert, and what it says; docs/alerts.md.")
class AlertRule(SavedDocument):
    enabled: bool = field(description="Whether it raises anything.")
    kind: RecordKind = field(description="The records that it watches.")
    filter: KQL = field(description="Which of them; empty is all.")
    clusters: list[str] | None = field(
        description="Names of the clusters that it watches, of which the caller sees these; null is all."
    )
    severity: int = field(description="From 1 to 100.")
    level: Severity = field(description="The severity as people read it.")
    summary: str = field(description="Template of an alert's title; empty is the rule's own.")
    description: str = field(description="Template: what an alert means.")
    technique: str | None = field(description="MITRE ATT&CK technique, such as T1046.")
    tactic: str | None = field(description="MITRE ATT&CK tactic, such as TA0007.")
    mitigations: list[str] = field(description="Templates: what can be done.")
    window: AlertWindow | None = field(
        description="What it measures over time; null where each record raises an alert, or a detector does."
    )
    detector: AlertDetector | None = field(description="What judges the records in place of a window.")
    replaces_builtin: bool = field(
        description="Whether it is in place of one that comes with the product; deleting it brings that back."
    )

    @classmethod
    def of(cls, saved: Document) -> "AlertRule":
        rule = read_rule(saved)
        return cls(
            id=ID(document_id(saved)),
            saved=saved,
            enabled=rule.enabled,
            kind=rule.kind,
            filter=KQL(rule.filter),
            clusters=None if rule.clusters is None else list(rule.clusters),
            severity=rule.severity,
            level=level_of(rule.severity),
            summary=rule.summary,
            description=rule.description,
            technique=rule.technique,
            tactic=rule.tactic,
            mitigations=list(rule.mitigations),
            window=None if rule.window is None else AlertWindow.of(rule.window),
            detector=None if rule.detector is None else AlertDetector.of(rule.detector),
            replaces_builtin=replaces_builtin(saved),
        )
