"""Policies to write, learnt from recorded connections, with what each rule rests on, and how they hold."""

from tapetum.policy.recommend.heldout import HeldOut, evaluate_held_out
from tapetum.policy.recommend.lookups import Lookup, answering, lookups_of, named, nameless
from tapetum.policy.recommend.observed import Observed, fold, observed, summed
from tapetum.policy.recommend.options import Options, Style, Target
from tapetum.policy.recommend.recommendation import (
    Recommendation,
    RecommendedPolicy,
    RecommendedRule,
    recommend,
)

__all__ = [
    "HeldOut",
    "Lookup",
    "Observed",
    "Options",
    "Recommendation",
    "RecommendedPolicy",
    "RecommendedRule",
    "Style",
    "Target",
    "answering",
    "evaluate_held_out",
    "fold",
    "lookups_of",
    "named",
    "nameless",
    "observed",
    "recommend",
    "summed",
]
