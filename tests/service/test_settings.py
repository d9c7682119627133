"""Settings: from the command line, then the environment, then a file; what is wrong is named."""

from pathlib import Path

import pytest

from tapetum.domain.errors import BadInputError
from tapetum.service.settings import Settings, load

NAMES = sorted(Settings.model_fields)


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CONFIG", *NAMES):
        monkeypatch.delenv(f"TAPETUM_{name.upper()}", raising=False)


def configured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str) -> None:
    file = tmp_path / "tapetum.toml"
    file.write_text(text)
    monkeypatch.setenv("TAPETUM_CONFIG", str(file))


def test_it_is_safe_without_any() -> None:
    found = load()
    assert (found.host, found.port, found.data) == ("127.0.0.1", 8080, Path(".tapetum"))
    assert found.private_ranges == []


def test_the_command_line_beats_the_environment_which_beats_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    configured(
        monkeypatch, tmp_path, 'port = 1\nthreads = 4\ncluster = "toml"\nprivate_ranges = ["8.0.0.0/8"]\n'
    )
    monkeypatch.setenv("TAPETUM_PORT", "2")
    monkeypatch.setenv("TAPETUM_CLUSTER", "environment")
    found = load(port=3, cluster=None)
    assert (found.port, found.cluster, found.threads) == (3, "environment", 4)
    assert found.private_ranges == ["8.0.0.0/8"]


def test_lists_are_json_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAPETUM_ALLOWED_ORIGINS", '["https://a.example", "https://b.example"]')
    assert load().allowed_origins == ["https://a.example", "https://b.example"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "high"),
        ("PORT", "65536"),
        ("PORT", "-1"),
        ("THREADS", "0"),
        ("MEMORY_LIMIT", "1 apple"),
        ("RETENTION_DAYS", "0"),
        ("CLUSTER", "a b"),
        ("CLUSTER", ""),
        ("CLUSTER", "a\x1fb"),
        ("DEADLINE", "0"),
        ("INTROSPECTION", "perhaps"),
        ("MAX_LINE", "1"),
    ],
)
def test_a_value_that_cannot_be_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"TAPETUM_{name}", value)
    with pytest.raises(BadInputError) as refused:
        load()
    assert f"TAPETUM_{name}" in refused.value.message
    assert repr(value) in refused.value.message
    assert "\n" not in refused.value.message


def test_a_long_value_is_cut_in_the_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAPETUM_PORT", "9" * 5000)
    with pytest.raises(BadInputError) as refused:
        load()
    assert len(refused.value.message) < 300


@pytest.mark.parametrize("text", ["port = ", "[port", "port = 1\nport = 2", "\x00"])
def test_a_file_that_is_no_toml_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str
) -> None:
    configured(monkeypatch, tmp_path, text)
    with pytest.raises(BadInputError, match=r"The settings in .*tapetum\.toml cannot be read"):
        load()


def test_a_file_that_is_not_there_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for path in (tmp_path / "none.toml", tmp_path):
        monkeypatch.setenv("TAPETUM_CONFIG", str(path))
        with pytest.raises(BadInputError, match="TAPETUM_CONFIG"):
            load()


def test_a_list_that_is_no_json_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAPETUM_PRIVATE_RANGES", "8.0.0.0/8")
    with pytest.raises(BadInputError, match=r"TAPETUM_PRIVATE_RANGES = '8.0.0.0/8' .* no JSON"):
        load()


def test_a_range_that_is_none_is_refused_before_any_store_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAPETUM_PRIVATE_RANGES", '["8.0.0.0/8", "300.0.0.0/8"]')
    with pytest.raises(BadInputError, match=r"'300.0.0.0/8' is not a CIDR"):
        load()


def test_a_file_may_set_only_what_there_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    configured(monkeypatch, tmp_path, "prot = 5")
    with pytest.raises(BadInputError, match="sets 'prot', which is no setting"):
        load()


@pytest.mark.parametrize("name", NAMES)
def test_every_setting_is_described(name: str) -> None:
    description = Settings.model_fields[name].description
    assert description
    assert description.endswith(".")
