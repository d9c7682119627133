"""`tapetum alerts`: bring in alert rules, Calico's GlobalAlerts among them; all of them, or none."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import msgspec
from cyclopts import App, Parameter

from tapetum.api.use.rule_import import drafts_of, read_rules
from tapetum.domain.documents import DocumentCounts
from tapetum.domain.errors import BadInputError
from tapetum.service.console import now, say
from tapetum.service.doors import entered
from tapetum.service.graphql_client import GraphQLClient
from tapetum.service.manifest_files import refuse, texts
from tapetum.service.settings import load

alerts = App(name="alerts", help="Bring in rules that raise alerts.")

_IMPORT = """mutation($rules: [String!]!) { importAlertRules(rules: $rules) {
  alertRules { added changed unchanged } problems { message } } }"""


@alerts.command(name="import")
def import_(
    paths: Annotated[
        list[Path],
        Parameter(help="Files, directories, or - for standard input.", allow_leading_hyphen=True),
    ],
    *,
    check: Annotated[bool, Parameter(help="Only say what is wrong, and bring in nothing.")] = False,
    data: Annotated[Path | None, Parameter(help="The data directory.")] = None,
    url: Annotated[str | None, Parameter(help="A running server to send to instead.")] = None,
    token: Annotated[
        str | None, Parameter(env_var="TAPETUM_TOKEN", help="The bearer token for --url.")
    ] = None,
    json: Annotated[bool, Parameter(help="Print the counts as JSON.")] = False,
) -> None:
    """Bring in alert rules: Calico's GlobalAlerts and templates, and rules as docs/alerts.md has them.

    YAML or JSON, Lists and many documents too; nothing where one object is wrong.
    """
    settings = load(data=data)
    if url is not None and data is not None:
        raise BadInputError("--data and --url name two places; give one of them.")
    given = list(texts(paths))
    found = read_rules(given)
    refuse(found.problems)
    if check:
        count = len(found.rules)
        say(f"{count} alert rule{'' if count == 1 else 's'} can be imported.")
        return
    if url is not None:
        rules = {"rules": [text.decode("utf-8-sig") for _, text in given]}
        counts = GraphQLClient(url, token).change(_IMPORT, rules, DocumentCounts, "the rules")
    else:
        with entered(settings, data) as door:
            counts = door.put_documents(drafts_of(found.rules, now()))
    if json:
        print(msgspec.json.encode(asdict(counts)).decode())  # noqa: T201 - the answer, for a program
        return
    say(f"Alert rules: {counts.added} added, {counts.changed} changed, {counts.unchanged} unchanged.")
