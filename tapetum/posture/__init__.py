"""How well a cluster's workloads are guarded: what records and policies say of each, and their score.

Pure; knows neither stores nor the API.
"""

from tapetum.posture.actions import Action, actions
from tapetum.posture.components import WEIGHTS, WITH_IMAGES, Component, Standing
from tapetum.posture.facts import Facts, Keys, Sightings
from tapetum.posture.images import image_risk
from tapetum.posture.isolation import Place, isolation
from tapetum.posture.ratings import Rating, Ratings, ratings
from tapetum.posture.scans import read_scans
from tapetum.posture.score import Score, Tally, added, score_of, tallied
from tapetum.posture.standings import ImageRisk, Isolation, Standings, standings

__all__ = [
    "WEIGHTS",
    "WITH_IMAGES",
    "Action",
    "Component",
    "Facts",
    "ImageRisk",
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
    "image_risk",
    "isolation",
    "ratings",
    "read_scans",
    "score_of",
    "standings",
    "tallied",
]
