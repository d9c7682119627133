"""The constant pieces of every row of flow logs, made when first needed and when pods are replaced."""

from collections import defaultdict
from collections.abc import Callable, Sequence

import numpy as np

from tapetum.simulate.inventory import Endpoint, Workload
from tapetum.simulate.pieces import DROP_PODS, KEEP_PODS, edge_piece, end_piece, host_piece, verdict_piece
from tapetum.simulate.pods import Pod
from tapetum.simulate.verdicts import Verdict
from tapetum.simulate.world import World


class Reports:
    """Pieces by row, for one moment at a time; not for use by two threads."""

    def __init__(self, world: World, allowed_level: int) -> None:
        self._world = world
        self._level = allowed_level
        count = len(world.rows)
        self._columns: tuple[list[bytes], ...] = tuple([b""] * count for _ in range(5))
        self._pods: dict[tuple[Workload, int, int], Pod] = {}
        self._ends: dict[tuple[str, Endpoint, int, int, int], bytes] = {}
        self._verdicts: dict[Verdict, bytes] = {}
        self._edges: dict[tuple[int, bool], bytes] = {}
        self._moment = world.spec.epoch
        self._rolling = [each for each in world.workloads if each.period]
        self._generations = self._turns(self._moment)
        self._touched = self._rows_of(self._rolling)

    def turn_to(self, moment: int) -> None:
        """Forget the pieces of workloads whose pods were replaced since the last moment."""
        now = self._turns(moment)
        self._moment = moment
        for index in np.flatnonzero(now != self._generations).tolist():
            for row in self._touched[self._rolling[index].key]:
                self._columns[0][row] = b""
        self._generations = now

    def pieces(self, rows: Sequence[int]) -> list[list[bytes]]:
        """Five columns of pieces, to be joined in their order."""
        known = self._columns[0]
        for row in rows:
            if not known[row]:
                self._make(row)
        return [[column[row] for row in rows] for column in self._columns]

    def _turns(self, moment: int) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
        generation: Callable[[Workload, int], int] = self._world.housing.generation
        return np.array([generation(each, moment) for each in self._rolling], dtype=np.int64)

    def _rows_of(self, workloads: Sequence[Workload]) -> dict[str, list[int]]:
        wanted = {each.key for each in workloads}
        touched: dict[str, list[int]] = defaultdict(list)
        numbers = self._world.lanes.connection[self._world.rows.lane].tolist()
        for row, number in enumerate(numbers):
            connection = self._world.connections[number]
            for key in {connection.source.key, connection.target.key} & wanted:
                touched[key].append(row)
        return touched

    def _make(self, row: int) -> None:
        world = self._world
        lane, by_target = int(world.rows.lane[row]), bool(world.rows.by_target[row])
        number = int(world.lanes.connection[lane])
        connection = world.connections[number]
        verdict = connection.ingress if by_target else connection.egress
        if verdict is None:
            msg = f"row {row} is reported by an end that is outside the cluster"
            raise RuntimeError(msg)
        places = int(world.lanes.source_pod[lane]), int(world.lanes.target_pod[lane])
        pods = self._pod(connection.source, places[0]), self._pod(connection.target, places[1])
        level = self._level if verdict.allowed else KEEP_PODS
        self._columns[0][row] = self._end("source", connection.source, pods[0], places[0], level)
        self._columns[1][row] = self._end("dest", connection.target, pods[1], places[1], level)
        if not self._columns[2][row]:
            edge = self._edges.get((number, by_target))
            if edge is None:
                edge = self._edges[number, by_target] = edge_piece(connection, verdict, by_target=by_target)
            if verdict not in self._verdicts:
                self._verdicts[verdict] = verdict_piece(verdict)
            self._columns[2][row] = edge
            self._columns[3][row] = self._verdicts[verdict]
        self._columns[4][row] = (
            host_piece(connection.target, pods[1]) if by_target else host_piece(connection.source, pods[0])
        )

    def _pod(self, endpoint: Endpoint, ordinal: int) -> Pod | None:
        if not isinstance(endpoint, Workload):
            return None
        housing = self._world.housing
        key = endpoint, housing.generation(endpoint, self._moment), ordinal
        known = self._pods.get(key)
        if known is None:
            known = self._pods[key] = housing.pod(*key)
        return known

    def _end(self, side: str, endpoint: Endpoint, pod: Pod | None, ordinal: int, level: int) -> bytes:
        housing = self._world.housing
        generation = housing.generation(endpoint, self._moment) if isinstance(endpoint, Workload) else 0
        key = (side, endpoint, generation, 0 if level == DROP_PODS else ordinal, level)
        known = self._ends.get(key)
        if known is None:
            known = self._ends[key] = end_piece(side, endpoint, pod, ordinal, level)
        return known
