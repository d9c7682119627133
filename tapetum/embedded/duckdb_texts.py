"""SQL for texts: wildcards and the parts of policy strings, each as kql's predicate decides it."""

from collections.abc import Iterable
from typing import Any

from tapetum.kql.policy_strings import KINDS, MARKS

Fragment = tuple[str, list[Any]]


def matches(operand: str, parts: tuple[str, ...]) -> Fragment:
    """The operand is the parts in this order with anything between; plain searches where those do."""
    first, *inner, last = parts
    match first, inner, last:
        case "", [], "":
            return f"{operand} IS NOT NULL", []
        case _, [], "":
            return f"starts_with({operand}, ?)", [first]
        case "", [], _:
            return f"ends_with({operand}, ?)", [last]
        case "", [middle], "":
            return f"contains({operand}, ?)", [middle]
        case _:
            return rf"{operand} LIKE ? ESCAPE '\'", ["%".join(map(_escaped, parts))]


def policy_string_is(operand: str, values: list[str]) -> Fragment:
    """The policy string, or a part of it, is one of the values."""
    whole = [value for value in values if not value or any(mark in value for mark in MARKS)]
    parts = [value for value in values if value not in whole]
    found: list[Fragment] = []
    if len(parts) == 1:
        found.append((f"contains({_between_bars(operand)}, ?)", [f"|{parts[0]}|"]))
    elif parts:
        found.append((f"list_has_any(string_split({_between_bars(operand)}, '|'), ?::VARCHAR[])", [parts]))
    if whole:
        found.append((f"{operand} IN ({', '.join('?' * len(whole))})", whole))
    return joined(" OR ", found)


def policy_string_parts(operand: str) -> str:
    """A list of all that policy_strings.parts_of gives for the operand, with empty parts as well."""
    return f"list_append(string_split({_between_bars(operand)}, '|'), {operand})"


def _between_bars(operand: str) -> str:
    """Each part between two bars, then each part without its tier between two bars."""
    tier = f"split_part({operand}, '|', 2)"
    spaced = f"'|' || translate({operand}, '{MARKS}', '{'|' * len(MARKS)}') || '|'"
    without_tier = spaced
    for kind in KINDS:
        without_tier = f"replace({without_tier}, '|{kind}' || {tier} || '.', '|')"
    return f"({spaced} || CASE {tier} WHEN '' THEN '' ELSE {without_tier} END)"


def joined(word: str, fragments: Iterable[Fragment]) -> Fragment:
    texts: list[str] = []
    values: list[Any] = []
    for sql, own in fragments:
        texts.append(sql)
        values += own
    return (texts[0] if len(texts) == 1 else f"({word.join(texts)})"), values


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
