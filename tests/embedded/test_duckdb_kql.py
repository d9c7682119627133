"""Queries compiled to DuckDB: no value becomes SQL, and what is asked reaches the scan.

That they find what the predicate does is tests/contract/test_query_language.py.
"""

from collections.abc import Iterator

import duckdb
import pytest

from tapetum.domain.batches import RecordKind
from tapetum.domain.flows import FLOW_KEY
from tapetum.embedded.duckdb_kql import MOST_LOOKUPS, compile_sql
from tapetum.kql import KqlError, Query, catalogue, fields_used, parse
from tapetum.kql.budget import MAX_CONDITIONS
from tapetum.kql.fields import FieldType
from tapetum.kql.parser import MAX_TERMS
from tapetum.kql.syntax import FieldRef, Is, Phrase, Wildcard
from tests.support.kql_batches import batch_of, identified
from tests.support.kql_cases import HOSTILE, NOW, Records

ALERT_TYPES = {FieldType.LONG: "INTEGER", FieldType.DATE: "TIMESTAMP"}


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"threads": 1}) as opened:
        yield opened


def load(connection: duckdb.DuckDBPyConnection, records: Records) -> None:
    """As the log store lays records out: policies aside in `traces`, found by `trace`."""
    batch = batch_of(RecordKind.FLOWS, identified(records, "kql"), "kql")
    for name, table in (("flows", batch.records), ("traces", batch.traces)):
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


@pytest.mark.parametrize("text", HOSTILE)
def test_a_value_changes_nothing_of_the_statement(text: str) -> None:
    for field in (FieldRef(("source_name",)), FieldRef(("process_args",))):
        assert sql_of(Is(field, Phrase(text))) == sql_of(Is(field, Phrase("plain")))
        assert sql_of(Is(field, Wildcard(("<", text, ">")))) == sql_of(
            Is(field, Wildcard(("<", "plain", ">")))
        )


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


def test_the_largest_queries_run_and_larger_ones_are_refused(connection: duckdb.DuckDBPyConnection) -> None:
    load(connection, [{"source_name": "v7"}, {"source_name": "w"}])
    everywhere = MAX_CONDITIONS // len(catalogue("flows").default)
    assert selected(connection, parse(" or ".join(f"v{number}" for number in range(everywhere)))) == {0}
    named = " or ".join(f"v{number}" for number in range(MAX_TERMS))
    assert selected(connection, parse(f"source_name: ({named})")) == {0}
    places = " or ".join(f"(source_name: v{n} and not policy_hits.name: x)" for n in range(MOST_LOOKUPS))
    assert selected(connection, parse(places)) == {0}
    for text, part in (
        (
            " or ".join(f"v{number}" for number in range(everywhere + 1)),
            f"more than {MAX_CONDITIONS} conditions",
        ),
        (f"{places} or source_name: y and policy_hits.name: x", f"more than {MOST_LOOKUPS} places"),
        ("dest_port:x", "holds a number"),
    ):
        with pytest.raises(KqlError, match=part):
            compile_sql(parse(text), "flows", NOW)
