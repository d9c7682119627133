"""`tapetum bench`: the benchmarks of a checkout, which ship with the sources only."""

import sys
from importlib.util import find_spec
from pathlib import Path
from runpy import run_module
from typing import Annotated

from cyclopts import Parameter

from tapetum.domain.errors import BadInputError

_CHECKOUT = Path(__file__).parents[3]


def bench(
    *arguments: Annotated[str, Parameter(allow_leading_hyphen=True, help="Rows to run, and options.")],
) -> None:
    """Measure this version on this machine beside its floors; docs/benchmarks.md says what each row means."""
    sys.path.insert(0, str(_CHECKOUT))
    if find_spec("bench") is None:
        raise BadInputError("The benchmarks ship with the sources; run `make bench` in a checkout.")
    sys.argv = ["bench", *arguments]
    run_module("bench", run_name="__main__")
