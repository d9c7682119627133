"""A seeded cluster that emits the logs a real one would."""

from tapetum.simulate.flows import flow_lines
from tapetum.simulate.spec import WorldSpec
from tapetum.simulate.world import World, build

__all__ = ["World", "WorldSpec", "build", "flow_lines"]
