"""Adding batches to the graph: one transaction, in turn with all others, and once however often they come."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from tapetum.domain.endpoints import NodeKind, NodeRef
from tapetum.domain.errors import DamagedStoreError
from tapetum.domain.moments import HOUR, MINUTE, Micros
from tapetum.graphdb.neo4j import Transaction
from tapetum.graphdb.statements import statements
from tapetum.graphstore.buckets import keeps_minutes
from tapetum.graphstore.changes import Change
from tapetum.graphstore.decisions import NOTHING, Decided, no_keys
from tapetum.graphstore.fresh import Fresh, fresh
from tapetum.graphstore.memory import GraphMemory
from tapetum.graphstore.neo4j import cypher, policies
from tapetum.graphstore.neo4j.blocks import by_bucket
from tapetum.graphstore.neo4j.keys import COLUMNS, LABELS, key_of, natural_key, to_rows, to_table
from tapetum.graphstore.neo4j.outcome import recorded, remembered
from tapetum.graphstore.port import Applied, FirstDenied
from tapetum.graphstore.registry import Keys

ASK = statements(cypher.__name__)
KEYS = ASK["keys"].replace("%COLUMNS%", ", ".join(f"[k IN keys | k.{name}]" for name in COLUMNS))
AT_ONCE = 100_000
"""Flow keys in one answer, which the server holds in its memory."""


@dataclass(frozen=True, slots=True)
class Added:
    """New records of a batch, with their traces."""

    batch_id: str
    records: pa.Table
    traces: pa.Table


@dataclass(frozen=True, slots=True)
class Done:
    """What came of each batch. `change` None: nothing new; else its blocks are those after `settled`."""

    applied: tuple[Applied, ...]
    change: Change | None = None
    decided: Decided = NOTHING
    places: Keys = field(default_factory=no_keys)
    settled: int = 0
    blocks: int = 0


def apply(tx: Transaction, memory: GraphMemory, batches: Sequence[Added], now: Micros) -> Done:
    """Several are summed as one, and each is recorded with what it brought."""
    tx.run(ASK["take_turn"])
    asked = [each.batch_id for each in batches]
    ((keys, blocks, named, before),) = tx.run(ASK["state_in_turn"], {"batches": asked})
    told = {batch_id: remembered(applied) for batch_id, applied in before}
    new = {each.batch_id: each for each in batches if each.batch_id not in told}
    if not new:
        return Done(tuple(told[batch_id] for batch_id in asked))
    catch_up(tx, memory, keys)
    policies.catch_up(tx, memory, named)
    records = _joined([each.records for each in new.values()])
    change, denied = memory.work_out(records, keeps_minutes(now))
    decided = memory.decided(records, _joined([each.traces for each in new.values()]), change.codes)
    places = add(tx, memory, change, decided)
    appended = [
        {"number": blocks + place, "unit": unit, "bucket": bucket.number, **bucket.properties}
        for place, (unit, bucket) in enumerate(
            (
                (unit, bucket)
                for unit, sums in ((MINUTE, change.minutes), (HOUR, change.hours))
                for bucket in by_bucket(sums)
            ),
            start=1,
        )
    ]
    applied = _shown(denied, new.values())
    tx.run(
        ASK["record"],
        {
            "batches": [[batch_id, recorded(one)] for batch_id, one in applied.items()],
            "at": now,
            "keys": keys + change.keys.num_rows,
            "last": blocks + len(appended),
            "policies": named + len(decided.policies),
            "blocks": appended,
        },
    )
    told |= applied
    all_told = tuple(told[batch_id] for batch_id in asked)
    return Done(all_told, change, decided, places, blocks, blocks + len(appended))


def _joined(tables: list[pa.Table]) -> pa.Table:
    return tables[0] if len(tables) == 1 else pa.concat_tables(tables).combine_chunks()


def catch_up(tx: Transaction, memory: GraphMemory, keys: int) -> None:
    """Enter what others committed; in our turn, so nothing is under way."""
    known = memory.keys
    if known > keys:
        raise DamagedStoreError(
            f"The graph database holds {keys} flow keys, fewer than the {known} that it held before; "
            "restart this process if it was restored from a copy."
        )
    for first in range(known, keys, AT_ONCE):
        last = min(first + AT_ONCE, keys)
        (columns,) = tx.run(KEYS, {"first": first, "last": last})
        fresh = to_table(columns)
        if fresh.num_rows != last - first:
            raise DamagedStoreError(
                f"The graph database holds {fresh.num_rows} of its {last - first} flow keys from {first} on; "
                "restore it from a copy."
            )
        memory.enter(fresh)


def _shown(denied: list[FirstDenied], batches: Collection[Added]) -> dict[str, Applied]:
    """Each first denial is told with the batch that shows it."""
    found: dict[str, Applied] = {}
    for each in batches:
        records = set(each.records.column("id").to_pylist()) if denied else set[str]()
        found[each.batch_id] = Applied(tuple(one for one in denied if one.record_id in records))
    return found


def add(tx: Transaction, memory: GraphMemory, change: Change, decided: Decided) -> Keys:
    """Nodes, edges, keys and policies that were not there, under the codes that memory will give them.

    Returns the places where policies were not known to apply.
    """
    if not (change.keys.num_rows or len(decided.decisions)):
        return no_keys()
    with memory.lock:
        told = fresh(memory.topology, change.keys, change.ends)
        additions = policies.Additions(memory, decided, told)
    if change.keys.num_rows:
        _add_keys(tx, change.keys, told, additions)
    additions.write(tx)
    return additions.places


def _add_keys(tx: Transaction, keys: pa.Table, told: Fresh, additions: policies.Additions) -> None:
    _run(tx, "add_namespaces", map(_namespace, (node for _, node in told.nodes if _is_namespace(node))))
    ends = [(code, node) for code, node in told.nodes if not _is_namespace(node)]
    for question, housed in (("add_endpoints_in_namespaces", True), ("add_endpoints_in_clusters", False)):
        rows = ((code, node) for code, node in ends if (node.namespace is not None) == housed)
        _run(tx, question, (_endpoint(code, node) for code, node in rows))
    _run(tx, "add_edges", (asdict(edge) | {"decided": additions.take(edge.code)} for edge in told.edges))
    _run(tx, "add_services", _services(keys, told.target))
    _run(tx, "add_keys", to_rows(keys))


def _run(tx: Transaction, question: str, rows: Iterable[dict[str, Any]]) -> None:
    given = list(rows)
    if given:
        tx.run(ASK[question], {"rows": given})


def _is_namespace(node: NodeRef) -> bool:
    return node.kind is NodeKind.NAMESPACE


def _namespace(node: NodeRef) -> dict[str, Any]:
    return {"key": key_of(node), "cluster": node.cluster, "name": node.name}


def _endpoint(code: int, node: NodeRef) -> dict[str, Any]:
    return {
        "code": code,
        "label": LABELS[node.kind],
        "key": key_of(node),
        "home": key_of(node.folded),
        "cluster": node.cluster,
        "namespace": node.namespace,
        "name": node.name,
    }


def _services(keys: pa.Table, target: np.ndarray[Any, np.dtype[np.int64]]) -> list[dict[str, Any]]:
    """A service is what allowed traffic called by its name; it fronts what the traffic came to."""
    names = keys.select(["action", "cluster", "dest_service_namespace", "dest_service_name"])
    called = names.append_column("target", pa.array(target)).drop_null()
    told = {tuple(row.values()) for row in called.to_pylist()}
    return [
        {
            "cluster": cluster,
            "namespace": namespace,
            "name": name,
            "key": natural_key(cluster, namespace, name),
            "home": natural_key(cluster, namespace, namespace),
            "target": code,
        }
        for action, cluster, namespace, name, code in sorted(told)
        if action == "allow"
    ]
