"""Text of manifests to plain objects: YAML and JSON, many documents, Lists; bounded, and never by half.

It knows nothing of kinds: what an object means is for `resources`.
"""

from tapetum.policy.documents.problem import Place, Problem
from tapetum.policy.documents.reading import LARGEST, Document, Reading, read

__all__ = ["LARGEST", "Document", "Place", "Problem", "Reading", "read"]
