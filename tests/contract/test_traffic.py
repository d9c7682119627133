"""Detectors on what real clusters do, through every LogStore: silent on the normal, awake to its like."""

from tests.contract.logs import Logs
from tests.contract.test_detectors import RULES, found, put
from tests.support import attacks, traffic
from tests.support.factory import MINUTE, Flow

AT = attacks.ATTACKED + 7 * MINUTE


async def raised(logs: Logs, what: traffic.Traffic, names: tuple[str, ...]) -> dict[str, int]:
    lines = [*what(AT)]
    lines += attacks.normal_flows() if isinstance(lines[0], Flow) else attacks.normal_lookups()
    put(logs, what.__name__, lines)
    return {name: len(await found(logs.store, RULES[name], what.__name__)) for name in names}


async def test_what_is_normal_raises_nothing(logs: Logs) -> None:
    for what, names in traffic.NORMAL.items():
        assert await raised(logs, what, names) == dict.fromkeys(names, 0), what.__name__


async def test_an_attack_that_looks_like_it_is_raised(logs: Logs) -> None:
    for what, names in traffic.ATTACKS.items():
        assert all((await raised(logs, what, names)).values()), what.__name__


async def test_a_workload_that_meets_new_places_all_day_is_told_of_so_many_times(logs: Logs) -> None:
    (young,) = (await raised(logs, traffic.young_crawler, ("new-destination",))).values()
    assert young == 12
    (old,) = (await raised(logs, traffic.crawler, ("new-destination",))).values()
    assert old == 0
