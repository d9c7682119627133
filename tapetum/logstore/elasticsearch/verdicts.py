"""Records folded by their verdict keys; what a key stands for is told by any one record that has it."""

from typing import Any

import pyarrow as pa

from tapetum.domain.flows import COUNTERS, VERDICT_KEY
from tapetum.logstore.elasticsearch.fields import SHIFT
from tapetum.logstore.elasticsearch.reading import one_of_each
from tapetum.logstore.elasticsearch.server import Server
from tapetum.logstore.elasticsearch.sums import summed_buckets
from tapetum.logstore.elasticsearch.where import Where
from tapetum.logstore.port import VERDICT_KEYS, VerdictKeys, too_many_verdict_keys

_KEY = "verdict_key"
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
        folded[key] = {_KEY: key + SHIFT, "records": records, **totals, **seen}
        if len(folded) > most:
            raise too_many_verdict_keys(most)
    told = await one_of_each(server, where, _KEY, folded, VERDICT_KEY)
    rows = [{**told[key], **row} for key, row in folded.items() if key in told]  # else it was just removed
    return VerdictKeys(pa.Table.from_pylist(rows, VERDICT_KEYS), keyless)
