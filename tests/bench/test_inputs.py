"""Generated files hold what their figures are divided by."""

from pathlib import Path

from bench import inputs
from bench.synthetic import Cluster, batches


def test_a_file_has_as_many_lines_as_it_says(tmp_path: Path) -> None:
    file = inputs.clean(tmp_path / "clean.ndjson", 2_000, 0.01)
    assert file.path.read_bytes().count(b"\n") == file.lines == 2_000


def test_bad_lines_are_counted_and_stay_in_theirbatches(tmp_path: Path) -> None:
    clean = inputs.clean(tmp_path / "clean.ndjson", 2_000, 0.01)
    batch = 512 * 1024
    spoiled = inputs.spoiled(clean, tmp_path / "spoiled.ndjson", one_in=20, batch=batch, of=4)
    good = clean.path.read_bytes().split(b"\n")
    changed = [
        place for place, line in enumerate(spoiled.path.read_bytes().split(b"\n")) if line != good[place]
    ]
    assert len(changed) == spoiled.bad > 0
    offsets = [sum(len(line) + 1 for line in good[:place]) for place in changed]
    assert {offset // batch % 4 for offset in offsets} == {0}


def test_synthetic_flows_visit_every_key_equally() -> None:
    cluster = Cluster(workloads=50, namespaces=5, edges=100, flows=1_000)
    (batch,) = batches(cluster)
    keys = batch.records.column("flow_key").value_counts().to_pylist()
    assert [each["counts"] for each in keys] == [5] * 200
    assert len(set(batch.records.column("id").to_pylist())) == 1_000
