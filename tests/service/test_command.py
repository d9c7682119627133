"""Bad input to the command: one sentence, exit code 2, and nothing done."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tapetum.service.settings import Settings
from tests.support import raw_flows
from tests.support.refusals import refused
from tests.support.served import run

REFUSED = 2


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory with a few files to point the command at."""
    for name in ("CONFIG", "TOKEN", *Settings.model_fields):
        monkeypatch.delenv(f"TAPETUM_{name.upper()}", raising=False)
    monkeypatch.chdir(tmp_path)
    Path("empty").mkdir()
    Path("file").write_text("")
    Path("good.json").write_bytes(raw_flows.line(1_795_000_000))
    Path("odd.json").write_text('{"a":1}\n')
    Path("cut.gz").write_bytes(b"\x1f\x8b\x08\x00")
    Path("cut.zst").write_bytes(b"\x28\xb5\x2f\xfd\x00")
    Path("broken.toml").write_text("port = [")
    Path("wrong.toml").write_text('port = "high"')
    Path("unknown.toml").write_text("prot = 5")
    Path("latin.toml").write_bytes(b'cluster = "\xff"')
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ("bogus", "bogus"),
        ("schema extra", "extra"),
        ("ingest", "paths"),
        ("ingest nix", "nix does not exist; give a file, a directory, or - for standard input"),
        ("ingest good.json nix", "nix does not exist"),
        ("ingest empty", "There is no log below empty"),
        ("ingest odd.json", "The form of odd.json cannot be told from its first lines; give --kind"),
        ("ingest good.json odd.json", "The form of odd.json cannot be told"),
        ("ingest cut.gz", "cut.gz: The gzip data is cut off"),
        ("ingest cut.zst", "cut.zst: The zstd data"),
        ("ingest good.json --format xml", '"xml"'),
        ("ingest good.json --kind metrics", '"metrics"'),
        ("ingest good.json --bogus", "There is no option --bogus"),
        ("ingest good.json -x", "There is no option -x"),
        ("ingest good.json --json=maybe", "maybe"),
        ("ingest good.json --cluster a/b", '"a/b" is not a cluster\'s name; use 1 to 63 letters'),
        ("ingest good.json --cluster " + "x" * 64, "is not a cluster's name"),
        ("ingest good.json --data file", "The data directory file cannot be used"),
        ("ingest good.json --data /proc/no", "The data directory /proc/no cannot be used"),
        ("ingest good.json --data d --url http://127.0.0.1:1", "--data and --url name two places"),
        ("ingest good.json --url http://127.0.0.1:1", "http://127.0.0.1:1 does not answer"),
        ("ingest good.json --url nonsense", "nonsense"),
        ("ingest good.json --url http://[::1", "http://[::1"),
        ("up --port 65536", "TAPETUM_PORT = '65536'"),
        ("up --port -1", "TAPETUM_PORT = '-1'"),
        ("up --port high", '"high"'),
        ("up --data file", "The data directory file cannot be used"),
        ("up --bogus", "--bogus"),
        ("verify --data nix", "There is no data in nix; give its directory with --data"),
        ("verify --data empty", "There is no data in empty"),
        ("verify --data file", "There is no data in file"),
        ("migrate --data file", "The data directory file cannot be used"),
        ("token create", "name"),
        ("token create x --days 0", "more than 0 and at most 3650 days, not 0"),
        ("token create x --days -1", "not -1"),
        ("token create x --days nan", "not nan"),
        ("token create x --days 1e300", "not 1e+300"),
        ("token create x --days soon", '"soon"'),
        ("token create x --namespace shop", "'shop' is no namespace of a cluster; write CLUSTER/NAMESPACE"),
        ("token create x --data file", "The data directory file cannot be used"),
        ("token list --data nix", "There is no data in nix"),
        ("token revoke abc --data nix", "There is no data in nix"),
        ("demo", "url"),
        (
            "demo --url http://127.0.0.1:1 --data file",
            "The demo cannot keep its place in file/demo.json",
        ),
        ("simulate", "out"),
        ("simulate --out file", "file cannot be written"),
        ("simulate --out o --workloads 5", "6 to 50000 workloads, not 5"),
        ("simulate --out o --namespaces 99999", "namespaces, not 99999"),
        ("simulate --out o --minutes 0", "--minutes is a number above 0, not 0"),
        ("simulate --out o --lines -5", "--lines is a number above 0, not -5"),
        ("simulate --out o --rate nan", "--rate is a number above 0, not nan"),
        ("simulate --out o --rate inf", "--rate is a number above 0, not inf"),
        ("simulate --out o --lines 1 --minutes 1 --rate 1", "give at most two of them"),
        ("simulate --out o --start yesterday", "'yesterday' is not a time"),
        ("simulate --out o --start 1960-01-01", "1960"),
        ("simulate --out o --seed one", '"one"'),
    ],
)
def test_arguments(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, arguments: str, told: str
) -> None:
    assert told in refused(capfd, monkeypatch, *arguments.split())


HOSTILE = ["", "-", "*", "a\nb", "\x1b[31mred", "\u202egnp", "x" * 5000, "é" * 300]
COMMANDS = [("ingest",), ("ingest", "good.json", "--cluster"), ("verify", "--data"), ("token", "revoke")]


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (arguments, text)
        for arguments in COMMANDS
        for text in HOSTILE
        if (arguments, text) != (("ingest",), "-")  # that is standard input
    ],
)
def test_hostile_texts_are_refused_in_one_printable_line(
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    text: str,
) -> None:
    sentence = refused(capfd, monkeypatch, *arguments, text)
    assert sentence.isprintable()
    assert len(sentence) < 6000


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("PORT", "high", "TAPETUM_PORT = 'high'"),
        ("MEMORY_LIMIT", "lots", "TAPETUM_MEMORY_LIMIT = 'lots'"),
        ("THREADS", "0", "TAPETUM_THREADS = '0'"),
        ("DEADLINE", "nan", "TAPETUM_DEADLINE = 'nan'"),
        ("DEADLINE", "-1", "TAPETUM_DEADLINE = '-1'"),
        ("RETENTION_DAYS", "1.5", "TAPETUM_RETENTION_DAYS = '1.5'"),
        ("CLUSTER", "a b", "TAPETUM_CLUSTER = 'a b'"),
        ("REQUIRE_TOKEN", "perhaps", "TAPETUM_REQUIRE_TOKEN = 'perhaps'"),
        ("PRIVATE_RANGES", "10.0.0.0/8", "'10.0.0.0/8' cannot be used: it is no JSON"),
        ("PRIVATE_RANGES", '["300.0.0.0/8"]', "The private range '300.0.0.0/8' is not a CIDR"),
        ("ALLOWED_ORIGINS", "{}", "TAPETUM_ALLOWED_ORIGINS"),
        ("CONFIG", "nix", "TAPETUM_CONFIG names 'nix', which is no file"),
        ("CONFIG", "empty", "TAPETUM_CONFIG names 'empty', which is no file"),
        ("CONFIG", "broken.toml", "The settings in broken.toml cannot be read"),
        ("CONFIG", "latin.toml", "The settings in latin.toml cannot be read"),
        ("CONFIG", "wrong.toml", "TAPETUM_PORT = 'high'"),
        ("CONFIG", "unknown.toml", "unknown.toml sets 'prot', which is no setting"),
    ],
)  # fmt: skip
def test_settings(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, name: str, value: str, told: str
) -> None:
    monkeypatch.setenv(f"TAPETUM_{name}", value)
    assert told in refused(capfd, monkeypatch, "up")


def test_a_file_that_another_program_holds_open(tmp_path: Path) -> None:
    """In a process of its own: within one, the engine shares its lock."""
    data = tmp_path / "data"
    assert run("migrate", "--data", data).returncode == 0
    program = (
        f"import duckdb; held = duckdb.connect({str(data / 'tapetum.duckdb')!r})\n"
        "print('held', flush=True); input()"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"held\n"
    try:
        done = run("verify", "--data", data)
    finally:
        holder.communicate(b"\n")
    assert done.returncode == REFUSED
    assert re.fullmatch(
        r"tapetum: The data file .* is open in another program; close that one\.\n", done.stderr.decode()
    )
