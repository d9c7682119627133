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
        part = f"|{parts[0]}|"
        sql = (  # few strings get as far as having their tiers cut off, which is what costs
            f"CASE WHEN NOT contains({operand}, ?) THEN FALSE WHEN contains({_spaced(operand)}, ?) THEN TRUE "
            f"ELSE contains({_without_tier(operand)}, ?) END"
        )
        found.append((sql, [parts[0], part, part]))
    elif parts:
        found.append((f"list_has_any({_parts(operand)}, ?::VARCHAR[])", [parts]))
    if whole:
        found.append((f"{operand} IN ({', '.join('?' * len(whole))})", whole))
    return joined(" OR ", found)


def policy_string_like(operand: str, parts: tuple[str, ...]) -> Fragment:
    """The policy string, or a part of it, meets the pattern."""
    anywhere, values = matches(operand, ("", *filter(None, parts), ""))
    if not parts[0] and not parts[-1]:
        return anywhere, values  # what a part holds the string holds
    sql, own = matches("part", parts)
    parts_too = f"len(list_filter(list_append({_parts(operand)}, {operand}), lambda part: {sql})) > 0"
    return f"CASE WHEN {anywhere} THEN {parts_too} ELSE FALSE END", [*values, *own]


def _parts(operand: str) -> str:
    """A list of what policy_strings.parts_of gives for the operand, but for the operand itself."""
    return f"string_split({_spaced(operand)} || {_without_tier(operand)}, '|')"


def _spaced(operand: str) -> str:
    """Each part between two bars."""
    return f"('|' || translate({operand}, '{MARKS}', '{'|' * len(MARKS)}') || '|')"


def _without_tier(operand: str) -> str:
    tier = f"split_part({operand}, '|', 2)"
    sql = _spaced(operand)
    for kind in KINDS:
        sql = f"replace({sql}, '|{kind}' || {tier} || '.', '|')"
    return f"CASE {tier} WHEN '' THEN '' ELSE {sql} END"


def joined(word: str, fragments: Iterable[Fragment]) -> Fragment:
    texts: list[str] = []
    values: list[Any] = []
    for sql, own in fragments:
        texts.append(sql)
        values += own
    return (texts[0] if len(texts) == 1 else f"({word.join(texts)})"), values


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
