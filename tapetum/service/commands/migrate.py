"""`tapetum migrate`: bring a data directory, or the engines, to this version's tables."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from tapetum.service.console import say
from tapetum.service.doors import entered
from tapetum.service.settings import load


def migrate(*, data: Annotated[Path | None, Parameter(help="The data directory.")] = None) -> None:
    """Create or bring up to date the tables of a data directory, or of the engines."""
    settings = load(data=data)
    with entered(settings, data) as door:
        say(f"{door.name} is at this version's tables.")
