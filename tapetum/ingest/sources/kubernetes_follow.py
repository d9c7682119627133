"""Following one kind of an API server: listed, watched, and listed anew where the past is forgotten."""

import threading
from collections.abc import Callable

from tapetum.domain.errors import BadInputError, UnavailableError
from tapetum.ingest.sources.kubernetes import ApiServer, Heard, Served
from tapetum.ingest.sources.kubernetes_wire import ExpiredError

_FIRST_WAIT, _LONGEST_WAIT = 0.5, 60.0


def follow(
    server: ApiServer,
    served: Served,
    hear: Callable[[Heard], None],
    over: threading.Event,
    say: Callable[[str], None],
) -> None:
    """Until it is over. What goes wrong is said and tried again, at ever longer intervals."""
    waits, version = _FIRST_WAIT, ""
    while not over.is_set():
        try:
            if not version:
                listed, version = server.listed(served)
                hear(listed)
            for changed, reached in server.watch(served, version, over):
                if changed is not None:
                    hear(changed)
                version, waits = reached, _FIRST_WAIT
        except ExpiredError:
            version = ""
        except (BadInputError, UnavailableError) as error:
            say(error.message)
            over.wait(waits)
            waits = min(_LONGEST_WAIT, 2 * waits)
            if isinstance(error, BadInputError):
                version = ""
