"""What runs, talks and answers over a range: each figure is what `aggregate` or the policy board answers.

Each part is read when it is asked for. What logs do not tell is None with a reason, never 0.
"""

from tapetum.api.use.cluster_health.answers import Answers, dns, http
from tapetum.api.use.cluster_health.asked import HealthAsked, Missing, health_asked
from tapetum.api.use.cluster_health.connections import Connections, connections
from tapetum.api.use.cluster_health.endpoints import Endpoints, Processes, endpoints, processes
from tapetum.api.use.cluster_health.policies import Policies, policies

__all__ = [
    "Answers",
    "Connections",
    "Endpoints",
    "HealthAsked",
    "Missing",
    "Policies",
    "Processes",
    "connections",
    "dns",
    "endpoints",
    "health_asked",
    "http",
    "policies",
    "processes",
]
