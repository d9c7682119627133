"""`tapetum api`: serve the page, the API and ingest over the engines; any number of replicas."""

from typing import Annotated

from cyclopts import Parameter

from tapetum.service.app import Intake, build_app
from tapetum.service.console import log_to_stderr, now, say
from tapetum.service.distributed.addresses import needed
from tapetum.service.distributed.composition import opened
from tapetum.service.distributed.preparing import Preparing
from tapetum.service.distributed.receiving import SpoolCollector, receiving
from tapetum.service.serving import Server, is_loopback, listen, url_of
from tapetum.service.settings import load


def api(
    *,
    host: Annotated[str | None, Parameter(help="The address to listen on.")] = None,
    port: Annotated[int | None, Parameter(help="The port to listen on; 0 takes a free one.")] = None,
) -> None:
    """Serve over the engines, until it is interrupted; `tapetum worker` applies what it receives.

    While they are away, it takes what is sent and says that questions must wait.
    """
    settings = load(host=host, port=port)
    where = needed(settings, "api")
    log_to_stderr()
    outside = not is_loopback(settings.host)
    with opened(where, now) as stores, receiving(where, stores, settings) as received:
        preparing = Preparing(stores.ready, stores.migrate)
        listener = listen(settings.host, settings.port)
        app = build_app(
            stores,
            Intake(received.receiver.submit, SpoolCollector(received.spool), received.tokens),
            settings,
            require_token=outside or settings.require_token,
            running=(lambda: stores.bus, received.running, preparing.running),
            ready=preparing.ready,
        )
        say(f"Tapetum serves {url_of(settings.host, listener)} over the engines; stop it with Ctrl+C.")
        if outside:
            say("Others can reach it, so it asks for tokens; make one with `tapetum token create NAME`.")
        Server(app).run(sockets=[listener])
