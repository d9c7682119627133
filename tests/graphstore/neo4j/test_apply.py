"""F10: a batch counts once, a pair is denied first once, and the graph's codes are those of memory."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from random import Random

import numpy as np
import pytest

from tapetum.domain.endpoints import NodeKind
from tapetum.domain.errors import BadInputError
from tapetum.graphstore.neo4j import Neo4jGraphStore
from tapetum.graphstore.neo4j.keys import LABELS, key_of
from tapetum.graphstore.port import FirstDenied
from tests.contract.graphs import WORKLOADS, a_flow, assert_graph
from tests.graphstore.neo4j.conftest import Opens
from tests.support import oracle
from tests.support.factory import DAY, NOW, Flow, net, wep
from tests.support.replicas import ask, put

pytestmark = pytest.mark.engine
DENIED = [Flow(source=wep("shop", f"w{place}"), action="deny", at=NOW - 100) for place in range(4)]


def some(seed: int, count: int = 60) -> list[Flow]:
    return oracle.distinct(a_flow(Random(f"{seed}/{place}")) for place in range(count))


def seen(flows: list[Flow]) -> list[Flow]:
    return oracle.chosen(flows, *oracle.effective(NOW - DAY, NOW, NOW))


def test_a_batch_that_comes_again_changes_nothing_and_gives_what_it_gave(opens: Opens) -> None:
    one, other = opens(), opens()
    first = put(one, *DENIED, id="a")
    put(other, Flow(), id="b")
    assert len(first.first_denied) == 4
    for store in (one, other, opens()):
        assert put(store, *DENIED, id="a") == first
    assert_graph(ask(one), [*DENIED, Flow()], WORKLOADS)


def test_workers_at_once_take_turns(opens: Opens) -> None:
    """The same pairs, keys and edges from all sides: each is entered once, all sums count."""
    stores = [opens() for _ in range(3)]
    flows = [some(seed, 25) for seed in range(12)]
    fresh: list[list[Flow]] = []
    for wave in flows:
        known = {flow.id for earlier in fresh for flow in earlier}
        fresh.append([flow for flow in wave if flow.id not in known])
    denied: list[FirstDenied] = []
    raised: list[BaseException] = []

    def work(store: Neo4jGraphStore, mine: list[list[Flow]]) -> None:
        try:
            for wave in mine:
                applied = put(store, *wave)
                denied.extend(applied.first_denied)
                ask(store)
        except BaseException as error:  # noqa: BLE001 - told by the test's own thread
            raised.append(error)

    threads = [
        threading.Thread(target=work, args=(store, fresh[place::3])) for place, store in enumerate(stores)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not raised
    everything = [flow for wave in fresh for flow in wave]
    assert_each_pair_once(denied, everything)
    for store in [*stores, opens()]:
        assert_graph(ask(store), seen(everything), WORKLOADS)


@pytest.mark.parametrize("refused", [False, True])
def test_batches_that_come_at_once_go_together_and_each_is_its_own(opens: Opens, *, refused: bool) -> None:
    """One of them is there already, one comes twice, and one may not be countable."""
    store = opens()
    before = put(store, *DENIED[:1], id="before")
    known: set[str] = set()
    waves: list[tuple[str, list[Flow]]] = []
    for seed in range(4):
        waves.append((f"b{seed}", [flow for flow in some(seed, 20) if flow.id not in known]))
        known |= {flow.id for flow in waves[-1][1]}
    asked = [("before", DENIED[:1]), *waves, waves[1]]
    huge = [Flow(mark=place, bytes_in=2**53 - 1) for place in range(600 * refused)]
    turns = one_number(store, "MATCH (s:Sequence) RETURN s.turn")
    with ThreadPoolExecutor(len(asked) + 1) as pool, store._adding._turn:
        coming = [pool.submit(put, store, *flows, id=name) for name, flows in asked]
        odd = pool.submit(put, store, *huge, id="huge")
        while len(store._adding._waiting) < len(asked) + refused:
            time.sleep(0.001)
        store._adding._turn.release()
        told = [each.result() for each in coming]
        assert isinstance(odd.exception(), BadInputError) == refused
        store._adding._turn.acquire()
    assert (told[0], told[2]) == (before, told[5])
    if not refused:
        assert one_number(store, "MATCH (s:Sequence) RETURN s.turn") == turns + 1
    everything = [*DENIED[:1], *(flow for _, flows in waves for flow in flows)]
    assert_each_pair_once([denied for one in told[:5] for denied in one.first_denied], everything)
    for other in (store, opens()):
        assert_graph(ask(other), seen(everything), WORKLOADS)
        assert [put(other, *flows, id=name) for name, flows in asked] == told, "they come again"
    assert one_number(store, "MATCH (b:Batch) RETURN count(b)") == 5


def one_number(store: Neo4jGraphStore, statement: str) -> int:
    ((found,),) = store.write(lambda tx: tx.run(statement))
    return int(found)


def assert_each_pair_once(denied: list[FirstDenied], flows: list[Flow]) -> None:
    pairs = [(each.source, each.target) for each in denied]
    assert (
        len(pairs)
        == len(set(pairs))
        == len({oracle.ends_of(each) for each in flows if each.action == "deny"})
    )


def test_codes_in_the_database_are_those_of_memory(opens: Opens) -> None:
    writer = opens()
    for seed in range(3):
        put(writer, *some(seed))
    reader = opens()
    ask(reader)
    view = reader._memory.plans().view
    assert view.nodes == writer._memory.plans().view.nodes
    nodes = writer.write(lambda tx: tx.run("MATCH (n:Endpoint) RETURN n.code, labels(n), n.key"))
    assert {code: (set(labels), key) for code, labels, key in nodes} == {
        code: ({"Endpoint", LABELS[node.kind]}, key_of(node))
        for code, node in enumerate(view.nodes)
        if node.kind is not NodeKind.NAMESPACE
    }
    edges = writer.write(
        lambda tx: tx.run("MATCH (a)-[t:TALKS]->(b) RETURN t.code, a.code, b.code, t.proto, t.port")
    )
    assert sorted(edges) == [
        [
            code,
            int(view.edge_source[code]),
            int(view.edge_target[code]),
            view.protocols[view.edge_proto[code]],
            None if view.edge_port[code] < 0 else int(view.edge_port[code]),
        ]
        for code in range(len(view.edge_source))
    ]


def test_nodes_live_in_namespaces_and_services_front_workloads(store: Neo4jGraphStore) -> None:
    put(store, Flow(service=("shop", "db")), Flow(dest=net("pub"), domain="example.com"))
    put(store, Flow(service=("shop", "db"), action="deny", dest=wep("shop", "other")))

    def run(statement: str) -> list[list[object]]:
        return store.write(lambda tx: tx.run(statement))

    assert run("MATCH (n:Workload)-[:IN]->(s)-[:IN]->(c:Cluster) RETURN DISTINCT s.name, c.name") == [
        ["shop", "east"]
    ]
    assert run("MATCH (n:Fqdn)-[:IN]->(c:Cluster) RETURN n.name, c.name") == [["example.com", "east"]]
    assert run(
        "MATCH (s:Service)-[:FRONTS]->(n) MATCH (s)-[:IN]->(h:Namespace) RETURN s.name, n.name, h.name"
    ) == [["db", "db-*", "shop"]]


def test_the_schema_is_applied_once(store: Neo4jGraphStore) -> None:
    assert store.migrate() == []
    names = store.write(lambda tx: tx.run("SHOW CONSTRAINTS YIELD name"))
    assert {"endpoint_code", "flow_key_code", "batch_id", "talks_code"} <= {name for (name,) in names}


def test_counters_that_overflow_are_refused_and_nothing_stays(store: Neo4jGraphStore) -> None:
    with pytest.raises(BadInputError):
        put(store, Flow(bytes_in=2**62), Flow(bytes_in=2**62, mark=1), id="x")
    assert len(put(store, Flow(action="deny"), id="x").first_denied) == 1
    assert np.asarray(ask(store).denied.counts)[:, 0].tolist() == [1]
