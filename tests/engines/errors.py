"""What can go wrong with the tests' servers, each said in one sentence."""


class EngineError(RuntimeError):
    """A server did not do what a test asked of it."""


class MissingError(EngineError):
    """This machine lacks what a server needs; nothing was started."""
