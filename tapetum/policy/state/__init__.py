"""A cluster as policies see it: what applies in which order, and to whom. A change derives another."""

from tapetum.policy.state.cluster import ClusterState
from tapetum.policy.state.logged import LoggedEnd
from tapetum.policy.state.order import View

__all__ = ["ClusterState", "LoggedEnd", "View"]
