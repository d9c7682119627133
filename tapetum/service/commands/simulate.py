"""`tapetum simulate`: write a simulated cluster's logs of every kind, its manifests and policies."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.progress import Progress, SpinnerColumn, TextColumn

from tapetum import simulate as simulator
from tapetum.domain.errors import BadInputError
from tapetum.domain.moments import SECOND, parse_moment
from tapetum.service.console import now, say, stderr

_ALIGNED = 300


def simulate(
    *,
    out: Annotated[Path, Parameter(help="The directory to write into.")],
    workloads: Annotated[int, Parameter(help="Workloads in the cluster.")] = 40,
    namespaces: Annotated[int, Parameter(help="Namespaces in the cluster.")] = 8,
    lines: Annotated[int | None, Parameter(help="Flow lines in all; every flow when left out.")] = None,
    minutes: Annotated[int | None, Parameter(help="Minutes of simulated time.")] = None,
    rate: Annotated[float | None, Parameter(help="Flow lines a simulated second.")] = None,
    seed: Annotated[int, Parameter(help="The same seed, start and options write the same bytes.")] = 1,
    attack: Annotated[bool, Parameter(help="Add the story of a compromised workload.")] = False,
    start: Annotated[
        str | None, Parameter(help="When it begins, ISO 8601 or now-1h; when left out it ends about now.")
    ] = None,
    cluster: Annotated[str, Parameter(help="The cluster's name in the manifests.")] = "demo",
    edges: Annotated[int | None, Parameter(help="About how many connections there are.")] = None,
) -> None:
    """Write flows, DNS, L7, audit, BGP and security records of a seeded cluster, and its manifests."""

    def plan_from(begin: int) -> simulator.Plan:
        return simulator.Plan(
            start=begin,
            workloads=workloads,
            namespaces=namespaces,
            lines=lines,
            minutes=minutes,
            rate=rate,
            seed=seed,
            attack=attack,
            cluster=cluster,
            edges=edges,
        )

    clock = now()
    if start is None:
        begin = clock // SECOND - plan_from(0).seconds
        begin -= begin % _ALIGNED
    else:
        begin = parse_moment(start, clock) // SECOND
    plan = plan_from(begin)
    world = simulator.build(plan.spec)
    counts: dict[str, int] = {}
    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        console=stderr,
        transient=True,
        disable=not stderr.is_terminal,
    ) as progress:
        task = progress.add_task("Simulating")
        try:
            for step in simulator.write(world, plan, out):
                counts[step.kind.value] = counts.get(step.kind.value, 0) + step.lines
                progress.update(task, description=f"{step.kind.value}: {counts[step.kind.value]} lines")
        except OSError as error:
            raise BadInputError(
                f"{out} cannot be written ({error.strerror}); free space, or give another with --out."
            ) from None
    written = ", ".join(f"{count} {kind}" for kind, count in counts.items())
    say(f"Wrote {written} lines and manifests.yaml into {out}.")
