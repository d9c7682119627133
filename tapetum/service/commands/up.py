"""`tapetum up`: everything in one process over one data directory."""

import os
import secrets
import socket
import time
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Annotated

import anyio
from cyclopts import Parameter

from tapetum.domain.errors import BadInputError
from tapetum.domain.scope import EVERYTHING
from tapetum.service import control
from tapetum.service.app import Intake, build_app
from tapetum.service.console import log_to_stderr, now, say
from tapetum.service.delivery.composed import deliveries
from tapetum.service.delivery.tally import DeliveryTally
from tapetum.service.demo import Bring, Demo
from tapetum.service.embedded import Embedded, open_embedded
from tapetum.service.feeds.composed import feed_keeper
from tapetum.service.ingest_metrics import IngestCollector
from tapetum.service.intake import pipeline
from tapetum.service.ownership import Owner, leave_note, owned, remove_note
from tapetum.service.serving import Server, is_loopback, listen, url_of
from tapetum.service.settings import Settings, load
from tapetum.service.upkeep import Upkeep
from tapetum.service.window_rules import Alongside, WindowRules

_SOONEST, _LATEST = 0.5, 8.0
"""Seconds before a data file is opened anew: at first, and where it is given up again and again."""
_STABLE = 60.0
"""Seconds after which a file that is given up was not given up again."""


def up(
    *,
    data: Annotated[Path | None, Parameter(help="The data directory.")] = None,
    host: Annotated[str | None, Parameter(help="The address to listen on.")] = None,
    port: Annotated[int | None, Parameter(help="The port to listen on; 0 takes a free one.")] = None,
    demo: Annotated[bool, Parameter(help="Fill it with a simulated cluster that keeps flowing.")] = False,
) -> None:
    """Serve the page, the API and ingest, with the embedded stores, until it is interrupted."""
    settings = load(data=data, host=host, port=port)
    log_to_stderr()
    with owned(settings.data, say) as owner:
        if owner is not None:
            raise BadInputError(
                f"A tapetum already serves {settings.data} at {owner.url} (process {owner.pid}); "
                "use that one, or give another directory with --data."
            )
        _serve_on(settings, demo=demo)


def _serve_on(settings: Settings, *, demo: bool) -> None:
    """Until it is interrupted. A data file that the engine gave up is opened anew, as at a second start; who
    connects meanwhile waits.
    """
    secret = secrets.token_urlsafe(32)
    with ExitStack() as stack:
        listener: socket.socket | None = None
        pause = _SOONEST
        while True:
            began = time.monotonic()
            with closing(_opened(settings)) as embedded:
                if listener is None:
                    listener = stack.enter_context(_listening(embedded, settings))
                ended = _serve(embedded, settings, listener, secret, demo=demo)
            if ended or not embedded.engine.gave_up:
                return
            pause = _SOONEST if time.monotonic() - began > _STABLE else min(2 * pause, _LATEST)
            say(f"The data engine gave up; its file is opened anew in {pause:g} s.")
            time.sleep(pause)


def _opened(settings: Settings) -> Embedded:
    return open_embedded(
        settings.data,
        clock=now,
        memory_limit=settings.memory_limit,
        threads=settings.threads,
        say=say,
        metric_pairs=settings.metric_pairs,
    )


def _listening(embedded: Embedded, settings: Settings) -> socket.socket:
    if not is_loopback(settings.host) and not embedded.has_tokens():
        raise BadInputError(
            f"Listening on {settings.host} needs at least one token, as others can reach it; "
            f"make one with `tapetum token create NAME --data {settings.data}`, or listen on 127.0.0.1."
        )
    return listen(settings.host, settings.port)


def _bring(embedded: Embedded) -> Bring:
    return lambda given: anyio.run(embedded.catalog.import_manifests, EVERYTHING, given)


def _serve(
    embedded: Embedded, settings: Settings, listener: socket.socket, secret: str, *, demo: bool
) -> bool:
    """Until it is interrupted, or the engine gives up; whether it was interrupted."""
    intake = pipeline(embedded, settings, history=False)
    url = url_of(settings.host, listener)
    feeder = Demo(settings.data, intake.submit, now, _bring(embedded)) if demo else None
    if feeder is not None:
        feeder.catch_up(say)
    keeper = Upkeep(embedded, settings.retention_days)
    rules = Alongside(WindowRules(embedded))
    tally = DeliveryTally()
    app = build_app(
        embedded,
        Intake(intake.deliver, IngestCollector(intake.tally)),
        settings,
        require_token=not is_loopback(settings.host) or settings.require_token,
        routes=control.routes(embedded, pipeline(embedded, settings, history=True), secret),
        running=(
            feed_keeper(embedded, settings).running,
            deliveries(embedded, settings, "up", tally).running,
        ),
        counts=(tally,),
    )
    server = Server(app)
    leave_note(settings.data, Owner(url, secret, os.getpid()))
    keeper.start()
    rules.start()
    if feeder is not None:
        feeder.start()
    say(f"Tapetum serves {url} from {settings.data.resolve()}; stop it with Ctrl+C.")
    embedded.engine.when_given_up(server.end)
    try:
        server.run(sockets=[listener.dup()])  # it closes what it was given
    finally:
        remove_note(settings.data)
        if feeder is not None:
            feeder.stop()
        rules.stop()
        keeper.stop()
    return server.interrupted
