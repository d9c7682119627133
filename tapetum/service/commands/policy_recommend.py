"""`tapetum policy recommend`: policies learnt from flow logs, and how they do on those of later."""

import json
from pathlib import Path
from typing import Annotated

import numpy as np
import pyarrow as pa
from cyclopts import Parameter

from tapetum.domain.cluster_names import checked_cluster
from tapetum.domain.errors import BadInputError
from tapetum.domain.flows import VERDICT_KEY
from tapetum.domain.moments import Micros, parse_moment
from tapetum.kql import compile_predicate, parse
from tapetum.kql.binding import bind
from tapetum.kql.conditions import fields_of
from tapetum.policy.recommend import (
    HeldOut,
    Observed,
    Options,
    Style,
    Target,
    evaluate_held_out,
    named,
    nameless,
    observed,
    recommend,
)
from tapetum.policy.recommend.text import as_yaml
from tapetum.policy.selectors import Selector, SelectorError
from tapetum.policy.selectors import parse as parse_selector
from tapetum.service.commands.policy import AsJson, Lenient, Paths, state_of
from tapetum.service.console import now, say
from tapetum.service.flow_files import read_flows, read_lookups
from tapetum.service.recommendation_wire import as_object, edge_text
from tapetum.service.settings import load

_SHOWN = 20


def policy_recommend(
    paths: Paths,
    /,
    *,
    flows: Annotated[list[Path], Parameter(help="Flow logs, and DNS logs for names: files, or directories.")],
    namespace: Annotated[
        list[str] | None, Parameter(help="Write for its workloads; all if left out.")
    ] = None,
    selector: Annotated[
        str | None, Parameter(help="Write for pods that it selects, as app == 'web'.")
    ] = None,
    style: Annotated[
        Style, Parameter(help="Calico's policies, staged ones, or Kubernetes' own.")
    ] = Style.STAGED,
    tier: Annotated[str, Parameter(help="The tier of Calico's policies.")] = "default",
    order: Annotated[float, Parameter(help="Their order in it.")] = 100,
    learn_until: Annotated[
        str | None, Parameter(help="Learn from what is earlier, test on what is not: ISO 8601 or now-1d.")
    ] = None,
    min_connections: Annotated[int, Parameter(help="Leave out edges with fewer connections.")] = 0,
    min_days: Annotated[int, Parameter(help="Leave out edges seen on fewer days.")] = 1,
    unwanted: Annotated[
        list[str] | None, Parameter(help="Leave out edges that this KQL finds, as dest_port: 22.")
    ] = None,
    cluster: Annotated[str | None, Parameter(help="The cluster that the logs are of.")] = None,
    lenient: Lenient = False,
    as_json: AsJson = False,
) -> None:
    """Print policies that allow what was seen, as YAML with the evidence for each rule."""
    settings = load()
    clock = now()
    until = None if learn_until is None else parse_moment(learn_until, clock)
    target = Target(frozenset(namespace) if namespace else None, _selector(selector))
    options = Options(style, tier, order, min_connections=min_connections, min_days=min_days)
    state = state_of(paths, lenient=lenient)
    for each in sorted((target.namespaces or frozenset()) - {space for space, _ in state.groups}):
        say(f"The manifests hold no pod of the namespace {each}; only the logs tell of its workloads.")
    name = checked_cluster(settings.cluster if cluster is None else cluster)
    read = read_flows(flows, name, settings, clock, until)
    halves = [_marked(each, unwanted, clock) for each in (read.earlier, read.later) if each is not None]
    addresses = sorted({address for half in halves for address in nameless(half)})
    lookups = read_lookups(flows, name, settings, clock, addresses)
    learnt, *later = (named(half, lookups) for half in halves)
    found = recommend(state, learnt, target, options)
    held = evaluate_held_out(found, state, later[0]) if later else None
    if as_json:
        print(json.dumps(as_object(found, held), indent=2))  # noqa: T201 - the answer, for a program
    else:
        print(as_yaml(found), end="")  # noqa: T201
    if read.rejected:
        say(f"{read.rejected:,} lines of the logs could not be read.")
    say(f"{len(found.policies)} policies from {found.connections:,} connections.")
    for left in found.left_out[:_SHOWN]:
        say(f"Not learnt ({left.why}): {edge_text(left)}.")
    for idle in found.idle:
        say(f"Nothing was seen of {idle}; no policy is written for it.")
    if until is not None:
        _say_held_out(held)


def _say_held_out(held: HeldOut | None) -> None:
    if held is None:
        say("There is no flow after --learn-until to test on.")
        return
    tried = held.legitimate
    say(
        f"Tested on {tried.total:,} later connections: {tried.denied:,} would be denied "
        f"({tried.share_denied:.3%}), {tried.uncertain:,} are uncertain."
    )
    if held.unwanted.total:
        say(f"Of {held.unwanted.total:,} unwanted ones {held.unwanted.denied:,} would be denied.")
    if held.newly_allowed:
        say(f"{held.newly_allowed:,} that are denied now would be allowed.")
    for lost in held.lost[:_SHOWN]:
        say(f"Would be denied: {edge_text(lost)}.")


def _selector(text: str | None) -> Selector | None:
    if text is None:
        return None
    try:
        return parse_selector(text)
    except SelectorError as error:
        raise BadInputError(f"--selector: {error.message}") from None


def _marked(table: pa.Table, unwanted: list[str] | None, clock: Micros) -> Observed:
    """Only by what verdict keys hold: a field that they lack would leave out nothing, in silence."""
    queries = [parse(text) for text in unwanted or ()]
    for query in queries:
        lacking = sorted({field.name for field in fields_of(bind(query, "flows", clock))} - set(VERDICT_KEY))
        if lacking:
            raise BadInputError(
                f"--unwanted cannot ask for {', '.join(lacking)}; ask for {', '.join(VERDICT_KEY[1:])}."
            )
    if not queries:
        return observed(table)
    tests = [compile_predicate(query, "flows", clock) for query in queries]
    rows = table.select(VERDICT_KEY).to_pylist()
    return observed(table, np.array([any(test(row) for test in tests) for row in rows], np.bool_))
