"""From FLAT to flows.RECORD: what follows from a flow's own fields, and its keys."""

from collections.abc import Iterable

import numpy as np
import pyarrow as pa

from tapetum.domain.endpoints import EndpointKind
from tapetum.domain.flows import COUNTERS, FLOW_KEY, RECORD, VERDICT_LISTS, VERDICT_TEXTS
from tapetum.domain.networks import Networks
from tapetum.ingest.arrow import pc
from tapetum.ingest.keys import flow_keys, record_ids, verdict_keys
from tapetum.ingest.traces import traces_of


def derive(
    flat: pa.Table, digests: Iterable[bytes], cluster: str, networks: Networks
) -> tuple[pa.Table, pa.Table]:
    """The records (flows.RECORD) and their distinct traces (flows.TRACE); a digest identifies a row."""
    trace, traces = traces_of(flat)
    columns = {name: flat.column(name).combine_chunks() for name in flat.column_names if name in RECORD.names}
    columns |= {
        "id": record_ids(digests),
        "cluster": pa.repeat(pa.scalar(cluster), flat.num_rows),
        "source_network": _network(columns, "source", networks),
        "dest_network": _network(columns, "dest", networks),
        "dest_domain": _domain(columns),
        "known": _known(columns),
        "trace": pa.array(trace),
    }
    keys = flow_keys([columns[name] for name in FLOW_KEY])
    columns["flow_key"] = pa.array(keys)
    texts, lists = ([columns[name] for name in names] for names in (VERDICT_TEXTS, VERDICT_LISTS))
    columns["verdict_key"] = pa.array(verdict_keys(keys, texts, lists))
    return pa.table([columns[name] for name in RECORD.names], schema=RECORD), traces


def _network(columns: dict[str, pa.Array], side: str, networks: Networks) -> pa.Array:
    """Public or private by the address where the log has one, else by the log's own word, which it has of no
    network set.
    """
    outside = _is(EndpointKind.NETWORK, columns[f"{side}_type"])
    listed = _is(EndpointKind.NETWORK_SET, columns[f"{side}_type"])
    addresses = pc.if_else(pc.or_(outside, listed), columns[f"{side}_ip"], None).dictionary_encode()
    classes = [networks.classify(address) for address in addresses.dictionary.to_pylist()]
    by_address = pa.array(classes, pa.string()).take(addresses.indices)
    return pc.coalesce(by_address, pc.if_else(outside, columns[f"{side}_name_aggr"], None))


def _domain(columns: dict[str, pa.Array]) -> pa.Array:
    """The first domain names the node; a list is null rather than empty."""
    first = pc.list_element(columns["dest_domains"], 0)
    return pc.if_else(_is(EndpointKind.NETWORK, columns["dest_type"]), first, None)


def _is(kind: EndpointKind, types: pa.Array) -> pa.Array:
    return pc.fill_null(pc.equal(types, kind.value), False)


def _known(columns: dict[str, pa.Array]) -> pa.Array:
    bits = np.zeros(len(columns["action"]), np.uint8)
    for place, name in enumerate(COUNTERS):
        bits |= columns[name].is_valid().to_numpy(zero_copy_only=False).astype(np.uint8) << np.uint8(place)
    return pa.array(bits)
