"""Reading dead letters: newest first by time of receipt, for scopes without a limit to namespaces."""

from tapetum.domain.batches import RecordKind
from tapetum.domain.scope import Scope
from tapetum.logstore.elasticsearch.names import Family, Names
from tapetum.logstore.elasticsearch.reading import count as counted
from tapetum.logstore.elasticsearch.reading import documents
from tapetum.logstore.elasticsearch.server import Body, Server
from tapetum.logstore.elasticsearch.where import Where, during, within_scope
from tapetum.logstore.port import DeadLetter, LetterSearch

_FIELDS = ("id", "cluster", "received_at", "source", "batch_id", "line_no", "reason", "line")


async def page(
    server: Server, names: Names, scope: Scope, search: LetterSearch, first: int, after: str | None
) -> tuple[list[DeadLetter], bool]:
    position = None
    if after is not None:
        anywhere = Where((names.alias(Family.LETTERS),), ({"term": {"id": after}},))
        found = await documents(server, anywhere, size=1, only=["received_at"])
        if not found:
            return [], False
        position = [found[0]["received_at"], after]
    newest: list[Body | str] = [{"received_at": "desc"}, {"id": "desc"}]
    where = _where(names, scope, search)
    told = [*_FIELDS, "kind"]
    found = await documents(server, where, sort=newest, size=first + 1, after=position, only=told)
    return [_letter(one) for one in found[:first]], len(found) > first


async def count(server: Server, names: Names, scope: Scope, search: LetterSearch) -> int:
    return await counted(server, _where(names, scope, search))


def _letter(found: Body) -> DeadLetter:
    kind = found.get("kind")
    return DeadLetter(*(found[name] for name in _FIELDS), kind=kind and RecordKind(kind))


def _where(names: Names, scope: Scope, search: LetterSearch) -> Where:
    """A bad line has no endpoints that could be judged, so a namespace limit hides them all."""
    where = within_scope(names, None, scope.narrowed(search.clusters), search.range)
    asked = {"kind": search.kind and search.kind.value, "source": search.source}
    terms = [{"term": {name: value}} for name, value in asked.items() if value is not None]
    return where.and_(during("received_at", search.range), *terms)
