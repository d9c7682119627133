"""Policies in Neo4j: what a batch tells of them is written with it, and asked in Cypher.

An edge keeps in `decided` what policies did on it. A number is the policy's code and that of
domain.policies.Decision, as decisions.pack has them without the flow key.
"""

from collections import defaultdict
from dataclasses import asdict
from typing import Any

import numpy as np

from tapetum.domain.endpoints import NodeRef
from tapetum.domain.errors import DamagedStoreError
from tapetum.domain.policies import INGRESS_BIT, SIDES, PolicyRef, PolicyUse, uses
from tapetum.domain.scope import Scope
from tapetum.graphdb.neo4j import Neo4j, Transaction
from tapetum.graphdb.statements import statements
from tapetum.graphstore.decisions import Decided, pack, unpack
from tapetum.graphstore.fresh import Fresh
from tapetum.graphstore.memory import GraphMemory
from tapetum.graphstore.neo4j import cypher
from tapetum.graphstore.neo4j.keys import KINDS, LABELS, key_of, natural_key, policy_key
from tapetum.graphstore.policy_answers import in_order
from tapetum.graphstore.registry import sorted_once
from tapetum.graphstore.topology import Ints

ASK = statements(cypher.__name__)
_VISIBLE = """($clusters IS NULL OR a.cluster IN $clusters) AND ($namespaces IS NULL OR
  (a.namespace IS NULL OR [a.cluster, a.namespace] IN $namespaces) AND
  (b.namespace IS NULL OR [b.cluster, b.namespace] IN $namespaces) AND
  (a.namespace IS NOT NULL OR b.namespace IS NOT NULL))"""
"""Scope.sees of an edge, whose ends are of one cluster; one text, so that one plan serves all scopes."""


def catch_up(tx: Transaction, memory: GraphMemory, policies: int) -> None:
    """Enter policies that others committed; in our turn, so nothing is under way."""
    known = len(memory.decisions.policies)
    if known < policies:
        rows = tx.run(ASK["policies"], {"first": known, "last": policies})
        if len(rows) != policies - known:
            raise DamagedStoreError(
                f"The graph database holds {len(rows)} of its {policies - known} policies from {known} on; "
                "restore it from a copy."
            )
        memory.learn(Decided(tuple(PolicyRef(*row) for row in rows)))


class Additions:
    """What a batch's decisions add to the graph, once the codes of its new flow keys are known.

    `places` are where policies were not known to apply: (policy, endpoint, side), packed as decisions are.
    """

    def __init__(self, memory: GraphMemory, decided: Decided, told: Fresh) -> None:
        self._decided = decided
        self._first = len(memory.decisions.policies)
        columns = unpack(decided.decisions)
        edge, source, target = _ends(memory, columns.key, told)
        done = columns.policy << 4 | columns.decision
        self._of_edge: dict[int, set[int]] = defaultdict(set)
        for code, each in zip(edge.tolist(), done.tolist(), strict=True):
            self._of_edge[code].add(each)
        ingress = (columns.decision & INGRESS_BIT) // INGRESS_BIT
        endpoint = np.where(ingress == 1, target, source)
        places = sorted_once(pack(columns.policy, endpoint, ingress))
        self.places = places[memory.decisions.places.missing(places)]

    def take(self, edge: int) -> list[int] | None:
        """What was decided on an edge that is new, to be written with it."""
        return sorted(self._of_edge.pop(edge, ())) or None

    def write(self, tx: Transaction) -> None:
        """All but what was taken; policies, endpoints and edges that are there already stay as they are."""
        policies = [_row(code, policy) for code, policy in enumerate(self._decided.policies, self._first)]
        decided = [{"edge": edge, "decided": sorted(each)} for edge, each in self._of_edge.items()]
        applied = [
            {"policy": policy, "endpoint": endpoint, "side": SIDES[ingress]}
            for policy, endpoint, ingress in unpack(self.places).rows()
        ]
        for question, rows in (
            ("add_policies", policies),
            ("add_decided", decided),
            ("add_applied", applied),
        ):
            if rows:
                tx.run(ASK[question], {"rows": rows})


async def policies_of(database: Neo4j, scope: Scope, source: NodeRef, target: NodeRef) -> list[PolicyUse]:
    statement = _asked("policies_of").replace("%FROM%", LABELS[source.kind])
    values = {"from": key_of(source), "to": key_of(target), "label": LABELS[target.kind]}
    return _uses(await database.read(statement, values | _limits(scope)))


async def policies_of_edges(database: Neo4j, edges: Ints) -> list[PolicyUse]:
    return _uses(await database.read(ASK["policies_of_edges"], {"edges": edges.tolist()}))


async def policies_behind(database: Neo4j, scope: Scope, behind: Ints) -> list[PolicyUse]:
    """At the endpoints of these codes."""
    return _uses(await database.read(_asked("policies_behind"), {"behind": behind.tolist()} | _limits(scope)))


async def policies_at(database: Neo4j, scope: Scope, node: NodeRef) -> list[PolicyUse]:
    statement = _asked("policies_at").replace("%AT%", LABELS[node.kind])
    return _uses(await database.read(statement, {"at": key_of(node)} | _limits(scope)))


async def selected_by(database: Neo4j, scope: Scope, policy: PolicyRef) -> list[NodeRef]:
    rows = await database.read(_asked("selected_by"), {"policy": policy_key(policy)} | _limits(scope))
    return sorted((NodeRef(KINDS[label], *names) for label, *names in rows), key=in_order)


def _asked(question: str) -> str:
    return ASK[question].replace("%VISIBLE%", _VISIBLE)


def _limits(scope: Scope) -> dict[str, Any]:
    return {
        "clusters": None if scope.clusters is None else sorted(scope.clusters),
        "namespaces": None if scope.namespaces is None else sorted(map(list, scope.namespaces)),
    }


def _ends(memory: GraphMemory, keys: Ints, told: Fresh) -> tuple[Ints, Ints, Ints]:
    """Edge, source and target of flow keys, of which some are only now being written."""
    with memory.lock:
        known = memory.keys
        held = np.minimum(keys, known - 1)
        old = memory.topology.ends(held) if known else (held, held, held)
    if not len(told.edge):
        return old
    new = np.clip(keys - known, 0, len(told.edge) - 1)
    columns = zip(old, (told.edge, told.source, told.target), strict=True)
    edge, source, target = (np.where(keys < known, one, other[new]) for one, other in columns)
    return edge, source, target


def _row(code: int, policy: PolicyRef) -> dict[str, Any]:
    home = natural_key(policy.cluster, None, policy.tier)
    return {"code": code, "key": policy_key(policy), "home": home, **asdict(policy)}


def _uses(rows: list[list[Any]]) -> list[PolicyUse]:
    return uses((PolicyRef(*names), code) for *names, code in rows)
