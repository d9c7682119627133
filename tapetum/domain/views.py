"""A saved view: what the address of the service graph or of the flow visualizer says, under a name.

Whether the filter fits flows is the catalogue's to say (api/use/fitting.py).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Literal

from msgspec import Meta

from tapetum.domain.documents import MemberError, Prose, Title, printable
from tapetum.domain.errors import BadInputError
from tapetum.domain.moments import DAY, Micros, parse_moment
from tapetum.domain.saved_query import Form

MOST_CHARACTERS = 8000
"""Of all values together: a link has to carry them."""
_SOME_NOW: Micros = 20_000 * DAY
_RELATIVE = "now"


class ViewPage(StrEnum):
    GRAPH = "graph"
    FLOWS = "flows"


Text = Annotated[str, Meta(min_length=1)]
Texts = Annotated[tuple[Text, ...], Meta(min_length=1, max_length=500)]
_Wrong = str | None


def _anything(_: str) -> _Wrong:
    return None


def _moment(text: str) -> _Wrong:
    try:
        parse_moment(text, _SOME_NOW)
    except BadInputError as error:
        return error.message.rstrip(".")
    return None


def _one_of(*allowed: str) -> Callable[[str], _Wrong]:
    told = ", ".join(allowed)
    return lambda text: None if text in allowed else f"{text[:60]!r} is not one of {told}"


def _reference(*kinds: str) -> Callable[[str], _Wrong]:
    form = re.compile(rf"(?:{'|'.join(kinds)}):.+\Z", re.DOTALL)
    told = " or ".join(f"{kind}:ID" for kind in kinds)
    return lambda text: None if form.match(text) else f"{text[:60]!r} is not {told}"


def _compared(text: str) -> _Wrong:
    return None if text in ("before", "day", "week") else _moment(text)


def _power(text: str) -> _Wrong:
    return None if re.match(r"(0\.[5-9]\d*|1)\Z", text) else f"{text[:60]!r} is not a number from 0.5 to 1"


@dataclass(frozen=True, slots=True)
class Parameter:
    """`wrong` says in half a sentence why a value is not understood; None where it is."""

    wrong: Callable[[str], _Wrong] = _anything
    many: bool = False


_SHARED = {
    "from": Parameter(_moment),
    "to": Parameter(_moment),
    "cluster": Parameter(),
    "ns": Parameter(many=True),
    "q": Parameter(),
    "mode": Parameter(_one_of("highlight")),
    "sel": Parameter(_reference("node", "edge")),
    "view": Parameter(_one_of("graph", "table")),
}
_MEASURE = Parameter(_one_of("bytes", "connections", "packets"))
_FIGURES = ("rtt", "retransmissions", "dns", "dns-failures", "http")
PARAMETERS: dict[ViewPage, dict[str, Parameter]] = {
    ViewPage.GRAPH: {
        **_SHARED,
        "level": Parameter(_one_of("namespace", "service", "workload")),
        "open": Parameter(many=True),
        "width": _MEASURE,
        "label": Parameter(_one_of("off", "connections", "bytes", "packets", *_FIGURES)),
        "show": Parameter(_one_of("all", "denied", "new", "changed", "dns")),
        "infra": Parameter(_one_of("dimmed", "shown", "hidden")),
        "layer": Parameter(_reference("dimmed", "hidden"), many=True),
        "compare": Parameter(_compared),
    },
    ViewPage.FLOWS: {
        **_SHARED,
        "status": Parameter(_one_of("all", "allowed", "denied")),
        "size": _MEASURE,
        "power": Parameter(_power),
        "zoom": Parameter(_reference("ns", "node", "edge"), many=True),
        "list": Parameter(_one_of("namespaces", "workloads", "paths")),
    },
}
"""What a page's address says of what is shown, by its short names."""


class SavedView(Form, frozen=True, kw_only=True):
    """`search` has a page's parameters as its address has them; what is left out has the page's default."""

    format: Literal[1]
    title: Title
    description: Prose = ""
    page: ViewPage
    search: dict[str, Text | Texts]

    def __post_init__(self) -> None:
        printable("the title", self.title)
        known = PARAMETERS[self.page]
        for name, value in self.search.items():
            if name not in known:
                raise MemberError(
                    "search",
                    f"the page {self.page.value} has no parameter {name[:60]!r}, only {', '.join(known)}",
                )
            _hold(name, value, known[name])
        size = sum(len("".join(value)) for value in self.search.values())
        if size > MOST_CHARACTERS:
            raise MemberError(
                "search", f"its values have {size} characters; a link carries at most {MOST_CHARACTERS}"
            )
        self._hold_range()

    @property
    def query(self) -> str | None:
        """The filter over flows."""
        found = self.search.get("q")
        return found if isinstance(found, str) else None

    def _hold_range(self) -> None:
        """A relative and an absolute end can only be compared by their clock, which moves."""
        start, end = self.search.get("from"), self.search.get("to", _RELATIVE)
        if not isinstance(start, str) or not isinstance(end, str):
            return
        if start.startswith(_RELATIVE) != end.startswith(_RELATIVE):
            return
        if parse_moment(start, _SOME_NOW) >= parse_moment(end, _SOME_NOW):
            raise MemberError("search", f"its range ends at {end}, before it begins at {start}")


def _hold(name: str, value: str | tuple[str, ...], parameter: Parameter) -> None:
    if isinstance(value, tuple) and not parameter.many:
        raise MemberError(f"search.{name}", "it has one value, not a list")
    for text in (value,) if isinstance(value, str) else value:
        wrong = parameter.wrong(text)
        if wrong is not None:
            raise MemberError(f"search.{name}", wrong)
