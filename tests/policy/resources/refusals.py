"""What reading one object strictly and leniently comes to, for tables of right and wrong ones."""

from tapetum.policy.resources.manifests import read_manifests


def calico(kind: str, spec: str, name: str = "p", labels: str = "{}") -> str:
    return (
        f"apiVersion: projectcalico.org/v3\nkind: {kind}\n"
        f"metadata: {{name: {name}, labels: {labels}}}\nspec: {{{spec}}}\n"
    )


def refused(text: str) -> str | None:
    """The path of the one problem; None where the object is right. Read leniently it is always taken."""
    lenient = read_manifests([("f.yaml", text)], lenient=True)
    assert (lenient.problems, len(lenient.manifests)) == ((), 1)
    strict = read_manifests([("f.yaml", text)])
    assert len(strict.problems) <= 1
    if not strict.problems:
        assert lenient.forgiven == ()
        return None
    (problem,) = strict.problems
    assert problem in lenient.forgiven
    assert problem.message.endswith(".")
    return problem.path
