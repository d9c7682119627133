"""What callers are told where an API server fails or refuses: the log has the rest."""

import structlog

from tapetum.api.plain import one_line
from tapetum.domain.errors import (
    BadInputError,
    ConflictError,
    NotAllowedError,
    NotFoundError,
    TapetumError,
    UnavailableError,
)

log = structlog.get_logger("tapetum.captures")


class ToldError(Exception):
    """What callers are to see as it is."""

    def __init__(self, told: TapetumError) -> None:
        super().__init__(str(told))
        self.told = told


def plain(error: Exception, cluster: str, *, reading: bool) -> TapetumError:
    """A sentence without URLs, paths and the server's words, which are logged. `reading`: nothing was to be
    changed.
    """
    if isinstance(error, ToldError):
        return error.told
    log.warning(
        "cluster_refused", cluster=cluster, error=one_line(str(error), 500), kind=type(error).__name__
    )
    if reading:
        return UnavailableError(
            f"The packet captures of {cluster} cannot be read; the server's log says why."
        )
    match error:
        case ConflictError():
            return ConflictError("The cluster has a packet capture of this name; take another.", path="name")
        case NotFoundError():
            return NotFoundError("This packet capture is gone, or is another by now; look again.", path="id")
        case NotAllowedError():
            return NotAllowedError(f"The API server of {cluster} does not allow it; the log says why.")
        case BadInputError():
            return BadInputError(f"The API server of {cluster} does not take it; the log says why.")
        case _:
            return UnavailableError(
                f"The API server of {cluster} failed, and the change may have happened; look again."
            )
