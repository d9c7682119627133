"""`tapetum demo`: feed a simulated cluster into a running server, as any source would."""

from pathlib import Path
from signal import SIGINT, SIGTERM, default_int_handler, signal
from typing import Annotated

from cyclopts import Parameter

from tapetum.service.console import log_to_stderr, now, say
from tapetum.service.demo import CLUSTER, Demo
from tapetum.service.manifest_wire import ManifestPusher
from tapetum.service.pushing import Pusher
from tapetum.service.settings import load


def demo(
    *,
    url: Annotated[str, Parameter(help="The running server to send to.")],
    token: Annotated[
        str | None, Parameter(env_var="TAPETUM_TOKEN", help="A bearer token that may send logs.")
    ] = None,
    data: Annotated[Path | None, Parameter(help="The directory in which it keeps how far it came.")] = None,
) -> None:
    """Send two hours of a simulated cluster, and then what it goes on to do, until it is interrupted."""
    settings = load(data=data)
    log_to_stderr()
    for each in (SIGINT, SIGTERM):  # a shell that starts it in the background has it ignore the first
        signal(each, default_int_handler)
    try:
        manifests = ManifestPusher(url, token)
        feeder = Demo(settings.data, Pusher(url, token).submit, now, manifests.import_manifests)
        feeder.catch_up(say)
        say(f"The cluster {CLUSTER} flows to {url}; stop it with Ctrl+C.")
        feeder.run()
    except KeyboardInterrupt:
        say("Stopped.")
