"""`tapetum ingest`: read files, directories or standard input into a data directory or a server."""

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from io import BufferedReader
from itertools import chain
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from cyclopts import Parameter
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from tapetum.domain.batches import NOTHING, Receipt, RecordKind
from tapetum.domain.cluster_names import checked_cluster
from tapetum.domain.errors import BadInputError
from tapetum.ingest.detection import detect_form
from tapetum.ingest.forms import FLOW_FORMS, Form
from tapetum.ingest.sources.files import Body, file_bodies, log_files, stream_bodies
from tapetum.service.console import say, stderr
from tapetum.service.doors import entered
from tapetum.service.pushing import HTTP_BODY, Pusher
from tapetum.service.settings import Settings, load

_SAMPLE = 256 * 1024
_AHEAD = 2
"""Bodies under way: one is decoded while another commits; more would only take memory."""

Submit = Callable[[bytes, Form, str, str], Receipt]


def ingest(
    paths: Annotated[
        list[str],
        # A lone hyphen looks like an option to the parser, so it takes all that begin with one.
        Parameter(help="Files, directories, or - for standard input.", allow_leading_hyphen=True),
    ],
    *,
    kind: Annotated[
        Literal["auto", "flows", "dns", "l7", "audit", "bgp", "events"],
        Parameter(help="The kind of records; auto tells it from each file's first lines."),
    ] = "auto",
    format: Annotated[  # noqa: A002 - the option's documented name
        Literal["auto", "calico", "goldmane", "hubble", "netobserv"],
        Parameter(help="The form of flow logs; auto tells it from each file's first lines."),
    ] = "auto",
    cluster: Annotated[str | None, Parameter(help="The cluster that the logs are of.")] = None,
    data: Annotated[Path | None, Parameter(help="The data directory.")] = None,
    url: Annotated[str | None, Parameter(help="A running server to send to instead.")] = None,
    token: Annotated[
        str | None, Parameter(env_var="TAPETUM_TOKEN", help="The bearer token for --url.")
    ] = None,
    json: Annotated[bool, Parameter(help="Print the counts as JSON.")] = False,
) -> None:
    """Read logs; bad lines are kept with their reasons, lines that are there already are suppressed."""
    settings = load(data=data)
    if url is not None and data is not None:
        raise BadInputError("--data and --url name two places; give one of them.")
    name = checked_cluster(settings.cluster if cluster is None else cluster)
    sources = _sources(paths, settings, _asked(kind, format), HTTP_BODY if url else None)
    if url is not None:
        total = _run(sources, Pusher(url, token).submit, name)
    else:
        # Decoding has the other cores: a second thread of the engine makes this a twentieth slower.
        with entered(settings.model_copy(update={"threads": 1}), data) as door:
            total = _run(sources, door.submit, name)
    if json:
        print(msgspec.json.encode(total).decode())  # noqa: T201 - the answer, for a program
        return
    say(
        f"{total.lines} lines: {total.accepted} accepted, {total.duplicates} duplicates, "
        f"{total.rejected} rejected."
    )
    if total.rejected:
        say("The rejected lines are kept with their reasons; read them with `rejectedLines` of the API.")


@dataclass(frozen=True, slots=True)
class _Asked:
    """`form` is the one that every source is in; None: each is to be told, and must be of this kind."""

    form: Form | None
    kind: RecordKind | None = None


def _asked(kind: str, name: str) -> _Asked:
    if name != "auto":
        form = Form(name)
        if kind not in ("auto", form.kind):
            raise BadInputError(f"--format {name} is one of flow logs, not of {kind}; leave one of them out.")
        return _Asked(form)
    if kind == "auto":
        return _Asked(None)
    return _Asked(None, RecordKind.FLOWS) if kind == RecordKind.FLOWS else _Asked(Form(kind))


Source = tuple[Form, int | None, Iterator[Body]]
"""The form, the size in bytes as stored (None: unknown) and the bodies."""


def _sources(paths: list[str], settings: Settings, asked: _Asked, most: int | None) -> list[Source]:
    """Every source with its form, told before anything is written: a wrong path has no partial effect."""
    size = min(settings.batch_bytes, most or settings.batch_bytes)
    found: list[Source] = []
    for path in paths:
        if path.startswith("-") and path != "-":
            raise BadInputError(f"There is no option {path[:80]}; `tapetum ingest --help` lists them.")
        if path == "-":
            found.append(
                _told(
                    "standard input", asked, None, stream_bodies(_stdin(), "stdin", settings.max_line, size)
                )
            )
            continue
        for file in log_files([Path(path)]):
            told = asked.form or _form_of(
                str(file), next(file_bodies(file, settings.max_line, size), None), asked.kind
            )
            found.append((told, file.stat().st_size, file_bodies(file, settings.max_line, size)))
    return found


def _told(name: str, asked: _Asked, length: int | None, bodies: Iterator[Body]) -> Source:
    first = next(bodies, None)
    if first is None:
        return asked.form or Form.CALICO, length, iter(())
    return asked.form or _form_of(name, first, asked.kind), length, chain([first], bodies)


def _form_of(name: str, first: Body | None, kind: RecordKind | None) -> Form:
    if first is None or not first.data.strip():
        return Form.CALICO  # nothing to read in any form
    form = detect_form(first.data[:_SAMPLE])
    if form is None:
        kinds = ", ".join(form.value for form in Form if form not in FLOW_FORMS)
        forms = ", ".join(form.value for form in FLOW_FORMS)
        raise BadInputError(
            f"The form of {name} cannot be told from its first lines; give --kind {kinds}, "
            f"or --format {forms} for flows."
        )
    if kind not in (None, form.kind):
        raise BadInputError(f"{name} holds {form.kind} logs, not {kind}; leave --kind away, or the file.")
    return form


def _stdin() -> BufferedReader:
    return sys.stdin.buffer  # pyright: ignore[reportReturnType] - a text stream over a file has one


def _run(sources: list[Source], submit: Submit, cluster: str) -> Receipt:
    total = NOTHING
    lengths = [length for _, length, _ in sources]
    with (
        ThreadPoolExecutor(_AHEAD, thread_name_prefix="ingest") as pool,
        Progress(
            TextColumn("Reading"),
            BarColumn(),
            DownloadColumn(),
            TimeRemainingColumn(),
            console=stderr,
            transient=True,
            disable=not stderr.is_terminal,
        ) as progress,
    ):
        bar = progress.add_task("read", total=None if None in lengths else sum(filter(None, lengths)))
        before = 0
        under_way: set[Future[Receipt]] = set()
        try:
            for form, length, bodies in sources:
                for body in bodies:
                    if len(under_way) >= _AHEAD:
                        done, under_way = wait(under_way, return_when=FIRST_COMPLETED)
                        total = sum((future.result() for future in done), total)
                    under_way.add(pool.submit(submit, body.data, form, cluster, body.source))
                    progress.update(bar, completed=before + body.read)
                before += length or 0
            return sum((future.result() for future in under_way), total)
        except BadInputError as error:
            if total.lines or under_way:
                raise BadInputError(
                    f"{error.message} What came before it is kept, and reading it again changes nothing."
                ) from None
            raise
