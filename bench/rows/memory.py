"""What `tapetum up` holds on to while nobody asks anything."""

import time

from bench import served
from bench.figures import Figure, Of, Target
from bench.setting import Setting

ROW = "memory"
_IDLE = Target(350, at_least=False, of=Of.VALUE, unit="MB")
_CALM = 8.0
"""Seconds after it answers: start-up is over by then."""


def run(setting: Setting) -> list[Figure]:
    figures: list[Figure] = []
    for what, options, target in (("up, idle", (), _IDLE), ("up --demo, flowing", ("--demo",), None)):
        with setting.directory() as data, served.product(data, *options) as server:
            time.sleep(_CALM * min(1.0, setting.scale))
            figures += [
                Figure(ROW, what, server.memory(), "MB", target=target),
                Figure(ROW, f"{what}: most ever", server.memory("VmHWM"), "MB"),
            ]
    return figures
