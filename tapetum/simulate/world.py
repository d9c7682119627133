"""A whole cluster from one seed: who is there, who may talk to whom, who does. Values only.

Time enters where logs are written; a world knows all of it at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tapetum.domain.errors import BadInputError
from tapetum.simulate import attack
from tapetum.simulate.attack import Story
from tapetum.simulate.connections import Connection, connect, routine_calls
from tapetum.simulate.directory import Directory
from tapetum.simulate.inventory import Endpoint, Host, Kind, Namespace, NetworkSet, Remote, Workload
from tapetum.simulate.lanes import Lanes, Rows, lay_out
from tapetum.simulate.naming import digest
from tapetum.simulate.pods import Housing
from tapetum.simulate.policies import Policy, Tier
from tapetum.simulate.shop import ESSENTIAL, NAMESPACES, NETWORK_SETS, REMOTES, WORKLOADS
from tapetum.simulate.shop_calls import CALLS
from tapetum.simulate.shop_policies import POLICIES, TIERS
from tapetum.simulate.spec import WorldSpec
from tapetum.simulate.teams import generate
from tapetum.simulate.verdicts import Rulebook


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """`story` and the pod that it is about (last of `workloads_and_job`) are there with an attack only."""

    spec: WorldSpec
    namespaces: tuple[Namespace, ...]
    workloads: tuple[Workload, ...]
    hosts: tuple[Host, ...]
    remotes: tuple[Remote, ...]
    network_sets: tuple[NetworkSet, ...]
    tiers: tuple[Tier, ...]
    policies: tuple[Policy, ...]
    directory: Directory
    rulebook: Rulebook
    housing: Housing
    connections: tuple[Connection, ...]
    lanes: Lanes
    rows: Rows
    story: Story | None
    job: Workload | None

    @property
    def workloads_and_job(self) -> tuple[Workload, ...]:
        return self.workloads if self.job is None else (*self.workloads, self.job)


def build(spec: WorldSpec) -> World:
    """The world of a spec. Building 2,000 workloads with 40,000 connections takes some seconds."""
    shop, named, teams_wanted, units_wanted = _shares(spec)
    hosts = _hosts(spec)
    named = tuple(_phased(spec, each) for each in named)
    sets = tuple(each for each in NETWORK_SETS if each.namespace in {"", *(space.name for space in shop)})
    present = {each.key for each in named}
    ours = [
        call for call in CALLS if all(end in present or end[0] in "@#" for end in (call.source, call.target))
    ]
    others = len(ours) + sum(1 for _ in routine_calls(spec.seed, named, hosts))
    teams = generate(spec, teams_wanted, units_wanted, others)
    namespaces = (*shop, *teams.namespaces)
    workloads = (*named, *(_phased(spec, each) for each in teams.workloads))
    remotes = (*REMOTES, *teams.remotes, *(_as_remote(each) for each in sets))
    job = _job(workloads) if spec.attack_at is not None else None
    known = (*workloads, job) if job else workloads
    directory = Directory(namespaces, [*known, *_endpoints(hosts), *remotes])
    policies = (*_at_home(POLICIES, namespaces), *teams.policies)
    rulebook = Rulebook(TIERS, policies, directory)
    calls = [*CALLS, *teams.calls, *routine_calls(spec.seed, workloads, hosts)]
    connections = connect(directory, rulebook, calls)
    story_from = len(connections)
    story = None
    if job is not None and spec.attack_at is not None:
        told = attack.calls(job.key, frozenset(each.key for each in workloads))
        connections += connect(directory, rulebook, told)
        story = Story(spec.seed, spec.attack_at, len(told) - attack.BEFORE_THE_SWEEP)
    housing = Housing(spec.seed, spec.epoch, hosts, known)
    lanes, rows = lay_out(spec.seed, housing, connections, story_from)
    return World(
        spec=spec,
        namespaces=namespaces,
        workloads=workloads,
        hosts=hosts,
        remotes=remotes,
        network_sets=sets,
        tiers=TIERS,
        policies=policies,
        directory=directory,
        rulebook=rulebook,
        housing=housing,
        connections=tuple(connections),
        lanes=lanes,
        rows=rows,
        story=story,
        job=job,
    )


def _shares(spec: WorldSpec) -> tuple[tuple[Namespace, ...], tuple[Workload, ...], int, int]:
    """The hand-named namespaces and workloads to keep, and how many of each teams must add."""
    shop = NAMESPACES[: spec.namespaces]
    if spec.namespaces <= len(NAMESPACES) and spec.workloads > len(_inhabitants(shop)):
        shop = NAMESPACES[: spec.namespaces - 1]  # the last one becomes a team's, with room for the rest
    teams = spec.namespaces - len(shop)
    candidates = _inhabitants(shop)
    firsts = {each.namespace: each.key for each in reversed(candidates)}
    must = [each for each in candidates if each.key in ESSENTIAL or firsts[each.namespace] == each.key]
    missing = [key for key in ESSENTIAL if key not in {each.key for each in must}]
    if missing or len(must) + teams > spec.workloads:
        raise BadInputError(
            f"{spec.namespaces} namespaces cannot be filled with {spec.workloads} workloads in a simulated "
            f"cluster; ask for {len(must) + teams} workloads or more, or for another number of namespaces."
        )
    others = [each for each in candidates if each not in must]
    kept = {each.key for each in (*must, *others[: spec.workloads - teams - len(must)])}
    named = tuple(each for each in candidates if each.key in kept)
    return shop, named, teams, spec.workloads - len(named)


def _inhabitants(namespaces: Sequence[Namespace]) -> list[Workload]:
    names = {each.name for each in namespaces}
    return [each for each in WORKLOADS if each.namespace in names]


def _phased(spec: WorldSpec, workload: Workload) -> Workload:
    """CronJobs keep to the clock; rollouts of different workloads do not coincide."""
    if not workload.period:
        return workload
    if workload.kind is Kind.CRON_JOB:
        return replace(workload, phase=spec.epoch % workload.period)
    return replace(workload, phase=digest(spec.seed, "phase", workload.key) % workload.period // 60 * 60)


def _hosts(spec: WorldSpec) -> tuple[Host, ...]:
    """A few of them stand at the edge and are host endpoints."""
    count = min(12 + spec.workloads // 40, 250)
    edge = min(3, count)
    hosts: list[Host] = []
    for number in range(count):
        third, fourth = 42 + number // 200, 10 + number % 200
        labels = {"kubernetes.io/os": "linux", "topology.kubernetes.io/zone": f"eu-west-1{'abc'[number % 3]}"}
        labels["node-type"] = "edge" if number < edge else "worker"
        name = f"ip-10-0-{third}-{fourth}"
        hosts.append(Host(name, f"10.0.{third}.{fourth}", labels, "eth0" if number < edge else ""))
    return tuple(hosts)


def _endpoints(hosts: Sequence[Host]) -> list[Endpoint]:
    return [host for host in hosts if host.interface]


def _as_remote(each: NetworkSet) -> Remote:
    addresses = tuple(net.rsplit(".", 1)[0] + ".10" for net in each.nets)
    return Remote(
        f"#{each.name}", each.name, addresses, in_set=True, namespace=each.namespace, labels=each.labels
    )


def _at_home(policies: Sequence[Policy], namespaces: Sequence[Namespace]) -> list[Policy]:
    names = {"", *(each.name for each in namespaces)}
    return [each for each in policies if each.namespace in names]


def _job(workloads: Sequence[Workload]) -> Workload:
    return attack.compromised(next(each for each in workloads if each.key == attack.VICTIM))
