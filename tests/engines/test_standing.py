"""Servers that a developer keeps up from one command to the next."""

from pathlib import Path

import pytest
import redis

from tests.engines import standing
from tests.engines.process import Process


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(standing, "FOLDER", tmp_path)
    monkeypatch.setattr(standing, "_STATE", tmp_path / "state.json")
    monkeypatch.setattr(standing, "KINDS", ("redis",))
    monkeypatch.setattr(standing, "prepare", lambda own: standing.Plan({}, {}))


@pytest.mark.engine("redis")
@pytest.mark.usefixtures("alone")
def test_up_twice_is_one_server_and_down_keeps_its_data() -> None:
    first = standing.up()["redis"]
    try:
        with redis.Redis.from_url(first.url) as client:
            client.set("mine", "kept")
            again = standing.up()["redis"]
            assert isinstance(again, Process)
            assert again.url == first.url
            assert client.info("server")["process_id"] == again.group
            assert [engine.kind for engine in standing.down()] == ["redis"]
            assert not standing.standing()["redis"].running
            assert standing.up()["redis"].url == first.url
            assert client.get("mine") == b"kept"
    finally:
        standing.down()
    assert standing.down() == []
