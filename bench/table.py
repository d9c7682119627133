"""Figures as a table for people."""

from collections.abc import Iterable

from bench.figures import Figure

_HEAD = ("row", "figure", "ours", "floor or peer, same run", "ratio", "by CPU", "target", "met")


def lines(figures: Iterable[Figure]) -> list[str]:
    cells = [_HEAD, *(_cells(figure) for figure in figures)]
    widths = [max(len(row[place]) for row in cells) for place in range(len(_HEAD))]
    shown = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in cells
    ]
    return [shown[0], "  ".join("-" * width for width in widths), *shown[1:]]


def _cells(figure: Figure) -> tuple[str, ...]:
    floor = "" if figure.floor is None else f"{number(figure.floor)} {figure.unit}"
    return (
        figure.row,
        figure.what,
        f"{number(figure.value)} {figure.unit}".rstrip(),
        f"{floor} {figure.peer}".strip(),
        "" if figure.ratio is None else f"{figure.ratio:.2f}",
        "" if figure.cpu_ratio is None else f"{figure.cpu_ratio:.2f}",
        "" if figure.target is None else str(figure.target),
        {True: "yes", False: "NO", None: ""}[figure.met],
    )


def number(value: float) -> str:
    if value >= 10_000:
        return f"{value:,.0f}"
    return f"{value:.3g}" if value < 100 else f"{value:.0f}"
