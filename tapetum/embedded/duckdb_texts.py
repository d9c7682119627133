"""SQL for texts: wildcards and the parts of policy strings, each as kql's predicate decides it."""

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


def policy_string_parts(operand: str) -> str:
    """A list of what policy_strings.parts_of gives for the operand."""
    tier = f"split_part({operand}, '|', 2)"
    parts = f"string_split_regex({operand}, '{MARKS}')"
    kinds = "|".join(kind.removesuffix(".") for kind in KINDS)
    name = rf"regexp_replace(part, '^(?:{kinds})\.', '')"
    without_tier = (
        f"CASE WHEN {tier} != '' AND starts_with({name}, {tier} || '.') "
        f"THEN substr({name}, length({tier}) + 2) END"
    )
    return f"list_concat([{operand}], {parts}, list_transform({parts}, lambda part: {without_tier}))"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
