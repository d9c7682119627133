"""A cluster's audit logs alone give its policies, as of any time; the demo's manifests give the rest."""

import asyncio
from pathlib import Path
from random import Random

from tapetum import simulate
from tapetum.catalog.manifests import ManifestsAsked
from tapetum.domain.manifests import ManifestVersion, Origin
from tapetum.domain.moments import SECOND
from tapetum.domain.scope import EVERYTHING
from tapetum.ingest.forms import Form
from tapetum.policy.bodies import bodies_of
from tapetum.policy.documents import Document, Place
from tapetum.policy.resources.manifests import resolve
from tapetum.service.embedded import Embedded, open_embedded
from tapetum.service.intake import pipeline
from tapetum.service.settings import Settings

EPOCH = 1_795_000_200
WORLD = simulate.build(simulate.WorldSpec(cluster="east", epoch=EPOCH, attack_at=EPOCH + 3000))
END = EPOCH + 3600
DECIDES = ("Policy", "Tier", "NetworkSet")


def states(embedded: Embedded, at: int) -> dict[tuple[str, str | None, str], ManifestVersion]:
    asked = ManifestsAsked("east", at * SECOND)
    found = asyncio.run(embedded.catalog.manifests(EVERYTHING, asked, None, 500))
    return {(each.key.kind, each.key.namespace, each.key.name): each for each in found}


def test_the_state_at_the_end_is_that_of_the_manifests_whatever_the_order(tmp_path: Path) -> None:
    lines = list(
        simulate.record_lines(
            WORLD, simulate.RecordKind.AUDIT, EPOCH, END, window=60, level=simulate.KEEP_PODS
        )
    )
    Random(7).shuffle(lines)
    settings = Settings(data=tmp_path)
    embedded = open_embedded(tmp_path, clock=lambda: END * SECOND, memory_limit="1GB", threads=1)
    try:
        submit = pipeline(embedded, settings, history=True).submit
        parts = [lines[place::3] for place in range(3)]
        for part in (*parts, parts[0], parts[1] + parts[2]):  # sent again, and cut otherwise
            submit(b"".join(part), Form.AUDIT, "east", "test")
        documents = [Document(Place("simulator"), each) for each in simulate.manifests(WORLD, at=END)]
        expected = {
            (key.kind, key.namespace, key.name): body
            for key, body in bodies_of("east", resolve(documents)).items()
            if key.kind.endswith(DECIDES)
        }
        assert len(expected) > 10
        found = states(embedded, END)
        assert {place: each.body for place, each in found.items()} == expected
        assert {each.origin for each in found.values()} == {Origin.AUDIT}
        assert states(embedded, EPOCH - 1) == {}
        edited = {place for place, each in found.items() if each.start > (EPOCH + 300) * SECOND}
        assert len(edited) == 1, "one policy is edited later"
        before = states(embedded, EPOCH + 300)
        assert before.keys() == found.keys()
        assert {place for place in found if before[place].body != found[place].body} == edited
        (place,) = edited
        assert before[place].until == found[place].start
    finally:
        embedded.close()
