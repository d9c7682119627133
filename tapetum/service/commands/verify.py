"""`tapetum verify`: count the stores against each other."""

import sys
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from tapetum.domain.moments import iso
from tapetum.service.console import say
from tapetum.service.doors import entered
from tapetum.service.settings import load


def verify(*, data: Annotated[Path | None, Parameter(help="The data directory.")] = None) -> None:
    """Recount records against roll-ups, hour by hour and key by key; exits 1 where they differ."""
    settings = load(data=data)
    with entered(settings, data, must_exist=True) as door:
        found = door.differences()
    for difference in found:
        say(
            f"In the {difference.unit} from {iso(difference.start)} key {difference.flow_key} "
            f"has {difference.recorded} {difference.what} in its records "
            f"but {difference.rolled_up} in the roll-ups."
        )
    if found:
        say("The stores differ; restore them from a copy, or send the logs again into empty ones.")
        sys.exit(1)
    say("The stores agree.")
