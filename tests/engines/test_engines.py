"""Real servers started, killed, frozen, emptied; and what is left when the one who started them dies."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import elasticsearch
import neo4j
import pytest
import redis

from tests import engines
from tests.engines.engine import Engine, Given
from tests.engines.group import Launch, members
from tests.engines.ports import free_ports
from tests.engines.process import Process
from tests.engines.redis_server import Redis


def client(engine: Engine) -> redis.Redis:
    return redis.Redis.from_url(engine.url, socket_timeout=5)


@pytest.fixture(scope="module")
def ours() -> Engine:
    return engines.own("redis", "itself")


@pytest.mark.engine("redis")
def test_what_was_written_survives_a_kill_and_a_stop(ours: Engine) -> None:
    with client(ours) as one:
        one.set("written", "before")
    ours.kill()
    assert not ours.running
    assert not ours.ready()
    ours.start()
    ours.restart()
    with client(ours) as one:
        assert one.get("written") == b"before"


@pytest.mark.engine("redis")
def test_a_frozen_server_keeps_quiet_until_it_resumes(ours: Engine) -> None:
    ours.pause()
    try:
        assert ours.running
        assert not ours.ready()
    finally:
        ours.resume()
    assert ours.ready()


@pytest.mark.engine("redis")
def test_a_frozen_server_can_be_stopped(ours: Engine) -> None:
    ours.pause()
    ours.stop()
    assert ours.start().ready()


@pytest.mark.engine("redis")
def test_one_name_is_one_server_and_two_are_two(ours: Engine) -> None:
    other = engines.own("redis", "another")
    assert engines.own("redis", "itself") is ours
    assert other.url != ours.url
    other.kill()
    assert ours.ready()


@pytest.mark.engine("redis")
def test_wiped_is_empty(ours: Engine) -> None:
    with client(ours) as one:
        one.set("written", "before")
        ours.wipe()
        assert one.dbsize() == 0


@pytest.mark.engine("redis")
def test_a_given_server_is_emptied_only_where_nobody_else_wrote(ours: Engine) -> None:
    ours.wipe()
    given = Given(Redis(), "any", ours.url).start()
    given.wipe()
    assert Given(Redis(), "next run", ours.url).start().ready()
    with pytest.raises(engines.EngineError, match=r"cannot be killed; .* engines.own\('redis'"):
        given.kill()
    ours.wipe()
    with client(ours) as one:
        one.set("somebody's", "data")
        with pytest.raises(engines.EngineError, match="holds data that no test made"):
            Given(Redis(), "any", ours.url).start()
        assert one.get("somebody's") == b"data"


def test_a_given_server_that_does_not_answer_is_said() -> None:
    (port,) = free_ports()
    with pytest.raises(engines.EngineError, match=f":{port}/0 does not answer"):
        Given(Redis(), "any", Redis().url(port)).start()


@pytest.mark.engine("redis")
def test_a_server_that_cannot_start_says_what_its_log_says(ours: Engine, tmp_path: Path) -> None:
    assert isinstance(ours, Process)
    with pytest.raises(engines.EngineError, match=r"ended while it started; its log ends:\n") as raised:
        Process(_Broken(), "broken", folder=tmp_path).start()
    assert "no-such-option" in str(raised.value)


class _Broken(Redis):
    def launch(self, folder: Path, port: int, *, quick: bool) -> Launch:
        launch = super().launch(folder, port, quick=quick)
        return Launch([*launch.command, "--no-such-option", "1"], launch.environment)


ABANDON = """
import signal, time
from tests import engines
signal.signal(signal.SIGINT, signal.default_int_handler)  # a run in the background ignores it
engine = engines.own("redis", "abandoned")
print(engine.group, engine.folder, flush=True)
time.sleep(60)
"""


@pytest.mark.engine("redis")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_nothing_outlives_the_process_that_started_it(number: signal.Signals) -> None:
    with subprocess.Popen([sys.executable, "-c", ABANDON], stdout=subprocess.PIPE, text=True) as starter:
        assert starter.stdout
        group, folder = starter.stdout.readline().split()
        assert members(int(group))
        starter.send_signal(number)
        starter.wait(30)
    until = time.monotonic() + 20
    while (members(int(group)) or Path(folder).exists()) and time.monotonic() < until:
        time.sleep(0.05)
    assert not members(int(group))
    assert not Path(folder).exists()


@pytest.mark.engine("neo4j")
def test_neo4j_asks_for_the_password_that_it_was_given() -> None:
    engine = engines.neo4j("guarded", password="correct horse")
    assert engine.settings["TAPETUM_NEO4J_PASSWORD"] == "correct horse"
    with neo4j.GraphDatabase.driver(engine.url, auth=engine.auth) as driver:
        driver.execute_query("CREATE (:Cluster {name: 'east'})")
        driver.execute_query("CREATE CONSTRAINT one FOR (c:Cluster) REQUIRE c.name IS UNIQUE")
        engine.wipe()
        assert driver.execute_query("MATCH (n) RETURN count(n) AS nodes").records[0]["nodes"] == 0
        assert driver.execute_query("SHOW CONSTRAINTS").records == []
    wrong = neo4j.GraphDatabase.driver(engine.url, auth=("neo4j", "wrong horse"))
    with wrong, pytest.raises(neo4j.exceptions.AuthError):
        wrong.verify_connectivity()


@pytest.mark.engine("elasticsearch")
def test_elasticsearch_is_wiped_of_indices_and_of_templates_that_are_not_its_own() -> None:
    engine = engines.elasticsearch("wiped")  # what other tests made is not to go
    with elasticsearch.Elasticsearch(engine.url) as client:
        before = {each["name"] for each in client.indices.get_index_template()["index_templates"]}
        client.cluster.put_component_template(name="mine", template={})
        client.indices.put_index_template(name="mine", index_patterns=["mine-*"], composed_of=["mine"])
        client.indices.create(index="mine-1", aliases={"mine": {}})
        assert client.indices.exists(index="mine-1")
        engine.wipe()
        assert not client.indices.exists(index="mine-1")
        assert not client.indices.exists_alias(name="mine")
        assert not client.cluster.exists_component_template(name="mine")
        after = {each["name"] for each in client.indices.get_index_template()["index_templates"]}
        assert after == before - {"mine"}
    engine.kill()
