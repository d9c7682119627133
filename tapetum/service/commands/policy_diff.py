"""`tapetum policy diff`: what changed manifests would have done to recorded flows, for a pull request."""

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from tapetum.domain.cluster_names import checked_cluster
from tapetum.domain.errors import BadInputError
from tapetum.policy.resources.keys import Key
from tapetum.policy.resources.manifests import Manifest
from tapetum.policy.state import ClusterState
from tapetum.policy.whatif import Change, simulate
from tapetum.service.commands.policy import AsJson, Lenient, manifests_of
from tapetum.service.console import now, say
from tapetum.service.flow_files import read_flows
from tapetum.service.settings import load
from tapetum.service.simulation_report import Report, report
from tapetum.service.simulation_text import lines, markdown
from tapetum.service.simulation_wire import MOST, ask

_FLIPPED, _UNCERTAIN = 1, 3
_THREADS = 2
Objects = dict[Key, Manifest]


def policy_diff(
    before: Annotated[Path, Parameter(help="The manifests as they are: a file or directory.")],
    after: Annotated[Path, Parameter(help="The manifests as they would be.")],
    /,
    *,
    common: Annotated[
        list[Path] | None,
        Parameter(name="--with", help="What both need beside: namespaces, pods, other policies."),
    ] = None,
    flows: Annotated[list[Path] | None, Parameter(help="Flow logs: files, or directories of them.")] = None,
    url: Annotated[
        str | None, Parameter(help="A running server instead, which has flows and the cluster's manifests.")
    ] = None,
    start: Annotated[str, Parameter(name="--from", help="With --url: since when.")] = "now-1d",
    end: Annotated[str, Parameter(name="--to", help="With --url: until when.")] = "now",
    token: Annotated[
        str | None, Parameter(env_var="TAPETUM_TOKEN", help="The bearer token for --url.")
    ] = None,
    cluster: Annotated[str | None, Parameter(help="The cluster that is meant.")] = None,
    most: Annotated[int, Parameter(help=f"How many flipped paths to list, at most {MOST}.")] = 50,
    lenient: Lenient = False,
    as_json: AsJson = False,
    as_markdown: Annotated[
        bool, Parameter(name="--markdown", help="Print Markdown, for a pull request.")
    ] = False,
) -> None:
    """Say which recorded connections changed manifests would deny or allow.

    Exits 0 where nothing flips, 1 where something does, 3 where some are uncertain and none flips.
    """
    if (flows is None) == (url is None):
        raise BadInputError("Give either --flows or --url: where the recorded connections are.")
    if not 1 <= most <= MOST:
        raise BadInputError(f"--most is {most}; give a number from 1 to {MOST}.")
    was, would = (
        {each.key: each for each in manifests_of([path], lenient=lenient)} for path in (before, after)
    )
    if url is not None:
        found = ask(url, token, list(_changes(was, would)), {"from": start, "to": end}, cluster, most)
    else:
        beside = manifests_of(common or (), lenient=lenient)
        found = _replayed(flows or (), cluster, was, would, beside, most)
    if as_json:
        print(json.dumps(asdict(found), indent=2))  # noqa: T201 - the answer, for a program
    elif as_markdown:
        print(markdown(found), end="")  # noqa: T201
    else:
        for line in lines(found):
            say(line)
    flipped = found.paths(Change.NEWLY_DENIED, Change.NEWLY_ALLOWED)
    sys.exit(_FLIPPED if flipped else _UNCERTAIN if found.paths(Change.UNCERTAIN) else 0)


def _replayed(
    flows: Sequence[Path],
    cluster: str | None,
    was: Objects,
    would: Objects,
    beside: Sequence[Manifest],
    most: int,
) -> Report:
    settings = load()
    name = checked_cluster(settings.cluster if cluster is None else cluster)
    states = [
        ClusterState({**{each.key: each.resource for each in beside}, **_resources(given)}.values())
        for given in (was, would)
    ]
    read = read_flows(flows, name, settings, now(), None)
    found = simulate(read.earlier, *states, threads=_THREADS)
    notes = [f"{read.rejected:,} lines of the logs could not be read."] if read.rejected else []
    return report(found, _changed(was, would), most, notes)


def _resources(given: Objects) -> dict[Key, Any]:
    return {key: each.resource for key, each in given.items()}


def _changed(was: Objects, would: Objects) -> Iterator[tuple[Key, str]]:
    for key in sorted(was.keys() | would.keys(), key=str):
        if key not in would:
            yield key, "removed"
        elif key not in was:
            yield key, "added"
        elif was[key].document != would[key].document:
            yield key, "changed"


def _changes(was: Objects, would: Objects) -> Iterator[dict[str, Any]]:
    """As the API takes them."""
    for key, what in _changed(was, would):
        if what == "removed":
            yield {"delete": {"kind": key.kind, "namespace": key.namespace, "name": key.name}}
        else:
            yield {"apply": json.dumps(would[key].document)}
