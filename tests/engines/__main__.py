"""python -m tests.engines install | up | down | status: tests' servers, got or kept up."""

import sys
from collections.abc import Callable

from tests.engines import standing
from tests.engines.errors import EngineError
from tests.engines.making import prepare


def install() -> None:
    plan = prepare()
    for kind, source in plan.sources.items():
        print(f"{kind}: {source.value}", file=sys.stderr)


def up() -> None:
    for engine in standing.up().values():
        for name, value in engine.settings.items():
            print(f"export {name}={value}")


def down() -> None:
    for engine in standing.down():
        print(f"Stopped {engine.kind}; its data stay in {standing.FOLDER}.")


def status() -> None:
    known = standing.standing()
    for kind in standing.KINDS:
        running = kind in known and known[kind].running
        print(f"{kind}: {'up at ' + known[kind].url if running else 'down'}")


VERBS: dict[str, Callable[[], None]] = {"install": install, "up": up, "down": down, "status": status}

if __name__ == "__main__":
    verb = VERBS.get(sys.argv[1]) if len(sys.argv) == 2 else None
    if verb is None:
        sys.exit(__doc__)
    try:
        verb()
    except EngineError as error:
        sys.exit(str(error))
