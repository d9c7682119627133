"""A run that needs a server which this machine cannot have ends before its first test, with one sentence."""

import os
import subprocess
import sys
from pathlib import Path

CONFTEST = """
from tests.support.gather import Gather

def pytest_configure(config):
    config.addinivalue_line("markers", "engine: needs a server")
    config.pluginmanager.register(Gather())
"""
TESTS = """
import pytest

def test_first():
    pass

@pytest.mark.engine
def test_all():
    pass
"""


def run(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """On a machine that has nothing but Python, and may install nothing."""
    (folder / "conftest.py").write_text(CONFTEST)
    (folder / "test_it.py").write_text(TESTS)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TAPETUM_")}
    bare = {
        "PATH": "/nonexistent",
        "TAPETUM_ENGINES": "compose",
        "TAPETUM_ENGINES_CACHE": str(folder / "cache"),
    }
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
    return subprocess.run(
        [*command, *options],
        env={**kept, **bare, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_what_is_missing_ends_the_run(tmp_path: Path) -> None:
    done = run(tmp_path)
    said = done.stdout + done.stderr
    assert done.returncode == 1, said
    assert said.count("The tests' servers cannot be had on this machine: Neo4j needs a JDK 17 or newer") == 1
    assert "1 passed" not in said
    assert "2 passed" not in said


def test_tests_that_need_no_server_run_without(tmp_path: Path) -> None:
    done = run(tmp_path, "-m", "not engine")
    assert done.returncode == 0, done.stdout
    assert "1 passed, 1 deselected" in done.stdout


def test_a_list_of_tests_needs_no_server(tmp_path: Path) -> None:
    assert run(tmp_path, "--collect-only").returncode == 0
