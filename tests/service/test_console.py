"""What a log or a path brings along stays within the line that tells of it."""

import json
import subprocess
import sys

HOSTILE = "a\\nb\\r\\x1b[31m\\u202e\\u2028"


def told(program: str) -> list[str]:
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True)
    assert not done.stdout
    return done.stderr.splitlines()


def test_a_sentence_is_one_printable_line() -> None:
    (line,) = told(f"from tapetum.service.console import say; say('What about {HOSTILE} [bold]?')")
    assert line == r"What about a\nb\r\x1b[31m\u202e\u2028 [bold]?"


def test_our_events_and_those_of_libraries_are_one_json_line_each() -> None:
    lines = told(
        "import logging, structlog\n"
        "from tapetum.service.console import log_to_stderr\n"
        "log_to_stderr()\n"
        f"structlog.get_logger('ours').warning('it happened', what='{HOSTILE}')\n"
        "theirs = logging.getLogger('uvicorn.error')\n"
        "theirs.info('not worth a line')\n"
        f"theirs.warning('{HOSTILE} %s', 7)\n"
        "try:\n"
        f"    raise ValueError('{HOSTILE}')\n"
        "except ValueError:\n"
        "    theirs.exception('it failed')\n"
    )
    ours, warned, failed = map(json.loads, lines)
    hostile = HOSTILE.encode().decode("unicode_escape")
    assert (ours["event"], ours["what"], ours["level"]) == ("it happened", hostile, "warning")
    assert (warned["event"], warned["level"]) == (f"{hostile} 7", "warning")
    assert failed["event"] == "it failed"
    assert "ValueError: a" in failed["exception"]
    assert all(line.isascii() and line.isprintable() for line in lines)
