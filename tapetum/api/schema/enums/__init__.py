"""The enums of the schema: most are the domain's own, under their GraphQL names."""

from tapetum.api.schema.enums import captures, graph, policies, posture
from tapetum.api.schema.enums.alerts import Severity, level_of
from tapetum.api.schema.enums.records import CompletionKind, LoadMeasure, OrderDirection
from tapetum.api.schema.enums.verdicts import Verdict

__all__ = [
    "CompletionKind",
    "LoadMeasure",
    "OrderDirection",
    "Severity",
    "Verdict",
    "captures",
    "graph",
    "level_of",
    "policies",
    "posture",
]
