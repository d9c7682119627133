"""F20: hostile documents are refused before anything is executed, quickly and quietly."""

import time
from collections.abc import Callable

import pytest
from graphql import get_introspection_query

from tapetum.api import ApiSettings, Limits
from tapetum.api.admission import Admission
from tapetum.api.errors import InvalidDocumentError, RefusedError
from tapetum.api.request import GraphQLRequest
from tapetum.api.schema import build_schema, executable
from tests.api.fakes import HangingLogs
from tests.api.world import opened

COUNTERS = (
    "records connections packets packetsIn packetsOut bytesIn bytesOut bytesToTarget bytesToSource estimated"
)
NODE = "id kind name namespace cluster parentId members"
EDGE = f"id sourceId targetId allowed {{ {COUNTERS} }} denied {{ {COUNTERS} }}"
HIT = "set index tier kind namespace name action ruleIndex staged endOfTier trigger"
RANGE = 'range: {from: "now-1h"}'
SCHEMA = executable(build_schema())


def chained(count: int, body: Callable[[int], str], last: str, on: str) -> str:
    parts = [
        f"fragment F{place} on {on} {{ {body(place)} ...F{place + 1} ...F{place + 1} }}"
        for place in range(count)
    ]
    return " ".join([*parts, f"fragment F{count} on {on} {{ {last} }}"])


HOSTILE = {
    "60 aliases": "{" + " ".join(f"a{n}: clusters {{ id }}" for n in range(60)) + "}",
    "aliases in fragments": "{ ...F } fragment F on Query {"
    + " ".join(f"a{n}: clusters {{ id }}" for n in range(60))
    + "}",
    "20k duplicate fields": "{ clusters { " + "id " * 20_000 + "} }",
    "900 duplicate fields": "{ clusters { " + "id " * 900 + "} }",
    "duplicate parents": "{" + "clusters { id } " * 240 + "}",
    "duplicates in fragments": "{ clusters { "
    + " ".join(f"...F{n}" for n in range(60))
    + " } } "
    + " ".join(f"fragment F{n} on Cluster {{ id }}" for n in range(60)),
    "deep fragments": "{ clusters { id ...F0 } } " + chained(60, lambda n: f"a{n}: id", "id", "Cluster"),
    "5k directives": "{ clusters { id " + "@skip(if: false) " * 5000 + "} }",
    "150 directives": "{ clusters { id " + "@skip(if: false) " * 150 + "} }",
    "directives on variables": "query("
    + " ".join(f"$v{n}: Int @x" for n in range(40))
    + ") { clusters { id } }",
    "circular introspection": "{ __schema { types { fields { type { fields { type { fields { type { fields "
    "{ type "
    "{ fields { type { name } } } } } } } } } } } } }",
    "deep nesting": "{" + "a {" * 400 + " a " + "}" * 400 + "}",
    "depth 20": "{" + "a {" * 20 + " a " + "}" * 20 + "}",
    "inline fragments": "{ clusters {" + "... on Cluster {" * 200 + "id" + "}" * 200 + "} }",
    "nested values": "{ namespaces(clusters: " + "[" * 400 + "]" * 400 + ") { id } }",
    "100 root fields": "{" + " ".join(f"x{n}" for n in range(100)) + "}",
    "many operations": " ".join(f"query Q{n} {{ clusters {{ id }} }}" for n in range(200)),
    "a costly one that is not run": "query A { __typename } query B {"
    + " ".join(f"a{n}: serviceGraph({RANGE}, limit: 100000) {{ edges {{ id }} }}" for n in range(5))
    + "}",
    "large pages of large pages": "{"
    + " ".join(
        f"a{n}: flows({RANGE}, first: 500) {{ nodes {{ policyHits {{ set index tier kind name action }} }} }}"
        for n in range(15)
    )
    + "}",
    "a large typed graph": f"{{ serviceGraph({RANGE}, limit: 100000) {{ edges {{ {EDGE} }} }} }}",
    "a limit beyond all integers": "{ namespaces(limit: " + "9" * 3000 + ") { id } }",
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_hostile_documents_are_refused_quickly_and_never_run(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    logs = HangingLogs()
    with opened(logs=logs) as world:
        async with world.client() as client:
            await client.post("/graphql", json={"query": "{ __typename }"})
            best = 10.0
            for _ in range(3):
                began = time.process_time()
                response = await client.post("/graphql", json={"query": HOSTILE[name]})
                best = min(best, time.process_time() - began)
    error = response.json()["errors"][0]
    assert error["extensions"]["code"] in ("REFUSED", "TOO_LARGE"), error
    assert best < 0.05
    assert logs.asked == 0
    assert len(response.content) <= 1000
    logged = capsys.readouterr()
    assert len(logged.out) + len(logged.err) <= 2 * len(HOSTILE[name])


@pytest.mark.parametrize(
    "query",
    [
        "{ ...A } fragment A on Query { clusters { id } ...B } fragment B on Query { ...A }",
        "{ clusters { nothing } }",
        "query($a: Nothing) { __typename }",
        "subscription { alertRaised { gap } flowsIngested { dropped } }",
        "mutation { x }",
        "{ clusters(" + ", ".join(f"a{n}: 1" for n in range(200)) + ") { id } }",
        "type Query { x: Int }",
        "fragment A on Query { clusters { id } }",
        "",
        "{ clusters { id } } }",
    ],
)
def test_invalid_documents_are_refused(query: str) -> None:
    with pytest.raises((InvalidDocumentError, RefusedError)):
        Admission(SCHEMA, ApiSettings()).admit(GraphQLRequest(query))


@pytest.mark.parametrize(
    "query",
    [
        get_introspection_query(descriptions=True, input_value_deprecation=True, schema_description=True),
        f"{{ serviceGraph({RANGE}) {{ nodes {{ {NODE} }} edges {{ {EDGE} }} }} }}",
        f"{{ flows({RANGE}, first: 500) {{ totalCount edges {{ node {{ id policyHits {{ {HIT} }} }} }} }} }}",
        f"{{ serviceGraph({RANGE}, limit: 100000) {{ columns }} }}",
        "{ "
        + " ".join(f"a{n}: histogram({RANGE}) {{ starts series {{ key counts }} }}" for n in range(20))
        + " }",
    ],
)
def test_what_honest_clients_ask_is_admitted(query: str) -> None:
    assert Admission(SCHEMA, ApiSettings()).admit(GraphQLRequest(query))


def test_the_cost_follows_variables_and_their_defaults() -> None:
    admission = Admission(SCHEMA, ApiSettings(limits=Limits(cost=1000)))
    query = f"query($n: Int = 400) {{ flows({RANGE}, first: $n) {{ nodes {{ id host proto }} }} }}"
    assert admission.admit(GraphQLRequest(query, {"n": 200}))
    for variables in ({"n": 400}, {}, None, {"n": None}):
        with pytest.raises(RefusedError, match="may return"):
            admission.admit(GraphQLRequest(query, variables))


def test_limits_hold_for_a_document_that_is_known() -> None:
    admission = Admission(SCHEMA, ApiSettings(limits=Limits(cost=1000)))
    query = f"query($n: Int!) {{ flows({RANGE}, first: $n) {{ nodes {{ id host proto }} }} }}"
    first = admission.admit(GraphQLRequest(query, {"n": 2}))
    assert admission.admit(GraphQLRequest(query, {"n": 3})).document is first.document
    with pytest.raises(RefusedError):
        admission.admit(GraphQLRequest(query, {"n": 400}))


def test_variables_are_few() -> None:
    query = "query($c: [ID!]) { namespaces(clusters: $c) { id } }"
    admission = Admission(SCHEMA, ApiSettings())
    with pytest.raises(RefusedError, match="more than 2000 values"):
        admission.admit(GraphQLRequest(query, {"c": ["x"] * 2001}))
    with pytest.raises(RefusedError, match="more than 2000 values"):
        admission.admit(GraphQLRequest(query, {"c": [[{"a": list(range(500))}] for _ in range(5)]}))
