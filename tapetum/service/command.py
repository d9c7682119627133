"""The `tapetum` command: its verbs, and how it ends. Every refusal is one sentence, never a traceback."""

import sys

from cyclopts import App, CycloptsError

from tapetum.domain.errors import TapetumError
from tapetum.service.console import say

app = App(
    name="tapetum",
    help="What talks to what in Kubernetes clusters, and which policy let it or stopped it.",
)
# Named rather than imported: a verb loads what it needs when it is called, and no more.
_VERBS = "up api worker ingest simulate demo verify policy alerts migrate schema token bench"
for verb in _VERBS.split():
    app.command(f"tapetum.service.commands.{verb}:{verb}", name=verb)

_REFUSED = 2
_INTERRUPTED = 130


def main() -> None:
    try:
        app(sys.argv[1:], exit_on_error=False, print_error=False)
    except TapetumError as error:
        say(f"tapetum: {error.message}")
        sys.exit(_REFUSED)
    except CycloptsError as error:
        say(f"tapetum: {' '.join(str(error).split())} `tapetum --help` lists what there is.")
        sys.exit(_REFUSED)
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)
    except BrokenPipeError:  # the reader of our output has enough
        sys.stderr.close()
