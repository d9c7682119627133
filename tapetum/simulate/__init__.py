"""A seeded cluster that emits the logs a real one would."""

from tapetum.simulate.flows import flow_lines
from tapetum.simulate.manifests import manifests
from tapetum.simulate.pieces import DROP_PODS, KEEP_PODS
from tapetum.simulate.plan import Plan, Progress, as_yaml, write
from tapetum.simulate.records import RecordKind, record_lines
from tapetum.simulate.spec import WorldSpec
from tapetum.simulate.world import World, build

__all__ = [
    "DROP_PODS",
    "KEEP_PODS",
    "Plan",
    "Progress",
    "RecordKind",
    "World",
    "WorldSpec",
    "as_yaml",
    "build",
    "flow_lines",
    "manifests",
    "record_lines",
    "write",
]
