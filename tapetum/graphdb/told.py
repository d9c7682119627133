"""What the driver's errors mean to who asked, each in one sentence without the engine's own words."""

from neo4j.exceptions import AuthError, DriverError, Neo4jError, ServiceUnavailable, SessionExpired

from tapetum.domain.errors import DeadlineError, TapetumError, TooLargeError, UnavailableError

_MEMORY = ("OutOfMemory", "MemoryPool", "StackOverFlow")
_TIMED_OUT = ("TransactionTimedOut", "LockAcquisitionTimeout")


def told(error: Neo4jError | DriverError, url: str) -> TapetumError | Neo4jError | DriverError:
    """The error itself where the mistake is ours."""
    if isinstance(error, AuthError):
        return UnavailableError(
            f"Neo4j at {url} refuses the user or the password; "
            "check TAPETUM_NEO4J_USER and TAPETUM_NEO4J_PASSWORD."
        )
    code = error.code or "" if isinstance(error, Neo4jError) else ""
    if any(part in code for part in _MEMORY):
        return TooLargeError(
            "The question needs more memory than Neo4j may use; narrow its range or filter, "
            "or give Neo4j more (server.memory.heap.max_size)."
        )
    if any(part in code for part in _TIMED_OUT):
        return DeadlineError("Neo4j ended the question as it took too long; narrow its range or filter.")
    if passes(error) or code.startswith("Neo.DatabaseError"):
        return UnavailableError(
            f"Neo4j at {url} does not take or answer it now; see that it runs and has room, then try again."
        )
    return error


def passes(error: Neo4jError | DriverError) -> bool:
    """Whether trying again may help; what was under way may have been committed all the same."""
    return error.is_retryable() or isinstance(error, ServiceUnavailable | SessionExpired)
