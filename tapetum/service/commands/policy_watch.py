"""`tapetum policy watch`: a cluster's manifests from its API server, and every change from then on."""

import signal
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from tapetum.domain.cluster_names import checked_cluster
from tapetum.domain.errors import BadInputError
from tapetum.ingest.sources.kubernetes import ApiServer
from tapetum.service.console import now, say
from tapetum.service.doors import entered
from tapetum.service.kubernetes_imports import Following, Take
from tapetum.service.manifest_wire import ManifestPusher
from tapetum.service.settings import load


def policy_watch(
    *,
    kubeconfig: Annotated[
        Path | None, Parameter(help="The kubeconfig; KUBECONFIG or the user's own where left out.")
    ] = None,
    context: Annotated[str | None, Parameter(help="Its context; the current one where left out.")] = None,
    cluster: Annotated[str | None, Parameter(help="How the cluster is called here.")] = None,
    once: Annotated[bool, Parameter(help="Take what there is, and end.")] = False,
    data: Annotated[Path | None, Parameter(help="The data directory.")] = None,
    url: Annotated[str | None, Parameter(help="A running server to send to instead.")] = None,
    token: Annotated[
        str | None, Parameter(env_var="TAPETUM_TOKEN", help="The bearer token for --url.")
    ] = None,
) -> None:
    """Bring in what a Kubernetes API server has of policies, pods and the like, and follow what changes."""
    settings = load(data=data)
    if url is not None and data is not None:
        raise BadInputError("--data and --url name two places; give one of them.")
    name = checked_cluster(settings.cluster if cluster is None else cluster)
    server = ApiServer(kubeconfig, context)
    if url is not None:
        _follow(server, name, ManifestPusher(url, token).import_manifests, once=once)
    else:
        with entered(settings, data) as door:
            _follow(server, name, door.import_manifests, once=once)


def _follow(server: ApiServer, cluster: str, take: Take, *, once: bool) -> None:
    following = Following(server, cluster, take, now, say)
    if once:
        counts = following.once()
        say(
            f"{counts.added} added, {counts.changed} changed, {counts.unchanged} unchanged, "
            f"{counts.removed} removed in {cluster}."
        )
        return
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda *_: following.over.set())
    say(f"Following {server.name} as {cluster}; end it with Ctrl-C.")
    following.run()
