"""What compose.yaml and the Dockerfile promise, read by the tools made for them; nothing is started."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from tapetum.service.command import app
from tapetum.service.settings import Settings

ROOT = Path(__file__).parents[2]
TOOLS = Path(sys.executable).parent
TEXT = (ROOT / "compose.yaml").read_text()
PASSWORDS = ("TAPETUM_NEO4J_PASSWORD", "TAPETUM_ELASTICSEARCH_PASSWORD", "TAPETUM_REDIS_PASSWORD")
SECRETS = {name: f"secret-of-{name.split('_')[1].lower()}" for name in PASSWORDS}
OURS = ("migrate", "api", "worker")
ENGINES = ("neo4j", "elasticsearch", "redis")


def compose(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Docker Compose with nothing in its environment but that."""
    return subprocess.run(
        [TOOLS / "docker-compose", *words],
        env={"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    done = compose("config", "--format", "json", **SECRETS)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)["services"]


@pytest.mark.parametrize("missing", PASSWORDS)
def test_a_password_that_is_not_set_is_said(missing: str) -> None:
    done = compose("config", "--quiet", **{name: SECRETS[name] for name in PASSWORDS if name != missing})
    assert done.returncode != 0
    assert f"{missing} is missing a value: set it in the environment or in .env" in done.stderr


def test_no_password_is_written_down() -> None:
    """Wherever one belongs, the environment's stands."""
    places = re.findall(r"(?:PASSWORD|AUTH): *(.+)|requirepass\n *- *(.+)|//\w*:(.+)@", TEXT)
    values = ["".join(found) for found in places]
    assert len(values) == 7
    for value in values:
        assert re.fullmatch(
            r"(neo4j/)?\$\{TAPETUM_\w+_PASSWORD:\?set it in the environment or in \.env\}", value
        )


def test_all_are_there(services: dict[str, Any]) -> None:
    assert set(services) == {*OURS, *ENGINES}


@pytest.mark.parametrize("name", [*OURS, *ENGINES])
def test_each_is_pinned_limited_watched_and_started_again(name: str, services: dict[str, Any]) -> None:
    service = services[name]
    assert re.search(r":\d+\.\d+\.\d+(-[a-z]+)?$", service["image"]), service["image"]
    assert {"cpus", "memory", "pids"} <= set(service["deploy"]["resources"]["limits"])
    assert "no-new-privileges:true" in service["security_opt"]
    assert service["logging"]["options"]["max-size"]
    if name == "migrate":
        assert service["healthcheck"] == {"disable": True}
        assert service["restart"] == "no"
    else:
        assert {"test", "interval", "timeout", "retries", "start_period"} <= set(service["healthcheck"])
        assert service["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", OURS)
def test_ours_write_nowhere_but_in_the_spool_and_need_no_rights(name: str, services: dict[str, Any]) -> None:
    service = services[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "privileged" not in service
    mounts = {volume["target"] for volume in service.get("volumes", [])}
    assert mounts == ({service["environment"]["TAPETUM_SPOOL"]} if name == "api" else set())


def test_ours_wait_for_the_engines_and_for_the_migration(services: dict[str, Any]) -> None:
    for name in OURS:
        waits = {other: how["condition"] for other, how in services[name]["depends_on"].items()}
        assert {other: waits.pop(other) for other in ENGINES} == dict.fromkeys(ENGINES, "service_healthy")
        assert waits == ({} if name == "migrate" else {"migrate": "service_completed_successfully"})


def test_data_of_every_engine_and_the_spool_are_named_volumes(services: dict[str, Any]) -> None:
    kept = {
        name: [each["source"] for each in service.get("volumes", [])] for name, service in services.items()
    }
    assert {name: volumes for name, volumes in kept.items() if volumes} == {
        "neo4j": ["neo4j"],
        "elasticsearch": ["elasticsearch"],
        "redis": ["redis"],
        "api": ["spool"],
    }
    assert set(yaml.safe_load(TEXT)["volumes"]) == {"neo4j", "elasticsearch", "redis", "spool"}


def test_only_the_api_can_be_reached_and_only_from_here(services: dict[str, Any]) -> None:
    published = {name: service["ports"] for name, service in services.items() if service.get("ports")}
    assert list(published) == ["api"]
    assert [(port["host_ip"], port["published"], port["target"]) for port in published["api"]] == [
        ("127.0.0.1", "8080", 8080)
    ]


def test_replicas_and_addresses_can_be_chosen() -> None:
    chosen = {
        "TAPETUM_API_REPLICAS": "3",
        "TAPETUM_API_PORTS": "9000-9002",
        "TAPETUM_API_ADDRESS": "192.0.2.1",
        "TAPETUM_WORKERS": "5",
    }
    found = json.loads(compose("config", "--format", "json", **SECRETS, **chosen).stdout)["services"]
    assert found["api"]["deploy"]["replicas"] == 3
    assert found["worker"]["deploy"]["replicas"] == 5
    (port,) = found["api"]["ports"]
    assert (port["host_ip"], port["published"]) == ("192.0.2.1", "9000-9002")


def test_what_containers_are_given_are_settings_with_values_that_they_take(services: dict[str, Any]) -> None:
    documented = (ROOT / "docs" / "settings.md").read_text()
    for name in OURS:
        given = {
            key: value for key, value in services[name]["environment"].items() if key.startswith("TAPETUM_")
        }
        assert {"TAPETUM_NEO4J_URL", "TAPETUM_ELASTICSEARCH_URL", "TAPETUM_REDIS_URL"} <= set(given)
        assert [key for key in given if f"`{key}`" not in documented] == []
        Settings(**{key.removeprefix("TAPETUM_").lower(): value for key, value in given.items()})


def test_commands_are_those_of_tapetum(services: dict[str, Any]) -> None:
    for name in OURS:
        _, bound, _ = app.parse_args(services[name]["command"], exit_on_error=False, print_error=False)
        assert bound.arguments or name == "migrate"


def test_every_variable_is_in_the_page_about_deployment() -> None:
    page = (ROOT / "docs" / "deployment.md").read_text()
    used = set(re.findall(r"\$\{(\w+)", TEXT))
    assert used >= set(PASSWORDS)
    assert [name for name in sorted(used) if f"`{name}`" not in page] == []


def test_the_image_is_of_this_version() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert f"image: tapetum:{version}\n" in TEXT


def test_the_tests_servers_are_these_with_less_laid_over() -> None:
    files = ("--file", "compose.yaml", "--file", "tests/engines/compose.yaml")
    done = compose(*files, "config", "--format", "json", **SECRETS, TAPETUM_TESTS_PORT="22222")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)["services"]
    for name, inside in (("neo4j", 7687), ("elasticsearch", 9200), ("redis", 6379)):
        (port,) = found[name]["ports"]
        assert (port["host_ip"], port["published"], port["target"]) == ("127.0.0.1", "22222", inside)
    assert found["neo4j"]["environment"]["NEO4J_AUTH"] == "none"
    assert found["elasticsearch"]["environment"]["xpack.security.enabled"] == "false"
    assert "--requirepass" not in found["redis"]["command"]


def test_the_dockerfile_passes_its_linter() -> None:
    done = subprocess.run(
        [TOOLS / "hadolint", "Dockerfile"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_the_image_is_built_from_pinned_and_hashed_parts_and_runs_as_nobody_special() -> None:
    text = (ROOT / "Dockerfile").read_text()
    bases = re.findall(r"^FROM (\S+)", text, re.MULTILINE)
    assert len(bases) == 3
    assert all(re.search(r":\d+\.\d+\.\d+-", base) for base in bases)
    assert bases[-1].endswith("slim-bookworm")
    last = text[text.rindex("\nFROM ") :]
    assert "--require-hashes" in text
    assert "npm ci" in text
    assert not re.search(r"apt-get|\bgcc\b|build-essential", last)
    assert re.search(r"^USER 10001:10001$", last, re.MULTILINE)
    assert re.search(r"^HEALTHCHECK ", last, re.MULTILINE)
