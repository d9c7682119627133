"""A saved view is read strictly: what the page's address would not understand is refused."""

from typing import Any

import msgspec
import pytest

from tapetum.domain.documents import VIEWS_PAGE, read_body, write_body
from tapetum.domain.errors import BadInputError
from tapetum.domain.views import MOST_CHARACTERS, PARAMETERS, SavedView, ViewPage

GRAPH = {
    "from": "now-6h",
    "cluster": "east",
    "ns": ["shop", "data"],
    "q": "dest_port : 5432",
    "mode": "highlight",
    "sel": "edge:a\nb",
    "view": "table",
    "level": "workload",
    "open": "WyJ=",
    "width": "packets",
    "label": "dns-failures",
    "show": "changed",
    "infra": "hidden",
    "layer": ["hidden:WyJ=", "dimmed:WyK="],
    "compare": "week",
}
FLOWS = {
    "from": "2026-11-23T14:05:00Z",
    "to": "now",
    "status": "denied",
    "size": "bytes",
    "power": "0.75",
    "zoom": ["ns:a", "node:b", "edge:c"],
    "list": "paths",
}


def read(page: str, search: Any, **members: Any) -> SavedView:
    whole = {"format": 1, "title": "T", "page": page, "search": search, **members}
    return read_body(msgspec.json.encode(whole), SavedView, VIEWS_PAGE)


@pytest.mark.parametrize(("page", "search"), [("graph", GRAPH), ("flows", FLOWS), ("graph", {})])
def test_what_a_page_says_is_kept_as_it_is(page: str, search: dict[str, Any]) -> None:
    view = read(page, search)
    assert msgspec.json.decode(write_body(view))["search"] == search
    assert read_body(write_body(view), SavedView) == view
    assert view.query == search.get("q")


@pytest.mark.parametrize(
    ("page", "search", "path", "says"),
    [
        ("graph", {"colour": "red"}, "search", "the page graph has no parameter 'colour', only from, to"),
        ("graph", {"zoom": "ns:a"}, "search", "the page graph has no parameter 'zoom'"),
        ("flows", {"infra": "hidden"}, "search", "the page flows has no parameter 'infra'"),
        ("graph", {"saved": "x"}, "search", "no parameter 'saved'"),
        ("graph", {"from": "yesterday"}, "search.from", "'yesterday' is not a time"),
        ("graph", {"from": "now", "to": "now-1h"}, "search", "ends at now-1h, before it begins at now"),
        ("graph", {"from": "now+1h"}, "search", "ends at now, before"),
        ("graph", {"q": ["a", "b"]}, "search.q", "one value, not a list"),
        ("graph", {"sel": "thing:1"}, "search.sel", "'thing:1' is not node:ID or edge:ID"),
        ("graph", {"width": "colour"}, "search.width", "'colour' is not one of bytes, connections, packets"),
        ("graph", {"layer": "shown:a"}, "search.layer", "'shown:a' is not dimmed:ID or hidden:ID"),
        ("graph", {"compare": "month"}, "search.compare", "'month' is not a time"),
        ("flows", {"zoom": ["ns:a", "b"]}, "search.zoom", "'b' is not ns:ID or node:ID or edge:ID"),
        ("flows", {"power": "2"}, "search.power", "not a number from 0.5 to 1"),
        ("graph", {"ns": []}, "search[...]", "length >= 1"),
        ("graph", {"cluster": ""}, "search[...]", "length >= 1"),
        ("graph", {"cluster": 5}, "search[...]", "got `int`"),
        ("graph", {"ns": "x" * (MOST_CHARACTERS + 1)}, "search", f"at most {MOST_CHARACTERS}"),
        ("logs", {}, "page", "not one of graph, flows"),
    ],
)
def test_what_is_not_understood_is_refused_in_one_sentence(
    page: str, search: dict[str, Any], path: str, says: str
) -> None:
    with pytest.raises(BadInputError) as refused:
        read(page, search)
    assert refused.value.path == f"document.{path}"
    assert says in refused.value.message
    assert refused.value.message.endswith(f"{VIEWS_PAGE} describes the format.")
    assert "\n" not in refused.value.message


def test_every_parameter_of_a_page_is_tried() -> None:
    assert set(PARAMETERS[ViewPage.GRAPH]) == set(GRAPH) | {"to"}
    assert set(PARAMETERS[ViewPage.FLOWS]) >= set(FLOWS)
