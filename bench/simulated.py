"""An embedded store of so many simulated flows over six hours, built once and found again under the cache."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench import inputs
from bench.setting import Setting
from bench.stores import NOW, kept
from tapetum.domain.moments import HOUR, SECOND, TimeRange
from tapetum.domain.networks import Networks
from tapetum.ingest.context import Limits
from tapetum.ingest.forms import Form
from tapetum.ingest.pipeline import Pipeline
from tapetum.ingest.sources.files import file_bodies
from tapetum.service.embedded import Embedded

_HOURS = 6


@contextmanager
def simulated(setting: Setting, lines: int) -> Iterator[tuple[Embedded, TimeRange]]:
    """The store, and the range that its flows fill."""
    epoch = NOW // SECOND // 300 * 300 - _HOURS * 3600

    def fill(store: Embedded) -> None:
        intake = Pipeline(store, clock=lambda: NOW, networks=Networks(), limits=Limits())
        with tempfile.TemporaryDirectory(dir=setting.scratch) as name:
            file = inputs.clean(Path(name) / "flows.ndjson", lines, setting.scale, epoch, _HOURS * 3600)
            for body in file_bodies(file.path, 1 << 20):
                intake.submit(body.data, Form.CALICO, "bench", body.source)

    with kept(_place(setting, lines), fill) as store:
        yield store, TimeRange(epoch * SECOND, epoch * SECOND + _HOURS * HOUR)


@contextmanager
def written_to(setting: Setting, lines: int) -> Iterator[tuple[Embedded, TimeRange]]:
    """A copy of it, which goes away with what is added."""
    with simulated(setting, lines) as (_, within):
        pass
    with setting.directory() as directory:
        place = directory / "copy"
        shutil.copytree(_place(setting, lines), place)
        with kept(place, _filled) as store:
            yield store, within


def _filled(_: Embedded) -> None:
    raise AssertionError("The copy is there.")


def _place(setting: Setting, lines: int) -> Path:
    return setting.cache / f"simulated-v1-{lines}"
