"""The distinct policy traces of a batch, with their strings parsed into hits."""

from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa

from tapetum.domain.flows import POLICY_LISTS, TRACE
from tapetum.domain.policy_trace import PolicyHit, PolicySet, parse_trace
from tapetum.ingest.keys import Hashes, trace_keys

_SETS = {
    "enforced_policies": PolicySet.ENFORCED,
    "pending_policies": PolicySet.PENDING,
    "transit_policies": PolicySet.TRANSIT,
}


def traces_of(flat: pa.Table) -> tuple[Hashes, pa.Table]:
    """Each row's trace key, and flows.TRACE with every distinct trace once."""
    lists = [flat.column(name).combine_chunks() for name in POLICY_LISTS]
    keys = trace_keys(lists)
    distinct, firsts = np.unique(keys, return_index=True)
    taken = [column.take(pa.array(firsts)) for column in lists]
    hits = [
        _hits(*(None if texts is None else tuple(texts) for texts in row))
        for row in zip(*(column.to_pylist() for column in taken), strict=True)
    ]
    return keys, pa.table(
        [pa.array(distinct), *taken, pa.array(hits, TRACE.field("policy_hits").type)], TRACE
    )


# Traces change as rarely as policies do, so that batch after batch asks for the same ones.
@lru_cache(maxsize=4096)
def _hits(
    enforced: tuple[str, ...] | None,
    pending: tuple[str, ...] | None,
    transit: tuple[str, ...] | None,
    mixed: tuple[str, ...] | None,
) -> list[dict[str, Any]]:
    """Hits in the order of evaluation. Older logs only have one list of both enforced and staged."""
    if enforced is None and pending is None and transit is None:
        return [
            _hit(hit, PolicySet.PENDING if hit.staged else PolicySet.ENFORCED)
            for hit in parse_trace(list(mixed or ()))
        ]
    given = zip(_SETS.values(), (enforced, pending, transit), strict=True)
    return [_hit(hit, kind) for kind, texts in given for hit in parse_trace(list(texts or ()))]


def _hit(hit: PolicyHit, kind: PolicySet) -> dict[str, Any]:
    return {
        "index": hit.index,
        "tier": hit.tier,
        "kind": hit.kind.value,
        "namespace": hit.namespace,
        "name": hit.name,
        "action": hit.action.value,
        "rule_index": hit.rule_index,
        "staged": hit.staged,
        "end_of_tier": hit.end_of_tier,
        "trigger": hit.trigger,
        "set": kind.value,
    }
