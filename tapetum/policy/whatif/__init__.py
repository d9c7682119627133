"""What another state of the cluster would change of recorded connections."""

from tapetum.policy.whatif.changes import Change, Changes, what_if
from tapetum.policy.whatif.draft import Draft
from tapetum.policy.whatif.recorded import Recorded
from tapetum.policy.whatif.simulation import Simulation, simulate
from tapetum.policy.whatif.verdict_keys import KeyedConnections, connections_of

__all__ = [
    "Change",
    "Changes",
    "Draft",
    "KeyedConnections",
    "Recorded",
    "Simulation",
    "connections_of",
    "simulate",
    "what_if",
]
