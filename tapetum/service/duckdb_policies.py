"""Policies of records that an earlier version stored: learnt once, from the records' traces.

It takes as much memory as there are pairs of flow key and trace, which is little beside the flow keys.
"""

from tapetum.embedded.duckdb import Connection, Engine
from tapetum.graphstore.duckdb import DuckDBGraphStore

_ENFORCED = "len(list_filter(policy_hits, lambda hit: hit.set = 'enforced')) > 0"
_TRACES = f"SELECT trace, policy_hits FROM traces WHERE {_ENFORCED}"
_RECORDS = f"""
SELECT k.flow_key, told.trace, k.cluster, k.reporter
FROM (SELECT DISTINCT flow_key, trace FROM flows WHERE trace IN (SELECT trace FROM traces WHERE {_ENFORCED})) told
JOIN flow_keys k USING (flow_key)
"""


def learn(engine: Engine, graph: DuckDBGraphStore) -> None:
    """Where the graph knows no policy although some record names one; in one transaction."""
    if graph.policies:
        return

    def read(connection: Connection) -> None:
        traces = connection.sql(_TRACES).to_arrow_table()
        if traces.num_rows:
            graph.learn(connection.sql(_RECORDS).to_arrow_table(), traces)

    engine.read_now(read)
