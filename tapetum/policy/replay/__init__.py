"""Verdicts of very many connections at once: columns and first matches instead of one walk after another.

It gives what the plain evaluator gives, without the traces, and is tested against it.
"""

from tapetum.policy.replay.connections import Connections, Traffic
from tapetum.policy.replay.verdicts import Verdicts, replay, replay_both

__all__ = ["Connections", "Traffic", "Verdicts", "replay", "replay_both"]
