"""The roots that find alert rules, and the mutations that change them."""

from typing import Annotated

import strawberry
from strawberry import ID, argument, field

from tapetum.api.context import Info
from tapetum.api.schema.alert_rule import AlertRule
from tapetum.api.schema.problems import Problem, attempt
from tapetum.api.schema.scalars import JSON
from tapetum.api.use.alert_rules import (
    find_rule,
    import_rules,
    list_rules,
    remove_rule,
    save_rule,
    switch_rule,
)
from tapetum.api.use.saved import MOST
from tapetum.domain.batches import RecordKind
from tapetum.domain.documents import Document, DocumentCounts

_Id = Annotated[ID, argument(name="id", description="The rule's id.")]


@strawberry.type
class AlertRuleRoots:
    """Fields of the Query root."""

    @field(
        description="Alert rules: those that come with the product, each as it was saved over, then the "
        "others by title. A rule for some clusters is shown to whoever sees one of them."
    )
    async def alert_rules(
        self,
        info: Info,
        kind: Annotated[
            RecordKind | None, argument(description="Only those that watch such records; null is all.")
        ] = None,
        limit: Annotated[int, argument(description=f"How many, 1 to {MOST}.")] = 100,
    ) -> list[AlertRule]:
        found = await list_rules(info.context, None if kind is None else kind.value, limit)
        return [AlertRule.of(each) for each in found]

    @field(description="An alert rule; null where there is none that the caller may see.")
    async def alert_rule(self, info: Info, text: _Id) -> AlertRule | None:
        found = await find_rule(info.context, text)
        return None if found is None else AlertRule.of(found)


@strawberry.type(description="What became of an alert rule.")
class AlertRuleChange:
    alert_rule: AlertRule | None = field(description="As it is now, or was; null where nothing was changed.")
    problems: list[Problem] = field(description="Why nothing was changed.")

    @classmethod
    def of(cls, changed: Document | None, problems: list[Problem]) -> "AlertRuleChange":
        return cls(alert_rule=None if changed is None else AlertRule.of(changed), problems=problems)


@strawberry.type(description="How many alert rules an import added, changed, and left as they were.")
class AlertRuleCounts:
    added: int = field(description="Those that were not there.")
    changed: int = field(description="Those that were there otherwise.")
    unchanged: int = field(description="Those that were there just so.")

    @classmethod
    def of(cls, counts: DocumentCounts) -> "AlertRuleCounts":
        return cls(added=counts.added, changed=counts.changed, unchanged=counts.unchanged)


@strawberry.type(description="What became of an import.")
class AlertRuleImport:
    alert_rules: AlertRuleCounts | None = field(description="What it did; null where nothing was changed.")
    problems: list[Problem] = field(
        description="One for each object that is wrong, or what else kept the whole from being applied."
    )


@strawberry.type
class AlertRuleMutations:
    """Fields of the Mutation root. Only a token without limits may ask them."""

    @strawberry.mutation(
        description="Save an alert rule: a new one, or over a version that was read. Over one that comes "
        "with the product, which has version 0, it is kept in its place."
    )
    async def save_alert_rule(
        self,
        info: Info,
        document: Annotated[JSON, argument(description="The whole rule, as docs/alerts.md describes it.")],
        text: Annotated[
            ID | None, argument(name="id", description="What to save over; null makes a new one.")
        ] = None,
        version: Annotated[
            int | None,
            argument(description="The version that was read; refused when it is no longer the newest."),
        ] = None,
    ) -> AlertRuleChange:
        return AlertRuleChange.of(*await attempt(save_rule(info.context, text, document, version)))

    @strawberry.mutation(description="Switch an alert rule on or off; one of the product's too.")
    async def switch_alert_rule(
        self,
        info: Info,
        text: _Id,
        enabled: Annotated[bool, argument(description="Whether it raises anything from now on.")],
    ) -> AlertRuleChange:
        return AlertRuleChange.of(*await attempt(switch_rule(info.context, text, enabled=enabled)))

    @strawberry.mutation(
        description="Delete an alert rule. What was saved over one of the product's brings that back."
    )
    async def delete_alert_rule(
        self,
        info: Info,
        text: _Id,
        version: Annotated[
            int | None,
            argument(description="The version that was read; refused when it is no longer the newest."),
        ] = None,
    ) -> AlertRuleChange:
        return AlertRuleChange.of(*await attempt(remove_rule(info.context, text, version)))

    @strawberry.mutation(
        description="Bring in alert rules: Calico's GlobalAlerts and GlobalAlertTemplates, and rules as "
        "docs/alerts.md describes them; all of them, or none where one is wrong. What was imported under the "
        "same name before is replaced. The request may have 16 MiB."
    )
    async def import_alert_rules(
        self,
        info: Info,
        texts: Annotated[
            list[str],
            argument(name="rules", description="YAML or JSON, with Lists and many documents."),
        ],
    ) -> AlertRuleImport:
        counts, problems = await attempt(import_rules(info.context, texts))
        return AlertRuleImport(
            alert_rules=None if counts is None else AlertRuleCounts.of(counts), problems=problems
        )
