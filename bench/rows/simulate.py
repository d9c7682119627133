"""One edit of a real policy set, simulated over ten million recorded flows in the embedded store."""

import asyncio
from collections.abc import Sequence

from bench import exporting, inputs
from bench.figures import Figure, Of, Target
from bench.setting import Setting
from bench.simulated import written_to
from bench.stores import NOW
from bench.timing import Took, middle, took, waited
from tapetum import simulate
from tapetum.api.context import Asked
from tapetum.api.use.simulation import Simulated, simulate_policies
from tapetum.catalog.manifests import ManifestImport
from tapetum.domain.manifests import Origin
from tapetum.domain.moments import SECOND, TimeRange
from tapetum.domain.policy_trace import Action
from tapetum.domain.scope import EVERYTHING
from tapetum.policy.bodies import bodies_of
from tapetum.policy.resources.endpoints import Namespace
from tapetum.policy.resources.keys import Key, key_of
from tapetum.policy.resources.kinds import Resource
from tapetum.policy.resources.manifests import read_manifests
from tapetum.policy.resources.network_sets import NetworkSet
from tapetum.policy.resources.policies import Policy
from tapetum.policy.whatif.edits import Delete, Edit, Relabel, Reorder, SetDefault
from tapetum.service import duckdb_upkeep
from tapetum.service.embedded import Embedded

ROW = "simulate"
_TIMES = 10
_CLUSTER = "bench"
_MUST = Target(2.0, at_least=False, of=Of.VALUE, unit="s")


def run(setting: Setting) -> list[Figure]:
    lines = setting.sized(10_000_000, 5_000) // _TIMES
    with written_to(setting, lines) as (store, within):
        _multiply(store)
        resources = _import(store, setting, within)
        policies = [each for each in resources if isinstance(each, Policy) and each.staged is None]
        flows = f"{lines * _TIMES:,} flows"
        first = took(lambda: _asked(store, within, SetDefault("default", Action.DENY)))
        found = [Figure(ROW, f"{flows}, the first question: manifests are read", first.wall, "s")]
        _, whole = asyncio.run(_simulated(store, within, Delete(key_of(policies[0])), setting.rounds))
        found.append(Figure(ROW, f"{flows}, hours not folded yet, a policy deleted", whole.wall, "s"))
        duckdb_upkeep.fold_verdicts(store.engine, NOW)  # as `up` does every minute
        for what, edit in _edits(policies, resources):
            keys, cost = asyncio.run(_simulated(store, within, edit, setting.rounds))
            named = f"{flows}, {keys:,} keys, {len(policies)} policies, {what}"
            found.append(Figure(ROW, named, cost.wall, "s", target=_MUST))
        return found


def _edits(policies: list[Policy], resources: Sequence[Resource]) -> list[tuple[str, Edit]]:
    """Of something narrow, of something that bears on all, of what no policy says, and of what they mean."""
    narrow = next(each for each in policies if each.id.namespace is not None)
    broad = next(each for each in policies if each.id.namespace is None)
    return [
        ("a namespace's policy deleted", Delete(key_of(narrow))),
        ("a global policy deleted", Delete(key_of(broad))),
        ("a global policy last", Reorder(key_of(broad), None)),
        ("another tier default", SetDefault("default", Action.PASS)),
        (
            "a namespace labelled",
            Relabel(Key("Namespace", None, _named(resources, Namespace)), {"tried": "yes"}),
        ),
        ("a network set relabelled", Relabel(_set(resources), {"tried": "yes"})),
    ]


def _named(resources: Sequence[Resource], kind: type[Namespace]) -> str:
    return next(each.name for each in resources if isinstance(each, kind))


def _set(resources: Sequence[Resource]) -> Key:
    return next(key_of(each) for each in resources if isinstance(each, NetworkSet))


async def _simulated(store: Embedded, within: TimeRange, edit: Edit, rounds: int) -> tuple[int, Took]:
    """Each round with a context of its own, so that no answer is at hand; the states are."""
    api = exporting.context(store, lambda: NOW)
    await simulate_policies(Asked(api, EVERYTHING, NOW), _CLUSTER, [], within, None)
    costs: list[Took] = []
    keys = 0
    for place in range(rounds):

        async def ask() -> Simulated:
            shorter = TimeRange(within.start, within.end - place)  # noqa: B023 - asked before the next one
            return await simulate_policies(Asked(api, EVERYTHING, NOW), _CLUSTER, [edit], shorter, None)

        costs.append(await waited(ask))
        keys = (await ask()).simulation.keys
    return keys, middle(costs)


def _asked(store: Embedded, within: TimeRange, edit: Edit) -> None:
    api = exporting.context(store, lambda: NOW)
    asyncio.run(simulate_policies(Asked(api, EVERYTHING, NOW), _CLUSTER, [edit], within, None))


def _multiply(store: Embedded) -> None:
    """The same connections again, moments later: more records, and no more keys."""
    with store.engine.transaction() as tx:
        for place in range(1, _TIMES):
            tx.connection.execute(
                f"INSERT INTO flows SELECT * REPLACE (start_time + INTERVAL {place} SECOND AS start_time, "
                f"id || '{place}' AS id) FROM flows WHERE length(id) = 16"
            )
    store.engine.checkpoint()


def _import(store: Embedded, setting: Setting, within: TimeRange) -> Sequence[Resource]:
    world = inputs.world(setting.scale, within.start // SECOND)
    found = read_manifests([("bench", simulate.as_yaml(simulate.manifests(world)))])
    given = ManifestImport(_CLUSTER, within.start, Origin.IMPORT, None, bodies_of(_CLUSTER, found))
    asyncio.run(store.catalog.import_manifests(EVERYTHING, given))
    return found.resources
