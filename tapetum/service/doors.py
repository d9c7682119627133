"""Which door a command takes: the engines where they are set, else a data directory."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from tapetum.service import door
from tapetum.service.distributed.addresses import addresses
from tapetum.service.door import Door
from tapetum.service.settings import Settings


@contextmanager
def entered(settings: Settings, given: Path | None, *, must_exist: bool = False) -> Generator[Door]:
    """`given` is the directory that the command line names; it wins over engines that are set."""
    where = addresses(settings) if given is None else None
    if where is not None:
        # The drivers are loaded only where they are used: they take a third of a second.
        from tapetum.service.distributed import door as distributed  # noqa: PLC0415

        with distributed.opened(where, settings) as found:
            yield found
        return
    with door.opened(settings.data, settings, must_exist=must_exist) as found:
        yield found
