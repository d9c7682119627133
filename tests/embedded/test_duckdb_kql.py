"""Queries compiled to DuckDB: they agree with the predicate, and no value ever becomes SQL."""

import random
from collections.abc import Iterator
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from tapetum.domain.flows import FLOW_KEY, POLICY_LISTS, RECORD, TRACE
from tapetum.embedded.duckdb_kql import compile_sql
from tapetum.kql import KqlError, Query, all_of, any_of, catalogue, compile_predicate, fields_used, parse
from tapetum.kql.fields import Field, FieldType
from tapetum.kql.syntax import (
    Exists,
    FieldRef,
    Is,
    MatchAll,
    Nested,
    Not,
    Operator,
    Phrase,
    Range,
    Term,
    Wildcard,
)

NOW = 1_700_000_000_000_000
KNOWN = catalogue("flows")
NESTED = [field for field in KNOWN.fields.values() if field.type is FieldType.NESTED]
SCALAR = [field for field in KNOWN.fields.values() if field.parent is None and field not in NESTED]

ALERT_TYPES = {FieldType.LONG: "INTEGER", FieldType.DATE: "TIMESTAMP"}

NASTY = [
    "", "'", '"', "%", "_", "\\", "a%b", "a_b", "a\\b", "\x00", "a\x00b", "ä", "😀", "' OR 1=1 --", "?",
    "$1", "*", "a*b", "{", "\n", "--", ";", "\\'", "%%", "__", "á", "ﬀ", "-", "İ",
]  # fmt: skip
WORDS = [
    "allow", "deny", "shop", "shop-db", "web-6b687c8dcb-*", "tcp", "src", "app=web", "x", "xx", "sh",
    *NASTY,
]  # fmt: skip
ADDRESSES = [
    "10.0.0.1", "10.0.255.255", "10.16.3.4", "10.31.0.9", "192.168.1.1", "0.0.0.0", "255.255.255.255",
    "::", "::1", "2001:db8::1", "2001:db8:0:1::5", "2001:db8:ffff::", "fe80::1:2", "1::",
    "64:ff9b::a00:1", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
]  # fmt: skip
NETWORKS = [
    "10.0.0.0/8", "10.16.0.0/12", "10.0.0.0/22", "0.0.0.0/0", "10.0.0.1/32", "128.0.0.0/1", "::/0",
    "::/64", "2001:db8::/32", "2001:db8::/33", "2001:db8::/48", "fe80::/10", "::ffff:10.0.0.0/104",
    "1::/16", "2001:db8::1/128", "64:ff9b::/96",
]  # fmt: skip
NUMBERS = [-1, 0, 1, 53, 80, 443, 8080, 2**31, 2**63 - 1, -(2**63), 10**30]
DATES = [
    "2023-11-14", "2023", "2023-11", "now", "now-15m", "now-1h", "now+1d", "1699999999999",
    "2023-11-14T22:13:20Z", "2023-11-14T22:13", "2023-11-14T22:13:19.5", "2023-11-15T00:13:20+02:00",
]  # fmt: skip
POLICIES = [
    "0|default|default.allow-dns|allow|0", "1|default|default.tenant-01-restrict|deny|-1",
    "0|default|default.tenant-01-restrict|pass|0", "0|security|shop/security.deny|deny|2", "0||odd||",
    "2|default|shop/knp.default.web|allow|1", "0|kube-admin|kcnp:x|pass|0",
    "1|default|snp:shop/x|deny|0", "3|__PROFILE__|__PROFILE__.kns.shop|allow|0",
    "0|t|t.t.knp.t.x/knp.t.t.x|deny|0", "0|a/b|a/b.x|deny|0", "%|_|a_b|deny|0", "no marks", "",
]  # fmt: skip
PARTS = [
    "deny", "allow", "default", "allow-dns", "default.tenant-01-restrict", "tenant-01-restrict", "web",
    "shop", "security.deny", "kns.shop", "x", "t.x", "t.t.x", "knp.t.x", "0", "kcnp", "odd", "a_b", "%",
    "tenant", "-", "b.x", "", "no marks",
]  # fmt: skip


def some_value(chance: random.Random, field: Field) -> Any:
    match field.type:
        case FieldType.KEYWORD:
            return chance.choice(POLICIES if field.policy_strings else WORDS)
        case FieldType.IP:
            return chance.choice(ADDRESSES)
        case FieldType.LONG:
            return chance.choice(
                [number for number in NUMBERS if abs(number) < 2**31] if field.parent else NUMBERS[:-1]
            )
        case FieldType.DATE:
            return NOW + chance.choice([-1, 0, 1, -1_000, -900_000_000, 5_000_000_000, -3_600_000_000])
        case FieldType.BOOLEAN:
            return chance.random() < 0.5
        case _:
            raise AssertionError(field)


def some_record(chance: random.Random) -> dict[str, Any]:
    """Sparse, so that much is missing; with null and empty lists, and null elements."""
    record: dict[str, Any] = {}
    for field in SCALAR:
        if chance.random() < 0.5:
            values = [some_value(chance, field) for _ in range(chance.randrange(3))]
            record[field.name] = values if field.multi else some_value(chance, field)
    if chance.random() < 0.8:
        record["policies"] = {
            name: [chance.choice(POLICIES) for _ in range(chance.randrange(3))]
            for name in POLICY_LISTS
            if chance.random() < 0.7
        }
        record["policy_hits"] = [
            {
                field.leaf: some_value(chance, field) if chance.random() < 0.7 else None
                for field in KNOWN.children("policy_hits")
            }
            for _ in range(chance.randrange(4))
        ]
    return record


def some_text(chance: random.Random, field: Field) -> str:
    match field.type:
        case FieldType.IP:
            return chance.choice(ADDRESSES + NETWORKS)
        case FieldType.LONG:
            return str(chance.choice(NUMBERS))
        case FieldType.DATE:
            return chance.choice(DATES)
        case FieldType.BOOLEAN:
            return chance.choice(["true", "false"])
        case _:
            return chance.choice(PARTS + POLICIES if field.policy_strings else WORDS)


def some_pattern(chance: random.Random) -> Wildcard:
    pieces = ["", "", "s", "a", "sh", "shop", "-", "%", "_", "\\", "\x00", "deny", "default", "x", "😀", "'"]
    inner = [piece for piece in chance.choices(pieces, k=chance.randrange(3)) if piece]
    return Wildcard((chance.choice(pieces), *inner, chance.choice(pieces)))


def some_value_asked(chance: random.Random, field: Field) -> Term | Phrase | Wildcard:
    if field.type is FieldType.KEYWORD and chance.random() < 0.3:
        pattern = some_pattern(chance)
        return Phrase("*") if pattern.alone else pattern
    return Phrase(some_text(chance, field))


def some_leaf(chance: random.Random, fields: list[Field], inside: Field | None) -> Query:
    kind = chance.random()
    field = chance.choice(fields)
    ref = FieldRef((field.leaf if inside else field.name,))
    if kind < 0.08:
        pattern = some_pattern(chance)
        return MatchAll() if pattern.alone else Is(None, pattern)
    if kind < 0.16:
        return Is(None, Phrase(some_text(chance, field)))
    if kind < 0.24:
        pattern = FieldRef((chance.choice(["source_", "dest_", "", "policies.", "policy_hits.", "num_"]), ""))
        return Is(pattern, some_value_asked(chance, field))
    if kind < 0.34:
        return Exists(ref)
    if kind < 0.5 and not field.policy_strings and field.type is not FieldType.BOOLEAN:
        text = chance.choice(ADDRESSES) if field.type is FieldType.IP else some_text(chance, field)
        return Range(ref, chance.choice(list(Operator)), Phrase(text))
    return Is(ref, some_value_asked(chance, field))


def some_query(chance: random.Random, depth: int = 3, inside: Field | None = None) -> Query:
    children = (
        list(KNOWN.children(inside.name)) if inside else [f for f in KNOWN.fields.values() if f not in NESTED]
    )
    kind = chance.random()
    if depth == 0 or kind < 0.3:
        return some_leaf(chance, children, inside)
    if kind < 0.45:
        return Not(some_query(chance, depth - 1, inside))
    if kind < 0.65 and inside is None:
        nested = chance.choice(NESTED)
        return Nested(FieldRef((nested.name,)), some_query(chance, depth - 1, nested))
    parts = [some_query(chance, depth - 1, inside) for _ in range(chance.choice([2, 2, 3]))]
    return all_of(parts) if kind < 0.8 else any_of(parts)


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"threads": 1}) as opened:
        yield opened


def load(connection: duckdb.DuckDBPyConnection, records: list[dict[str, Any]]) -> None:
    """As the log store lays records out: policies aside in `traces`, found by `trace`."""
    flows = [
        {**record, "line_no": number, "trace": number if "policies" in record else None}
        for number, record in enumerate(records)
    ]
    traces = [
        {"trace": number, **record["policies"], "policy_hits": record.get("policy_hits")}
        for number, record in enumerate(records)
        if "policies" in record
    ]
    for name, table in (
        ("flows", pa.Table.from_pylist(flows, schema=RECORD)),
        ("traces", pa.Table.from_pylist(traces, schema=TRACE)),
    ):
        connection.register("given", table)
        connection.execute(f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM given")
        connection.unregister("given")


def sql_of(query: Query) -> str:
    return compile_sql(query, "flows", NOW)[0]


def selected(connection: duckdb.DuckDBPyConnection, query: Query, now: int = NOW) -> set[int]:
    condition, values = compile_sql(query, "flows", now)
    assert condition.count("?") == len(values)
    return {
        row[0]
        for row in connection.execute(
            f"SELECT f.line_no FROM flows AS f WHERE {condition}", values
        ).fetchall()
    }


@pytest.mark.parametrize("seed", range(3))
def test_the_sql_selects_what_the_predicate_does(connection: duckdb.DuckDBPyConnection, seed: int) -> None:
    chance = random.Random(seed)
    records = [some_record(chance) for _ in range(100)]
    load(connection, records)
    pairs = selective = 0
    while pairs < 10_000:
        query = some_query(chance)
        test = compile_predicate(query, "flows", NOW)
        expected = {number for number, record in enumerate(records) if test(record)}
        assert selected(connection, query) == expected, str(query)
        assert parse(str(query)) == query
        pairs += len(records)
        selective += 0 < len(expected) < len(records)
    assert selective > 40  # of 100 queries: most must tell records apart, or agreement means little


@pytest.mark.parametrize("text", [text for text in NASTY if text != "-"])
def test_hostile_values_are_literals(connection: duckdb.DuckDBPyConnection, text: str) -> None:
    """Against plain Python comparisons, in each place where a value can stand."""
    corpus = [*NASTY, *(f"<{text}>" for text in NASTY), "plain", "aXb", "aXXb"]
    records = [
        {"source_name": held, "process_args": [held], "policies": {"all_policies": [f"0|t|{held}|deny|0"]}}
        for held in corpus
    ]
    load(connection, records)

    def found(query: Query) -> set[int]:
        return selected(connection, query)

    def among(test: Any) -> set[int]:
        return {number for number, held in enumerate(corpus) if test(held)}

    name, args = FieldRef(("source_name",)), FieldRef(("process_args",))
    for field in (name, args):
        assert sql_of(Is(field, Phrase(text))) == sql_of(Is(field, Phrase("plain")))
        assert sql_of(Is(field, Wildcard(("<", text, ">")))) == sql_of(
            Is(field, Wildcard(("<", "plain", ">")))
        )
        assert found(Is(field, Phrase(text))) == among(lambda held: held == text)
        assert found(Is(field, Wildcard((text, "")))) == among(lambda held: held.startswith(text))
        assert found(Is(field, Wildcard(("", text)))) == among(lambda held: held.endswith(text))
        assert found(Is(field, Wildcard(("<", text, "", ">")))) == among(
            lambda held: held[:1] == "<" and text in held and held[-1] == ">"
        )
        assert found(Range(field, Operator.GREATER, Phrase(text))) == among(lambda held: held > text)
    assert found(Is(FieldRef(("", "_args")), Phrase(text))) == among(lambda held: held == text)
    if text and not set(text) & set("|/:"):
        query = Nested(FieldRef(("policies",)), Is(FieldRef(("all_policies",)), Phrase(text)))
        assert found(query) == among(lambda held: held == text)


def test_not_includes_what_is_missing(connection: duckdb.DuckDBPyConnection) -> None:
    load(connection, [{"source_name": "a"}, {"source_name": "b"}, {}])
    assert selected(connection, parse("not source_name:a")) == {1, 2}
    assert selected(connection, parse("not (source_name:a and dest_port > 1)")) == {0, 1, 2}
    assert selected(connection, parse("not not_a*:x")) == {0, 1, 2}
    assert selected(connection, parse("source_name:-")) == {2}
    assert selected(connection, parse("not policy_hits:{action:deny}")) == {0, 1, 2}


def test_filters_reach_the_scan_of_the_table(connection: duckdb.DuckDBPyConnection) -> None:
    load(connection, [{"dest_port": 1}])
    condition, values = compile_sql(parse("start_time > now-1h and dest_port: 443"), "flows", NOW)
    plan = connection.execute(f"EXPLAIN SELECT count(*) FROM flows f WHERE {condition}", values).fetchall()[
        0
    ][1]
    assert "Filter" not in plan.split("Seq Scan")[0]


def test_serves_a_table_with_some_of_the_columns(connection: duckdb.DuckDBPyConnection) -> None:
    query = parse(
        'dest_domain:*.example.com and (source_namespace:shop or dest_service_name:"-") and dest_port < 1024'
    )
    assert fields_used(query, "flows") <= set(FLOW_KEY)
    columns = ("dest_domain", "source_namespace", "dest_service_name")
    connection.execute(f"CREATE TABLE keys ({' VARCHAR, '.join(columns)} VARCHAR, dest_port BIGINT)")
    connection.execute(
        "INSERT INTO keys VALUES ('a.example.com', 'shop', 's', 443), ('example.com', 'shop', 's', 443)"
    )
    condition, values = compile_sql(query, "flows", NOW, alias="k")
    assert connection.execute(f"SELECT dest_domain FROM keys k WHERE {condition}", values).fetchall() == [
        ("a.example.com",)
    ]


def test_alerts(connection: duckdb.DuckDBPyConnection) -> None:
    columns = ", ".join(
        f"{name} {ALERT_TYPES.get(field.type, 'VARCHAR')}"
        for name, field in catalogue("alerts").fields.items()
    )
    connection.execute(f"CREATE TABLE alerts ({columns})")
    connection.execute(
        "INSERT INTO alerts (time, title, severity) VALUES (make_timestamp(?), 'Scan', 70)", [NOW]
    )
    connection.execute("INSERT INTO alerts (title, severity, technique) VALUES ('Beacon', 90, 'T1071')")
    for text, titles in (
        ("time > now-1d", {"Scan"}),
        ("severity >= 80 and T1071", {"Beacon"}),
        ("technique:-", {"Scan"}),
    ):
        condition, values = compile_sql(parse(text), "alerts", NOW, alias="a")
        rows = connection.execute(f"SELECT title FROM alerts a WHERE {condition}", values).fetchall()
        assert {title for (title,) in rows} == titles, text


def test_the_largest_query_compiles_and_runs(connection: duckdb.DuckDBPyConnection) -> None:
    load(connection, [{"source_name": "v7"}, {"source_name": "w"}])
    many = parse(" or ".join(f"v{number}" for number in range(500)))
    assert selected(connection, many) == {0}
    with pytest.raises(KqlError):
        compile_sql(parse("dest_port:x"), "flows", NOW)
