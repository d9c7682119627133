"""An import that was refused as a whole: one reason for each object that is wrong."""

from collections.abc import Sequence

from tapetum.domain.errors import BadInputError, TapetumError
from tapetum.policy.documents import Problem

MOST_PROBLEMS = 500


class ObjectsRefusedError(TapetumError):
    """Why nothing was applied. `path` is the argument that holds the objects."""

    def __init__(self, reasons: Sequence[TapetumError], path: str) -> None:
        super().__init__(reasons[0].message)
        self.reasons = list(reasons[:MOST_PROBLEMS])
        if len(reasons) > MOST_PROBLEMS:
            more = f"{len(reasons) - MOST_PROBLEMS:,} more objects are wrong; correct these first."
            self.reasons.append(BadInputError(more, path=path))


def refused(problem: Problem) -> BadInputError:
    source = problem.place.source
    return BadInputError(str(problem), path=f"{source}.{problem.path}" if problem.path else source)
