"""What another state of the cluster would change of recorded connections."""

from tapetum.policy.whatif.changes import Change, Changes, what_if
from tapetum.policy.whatif.recorded import Recorded

__all__ = ["Change", "Changes", "Recorded", "what_if"]
