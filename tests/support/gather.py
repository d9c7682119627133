"""Before the first test: what tests marked `engine` need is there, or the run ends with one sentence."""

import pytest

from tests import engines


class Gather:
    def pytest_collection_finish(self, session: pytest.Session) -> None:
        if session.config.option.collectonly:
            return
        wanted = {
            kind for item in session.items for mark in item.iter_markers("engine") for kind in kinds(mark)
        }
        if not wanted:
            return
        try:
            engines.prepare([kind for kind in engines.KINDS if kind in wanted])
        except engines.EngineError as error:
            pytest.exit(str(error), returncode=1)


def kinds(mark: pytest.Mark) -> tuple[str, ...]:
    """`engine("redis")` needs that one alone, `engine` all three."""
    return mark.args or engines.KINDS
