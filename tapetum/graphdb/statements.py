"""Statements kept as files: one a question, named as what asks it."""

from functools import cache
from importlib.resources import files


@cache
def statements(package: str) -> dict[str, str]:
    """By file name without the ending, in order of names; comment lines are left out."""
    found = [entry for entry in files(package).iterdir() if entry.name.endswith(".cypher")]
    return {
        entry.name.removesuffix(".cypher"): _without_comments(entry.read_text("utf-8"))
        for entry in sorted(found, key=lambda entry: entry.name)
    }


def _without_comments(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if line and not line.lstrip().startswith("//"))
