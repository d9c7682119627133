"""How well a cluster's workloads are guarded: what records and policies say of each, and their score.

Pure; knows neither stores nor the API.
"""

from tapetum.posture.actions import Action, actions
from tapetum.posture.components import WEIGHTS, Component, Standing
from tapetum.posture.facts import Facts, Keys, Sightings
from tapetum.posture.isolation import Place, isolation
from tapetum.posture.ratings import Rating, Ratings, ratings
from tapetum.posture.score import Score, Tally, added, score_of, tallied
from tapetum.posture.standings import Isolation, Standings, standings

__all__ = [
    "WEIGHTS",
    "Action",
    "Component",
    "Facts",
    "Isolation",
    "Keys",
    "Place",
    "Rating",
    "Ratings",
    "Score",
    "Sightings",
    "Standing",
    "Standings",
    "Tally",
    "actions",
    "added",
    "isolation",
    "ratings",
    "score_of",
    "standings",
    "tallied",
]
