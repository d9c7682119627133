"""Reading dead letters: newest first by time of receipt, for scopes without a limit to namespaces."""

from tapetum.domain.moments import TimeRange
from tapetum.domain.scope import Scope
from tapetum.logstore.elasticsearch.names import Family, Names
from tapetum.logstore.elasticsearch.reading import count as counted
from tapetum.logstore.elasticsearch.reading import documents
from tapetum.logstore.elasticsearch.server import Body, Server
from tapetum.logstore.elasticsearch.where import Where, during, within_scope
from tapetum.logstore.port import DeadLetter

_FIELDS = ("id", "cluster", "received_at", "source", "batch_id", "line_no", "reason", "line")


async def page(
    server: Server, names: Names, scope: Scope, within: TimeRange, first: int, after: str | None
) -> tuple[list[DeadLetter], bool]:
    position = None
    if after is not None:
        anywhere = Where((names.alias(Family.LETTERS),), ({"term": {"id": after}},))
        found = await documents(server, anywhere, size=1, only=["received_at"])
        if not found:
            return [], False
        position = [found[0]["received_at"], after]
    newest: list[Body | str] = [{"received_at": "desc"}, {"id": "desc"}]
    where = _where(names, scope, within)
    found = await documents(server, where, sort=newest, size=first + 1, after=position, only=list(_FIELDS))
    return [DeadLetter(*(one[name] for name in _FIELDS)) for one in found[:first]], len(found) > first


async def count(server: Server, names: Names, scope: Scope, within: TimeRange) -> int:
    return await counted(server, _where(names, scope, within))


def _where(names: Names, scope: Scope, within: TimeRange) -> Where:
    """A bad line has no endpoints that could be judged, so a namespace limit hides them all."""
    where = within_scope(names, None, scope, within)
    return where.and_(during("received_at", within))
