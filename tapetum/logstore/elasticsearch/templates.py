"""Index templates: what every index of a kind is made with. Versioned, so that old writers can tell.

A newer version may add fields only: writers of both versions run side by side during an upgrade.
"""

from dataclasses import dataclass
from typing import Any

from tapetum.domain.batches import RecordKind
from tapetum.domain.errors import UnavailableError
from tapetum.domain.shapes import SHAPES
from tapetum.logstore.elasticsearch.fields import ALERTS, FLOWS, JOURNAL, LETTERS, Mapping, record_fields
from tapetum.logstore.elasticsearch.names import Family, Names
from tapetum.logstore.elasticsearch.server import Server

VERSION = 7
MOST_TERMS = 65_536
_FIELDS: dict[Family, Mapping] = {
    Family.FLOWS: FLOWS,
    **{Family(kind.value): record_fields(kind) for kind in SHAPES if kind is not RecordKind.FLOWS},
    Family.ALERTS: ALERTS,
    Family.LETTERS: LETTERS,
}


@dataclass(frozen=True, slots=True)
class Indexing:
    """How indices are kept. A longer refresh interval makes ingest cheaper and records visible later.

    `replicas`: fewest and most copies, as many as there are nodes for.
    """

    replicas: str = "0-1"
    refresh: str = "1s"

    @property
    def settings(self) -> Mapping:
        return {
            "number_of_shards": 1,
            "auto_expand_replicas": self.replicas,
            "refresh_interval": self.refresh,
            "codec": "best_compression",
            "max_terms_count": MOST_TERMS,
            "max_regex_length": 16_384,
        }


def migrate(server: Server, names: Names, indexing: Indexing) -> None:
    """Install or raise the templates, add new fields to what is there, make the journal; repeatable."""
    installed = _installed(server, names)
    meta = {"version": VERSION, "settings": indexing.settings}
    if installed is None or installed["version"] < VERSION or installed != meta:
        if installed is None or installed["version"] <= VERSION:
            _install(server, names, indexing, meta)
        if installed is not None and installed["version"] < VERSION:
            for family, properties in _FIELDS.items():
                path = f"/{names.pattern(family)}/_mapping"
                server.do("PUT", path, {"properties": properties}, parameters={"allow_no_indices": "true"})
    server.do("PUT", f"/{names.journal}", _journal(indexing), fine=(400,))


def check(server: Server, names: Names) -> None:
    """Raises where the templates are missing or older than this program: indices would lack fields."""
    installed = _installed(server, names)
    if installed is None or installed["version"] < VERSION:
        found = (
            "has no templates" if installed is None else f"has templates of version {installed['version']}"
        )
        raise UnavailableError(
            f"Elasticsearch at {server.place} {found}, and this program needs version {VERSION}; "
            "run `tapetum migrate`."
        )


def remove(server: Server, names: Names) -> None:
    """Drop all indices and templates of the store."""
    found = server.do("GET", f"/{names.prefix}-*", fine=(404,), parameters={"expand_wildcards": "all"})[1]
    for index in found if isinstance(found, dict) and "error" not in found else ():
        server.do("DELETE", f"/{index}", fine=(404,))
    for family in Family:
        server.do("DELETE", f"/_index_template/{names.alias(family)}", fine=(404,))
        server.do("DELETE", f"/_component_template/{names.alias(family)}-fields", fine=(404,))
    server.do("DELETE", f"/_component_template/{names.prefix}-settings", fine=(404,))


def _installed(server: Server, names: Names) -> Any:
    status, answer = server.do("GET", f"/_index_template/{names.alias(Family.FLOWS)}", fine=(404,))
    return None if status == 404 else answer["index_templates"][0]["index_template"]["_meta"]  # noqa: PLR2004 - not found


def _install(server: Server, names: Names, indexing: Indexing, meta: Mapping) -> None:
    """The index templates come last: who finds one finds all that it is composed of."""
    shared = f"{names.prefix}-settings"
    server.do(
        "PUT",
        f"/_component_template/{shared}",
        {"template": {"settings": {"index": indexing.settings}}, "_meta": meta},
    )
    for family, properties in _FIELDS.items():
        own = {"mappings": {"dynamic": False, "properties": properties}}
        server.do(
            "PUT", f"/_component_template/{names.alias(family)}-fields", {"template": own, "_meta": meta}
        )
    for family in reversed(_FIELDS):  # flows last, as that is the one that is asked for
        server.do(
            "PUT",
            f"/_index_template/{names.alias(family)}",
            {
                "index_patterns": [names.pattern(family)],
                "composed_of": [shared, f"{names.alias(family)}-fields"],
                "template": {"aliases": {names.alias(family): {}}},
                "priority": 200,
                "_meta": meta,
            },
        )


def _journal(indexing: Indexing) -> Mapping:
    return {
        "settings": {"index": indexing.settings},
        "mappings": {"dynamic": False, "properties": JOURNAL, "_meta": {"version": VERSION}},
    }
