"""Recommended policies in the simulator's cluster: they hold for what came after, and stop the attack.

The attack starts where the learning ends. Denied of it is all but its look-ups: they are those that the
CronJob makes too, and a policy of an earlier tier allows them to everybody.
"""

import numpy as np
import pyarrow as pa
import pytest

from tapetum.domain.arrow import compute as pc
from tapetum.domain.networks import Networks
from tapetum.ingest.context import Limits
from tapetum.ingest.decode import decode
from tapetum.ingest.forms import Form
from tapetum.policy.recommend import (
    Options,
    Style,
    Target,
    evaluate_held_out,
    fold,
    observed,
    recommend,
)
from tapetum.policy.recommend.text import as_yaml
from tapetum.policy.replay.truths import Mask
from tapetum.policy.resources.keys import key_of
from tapetum.policy.resources.manifests import read_manifests
from tapetum.policy.state import ClusterState
from tapetum.simulate import DROP_PODS, KEEP_PODS, World, WorldSpec, build, flow_lines, manifests
from tapetum.simulate import as_yaml as written

EPOCH = 1_789_999_980
HOUR = 3600
LEARN = 12 * HOUR
"""Long enough that every CronJob of the demo ran."""
AFTER = 3 * HOUR
WINDOW = 1800
MOST_DENIED = 0.001


def logged(world: World, start: int, end: int, level: int) -> pa.Table:
    batch = decode(
        b"".join(flow_lines(world, start, end, window=WINDOW, allowed_level=level)),
        Form.CALICO,
        cluster="demo",
        source="test",
        now=end * 1_000_000,
        networks=Networks(),
        limits=Limits(retention=None),
    )
    assert batch.rejections == ()
    return fold(batch.records)


def state_of(world: World) -> ClusterState:
    return ClusterState(read_manifests([("manifests.yaml", written(manifests(world)))]).resources)


def of_attack(table: pa.Table) -> Mask:
    marks = pc.starts_with(table.column("source_name_aggr"), "export-7c9d-").fill_null(False)
    return np.asarray(marks.to_pylist(), np.bool_)


def lookups(table: pa.Table) -> int:
    """Of the compromised pod, as it reports them itself."""
    own = table.filter(pa.array(of_attack(table)))
    asked = pc.and_(pc.equal(own.column("dest_port"), 53), pc.equal(own.column("reporter"), "src"))
    return pc.sum(own.filter(asked).column("num_flows_started")).as_py()


@pytest.mark.parametrize(
    ("seed", "style", "level", "size"),
    [
        (1, Style.CALICO, DROP_PODS, {}),
        (2, Style.STAGED, DROP_PODS, {}),
        (3, Style.CALICO, KEEP_PODS, {}),
        (7, Style.CALICO, DROP_PODS, {"workloads": 100, "namespaces": 12, "edges": 400}),
    ],
)
def test_they_deny_the_attack_and_nothing_else(
    seed: int, style: Style, level: int, size: dict[str, int]
) -> None:
    world = build(WorldSpec(seed=seed, epoch=EPOCH, attack_at=EPOCH + LEARN, **size))
    state, middle = state_of(world), EPOCH + LEARN
    found = recommend(state, observed(logged(world, EPOCH, middle, level)), Target(), Options(style=style))
    later = logged(world, middle, middle + AFTER, level)
    held = evaluate_held_out(found, state, observed(later, of_attack(later)))
    print(f"seed {seed}, {style}: {held.legitimate}, attack {held.unwanted}")  # noqa: T201 - the figures
    assert held.legitimate.total > 10_000_000
    assert held.legitimate.share_denied < MOST_DENIED
    assert held.legitimate.uncertain / held.legitimate.total < MOST_DENIED
    assert held.newly_allowed == 0
    assert held.unwanted.total - held.unwanted.denied == lookups(later) > 100
    assert held.unwanted.uncertain == 0
    assert held.unwanted.denied > 100
    read = read_manifests([("recommended.yaml", as_yaml(found))])
    assert read.problems == ()
    assert read.resources == found.resources


def test_kubernetes_own_policies_hold_where_no_policy_of_calico_comes_first() -> None:
    """They know no domains, so that only logs that keep addresses tell the beacon from other HTTPS.

    In the default tier they come at order 1,000: what stands before and allows all is named in a note.
    """
    world = build(WorldSpec(seed=1, epoch=EPOCH, attack_at=EPOCH + LEARN))
    state, middle = state_of(world), EPOCH + LEARN
    learnt = observed(logged(world, EPOCH, middle, KEEP_PODS))
    options = Options(style=Style.KUBERNETES)
    beside = recommend(state, learnt, Target(frozenset(("payments",))), options)
    (export,) = [each for each in beside.policies if each.workload.name == "export"]
    assert "Egress rules of allow-egress-any are asked before these." in export.notes
    bare = state.changed(remove=[key_of(each) for each in state.policies if each.id.tier == "default"])
    found = recommend(bare, learnt, Target(), options)
    later = logged(world, middle, middle + AFTER, KEEP_PODS)
    held = evaluate_held_out(found, bare, observed(later, of_attack(later)))
    print(f"kubernetes: {held.legitimate}, attack {held.unwanted}")  # noqa: T201 - the figures
    assert held.legitimate.share_denied < MOST_DENIED
    assert held.unwanted.total - held.unwanted.denied == lookups(later)
