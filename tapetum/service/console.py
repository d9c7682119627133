"""How the command speaks: sentences on standard error, answers on standard output, logs as one line each."""

import logging
import sys
import time

import structlog
from rich.console import Console

from tapetum.domain.moments import Micros

stderr = Console(stderr=True, highlight=False, soft_wrap=True, markup=False)


def say(sentence: str) -> None:
    """In one line, whatever a file's name or a server's answer brought into it."""
    stderr.print("".join(each if each.isprintable() else _escaped(each) for each in sentence))


def _escaped(char: str) -> str:
    return char.encode("unicode_escape").decode()


def now() -> Micros:
    """The wall clock; everything else is given it as a parameter."""
    return time.time_ns() // 1000


def log_to_stderr() -> None:
    """One JSON object a line, so that no logged text can break out of its line; libraries' logs too."""
    told = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    written = structlog.processors.JSONRenderer(ensure_ascii=True)
    structlog.configure(
        processors=[*told, written],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=told,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, written],
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
