"""Alerts in the embedded log store: numbered once, read from any number on, and triaged on."""

import pyarrow as pa

from tapetum.domain.alerts import Alert, NumberedAlert, Triage
from tapetum.domain.batches import RecordKind
from tapetum.domain.scope import Scope
from tapetum.embedded.duckdb import Connection, first_row
from tapetum.logstore.alert_rows import alert_of, alert_row, triage_row
from tapetum.logstore.columns import ALERT
from tapetum.logstore.duckdb_append import insert, moment
from tapetum.logstore.duckdb_read import records
from tapetum.logstore.duckdb_where import Where, within_scope

_LISTS = [column.name for column in ALERT if pa.types.is_list(column.type)]
_LED = {name: f"list_prepend('', {name})" for name in _LISTS}
_FOLLOWING = ", ".join(f"{name}[2:] AS {name}" for name in _LISTS)
ROWS = "alert_rows"
VIEW = f"CREATE OR REPLACE VIEW alerts AS SELECT * REPLACE ({_FOLLOWING}) FROM {ROWS}"
"""Every list of `alert_rows` is led by an empty text, which the view leaves out.

DuckDB (2.0.1 and before) fails, and gives its file up, where a filtered read has passed the last item of a list
column while a commit appends rows with items to the same block of rows. Alerts are read at every commit, and few
have mitigations. Where each row has an item, no read passes the last item before the last row.
"""


def renamed(connection: Connection) -> bool:
    """Whether an earlier version kept alerts in a table of the view's name, without leads."""
    found = connection.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = 'alerts'").fetchall()
    if found:
        connection.execute(f"ALTER TABLE alerts RENAME TO {ROWS}")
    return bool(found)


def lead(connection: Connection) -> None:
    led = ", ".join(f"{name} = {value}" for name, value in _LED.items())
    connection.execute(f"UPDATE {ROWS} SET {led}")


def append(connection: Connection, alerts: list[Alert]) -> list[NumberedAlert]:
    """Store alerts whose id is new; see LogStore.append_alerts."""
    if not alerts:
        return []
    found = connection.execute(
        "SELECT id FROM alerts WHERE list_contains(?::VARCHAR[], id)", [[alert.id for alert in alerts]]
    ).fetchall()
    known = {row[0] for row in found}
    number = int(first_row(connection, "SELECT coalesce(max(number), 0) FROM alerts")[0])
    fresh = list({alert.id: alert for alert in alerts if alert.id not in known}.values())
    numbered = [NumberedAlert(number + place, alert) for place, alert in enumerate(fresh, 1)]
    if numbered:
        write(connection, pa.Table.from_pylist([alert_row(one) for one in numbered], ALERT))
    return numbered


def write(connection: Connection, rows: pa.Table) -> None:
    led = ", ".join(f"{value} AS {name}" for name, value in _LED.items())
    insert(connection, ROWS, rows, f"* REPLACE ({led})")


def triage(connection: Connection, scope: Scope, alert_id: str, given: Triage) -> Alert | None:
    """See LogStore.triage_alert."""
    where = within_scope(scope, Where().and_("f.id = ?", alert_id), RecordKind.ALERTS)
    found = records(connection, RecordKind.ALERTS, f"FROM alerts f WHERE {where.sql}", where.parameters)
    if not found:
        return None
    triaged = alert_of(found[0]).triaged(given)
    row = triage_row(triaged) | {"triaged_at": moment(given.at)}
    assigned = ", ".join(f"{name} = ?" for name in row)
    connection.execute(f"UPDATE {ROWS} SET {assigned} WHERE id = ?", [*row.values(), alert_id])
    return triaged


def after(connection: Connection, scope: Scope, number: int, limit: int) -> list[NumberedAlert]:
    where = within_scope(scope, Where().and_("f.number > ?", number), RecordKind.ALERTS)
    rows = records(
        connection,
        RecordKind.ALERTS,
        f"FROM alerts f WHERE {where.sql} ORDER BY f.number LIMIT {limit}",
        where.parameters,
    )
    return [NumberedAlert(row["number"], alert_of(row)) for row in rows]


def last(connection: Connection, scope: Scope) -> int:
    where = within_scope(scope, Where(), RecordKind.ALERTS)
    statement = f"SELECT coalesce(max(f.number), 0) FROM alerts f WHERE {where.sql}"
    return int(first_row(connection, statement, where.parameters)[0])
