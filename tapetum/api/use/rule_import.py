"""Alert rules out of texts: GlobalAlerts of Calico and rules of our own, in YAML or JSON, many in one.

Each object is a rule or a problem. A rule that is imported again is kept in place of the one before.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import msgspec

from tapetum.api.use.fitting import Fitted, fitted
from tapetum.catalog.documents import MOST_OWNED, Draft
from tapetum.detect.globalalert import KINDS, translated
from tapetum.domain.documents import ALERTS_PAGE, DocumentKind
from tapetum.domain.errors import BadInputError, TapetumError
from tapetum.domain.moments import Micros
from tapetum.policy.documents import Document, Problem, read

MOST_RULES = MOST_OWNED
_OWN = "AlertRule"
_PLACES = {
    "document.window.metric": "spec.field",
    "document.window.groupBy": "spec.aggregateBy",
    "document.window.": "spec.",
    "document.window": "spec",
    "document.filter": "spec.query",
    "document.title": "metadata.name",
    "document.": "spec.",
    "document": "spec",
}
"""Where in a GlobalAlert stands what a part of the rule was made of; the first that fits."""


@dataclass(frozen=True, slots=True)
class ReadRule:
    """`id` is the same whenever the same object is read."""

    id: str
    rule: Fitted


@dataclass(frozen=True, slots=True)
class RulesRead:
    """Where there are problems, the rules are for looking at, not for keeping."""

    rules: tuple[ReadRule, ...]
    problems: tuple[Problem, ...]


def read_rules(texts: Iterable[tuple[str, bytes | str]]) -> RulesRead:
    """Of (name, text) pairs; the names are those that problems are told with."""
    rules: dict[str, ReadRule] = {}
    problems: list[Problem] = []
    count = 0
    for source, text in texts:
        found = read(text, source)
        problems += found.problems
        count += len(found.documents)
        if count > MOST_RULES:
            more = f"there are more than {MOST_RULES} rules up to here; import fewer at once."
            problems.append(Problem(found.documents[0].place, more))
            break
        for document in found.documents:
            try:
                rule = _rule(document.value)
                if rule.id in rules:
                    raise BadInputError("it is there twice; keep one.")
                rules[rule.id] = rule
            except TapetumError as error:
                problems.append(_problem(document, error))
    return RulesRead(tuple(rules.values()), tuple(problems))


def drafts_of(rules: Sequence[ReadRule], at: Micros) -> list[Draft]:
    kind = DocumentKind.ALERT_RULE
    return [
        Draft(each.id, kind, each.rule.title, each.rule.about, True, each.rule.body, None, at)
        for each in rules
    ]


def _rule(value: dict[str, Any]) -> ReadRule:
    if value.get("kind") in KINDS:
        rule = _fitted(translated(value))
        return ReadRule(_identity(value["kind"], rule.title), rule)
    if "format" not in value:
        raise BadInputError(
            f"it is no alert rule; {' and '.join(KINDS)} are imported, and rules as {ALERTS_PAGE} has them.",
            path="kind",
        )
    rule = _fitted(value)
    return ReadRule(_identity(_OWN, rule.title), rule)


def _fitted(document: Mapping[str, Any]) -> Fitted:
    try:
        return fitted(DocumentKind.ALERT_RULE, msgspec.json.encode(document))
    except UnicodeEncodeError:
        raise BadInputError("it holds half of a surrogate pair; write both halves.") from None


def _identity(kind: str, name: str) -> str:
    return f"imported.{sha256(msgspec.json.encode([kind, name])).hexdigest()[:24]}"


def _problem(document: Document, error: TapetumError) -> Problem:
    """In the words of the object, which knows nothing of the document that it becomes."""
    value, path = document.value, error.path or ""
    message = error.message.removeprefix(f"{path}: ")
    foreign = value.get("kind") in KINDS
    if path == "document" or path.startswith("document."):
        path = _place(path) if foreign else path.removeprefix("document").removeprefix(".")
    return Problem(document.place, message, _called(value), path)


def _place(path: str) -> str:
    told, place = next((pair for pair in _PLACES.items() if path.startswith(pair[0])), ("", ""))
    return f"{place}{path.removeprefix(told)}"


def _called(value: Mapping[str, Any]) -> str:
    """Kind and name, as far as there are any."""
    metadata = value.get("metadata")
    name = metadata.get("name") if isinstance(metadata, dict) else value.get("title")
    kind = value.get("kind") if "format" not in value else _OWN
    return " ".join(str(each)[:120] for each in (kind, name) if isinstance(each, str))
