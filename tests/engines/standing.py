"""Servers that stay up for a developer, between one command and the next; what is known of them is a file."""

import json
from typing import Any

from tests.engines.compose import ROOT, Composed
from tests.engines.engine import Engine
from tests.engines.group import Group, birth
from tests.engines.machine import KINDS
from tests.engines.making import local, prepare
from tests.engines.plan import Plan, Source
from tests.engines.process import Process

FOLDER = ROOT / ".cache" / "engines"
_STATE = FOLDER / "state.json"


def up() -> dict[str, Engine]:
    """Start what is not up, at the ports and with the data of the last time."""
    plan = prepare(own=True)
    engines = {kind: _engine(kind, plan, _read().get(kind, {})) for kind in KINDS}
    for kind, engine in engines.items():
        engine.start()
        _write(_read() | {kind: _noted(engine)})
    return engines


def down() -> list[Engine]:
    """Stop those that run; their data stay."""
    running = [engine for engine in standing().values() if engine.running]
    for engine in running:
        engine.stop()
    return running


def standing() -> dict[str, Engine]:
    return {kind: _engine(kind, Plan({}, {}), noted) for kind, noted in _read().items()}


def _engine(kind: str, plan: Plan, noted: dict[str, Any]) -> Engine:
    server = local(kind, plan)
    if plan.sources.get(kind, Source.PROCESS) is Source.COMPOSE or "project" in noted:
        return Composed(server, "developer", project=f"tapetum-{kind}", port=noted.get("port"))
    lives = noted and birth(noted["group"]) == noted["birth"]
    group = Group(noted["group"]) if lives else None
    return Process(server, "developer", port=noted.get("port"), folder=FOLDER / kind, group=group)


def _noted(engine: Engine) -> dict[str, Any]:
    if isinstance(engine, Process):
        return {"port": engine.port, "group": engine.group, "birth": birth(engine.group)}
    assert isinstance(engine, Composed)
    return {"port": engine.port, "project": engine.project}


def _read() -> dict[str, dict[str, Any]]:
    return json.loads(_STATE.read_text()) if _STATE.is_file() else {}


def _write(state: dict[str, dict[str, Any]]) -> None:
    _STATE.parent.mkdir(parents=True, exist_ok=True)
    beside = _STATE.with_suffix(".part")
    beside.write_text(json.dumps(state, indent=1) + "\n")
    beside.rename(_STATE)
