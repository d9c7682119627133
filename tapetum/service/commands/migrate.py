"""`tapetum migrate`: bring a data directory to this version's tables."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from tapetum.service.console import say
from tapetum.service.door import opened
from tapetum.service.settings import load


def migrate(*, data: Annotated[Path | None, Parameter(help="The data directory.")] = None) -> None:
    """Create or bring up to date the tables of a data directory; opening one does the same."""
    settings = load(data=data)
    with opened(settings.data, settings):
        say(f"{settings.data} is at this version's tables.")
