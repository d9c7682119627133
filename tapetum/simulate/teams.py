"""The generated part of the world: as many teams as asked for, each with its namespace and policies.

Every call drawn here is one that the team's policies were written to allow, but for a few strays.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from tapetum.simulate.connections import routine_calls
from tapetum.simulate.inventory import Kind, Namespace, Port, Process, Remote, Rhythm, Workload
from tapetum.simulate.naming import digest
from tapetum.simulate.policies import Policy
from tapetum.simulate.shop_calls import Call
from tapetum.simulate.spec import WorldSpec
from tapetum.simulate.team_policies import Style, policies_of

_AREAS = (
    "orders", "billing", "identity", "pricing", "fulfilment", "returns", "loyalty", "promo", "analytics",
    "reporting", "messaging", "media", "geo", "fleet", "support", "sellers", "content", "tax", "invoicing",
    "inventory",
)  # fmt: skip
_SUFFIXES = ("core", "eu", "us", "apac", "edge", "batch")
_NOUNS = (
    "account", "address", "audit", "basket", "batch", "bonus", "budget", "bundle", "case", "claim",
    "contract", "coupon", "credit", "customer", "device", "dispatch", "document", "event", "export",
    "feature", "feed", "gift", "import", "index", "invoice", "item", "label", "lead", "lock",
    "margin", "market", "member", "menu", "meter", "notice", "offer", "order", "parcel", "partner",
    "plan", "price", "profile", "quota", "rating", "receipt", "refund", "report", "review", "route",
    "rule", "session", "shelf", "stock", "store", "survey", "ticket", "token", "track", "voucher",
    "wallet",
)  # fmt: skip
_ROLES = ("api", "db", "web", "worker", "cache", "sync")
_CALLERS = ("api", "web", "worker")


@dataclass(frozen=True, slots=True)
class Teams:
    namespaces: tuple[Namespace, ...] = ()
    workloads: tuple[Workload, ...] = ()
    calls: tuple[Call, ...] = ()
    policies: tuple[Policy, ...] = ()
    remotes: tuple[Remote, ...] = ()


@dataclass(frozen=True, slots=True)
class _Team:
    name: str
    style: Style
    needs: tuple[int, ...]  # the teams whose APIs it calls
    workloads: tuple[Workload, ...]
    partner: Remote

    def having(self, *roles: str) -> list[Workload]:
        return [each for each in self.workloads if each.labels["role"] in roles]


def generate(spec: WorldSpec, namespaces: int, workloads: int, others: int) -> Teams:
    """`namespaces` teams with `workloads` between them; the rest of the world has `others` connections."""
    if not namespaces:
        return Teams()
    fan = 3 if spec.edges is None else 3 + spec.edges // (4 * spec.workloads)
    partners = {area: _partner(area) for area in _AREAS}
    teams = [
        _Team(
            name=_name(number),
            style=Style(digest(spec.seed, "style", number) % len(Style)),
            needs=_needs(spec.seed, number, namespaces, fan),
            workloads=tuple(_workloads(spec.seed, number, _portion(workloads, namespaces, number))),
            partner=partners[_AREAS[number % len(_AREAS)]],
        )
        for number in range(namespaces)
    ]
    calls = {_identity(call): call for number in range(namespaces) for call in _calls(spec, teams, number)}
    if spec.edges is not None:
        everyone = [each for team in teams for each in team.workloads]
        routine = sum(1 for _ in routine_calls(spec.seed, everyone, ()))
        _fill(spec, teams, calls, spec.edges - others - routine)
    callers: dict[int, list[str]] = {number: [] for number in range(namespaces)}
    for team in teams:
        for needed in team.needs:
            callers[needed].append(team.name)
    return Teams(
        namespaces=tuple(_namespace(team) for team in teams),
        workloads=tuple(each for team in teams for each in team.workloads),
        calls=tuple(calls.values()),
        policies=tuple(
            policy
            for number, team in enumerate(teams)
            for policy in policies_of(
                team.name,
                number,
                team.style,
                callers=callers[number],
                needs=[teams[needed].name for needed in team.needs],
                domain=team.partner.domains[0],
            )
        ),
        remotes=tuple({team.partner.key: team.partner for team in teams}.values()),
    )


def _name(number: int) -> str:
    area, suffix = _AREAS[number % len(_AREAS)], _SUFFIXES[number // len(_AREAS) % len(_SUFFIXES)]
    more = number // (len(_AREAS) * len(_SUFFIXES))
    return f"{area}-{suffix}" + (f"-{more + 1}" if more else "")


def _namespace(team: _Team) -> Namespace:
    labels = {
        "kubernetes.io/metadata.name": team.name,
        "team": team.name,
        "zone": "apps",
        "env": "prod",
        "kafka-client": "true",
    }
    return Namespace(team.name, labels)


def _portion(total: int, parts: int, number: int) -> int:
    return total * (number + 1) // parts - total * number // parts


def _needs(seed: int, number: int, namespaces: int, fan: int) -> tuple[int, ...]:
    others = [each for each in range(namespaces) if each != number]
    return tuple(sorted(Random(digest(seed, "needs", number)).sample(others, min(fan, len(others)))))


def _partner(area: str) -> Remote:
    number = digest("partner", area)
    address = f"23.{64 + number % 60}.{number // 60 % 250}.{10 + number // 16_000 % 200}"
    return Remote(f"@api.{area}-partner.com", "pub", (address,), (f"api.{area}-partner.com",))


def _workloads(seed: int, team: int, count: int) -> Iterator[Workload]:
    first = digest(seed, "noun", team)
    for number in range(count):
        app, role = divmod(number, len(_ROLES))
        turn, place = divmod(app, len(_NOUNS))
        noun = _NOUNS[(first + place * 7) % len(_NOUNS)] + (str(turn + 1) if turn else "")
        yield _workload(seed, _name(team), noun, _ROLES[role])


def _workload(seed: int, namespace: str, noun: str, role: str) -> Workload:
    name = f"{noun}-{role}"
    roll = digest(seed, namespace, name)
    metrics = Port("metrics", 9464)
    kind, port, process, rhythm = {
        "api": (Kind.DEPLOYMENT, (Port("https", 8443), metrics), Process(f"/app/{name}"), Rhythm.USER),
        "web": (Kind.DEPLOYMENT, (Port("http", 8080), metrics), Process("node", ("server.js",)), Rhythm.USER),
        "worker": (Kind.DEPLOYMENT, (metrics,), Process("python3", (f"-m {noun}.worker",)), Rhythm.STEADY),
        "db": (
            Kind.STATEFUL_SET,
            (Port("postgresql", 5432), metrics),
            Process("postgres", ("-D /data",)),
            Rhythm.USER,
        ),
        "cache": (
            Kind.STATEFUL_SET,
            (Port("redis", 6379), metrics),
            Process("redis-server", ("*:6379",)),
            Rhythm.USER,
        ),
        "sync": (Kind.CRON_JOB, (), Process("/app/sync", ("--once",)), Rhythm.BATCH),
    }[role]
    replicas = 1 if role == "sync" else 2 + roll % 3
    days = (0, 1, 2, 3, 7)[roll // 8 % 5]
    return Workload(
        namespace=namespace,
        name=name,
        kind=kind,
        replicas=replicas,
        labels={
            "app": name,
            "role": role,
            "app.kubernetes.io/part-of": noun,
        },
        ports=port,
        process=process,
        rhythm=rhythm,
        period=3600 if role == "sync" else 86_400 * days if kind is Kind.DEPLOYMENT else 0,
    )


def _identity(call: Call) -> tuple[str, str, str]:
    return call.source, call.target, call.port


def _call(rng: Random, source: Workload, target: Workload) -> Call:
    port = target.ports[0]
    return Call(
        source.key,
        target.key,
        port.name,
        rate=round(10 ** rng.uniform(-1.2, 1.6), 3),
        out=rng.randrange(200, 4_000),
        back=rng.randrange(300, 24_000),
        rtt=rng.randrange(200, 2_500),
        held=rng.randrange(0, 13) if target.labels["role"] in {"db", "cache"} else 0,
    )


def _calls(spec: WorldSpec, teams: Sequence[_Team], number: int) -> Iterator[Call]:
    """The calls that any such application makes."""
    team = teams[number]
    rng = Random(digest(spec.seed, "calls", number))
    apis, webs = team.having("api"), team.having("web")
    stores = {each.name.rsplit("-", 1)[0]: each for each in team.having("db")}
    caches = {each.name.rsplit("-", 1)[0]: each for each in team.having("cache")}
    for web in webs:
        yield Call(
            "ingress/ingress-nginx-controller", web.key, "http", round(rng.uniform(1, 40), 3), 1_500, 9_000
        )
        yield from (_call(rng, web, api) for api in rng.sample(apis, min(2, len(apis))))
    for each in team.having("api", "worker"):
        noun = each.name.rsplit("-", 1)[0]
        yield from (_call(rng, each, store[noun]) for store in (stores, caches) if noun in store)
        yield from (_call(rng, each, api) for api in rng.sample(apis, min(2, len(apis))) if api is not each)
    for each in team.having("sync"):
        yield from (_call(rng, each, api) for api in apis[:1])
    for each in team.having("worker"):
        yield Call(each.key, "data/kafka", "kafka", round(rng.uniform(0.2, 6), 3), 3_000, 400, 2_100, 3)
    for each in apis[:2]:
        yield Call(each.key, team.partner.key, "443/tcp", round(rng.uniform(0.1, 4), 3), 2_000, 6_000, 24_000)
    for needed in team.needs:
        theirs = teams[needed].having("api")
        yield from (_call(rng, api, rng.choice(theirs)) for api in apis[:2] if theirs)
    for stray in team.having("worker")[:1]:
        yield Call(stray.key, "data/opensearch", "transport", 0.04, ends="denied")


def _fill(
    spec: WorldSpec, teams: Sequence[_Team], calls: dict[tuple[str, str, str], Call], wanted: int
) -> None:
    """More calls of the kind that the policies allow, until there are as many as asked for."""
    rng = Random(digest(spec.seed, "fill"))
    apis = [team.having("api") for team in teams]
    callers = [team.having(*_CALLERS) for team in teams]
    able = [number for number, some in enumerate(callers) if some]
    tries = 8 * max(wanted, 0)
    while len(calls) < wanted and tries and able:
        tries -= 1
        number = rng.choice(able)
        theirs = apis[rng.choice((number, *teams[number].needs))]
        if not theirs:
            continue
        source, target = rng.choice(callers[number]), rng.choice(theirs)
        if source is not target:
            call = _call(rng, source, target)
            calls.setdefault(_identity(call), call)
