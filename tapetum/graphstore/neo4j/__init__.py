"""The GraphStore on Neo4j: a typed graph, flow keys, roll-ups as blocks of columns (docs/decisions/0009)."""

from tapetum.graphstore.neo4j.store import Neo4jGraphStore

__all__ = ["Neo4jGraphStore"]
