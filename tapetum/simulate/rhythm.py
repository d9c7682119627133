"""How busy a moment is: a day with a morning and an evening peak, a quieter weekend, work by night."""

from math import cos, exp, pi

from tapetum.simulate.inventory import Rhythm

_DAY = 86_400
_WEEK = 7 * _DAY
_FIRST_MONDAY = 4 * _DAY  # of 1970


def activity(rhythm: Rhythm, moment: float) -> float:
    """A factor on a connection's rate; about 1 at noon UTC of a working day for what users do."""
    hour = moment % _DAY / 3600
    if rhythm is Rhythm.STEADY:
        return 1.0
    if rhythm is Rhythm.BATCH:
        return 0.25 + 1.5 * _bump(hour, 2.5, 2.0)
    day = (moment - _FIRST_MONDAY) % _WEEK / _DAY
    weekend = 0.7 if day >= 5 else 1.0
    base = 0.55 - 0.3 * cos(2 * pi * (hour - 3) / 24)
    return weekend * (base + 0.3 * _bump(hour, 11, 2.0) + 0.45 * _bump(hour, 19.5, 1.8))


def _bump(hour: float, middle: float, width: float) -> float:
    away = min(abs(hour - middle), 24 - abs(hour - middle))
    return exp(-((away / width) ** 2) / 2)
