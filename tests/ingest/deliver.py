"""A delivery decoded in one call, with the clock of the tests."""

from typing import Any

import pyarrow as pa

from tapetum.domain.batches import Batch
from tapetum.domain.networks import Networks
from tapetum.ingest.context import Limits
from tapetum.ingest.decode import decode
from tapetum.ingest.forms import Form
from tests.ingest.calico_lines import NOW

KEEP_ALL = Limits(retention=None)


def delivered(
    body: bytes,
    form: Form = Form.CALICO,
    *,
    cluster: str = "prod",
    now: int = NOW,
    newest: int | None = None,
    limits: Limits = KEEP_ALL,
    networks: Networks | None = None,
) -> Batch:
    return decode(
        body,
        form,
        cluster=cluster,
        source="test",
        now=now,
        networks=networks or Networks(),
        newest=newest,
        limits=limits,
    )


def rows(table: pa.Table) -> list[dict[str, Any]]:
    """Rows with times in microseconds."""
    columns = [
        column.cast(pa.int64()) if pa.types.is_timestamp(column.type) else column for column in table.columns
    ]
    return pa.table(columns, names=table.column_names).to_pylist()


def only(body: bytes, form: Form) -> dict[str, Any]:
    """The one record that a body holds."""
    batch = delivered(body, form)
    assert not batch.rejections, batch.rejections
    (row,) = rows(batch.records)
    return row


def reason(body: bytes, form: Form) -> str:
    """Why the one line of a body is refused."""
    batch = delivered(body, form)
    assert not batch.records.num_rows
    (rejection,) = batch.rejections
    return rejection.reason
