"""`tapetum token`: bearer tokens for the API and for sending logs."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from tapetum.api.auth import issue
from tapetum.domain.errors import BadInputError
from tapetum.domain.moments import iso
from tapetum.domain.scope import Scope
from tapetum.service.console import now, say
from tapetum.service.doors import entered
from tapetum.service.settings import load

token = App(name="token", help="Create, list and revoke bearer tokens.")
_LONGEST = 3650
Data = Annotated[Path | None, Parameter(help="The data directory.")]


@token.command
def create(
    name: str,
    *,
    cluster: Annotated[
        list[str] | None, Parameter(help="A cluster that it may see; all when left out.")
    ] = None,
    namespace: Annotated[
        list[str] | None,
        Parameter(help="A namespace that it may see, as CLUSTER/NAMESPACE; all when left out."),
    ] = None,
    ingest: Annotated[bool, Parameter(help="Whether it may send logs.")] = False,
    days: Annotated[float, Parameter(help="Days until it expires.")] = 90.0,
    data: Data = None,
) -> None:
    """Create a token called NAME and print its secret, which is shown this once."""
    settings = load(data=data)
    scope = Scope(
        frozenset(cluster) if cluster else None,
        frozenset(_namespace(text) for text in namespace) if namespace else None,
    )
    if not 0 < days <= _LONGEST:
        raise BadInputError(f"A token is valid for more than 0 and at most {_LONGEST} days, not {days:g}.")
    made, secret = issue(name, scope, ingest=ingest, lifetime=timedelta(days=days), clock=now)
    with entered(settings, data) as door:
        door.add_token(made)
    say(f"Token {made.id} for {made.name}, valid until {iso(made.expires_at)}. It is not shown again:")
    print(secret)  # noqa: T201 - the answer, for a pipe


@token.command(name="list")
def list_(*, data: Data = None) -> None:
    """List tokens, without their secrets."""
    settings = load(data=data)
    with entered(settings, data, must_exist=True) as door:
        found = door.tokens()
    for each in found:
        clusters = "all clusters" if each.scope.clusters is None else ", ".join(sorted(each.scope.clusters))
        pairs = each.scope.namespaces
        namespaces = (
            "all namespaces" if pairs is None else ", ".join(sorted("/".join(pair) for pair in pairs))
        )
        sends = "may send logs" if each.ingest else "reads only"
        print(f"{each.id}  {each.name}  until {iso(each.expires_at)}  {sends}; {clusters}; {namespaces}")  # noqa: T201
    if not found:
        say("There are no tokens.")


@token.command
def revoke(token_id: str, *, data: Data = None) -> None:
    """Revoke a token by its id; what it opened is closed within half a minute."""
    settings = load(data=data)
    with entered(settings, data, must_exist=True) as door:
        if not door.revoke_token(token_id):
            raise BadInputError(f"There is no token {token_id[:60]!r}; `tapetum token list` shows them.")
    say(f"Token {token_id} is revoked.")


def _namespace(text: str) -> tuple[str, str]:
    cluster, slash, namespace = text.partition("/")
    if not (cluster and slash and namespace):
        raise BadInputError(f"{text[:60]!r} is no namespace of a cluster; write CLUSTER/NAMESPACE.")
    return cluster, namespace
