"""Records folded by their verdict keys; what a key stands for is told by any one record that has it."""

from collections.abc import Iterable
from typing import Any

import msgspec
import pyarrow as pa

from tapetum.domain.flows import COUNTERS, VERDICT_KEY, VERDICT_LISTS
from tapetum.logstore.elasticsearch.fields import SHIFT
from tapetum.logstore.elasticsearch.reading import columns_of_each, one_of_each
from tapetum.logstore.elasticsearch.server import Body, Server
from tapetum.logstore.elasticsearch.sums import summed_buckets
from tapetum.logstore.elasticsearch.where import Where
from tapetum.logstore.port import VERDICT_KEYS, VerdictKeys, too_many_verdict_keys

_KEY = "verdict_key"
_LISTS = "verdict_lists"
_SINGLE = [name for name in VERDICT_KEY if name not in (*VERDICT_LISTS, "known")]
"""Columns of one value; `known` lies in none, and follows from which sums there are."""
_SPAN = {"span": {"stats": {"field": "start_time"}}}


async def verdict_keys(server: Server, where: Where, most: int) -> VerdictKeys:
    keyless = 0
    folded: dict[int, dict[str, Any]] = {}
    async for bucket, totals in summed_buckets(server, where, [_KEY], COUNTERS, _SPAN, missing=True):
        key, records, span = bucket["key"][_KEY], bucket["doc_count"], bucket["span"]
        if key is None:
            keyless += records
            continue
        seen = {"first_seen": int(span["min"]), "last_seen": int(span["max"])}
        known = sum(1 << place for place, name in enumerate(COUNTERS) if totals[name] is not None)
        folded[key] = {_KEY: key + SHIFT, "known": known, "records": records, **totals, **seen}
        if len(folded) > most:
            raise too_many_verdict_keys(most)
    told = await _meanings(server, where, folded)
    rows = [{**told[key], **row} for key, row in folded.items() if key in told]  # else it was just removed
    return VerdictKeys(pa.Table.from_pylist(rows, VERDICT_KEYS), keyless)


async def _meanings(server: Server, where: Where, keys: Iterable[int]) -> dict[int, Body]:
    """From columns, and from documents where lists are too long for one."""
    told = await columns_of_each(server, where, _KEY, keys, [*_SINGLE, _LISTS])
    long = [key for key, one in told.items() if _LISTS not in one]
    for one in told.values():
        one.update(zip(VERDICT_LISTS, msgspec.json.decode(one.pop(_LISTS, "[null,null,null]")), strict=True))
    return {**told, **await one_of_each(server, where, _KEY, long, VERDICT_KEY)}
