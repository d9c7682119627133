"""Which flow keys meet a filter: asked of the database once for each key, as keys never change."""

from collections import OrderedDict

import numpy as np

from tapetum.domain.moments import Micros
from tapetum.domain.traffic import Mask
from tapetum.graphdb.neo4j import Neo4j
from tapetum.graphdb.statements import statements
from tapetum.graphstore.neo4j import cypher
from tapetum.graphstore.neo4j.filters import compile_cypher
from tapetum.kql import Query

_ASK = statements(cypher.__name__)["matching"]
_KEPT = 16


class Matching:
    def __init__(self, database: Neo4j) -> None:
        self._database = database
        self._masks: OrderedDict[Query, Mask] = OrderedDict()

    async def mask(self, query: Query, keys: int, now: Micros) -> Mask:
        """Over the codes below `keys`."""
        kept = self._masks.get(query, np.zeros(0, np.bool_))
        if len(kept) < keys:
            condition, values = compile_cypher(query, now)
            statement = _ASK.replace("%CONDITION%", condition)
            ((codes,),) = await self._database.read(statement, values | {"first": len(kept), "last": keys})
            grown = np.zeros(keys, np.bool_)
            grown[: len(kept)] = kept
            grown[np.array(codes, np.int64)] = True
            kept = grown
        self._masks[query] = kept
        self._masks.move_to_end(query)
        if len(self._masks) > _KEPT:
            self._masks.popitem(last=False)
        return kept[:keys]
