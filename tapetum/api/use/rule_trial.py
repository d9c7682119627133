"""An alert rule tried on the past before it is saved: what it would have raised, and what it costs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tapetum.api.context import Asked
from tapetum.api.use.arguments import read_clusters
from tapetum.api.use.fitting import fitted
from tapetum.api.use.saved import encoded
from tapetum.detect.rules import compile_rule
from tapetum.detect.trying import Tried, tried
from tapetum.domain.alert_rules import AlertRule
from tapetum.domain.documents import Document, DocumentKind
from tapetum.domain.moments import Micros, TimeRange
from tapetum.logstore.port import Search

KIND = DocumentKind.ALERT_RULE


@dataclass(frozen=True, slots=True)
class Trial:
    """`matched` of the `looked_at` records met the filter; `took` microseconds, without counting them."""

    rule: AlertRule
    range: TimeRange
    tried: Tried
    matched: int
    looked_at: int
    took: Micros


async def try_rule(asked: Asked, body: Any, within: TimeRange, clusters: Sequence[str] | None) -> Trial:
    """Whether it is switched on makes no difference."""
    read = fitted(KIND, encoded(KIND, body))
    logs, scope, clock = asked.api.logs, asked.scope, asked.api.clock
    draft = Document(
        "", KIND, read.title, read.about, None, False, read.body, 0, None, asked.now, None, asked.now
    )  # fmt: skip
    rule = compile_rule(draft)
    named = read_clusters(clusters)
    seen = [each.cluster for each in await logs.census(scope)]
    watched = [each for each in seen if rule.concerns(each) and (named is None or each in named)]
    began = clock()
    found = await tried(logs, scope, rule, within, watched)
    took = clock() - began
    kind, where = rule.says.kind, frozenset(watched)
    matched = await logs.count(scope, Search(kind, within, where, rule.filter))
    looked_at = await logs.count(scope, Search(kind, within, where))
    return Trial(rule.says, within, found, matched, looked_at, took)
