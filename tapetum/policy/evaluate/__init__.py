"""What decides a connection, with the whole trace: the plain evaluator, which any faster one is held to."""

from tapetum.policy.evaluate.ends import evaluate, judge
from tapetum.policy.evaluate.matching import Matcher

__all__ = ["Matcher", "evaluate", "judge"]
