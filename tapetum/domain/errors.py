"""The errors that cross a port or reach a user.

Each carries one sentence (what, where, the way out) and a stable code for programs.
"""


class TapetumError(Exception):
    """Root of what we raise on purpose; `str(error)` is the sentence, `code` is stable."""

    code = "INTERNAL"

    def __init__(self, message: str, *, path: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.path = path


class BadInputError(TapetumError):
    """The caller's argument, query, setting or file cannot be used as it is."""

    code = "BAD_INPUT"


class TooLargeError(TapetumError):
    """A body, line, query or answer is over a limit that the sentence names."""

    code = "TOO_LARGE"


class UnsupportedEncodingError(TapetumError):
    """A content encoding that we do not read."""

    code = "UNSUPPORTED_ENCODING"


class UnauthorizedError(TapetumError):
    """No valid token where one is needed."""

    code = "UNAUTHORIZED"


class NotFoundError(TapetumError):
    """There is nothing of that id, or nothing that the caller may see."""

    code = "NOT_FOUND"


class NotAllowedError(TapetumError):
    """The caller may see it, and may not change it."""

    code = "NOT_ALLOWED"


class ConflictError(TapetumError):
    """What is to be changed has changed since the caller read it."""

    code = "CONFLICT"


class DeadlineError(TapetumError):
    """A query passed its deadline and was cancelled, in the engine too."""

    code = "DEADLINE"


class UnavailableError(TapetumError):
    """A store cannot take or give data now; trying again later may work."""

    code = "UNAVAILABLE"


class DamagedStoreError(TapetumError):
    """A recount at start found less, or other, than what was acknowledged."""

    code = "DAMAGED"
