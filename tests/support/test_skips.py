"""The run fails over a skipped test: tried in a pytest of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

CONFTEST = """
from tests.support.skips import NoSkips

def pytest_configure(config):
    config.pluginmanager.register(NoSkips())
"""


def outcome(folder: Path, text: str) -> tuple[int, str]:
    (folder / "conftest.py").write_text(CONFTEST)
    (folder / "test_it.py").write_text(f"import pytest\n{text}")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        f"--rootdir={folder}",
        str(folder),
    ]
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout


SKIPS = {
    "in a test": "def test_it():\n    pytest.skip('no server')",
    "by a mark": "@pytest.mark.skip(reason='no server')\ndef test_it():\n    pass",
    "under a condition": "@pytest.mark.skipif(True, reason='no server')\ndef test_it():\n    pass",
    "in a fixture": (
        "@pytest.fixture\ndef server():\n    pytest.skip('no server')\n\ndef test_it(server):\n    pass"
    ),
    "of a module": "pytest.skip('no server', allow_module_level=True)",
}


@pytest.mark.parametrize("text", SKIPS.values(), ids=SKIPS)
def test_a_skip_fails_the_run(text: str, tmp_path: Path) -> None:
    code, said = outcome(tmp_path, text)
    assert code not in (0, 5)
    assert "This test was skipped, which fails the run: no server" in said


def test_absent_samples_and_expected_failures_do_not(tmp_path: Path) -> None:
    code, said = outcome(
        tmp_path,
        "def test_samples():\n    pytest.skip('The sample files are not at x; set SAMPLES.')\n"
        "@pytest.mark.xfail(strict=True)\ndef test_known():\n    assert False\n"
        "def test_it():\n    pass",
    )
    assert code == 0, said
    assert "1 passed, 1 skipped, 1 xfailed" in said
