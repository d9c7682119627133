"""A simulation's report as Markdown for a pull request, and as lines for a terminal."""

import re
from collections.abc import Iterator

from tapetum.policy.whatif import Change
from tapetum.service.simulation_report import Report, ReportedFlip

_WORDS = {
    Change.NEWLY_DENIED: "Newly denied",
    Change.NEWLY_ALLOWED: "Newly allowed",
    Change.UNCERTAIN: "Uncertain",
    Change.UNCHANGED: "Unchanged",
}
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+!|~])")
"""Names in logs are anybody's text: they show as they are, and as nothing else."""


def markdown(report: Report) -> str:
    return "\n".join(_markdown(report)) + "\n"


def _markdown(report: Report) -> Iterator[str]:
    yield "### What these policies would have done"
    yield ""
    yield "| | paths | connections |"
    yield "|---|---:|---:|"
    for change, word in _WORDS.items():
        total = report.totals[change.name]
        yield f"| {word} | {total.paths:,} | {_count(total.connections, total.records)} |"
    for sentence in _sentences(report):
        yield ""
        yield _plain(sentence)
    if report.flips:
        yield ""
        yield "| | from | to | connections | last seen | before | after |"
        yield "|---|---|---|---:|---|---|---|"
    for flip in report.flips:
        after = "; ".join((flip.after, *flip.doubts))
        cells = (flip.source, _target(flip), flip.last_seen[:16], flip.before, after)
        source, target, seen, was, would = map(_plain, cells)
        count = _count(flip.connections, flip.records)
        yield f"| {_WORDS[Change[flip.effect]]} | {source} | {target} | {count} | {seen} | {was} | {would} |"


def lines(report: Report) -> Iterator[str]:
    """One flip a line, then what it comes to."""
    for flip in report.flips:
        ends = f"{flip.source} to {_target(flip)}, {_count(flip.connections, flip.records)} connections"
        yield f"{_WORDS[Change[flip.effect]]}: {ends}; {flip.before}, then {flip.after}"
        yield from (f"  ? {doubt}" for doubt in flip.doubts)
    for change, word in _WORDS.items():
        total = report.totals[change.name]
        yield f"{word}: {total.paths:,} paths, {_count(total.connections, total.records)} connections."
    yield from _sentences(report)


def _sentences(report: Report) -> Iterator[str]:
    if not report.changed:
        yield "The manifests say the same before and after."
    if missing := report.paths(*(each for each in Change if each)) - len(report.flips):
        yield f"{missing:,} more paths are not listed."
    if report.disagreeing:
        yield (
            f"{report.disagreeing:,} records were logged otherwise than the manifests before decide them; "
            "these may be incomplete, or were others then."
        )
    yield from report.notes


def _target(flip: ReportedFlip) -> str:
    return f"{flip.target} {flip.protocol or 'any protocol'}{'' if flip.port is None else f' {flip.port}'}"


def _count(connections: int | None, records: int) -> str:
    return f"{records:,} records of" if connections is None else f"{connections:,}"


def _plain(text: str) -> str:
    shown = "".join(each if each.isprintable() else " " for each in text)
    return _SPECIAL.sub(r"\\\1", shown)
