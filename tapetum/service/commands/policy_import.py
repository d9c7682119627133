"""`tapetum policy import`: manifests from files, directories or standard input, all of them or none."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import msgspec
from cyclopts import Parameter

from tapetum.catalog.manifests import ManifestImport
from tapetum.domain.cluster_names import checked_cluster
from tapetum.domain.errors import BadInputError
from tapetum.domain.manifests import Origin
from tapetum.domain.moments import parse_moment
from tapetum.policy.bodies import bodies_of
from tapetum.service.console import now, say
from tapetum.service.doors import entered
from tapetum.service.manifest_files import checked
from tapetum.service.manifest_wire import ManifestPusher
from tapetum.service.settings import load


def policy_import(
    paths: Annotated[
        list[Path],
        Parameter(help="Files, directories, or - for standard input.", allow_leading_hyphen=True),
    ],
    *,
    cluster: Annotated[str | None, Parameter(help="The cluster that the manifests are of.")] = None,
    replace: Annotated[bool, Parameter(help="They are all there is: what else is known is gone.")] = False,
    at: Annotated[str, Parameter(help="Since when they are so, ISO 8601 or now-1h.")] = "now",
    data: Annotated[Path | None, Parameter(help="The data directory.")] = None,
    url: Annotated[str | None, Parameter(help="A running server to send to instead.")] = None,
    token: Annotated[
        str | None, Parameter(env_var="TAPETUM_TOKEN", help="The bearer token for --url.")
    ] = None,
    json: Annotated[bool, Parameter(help="Print the counts as JSON.")] = False,
) -> None:
    """Bring in manifests as YAML or JSON, Lists and many documents too; nothing where one object is wrong."""
    settings = load(data=data)
    if url is not None and data is not None:
        raise BadInputError("--data and --url name two places; give one of them.")
    name = checked_cluster(settings.cluster if cluster is None else cluster)
    clock = now()
    moment = parse_moment(at, clock)
    if moment > clock:
        raise BadInputError(f"--at {at[:60]} is in the future; give a time up to now.")
    found = checked(paths)
    given = ManifestImport(name, moment, Origin.IMPORT, None, bodies_of(name, found), replace)
    if url is not None:
        counts = ManifestPusher(url, token).import_manifests(given, at)
    else:
        with entered(settings, data) as door:
            counts = door.import_manifests(given)
    if json:
        print(msgspec.json.encode({**asdict(counts), "passedOver": len(found.passed_over)}).decode())  # noqa: T201 - the answer, for a program
        return
    say(
        f"{counts.added} added, {counts.changed} changed, {counts.unchanged} unchanged, "
        f"{counts.removed} removed in {name}."
    )
    if found.passed_over:
        say(f"{len(found.passed_over)} objects bear on no policy and were passed over.")
