"""Deliveries and committed records as Redis holds them. Fields of newer versions are ignored; each kind of
record has a channel of its own, so that who knows only flows hears nothing else.
"""

import asyncio
from collections.abc import Callable, Mapping
from typing import TypeVar

import msgspec
import pyarrow as pa
import zstandard

from tapetum.bus.port import Delivery, RecordsCommitted, Settled
from tapetum.domain.batches import RecordKind

T = TypeVar("T")

_LEVEL = 1  # bodies are logs: higher levels cost thrice the time for a tenth of the size
_IN_PLACE = 1 << 16
"""Bytes that are packed at once; more would hold up the event loop."""

_IPC = pa.ipc.IpcWriteOptions(compression="zstd")


class RecordsMessage(msgspec.Struct, frozen=True, array_like=True):
    """`number` counts one origin's events of one kind, sent or not: who listens knows what it missed."""

    origin: str
    number: int
    committed_at: int
    records: bytes
    traces: bytes


async def packed(delivery: Delivery) -> dict[str, bytes]:
    """The fields but for the id."""
    return {
        "cluster": delivery.cluster.encode(),
        "form": delivery.form.encode(),
        "source": delivery.source.encode(),
        "at": b"%d" % delivery.received_at,
        "body": await _aside(_compressed, delivery.body),
    }


async def unpacked(fields: Mapping[bytes, bytes]) -> Delivery:
    """Raises ValueError where that is no delivery."""
    try:
        body = fields[b"body"]
        return Delivery(
            id=fields[b"id"].decode(),
            cluster=fields[b"cluster"].decode(),
            form=fields[b"form"].decode(),
            source=fields[b"source"].decode(),
            received_at=int(fields[b"at"]),
            body=await _aside(_plain, body),
        )
    except (KeyError, UnicodeDecodeError, zstandard.ZstdError) as error:
        raise ValueError(f"{type(error).__name__} {error}") from error


def packed_tables(event: RecordsCommitted) -> tuple[bytes, bytes]:
    return _table_bytes(event.records), _table_bytes(event.traces)


def read_records_message(message: bytes) -> RecordsMessage:
    """Raises ValueError where that is none; the tables are still packed."""
    return _decoded(message, RecordsMessage)


async def event_of(kind: RecordKind, message: RecordsMessage) -> RecordsCommitted:
    """Raises ValueError where a table cannot be read."""
    records = await _aside(_table, message.records)
    return RecordsCommitted(kind, message.committed_at, records, await _aside(_table, message.traces))


def settled_message(settled: Settled) -> bytes:
    return msgspec.msgpack.encode(settled)


def read_settled_message(message: bytes) -> Settled:
    """Raises ValueError where that is none."""
    return _decoded(message, Settled)


def _decoded(message: bytes, kind: type[T]) -> T:
    try:
        return msgspec.msgpack.decode(message, type=kind)
    except msgspec.DecodeError as error:
        raise ValueError(str(error)) from error


async def _aside(work: Callable[[bytes], T], data: bytes) -> T:
    return work(data) if len(data) <= _IN_PLACE else await asyncio.to_thread(work, data)


def _compressed(body: bytes) -> bytes:
    return zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True).compress(body)


def _plain(body: bytes) -> bytes:
    return zstandard.ZstdDecompressor().decompress(body)


def _table_bytes(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema, options=_IPC) as stream:
        stream.write_table(table)
    return sink.getvalue().to_pybytes()


def _table(data: bytes) -> pa.Table:
    try:
        return pa.ipc.open_stream(data).read_all()
    except OSError as error:
        raise ValueError(str(error)) from error
