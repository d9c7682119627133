"""The demo resumes its cluster where it stopped, writes no line twice, and attacks once."""

import json
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from tapetum.domain.networks import Networks
from tapetum.ingest.context import Limits
from tapetum.ingest.pipeline import Pipeline
from tapetum.service import demo
from tapetum.service.demo import CLUSTER, Demo
from tapetum.service.embedded import Embedded, open_embedded

KINDS = ("flows", "dns", "l7", "audit", "bgp", "events")
SECOND = 1_000_000
MINUTE = 60
START = 1_795_442_437


class Clock:
    def __init__(self) -> None:
        self.seconds = START

    def __call__(self) -> int:
        return self.seconds * SECOND


class Place:
    """A data directory that is opened anew for each run, as `up` does."""

    def __init__(self, data: Path, clock: Clock) -> None:
        self.data = data
        self.clock = clock
        self.said: list[str] = []
        self.embedded: Embedded | None = None

    def run(self) -> Demo:
        self.close()
        opened = open_embedded(self.data, clock=self.clock, memory_limit="600MB", threads=2)
        self.embedded = opened
        pipeline = Pipeline(opened, clock=self.clock, networks=Networks(), limits=Limits())
        found = Demo(self.data, pipeline.submit, self.clock)
        found.catch_up(self.said.append)
        return found

    def close(self) -> None:
        if self.embedded is not None:
            self.embedded.close()
            self.embedded = None

    def ask(self, statement: str) -> list[Any]:
        assert self.embedded is not None
        return self.embedded.engine.read_now(lambda connection: connection.execute(statement).fetchall())

    def times(self) -> tuple[int, int, int]:
        """How many records there are, and the seconds of the first and the last."""
        return self.ask(
            "SELECT count(*), epoch(min(start_time))::BIGINT, epoch(max(start_time))::BIGINT FROM flows"
        )[0]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[Place]:
    monkeypatch.setattr(demo, "_HISTORY", 10 * MINUTE)
    made = Place(tmp_path / "data", Clock())
    yield made
    made.close()


def test_it_begins_with_some_history(place: Place) -> None:
    place.run()
    count, first, last = place.times()
    assert 0.9 * 8 * 600 < count < 1.1 * 8 * 600
    assert START - 12 * MINUTE < first <= last < START
    assert place.ask("SELECT DISTINCT cluster FROM flows") == [(CLUSTER,)]
    assert place.ask("SELECT count(*) FROM dead_letters") == [(0,)]
    loaded = sum(place.ask(f"SELECT count(*) FROM {kind}")[0][0] for kind in KINDS)
    assert place.said == [f"Loaded {loaded} records of the demo cluster."]


def test_connections_go_on_as_they_were(place: Place) -> None:
    """What a minute of history tells and what a live one tells differ by chance only."""
    found = place.run()
    until = json.loads((place.data / "demo.json").read_bytes())["until"]
    for start in range(until, until + 2 * MINUTE, demo.WINDOW):
        found._write(start, start + demo.WINDOW)
    (before, live) = (
        place.ask(f"SELECT sum(num_flows_started) FROM flows WHERE epoch(start_time) {span}")[0][0]
        for span in (f"BETWEEN {until - 2 * MINUTE} AND {until - 1}", f">= {until}")
    )
    assert 0.8 < live / before < 1.25


def test_a_second_run_goes_on_where_the_first_stopped(place: Place) -> None:
    place.run()
    count, first, last = place.times()
    place.clock.seconds += 7 * MINUTE
    place.run()
    more, first_again, last_again = place.times()
    assert first_again == first
    assert last_again > last
    assert abs((more - count) - 8 * 7 * MINUTE) < 0.1 * 8 * 7 * MINUTE
    assert place.ask("SELECT count(*) FROM (SELECT id FROM flows GROUP BY id HAVING count(*) > 1)") == [(0,)]
    place.run()
    assert place.times()[0] == more, "nothing was missing"


def test_every_kind_of_log_has_the_same_history(place: Place) -> None:
    place.run()
    spans = {
        kind: place.ask(
            f"SELECT count(*), epoch(min(start_time))::BIGINT, epoch(max(end_time))::BIGINT FROM {kind}"
        )[0]
        for kind in ("flows", "dns", "l7")
    }
    assert len({span[1:] for span in spans.values()}) == 1
    assert all(count > 600 for count, _, _ in spans.values())
    (created,) = place.ask(
        "SELECT count(*) FROM audit WHERE verb = 'create' AND \"objectRef.apiGroup\" = 'projectcalico.org'"
    )
    assert created[0] > 20, "the cluster's policies, from when it was set up"
    assert place.ask("SELECT count(*) > 0 FROM bgp WHERE state = 'Established'") == [(True,)]


def test_other_kinds_go_on_minute_by_minute_and_nothing_is_there_twice(place: Place) -> None:
    found = place.run()
    before = {kind: place.ask(f"SELECT count(*) FROM {kind}")[0][0] for kind in KINDS}
    until = json.loads((place.data / "demo.json").read_bytes())["until"]
    for start in range(until, until + 4 * MINUTE, demo.WINDOW):
        found._write(start, start + demo.WINDOW)
    after = {kind: place.ask(f"SELECT count(*) FROM {kind}")[0][0] for kind in KINDS}
    for kind in ("dns", "l7"):
        assert 0.7 < (after[kind] - before[kind]) / (before[kind] * 4 / 10) < 1.4, kind
        minutes = place.ask(f"SELECT DISTINCT epoch(end_time - start_time)::BIGINT FROM {kind}")
        assert minutes == [(MINUTE,)]
    assert after["audit"] > before["audit"]
    assert after["events"] > before["events"], "the attack was noticed"
    for kind in KINDS:
        assert place.ask(f"SELECT count(*) = count(DISTINCT id) FROM {kind}") == [(True,)]
    assert place.ask("SELECT count(*) FROM dead_letters") == [(0,)]


def test_after_a_long_pause_only_the_last_hours_are_filled(place: Place) -> None:
    place.run()
    count, _, last = place.times()
    place.clock.seconds += 3 * 3600
    place.run()
    more, _, _ = place.times()
    assert more - count < 1.1 * 8 * 600
    gap = place.ask(f"SELECT epoch(min(start_time))::BIGINT FROM flows WHERE epoch(start_time) > {last}")[0][
        0
    ]
    assert gap >= place.clock.seconds - 12 * MINUTE


def test_the_attack_comes_after_the_calm_and_keeps_its_time(place: Place) -> None:
    place.run()
    plan = json.loads((place.data / "demo.json").read_bytes())
    assert plan["attack_at"] == START + 45
    attacked = "SELECT count(*) FROM flows WHERE process_name = '/tmp/.x/kworkerd'"
    assert place.ask(attacked) == [(0,)]
    place.clock.seconds += 3 * MINUTE
    place.run()
    assert json.loads((place.data / "demo.json").read_bytes())["attack_at"] == START + 45
    assert place.ask(attacked)[0][0] > 0
    (raised,) = place.ask(
        "SELECT count(*) FROM alerts WHERE source_name LIKE 'export-%' AND dest_name LIKE 'postgres-%'"
    )
    assert raised[0] > 0


def test_loading_takes_nothing_of_the_calm(place: Place) -> None:
    class Slow(Clock):
        def __call__(self) -> int:
            self.seconds += 1  # each look at the clock is a second later
            return super().__call__()

    place.clock = Slow()
    place.run()
    plan = json.loads((place.data / "demo.json").read_bytes())
    assert plan["attack_at"] == place.clock.seconds + 45
    assert plan["until"] < plan["attack_at"]


def test_a_torn_plan_begins_anew(place: Place) -> None:
    place.run()
    (place.data / "demo.json").write_text('{"epoch": 17')
    place.run()
    assert json.loads((place.data / "demo.json").read_bytes())["epoch"] > 0


def test_it_flows_while_it_runs(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    found = place.run()
    before = place.times()[0]
    place.clock.seconds += 2 * MINUTE
    found.start()
    try:
        for _ in range(200):
            if place.times()[0] >= before + 0.8 * 8 * 100:
                break
            found._ending.wait(0.05)
    finally:
        found.stop()
    assert place.times()[0] >= before + 0.8 * 8 * 100
    assert not found._thread.is_alive()
