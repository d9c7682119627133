"""What somebody decided about advice of the posture: that it needs nothing, why, and until when."""

from dataclasses import dataclass

from tapetum.domain.moments import Micros
from tapetum.domain.scope import Scope


@dataclass(frozen=True, slots=True)
class Advice:
    """What an action of the posture is about, whatever workloads it names today.

    `namespace` None: the whole cluster. `certain` False: it asks for data that are missing.
    """

    component: str
    cluster: str
    namespace: str | None
    certain: bool

    def visible(self, scope: Scope) -> bool:
        """What is about a whole cluster is for those only who see all of it."""
        return scope.sees(self.cluster, self.namespace)


@dataclass(frozen=True, slots=True)
class Dismissal:
    """`by` is the name of the token, None where none is needed. `until` None: until it is taken back.

    `subjects` is how many the advice was about: about more it is another matter. None: whatever their number.
    """

    advice: Advice
    by: str | None
    at: Micros
    note: str
    until: Micros | None = None
    subjects: int | None = None

    def holds(self, now: Micros, subjects: int) -> bool:
        """For advice about so many."""
        more = self.subjects is not None and subjects > self.subjects
        return not more and (self.until is None or now < self.until)
