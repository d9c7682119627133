"""A workload through its roll-outs: its name in records without what a controller adds for each."""

import re
from dataclasses import dataclass

from tapetum.detect.detectors.asking import Asker, same
from tapetum.domain.metrics import Op
from tapetum.domain.moments import MINUTE, Micros, TimeRange
from tapetum.kql import Query, all_of, any_of
from tapetum.kql.syntax import FieldRef, Is, Wildcard
from tapetum.logstore.aggregation import Metric

# The alphabet of Kubernetes' generated names has no vowels, so that they make no words.
_LETTER = "[bcdfghjklmnpqrstvwxz2456789]"
_GENERATED = re.compile(rf"-(?:{_LETTER}{{8,10}}|(?=[a-z]*\d)(?=\d*[a-z]){_LETTER}{{4,7}}|\d{{7,10}})\Z")
_VERSION = re.compile(rf"-(?=\d*[a-z]){_LETTER}{{8,10}}-\*\Z")
_DUE = re.compile(r"-(\d{7,10})\Z")
_PUNCTUAL = 15
"""Minutes, for the pod to come up and the logs' windows."""
_POD = "-*"


@dataclass(frozen=True, slots=True, order=True)
class Workload:
    """`stem`: web-6b687c8dcb-* and web-75d8f4c9b6-* are both `web`."""

    namespace: str
    stem: str

    @classmethod
    def of(cls, namespace: str | None, name: str | None) -> "Workload":
        return cls(namespace or "", stem(name or ""))

    def where(self, side: str) -> Query:
        """Records whose `side` is it, and of some others that are called alike: `of` tells them apart."""
        space_field, name = named(side)
        space = same(space_field, self.namespace or None)
        if not self.stem:
            return all_of((space, same(name, None)))
        alike = Is(FieldRef((name,)), Wildcard((f"{self.stem}-", "")))
        return all_of((space, any_of((same(name, self.stem), alike))))


def named(side: str) -> tuple[str, str]:
    """The fields by which records name a workload at one end."""
    return f"{side}_namespace", f"{side}_name_aggr"


async def exactly(ask: Asker, workload: Workload, side: str, within: TimeRange) -> Query:
    """The workload's own records and no others'."""
    rows = await ask.groups(within, named(side), (Metric(Op.COUNT),), workload.where(side))
    names = [row.keys for row in rows if Workload.of(*row.keys) == workload]
    return any_of(all_of(map(same, named(side), keys)) for keys in names)


def stem(name: str) -> str:
    return _GENERATED.sub("", name.removesuffix(_POD))


def is_scheduled(name: str, begun: Micros) -> bool:
    """Whether a name in records is that of a CronJob's run which began when it was due.

    The controller names runs by the minute, counted since 1970; whoever starts one by hand does not.
    """
    due = _DUE.search(name.removesuffix(_POD))
    return due is not None and abs(begun // MINUTE - int(due[1])) <= _PUNCTUAL


def is_version(name: str) -> bool:
    """Whether a name in records is that of a ReplicaSet's pods: one version of a Deployment."""
    return _VERSION.search(name) is not None
