"""Which rules can never match, which change nothing, and whom policies select: docs/policies.md.

Sound, not complete: what is claimed holds, and what cannot be shown is not claimed.
"""

from tapetum.policy.analysis.findings import Basis, Finding, FindingKind, RuleRef
from tapetum.policy.analysis.review import review
from tapetum.policy.analysis.selected import Selected, selected

__all__ = ["Basis", "Finding", "FindingKind", "RuleRef", "Selected", "review", "selected"]
