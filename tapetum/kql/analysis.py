"""What a query depends on, so that callers know which store or roll-up can answer it."""

from tapetum.kql.binding import bind
from tapetum.kql.conditions import fields_of
from tapetum.kql.syntax import Query


def fields_used(query: Query, kind: str) -> frozenset[str]:
    """Stored names of the fields that decide the query; raises KqlError as compiling does.

    Field wildcards are expanded, and a value without a field uses the default fields that it fits.
    """
    return frozenset(field.name for field in fields_of(bind(query, kind, now=0)))
